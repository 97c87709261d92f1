"""`growbot keys`: an operator makes, replaces and looks after master keys, and is told what is wrong with them."""

import asyncio
import base64
import os
import shutil
import signal
import stat
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot import keys
from bot.core.database import Database, new_id
from bot.core.master_keys import MasterKeys
from bot.core.vault import DataKeyRow, Vault, engagement_owner
from tests.commands.process import growbot, started
from tests.conftest import NOW

Growbot = Callable[..., Awaitable[tuple[int, str]]]


@pytest.fixture
def folder(tmp_path: Path, sqlite_template: Path) -> Path:
    """With a database in which nothing is sealed yet."""
    shutil.copyfile(sqlite_template, tmp_path / "growbot.db")
    return tmp_path


@pytest.fixture
def run(folder: Path, connected: dict[str, str]) -> Growbot:
    """In the folder, with all that growbot needs but a key."""
    environment = {name: value for name, value in connected.items() if name != "GROWBOT_MASTER_KEY"}

    async def growbot_(*words: str, **changes: str) -> tuple[int, str]:
        return await growbot(folder, environment | changes, *words)

    return growbot_


def master_keys(folder: Path) -> MasterKeys:
    return keys.read_file(folder / "growbot.key")


def database_in(folder: Path) -> Database:
    return Database(f"sqlite:///{folder}/growbot.db", Vault(master_keys(folder)))


def seal(folder: Path, engagements: int = 3) -> None:
    """As growbot does with the keys in the file: a data key for each engagement."""
    database = database_in(folder)
    with database.transaction() as db:
        for _nth in range(engagements):
            db.vault.begin(db, engagement_owner(new_id()), NOW, team_id="T0BRIGHT")
    database.close()


def everything(folder: Path) -> list[tuple[str, bytes | None]]:
    database = database_in(folder)
    with database.transaction() as db:
        found = [
            (row.master_key_id, row.wrapped)
            for row in db.scalars(select(DataKeyRow).order_by(DataKeyRow.owner))
        ]
    database.close()
    return found


def write(folder: Path, *entries: str) -> None:
    path = folder / "growbot.key"
    path.touch(0o600)
    path.write_text("\n".join(entries))


K1, K2 = MasterKeys.generate("k1"), MasterKeys.generate("k2")


# --- new, use ---------------------------------------------------------------------------------------------


async def test_a_new_key_is_for_its_owner_s_eyes_and_never_overwritten(folder: Path, run: Growbot) -> None:
    assert (await run("keys", "new"))[0] == 0
    path = folder / "growbot.key"
    key = path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert MasterKeys.parse(key)
    code, said = await run("keys", "new")
    assert (code, path.read_text()) == (1, key)
    assert "exists already" in said
    assert "growbot keys new --add" in said
    assert key.partition(":")[2].strip() not in said


async def test_a_key_that_cannot_be_written_is_said(run: Growbot) -> None:
    code, said = await run("keys", "new", "--file", "no/such/folder/key")
    assert (code, "can't be written" in said) == (1, True)


async def test_a_second_key_becomes_the_current_one_beside_the_first(folder: Path, run: Growbot) -> None:
    write(folder, K1)
    code, said = await run("keys", "new", "--add")
    found = master_keys(folder)
    assert (code, len(found.ids), found.current != "k1") == (0, 2, True)
    assert found.keys["k1"] == MasterKeys.parse(K1).keys["k1"]
    assert f"Added the master key {found.current}" in said
    assert stat.S_IMODE((folder / "growbot.key").stat().st_mode) == 0o600
    assert [name for name in os.listdir(folder) if name.endswith(".new")] == []


async def test_a_key_on_standby_is_known_and_becomes_current_when_it_is_said_so(
    folder: Path, run: Growbot
) -> None:
    write(folder, K1)
    _code, said = await run("keys", "new", "--add", "--standby")
    assert master_keys(folder).current == "k1"
    assert "each has to know the new key before any of them uses it" in said
    (new,) = set(master_keys(folder).ids) - {"k1"}
    assert (await run("keys", "use", new))[0] == 0
    assert list(master_keys(folder).ids) == [new, "k1"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["keys", "use", "k9"], "there is no k9 in it"),
        (["keys", "new", "--standby"], "--standby needs --add"),
        (["keys", "new", "--add", "--file", "nothing.key"], "growbot keys new makes it"),
    ],
)
async def test_what_cannot_be_done_is_said_and_the_file_stays_as_it_was(
    folder: Path, run: Growbot, words: list[str], sentence: str
) -> None:
    write(folder, K1)
    code, said = await run(*words)
    assert (code, sentence in said, (folder / "growbot.key").read_text()) == (1, True, K1)


async def test_nothing_is_added_to_a_file_that_cannot_be_read(folder: Path, run: Growbot) -> None:
    write(folder, "k1:CANARY")
    code, said = await run("keys", "new", "--add")
    assert (code, (folder / "growbot.key").read_text(), "CANARY" in said) == (1, "k1:CANARY", False)


def test_a_changed_key_file_keeps_its_mode_and_stays_where_a_link_points(folder: Path) -> None:
    real, link = folder / "real.key", folder / "link.key"
    real.write_text(K1)
    real.chmod(0o640)
    link.symlink_to(real)
    keys.add_to_file(link, K2, is_current=False)
    assert (list(keys.read_file(real).ids), link.is_symlink()) == (["k1", "k2"], True)
    assert stat.S_IMODE(real.stat().st_mode) == 0o640


async def test_a_key_file_into_which_growbot_does_not_look_is_said(run: Growbot) -> None:
    _code, said = await run("keys", "new", GROWBOT_MASTER_KEY=K1)
    assert "growbot does not look into this file" in said


# --- rotate, status -----------------------------------------------------------------------------------------


async def test_rotating_tells_how_far_it_is_and_status_what_each_key_wraps(
    folder: Path, run: Growbot
) -> None:
    write(folder, K1)
    seal(folder)
    write(folder, K2, K1)
    _code, before = await run("keys", "status")
    assert "k1                            wraps 3 data keys (of 3 engagements)" in before
    assert "k2                   current  wraps nothing" in before
    code, said = await run("keys", "rotate")
    assert code == 0
    assert "k2 wraps 3 data keys (of 3 engagements) in place of k1" in said
    assert "3 of 3" in said
    code, after = await run("keys", "status")
    assert (code, "k2                   current  wraps 3 data keys" in after) == (0, True)
    assert "can be taken out" in after


async def test_destroyed_keys_are_counted(folder: Path, run: Growbot) -> None:
    write(folder, K1)
    seal(folder)
    database = database_in(folder)
    with database.transaction() as db:
        db.vault.destroy(db, db.scalars(select(func.min(DataKeyRow.owner))).one(), NOW)
    database.close()
    assert "1 more were destroyed" in (await run("keys", "status"))[1]


async def test_a_rotation_that_is_killed_goes_on_when_it_is_run_again(
    folder: Path, environment: dict[str, str]
) -> None:
    write(folder, K1)
    seal(folder, 3000)
    write(folder, K2, K1)
    process = await started(folder, environment | {"PYTHONUNBUFFERED": "1"}, "keys", "rotate")
    assert process.stdout is not None
    while b" of 3,000" not in await asyncio.wait_for(process.stdout.readline(), 60):
        pass
    process.send_signal(signal.SIGKILL)
    await process.communicate()
    halfway = [master for master, _wrapped in everything(folder)]
    assert {*halfway} == {"k1", "k2"}
    code, said = await growbot(folder, environment, "keys", "rotate")
    assert (code, f"{halfway.count('k1'):,} rewrapped" in said) == (0, True)
    assert {master for master, _wrapped in everything(folder)} == {"k2"}


# --- missing, wrong, lost: said by each command, and nothing is changed ----------------------------------------------


def damage(folder: Path, how: str) -> None:
    path = folder / "growbot.key"
    if how == "the file is gone":
        path.unlink()
    elif how == "the file is cut off":
        path.write_text(K1[:30])
    elif how == "another key is there":
        path.write_text(K2)
    else:
        path.write_text(f"k1:{base64.b64encode(os.urandom(32)).decode()}")


SAID = {
    "the file is gone": ("growbot.key does not exist", "wrapped by the master key k1. Put it into"),
    "the file is cut off": ("key 1 is not 32 bytes", "wrapped by the master key k1. Put it into"),
    "another key is there": (
        "the master key k1 wraps 3 data keys (of 3 engagements), and is not in",
        "(there: k2)",
    ),
    "another key has its id": (
        "is not the one that wrapped 3 data keys (of 3 engagements)",
        "same id, another key",
    ),
}


@pytest.mark.parametrize("command", ["run", "doctor", "keys status"])
@pytest.mark.parametrize("how", SAID)
async def test_a_key_that_is_lost_or_wrong_is_said_and_nothing_is_written(
    folder: Path, run: Growbot, how: str, command: str
) -> None:
    write(folder, K1)
    seal(folder)
    before = everything(folder)
    damage(folder, how)
    code, said = await run(*command.split())
    assert code == 1
    for part in (*SAID[how], str(folder / "growbot.key")):
        assert part in said
    assert "Traceback" not in said
    assert "keys new" not in said  # that would lead nowhere: what is stored needs the key that it had
    write(folder, K1)
    assert everything(folder) == before
    assert (await run("keys", "status"))[0] == 0


@pytest.mark.parametrize("how", ["another key is there", "another key has its id"])
async def test_rotating_with_a_wrong_key_changes_nothing(folder: Path, run: Growbot, how: str) -> None:
    write(folder, K1)
    seal(folder)
    before = everything(folder)
    damage(folder, how)
    code, said = await run("keys", "rotate")
    assert (code, everything(folder), "Traceback" in said) == (1, before, False)


async def test_without_a_key_and_with_nothing_sealed_a_new_one_will_do(run: Growbot) -> None:
    for words in (["run"], ["doctor"], ["keys", "status"]):
        code, said = await run(*words)
        assert (code, "growbot keys new" in said) == (1, True)


async def test_a_key_file_that_others_may_read_is_a_warning(folder: Path, run: Growbot) -> None:
    write(folder, K1)
    (folder / "growbot.key").chmod(0o644)
    code, said = await run("doctor")
    assert (code, "note key:" in said, "chmod 600" in said) == (0, True, True)
    _code, said = await run("run", SLACK_BOT_TOKEN="xoxb-wrong")
    assert "growbot starts, but:" in said
    assert "chmod 600" in said


async def test_a_database_that_is_not_migrated_is_said(
    folder: Path, run: Growbot, environment: dict[str, str]
) -> None:
    (folder / "growbot.db").unlink()
    (folder / "growbot.db").touch()
    write(folder, K1)
    code, said = await run("keys", "status")
    assert (code, "growbot db upgrade" in said, "Traceback" in said) == (1, True, False)
