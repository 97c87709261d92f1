"""One growbot for one file; copies of it are whole, private, and made while it is written to."""

import os
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from bot.core import embedded

HOLD = """
import sys
from pathlib import Path
from bot.core.embedded import held
with held(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "growbot.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE words (n INTEGER, text TEXT)")
        connection.executemany("INSERT INTO words VALUES (?, ?)", [(n, "x" * 500) for n in range(3000)])
        connection.commit()
    return path


def count(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("SELECT count(*) FROM words").fetchone()[0])


def test_a_second_growbot_is_refused_and_told_which_process_is_there(file: Path) -> None:
    first = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(file)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert first.stdin
    assert first.stdout
    try:
        assert first.stdout.readline() == "held\n"
        with pytest.raises(embedded.FileInUse, match=str(first.pid)), embedded.held(file):
            pass
    finally:
        first.kill()
        first.wait()
        first.stdin.close()
        first.stdout.close()
    with embedded.held(file):  # killed, it holds nothing any more
        assert Path(f"{file}.lock").read_text() == f"{os.getpid()}\n"


def test_a_copy_is_whole_and_only_its_owner_reads_it(file: Path, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    embedded.copy(file, target)
    assert count(target) == 3000
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert sorted(each.name for each in tmp_path.glob("*copy*")) == ["copy.db"]


def test_a_copy_is_made_while_somebody_writes_and_holds_what_was_committed(
    file: Path, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as writer:
        writer.execute("INSERT INTO words VALUES (1, 'committed')")
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("INSERT INTO words VALUES (2, 'not yet')")
        embedded.copy(file, tmp_path / "copy.db")
        writer.execute("ROLLBACK")
    assert count(tmp_path / "copy.db") == 3001


def test_what_is_there_already_is_not_written_over(file: Path, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    target.write_text("precious")
    with pytest.raises(FileExistsError):
        embedded.copy(file, target)
    assert target.read_text() == "precious"


def test_a_damaged_file_is_named_and_no_copy_of_it_is_left(file: Path, tmp_path: Path) -> None:
    embedded.check(file)
    with file.open("r+b") as raw:
        raw.seek(4096 * 30)
        raw.write(b"\xff" * 4096 * 20)
    with pytest.raises(embedded.Damaged):
        embedded.check(file)
    with pytest.raises(embedded.Damaged):
        embedded.copy(file, tmp_path / "copy.db")
    assert list(tmp_path.glob("*copy*")) == []


def test_where_no_database_is_there_is_nothing_to_copy(tmp_path: Path) -> None:
    with pytest.raises(sqlite3.OperationalError):
        embedded.copy(tmp_path / "nothing.db", tmp_path / "copy.db")
    assert list(tmp_path.iterdir()) == []
