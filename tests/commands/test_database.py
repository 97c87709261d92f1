"""`growbot db upgrade`."""

import os
import shutil
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest
from psycopg.errors import DuplicateColumn, InsufficientPrivilege
from sqlalchemy import create_engine
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError, ProgrammingError

from bot.core.master_keys import MasterKeys
from bot.database_reasons import database_reason, not_yours
from bot.doctor import local_problems
from bot.keys import is_closed
from bot.settings import load
from tests.commands.process import growbot


async def test_upgrading_twice_says_that_there_is_nothing_to_do(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    first, second = [await growbot(tmp_path, environment, "db", "upgrade") for _time in range(2)]
    assert first[1].startswith("Applied: 20261123_1000, ")
    assert second == (0, "The database is up to date.\n")


async def test_a_new_database_is_for_its_owner_s_eyes(tmp_path: Path, environment: dict[str, str]) -> None:
    assert (await growbot(tmp_path, environment, "db", "upgrade"))[0] == 0
    assert stat.S_IMODE((tmp_path / "growbot.db").stat().st_mode) == 0o600


async def test_a_database_whose_folder_is_not_there_is_said(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    address = {"GROWBOT_DATABASE_URL": "sqlite:///no/such/folder/growbot.db"}
    code, said = await growbot(tmp_path, environment | address, "db", "upgrade")
    assert (code, f"there is no folder {tmp_path}/no/such/folder" in said, "Traceback" in said) == (
        1,
        True,
        False,
    )


@pytest.mark.parametrize("closed", ["growbot.db", ""])
def test_what_this_account_may_not_write_to_is_named_before_anything_is_served(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, closed: str
) -> None:
    """SQLite opens such a file all the same, to be read."""
    (tmp_path / "growbot.db").touch()
    refused, may = tmp_path / closed, os.access  # whoever is root may write anything
    monkeypatch.setattr(os, "access", lambda path, mode: path != refused and may(path, mode))
    (problem,) = local_problems(
        load(
            GROWBOT_DATABASE_URL=f"sqlite:///{tmp_path}/growbot.db",
            GROWBOT_MASTER_KEY=MasterKeys.generate("k"),
        )
    )
    assert problem.startswith(str(refused))
    assert "by this account. Run growbot as the account that owns it" in problem


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"database": "absent"}, 'database "absent" does not exist. Check GROWBOT_DATABASE_URL'),
        ({"query": {"port": "9", "host": "127.0.0.1"}}, "Connection refused. Check GROWBOT_DATABASE_URL"),
        ({"query": {"host": "no.such.invalid"}}, "failed to resolve host 'no.such.invalid'"),
    ],
)
def test_why_postgresql_can_t_be_used_is_said(
    postgres_url: str, changes: dict[str, object], why: str
) -> None:
    url = make_url(postgres_url).set(password="CANARY", **changes)
    with pytest.raises(OperationalError) as error:
        create_engine(url.set(drivername="postgresql+psycopg")).connect()
    said = database_reason(error.value, url.render_as_string(False))
    assert why in said
    assert "CANARY" not in said


def test_a_user_who_may_make_no_tables_is_told_who_may() -> None:
    refused = ProgrammingError(
        "CREATE TABLE …", {}, InsufficientPrivilege("permission denied for schema public")
    )
    assert "ALTER DATABASE <name> OWNER TO <user>" in database_reason(refused, "postgresql://u:p@h/d")


def test_what_else_postgresql_answers_is_called_by_its_name() -> None:
    other = ProgrammingError("ALTER …", {"a": "CANARY"}, DuplicateColumn('column "CANARY" exists'))
    said = database_reason(other, "postgresql://u:p@h/d")
    assert said.endswith("it answers DuplicateColumn (SQLSTATE 42701), and nothing was changed")


async def test_a_database_that_cannot_be_reached_is_said_without_its_password(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    address = {"GROWBOT_DATABASE_URL": "postgresql://growbot:CANARY@127.0.0.1:9/growbot"}
    code, said = await growbot(tmp_path, environment | address, "db", "upgrade")
    assert code == 1
    assert "GROWBOT_DATABASE_URL" in said
    assert "CANARY" not in said
    assert "Traceback" not in said


async def test_a_database_of_a_newer_growbot_is_left_alone_and_said(
    tmp_path: Path, environment: dict[str, str], sqlite_template: Path
) -> None:
    shutil.copyfile(sqlite_template, tmp_path / "growbot.db")
    with sqlite3.connect(tmp_path / "growbot.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '20991231_1000'")
    code, said = await growbot(tmp_path, environment, "db", "upgrade")
    assert (code, "upgraded by a newer growbot (to 20991231_1000)" in said) == (1, True)
    assert "Traceback" not in said


async def test_a_backup_is_made_once_and_is_for_its_owner_s_eyes(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    await growbot(tmp_path, environment, "db", "upgrade")
    code, said = await growbot(tmp_path, environment, "db", "backup", "copy.db")
    assert (code, said.startswith("Copied to copy.db.")) == (0, True)
    assert stat.S_IMODE((tmp_path / "copy.db").stat().st_mode) == 0o600
    address = {"GROWBOT_DATABASE_URL": "sqlite:///copy.db"}
    assert await growbot(tmp_path, environment | address, "db", "upgrade") == (
        0,
        "The database is up to date.\n",
    )
    code, said = await growbot(tmp_path, environment, "db", "backup", "copy.db")
    assert (code, "copy.db is there already" in said) == (1, True)
    code, said = await growbot(tmp_path, environment, "db", "backup", "none/copy.db")
    assert (code, "none/copy.db could not be written (No such file or directory)" in said) == (1, True)


async def test_a_damaged_database_is_named_by_doctor_and_not_copied(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    await growbot(tmp_path, environment, "db", "upgrade")
    with (tmp_path / "growbot.db").open("r+b") as raw:
        raw.seek(4096 * 6)
        raw.write(b"\xff" * 4096 * 10)
    for words in (("doctor",), ("db", "backup", "copy.db")):
        code, said = await growbot(tmp_path, environment, *words)
        assert code == 1
        assert "growbot.db is damaged (" in said
        assert "Traceback" not in said
    assert not (tmp_path / "copy.db").exists()


def test_a_folder_that_is_not_there_is_told_from_one_that_may_not_be_looked_into(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "there is no folder" in (not_yours(tmp_path / "none" / "growbot.db") or "")
    settings = load(GROWBOT_MASTER_KEY_FILE=tmp_path / "growbot.key")

    def refused(_path: Path) -> None:
        raise PermissionError  # as where the account may not enter the folder above; root may enter all

    monkeypatch.setattr(Path, "is_dir", refused)
    assert "can't be written to by this account" in (not_yours(tmp_path / "none" / "growbot.db") or "")
    monkeypatch.setattr(Path, "is_file", refused)
    assert is_closed(settings)


async def test_a_file_to_which_another_writes_is_not_called_unusable(
    tmp_path: Path, environment: dict[str, str], sqlite_template: Path
) -> None:
    shutil.copyfile(sqlite_template, tmp_path / "growbot.db")
    with closing(sqlite3.connect(tmp_path / "growbot.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        code, said = await growbot(tmp_path, environment, "outbox", "list")
    assert (code, "growbot.db just now. Try again in a moment" in said) == (1, True)
