"""`growbot db upgrade`."""

import shutil
import sqlite3
import stat
from pathlib import Path

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
    assert (code, "in a folder that is there" in said, "Traceback" in said) == (1, True, False)


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
        assert "growbot.db is damaged (" in said or "could not be used" in said
        assert "Traceback" not in said
    assert not (tmp_path / "copy.db").exists()
