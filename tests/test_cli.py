"""The `growbot` command: what it says when something is missing, and that it starts and stops."""

import asyncio
import base64
import os
import shutil
import signal
import stat
import sys
from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from pathlib import Path

import pytest

from bot import doctor, schema
from bot.core.clock import SystemClock
from bot.core.database import Database
from bot.core.vault import MasterKeys, person_owner
from bot.demo import manifest
from bot.doctor import Finding
from bot.sandbox import Sandbox, SandboxClock
from bot.settings import SettingsInvalid, connection_problems, load
from tests.conftest import NOW

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    sandbox = Sandbox(manifest(), SandboxClock(SystemClock().now(), running=True))
    await sandbox.start()
    yield sandbox
    await sandbox.stop()


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Nothing of growbot's is set; the working directory is empty."""
    return {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "HOME": str(tmp_path)}


@pytest.fixture
def connected(environment: dict[str, str], sandbox: Sandbox) -> dict[str, str]:
    """All that growbot needs, at the local Slack."""
    return {
        **environment,
        "SLACK_BOT_TOKEN": sandbox.bot_token,
        "SLACK_APP_TOKEN": sandbox.app_token,
        "SLACK_API_URL": sandbox.api_url,
        "GROWBOT_MASTER_KEY": MasterKeys.generate("k1"),
    }


async def started(folder: Path, environment: Mapping[str, str], *words: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        *words,
        cwd=folder,
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def growbot(folder: Path, environment: Mapping[str, str], *words: str) -> tuple[int, str]:
    """The exit code, and everything printed."""
    process = await started(folder, environment, *words)
    out, err = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode is not None
    return process.returncode, (out + err).decode()


# --- settings -----------------------------------------------------------------------------------------------


async def test_everything_that_is_missing_is_named_at_once(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    code, said = await growbot(tmp_path, environment, "run")
    assert code == 1
    for missing in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "growbot keys new", "growbot db upgrade"):
        assert missing in said
    assert "Traceback" not in said


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({}, ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"]),
        ({"SLACK_BOT_TOKEN": "xoxp-1"}, ["SLACK_BOT_TOKEN is not a bot token", "SLACK_APP_TOKEN"]),
        ({"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xoxb-1"}, ["SLACK_APP_TOKEN is not an app-level"]),
        ({"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "s"}, ["PORT is missing"]),
        ({"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "s", "PORT": 80}, []),
        ({"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}, []),
    ],
)
def test_what_is_missing_to_reach_slack_is(
    given: dict[str, object], named: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    problems = connection_problems(load(**given))
    assert len(problems) == len(named)
    assert all(name in problem for name, problem in zip(named, problems, strict=True))


def test_every_setting_that_is_wrong_is_named_at_once() -> None:
    with pytest.raises(SettingsInvalid) as wrong:
        load(PORT="eighty", GROWBOT_MASTER_KEY_FILE=7)
    assert {problem.partition(":")[0] for problem in wrong.value.problems} == {
        "PORT",
        "GROWBOT_MASTER_KEY_FILE",
    }


def test_no_secret_shows_when_the_settings_are_printed() -> None:
    settings = load(
        SLACK_BOT_TOKEN="xoxb-CANARY", SLACK_SIGNING_SECRET="CANARY", GROWBOT_MASTER_KEY="k:CANARY"
    )
    assert "CANARY" not in repr(settings)


# --- keys and database ------------------------------------------------------------------------------------------


async def test_a_new_key_is_for_its_owner_s_eyes_and_never_overwritten(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    assert (await growbot(tmp_path, environment, "keys", "new"))[0] == 0
    path = tmp_path / "growbot.key"
    key = path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert MasterKeys.parse(key)
    code, said = await growbot(tmp_path, environment, "keys", "new")
    assert (code, path.read_text()) == (1, key)
    assert "exists already" in said
    assert key.partition(":")[2].strip() not in said


async def test_a_key_that_cannot_be_written_is_said(tmp_path: Path, environment: dict[str, str]) -> None:
    code, said = await growbot(tmp_path, environment, "keys", "new", "--file", "no/such/folder/key")
    assert (code, "can't be written" in said) == (1, True)


async def test_upgrading_twice_says_that_there_is_nothing_to_do(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    first, second = [await growbot(tmp_path, environment, "db", "upgrade") for _time in range(2)]
    assert first[1].startswith("Applied: 20261123_1000, ")
    assert second == (0, "The database is up to date.\n")


async def test_a_database_that_cannot_be_reached_is_said_without_its_password(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    address = {"GROWBOT_DATABASE_URL": "postgresql://growbot:CANARY@127.0.0.1:9/growbot"}
    code, said = await growbot(tmp_path, environment | address, "db", "upgrade")
    assert code == 1
    assert "GROWBOT_DATABASE_URL" in said
    assert "CANARY" not in said
    assert "Traceback" not in said


# --- doctor -----------------------------------------------------------------------------------------------------


async def test_the_doctor_finds_nothing_when_all_is_well(
    tmp_path: Path, connected: dict[str, str], sqlite_template: Path
) -> None:
    shutil.copyfile(sqlite_template, tmp_path / "growbot.db")
    code, said = await growbot(tmp_path, connected, "doctor")
    assert code == 0
    assert [line[:5] for line in said.splitlines()] == ["ok   "] * len(said.splitlines())
    for subject in ("settings", "key", "database", "migrations", "token", "scopes", "clock", "socket mode"):
        assert f"{subject}:" in said


async def test_the_doctor_leaves_with_an_error_when_something_is_wrong(
    tmp_path: Path, connected: dict[str, str]
) -> None:
    code, said = await growbot(tmp_path, connected, "doctor")
    assert code == 1
    assert "WRONG database:" in said
    assert "growbot db upgrade" in said
    assert not (tmp_path / "growbot.db").exists()


class Examination:
    def __init__(self, good: dict[str, object]) -> None:
        self.good = good

    async def __call__(self, **changes: object) -> list[Finding]:
        """The findings that something is wrong."""
        findings = await doctor.examine(load(**(self.good | changes)), SystemClock())
        return [finding for finding in findings if not finding.is_fine]


@pytest.fixture
def wrong(sandbox: Sandbox, database: Database, master_keys: MasterKeys) -> Examination:
    """What the doctor says to good settings that a test changes."""
    key = f"test:{_encoded(master_keys)}"
    return Examination(
        {
            "SLACK_BOT_TOKEN": sandbox.bot_token,
            "SLACK_APP_TOKEN": sandbox.app_token,
            "SLACK_API_URL": sandbox.api_url,
            "GROWBOT_DATABASE_URL": database.url.render_as_string(False),
            "GROWBOT_MASTER_KEY": key,
        }
    )


def _encoded(keys: MasterKeys) -> str:
    return base64.b64encode(keys.keys[keys.current]).decode()


async def test_all_is_well_on_either_database(wrong: Examination) -> None:
    assert await wrong() == []


async def test_a_wrong_token_is_found(wrong: Examination) -> None:
    (finding,) = await wrong(SLACK_BOT_TOKEN="xoxb-wrong")
    assert (finding.subject, "invalid_auth" in finding.line) == ("token", True)


async def test_a_wrong_app_token_is_found(wrong: Examination) -> None:
    (finding,) = await wrong(SLACK_APP_TOKEN="xapp-wrong")
    assert (finding.subject, "connections:write" in finding.line) == ("socket mode", True)


async def test_a_missing_scope_is_found(wrong: Examination, sandbox: Sandbox) -> None:
    sandbox.app.scopes.discard("users:read")
    (finding,) = await wrong()
    assert (finding.subject, "users:read" in finding.line) == ("scopes", True)


async def test_a_missing_optional_scope_is_a_note(wrong: Examination, sandbox: Sandbox) -> None:
    sandbox.app.scopes.discard("im:history")
    assert await wrong() == []


async def test_a_database_that_is_not_migrated_is_found(wrong: Examination, database: Database) -> None:
    schema.downgrade(database.engine, "20261123_1010")
    (finding,) = await wrong()
    assert (finding.subject, "growbot db upgrade" in finding.line) == ("migrations", True)


async def test_a_wrong_key_is_found(wrong: Examination, database: Database) -> None:
    with database.transaction() as db:
        db.vault.sealer(db, person_owner("p1"), NOW)
    (finding,) = await wrong(GROWBOT_MASTER_KEY=MasterKeys.generate("test"))
    assert "not the one that the database was sealed with" in finding.line
    (finding,) = await wrong(GROWBOT_MASTER_KEY=MasterKeys.generate("other"))
    assert "master key test, which is not in the key file" in finding.line


async def test_a_missing_key_is_found(wrong: Examination, tmp_path: Path) -> None:
    (finding,) = await wrong(GROWBOT_MASTER_KEY=None, GROWBOT_MASTER_KEY_FILE=tmp_path / "none.key")
    assert "growbot keys new" in finding.line


async def test_an_unreachable_slack_is_found(wrong: Examination) -> None:
    (finding,) = await wrong(SLACK_API_URL="http://127.0.0.1:9/api/")
    assert (finding.subject, "can't be reached" in finding.line) == ("slack", True)


async def test_a_slack_that_is_unwell_is_not_taken_for_a_wrong_token(
    wrong: Examination, sandbox: Sandbox
) -> None:
    sandbox.faults.add("auth.test", "503")
    (finding,) = await wrong()
    assert "Try again in a minute" in finding.line


async def test_a_wrong_clock_is_found(wrong: Examination, sandbox: Sandbox) -> None:
    class Slow:
        def now(self) -> datetime:
            return SystemClock().now().replace(year=2020)

    findings = await doctor.examine(load(**wrong.good), Slow())
    (finding,) = [each for each in findings if not each.is_fine]
    assert (finding.subject, "NTP" in finding.line) == ("clock", True)


# --- run ---------------------------------------------------------------------------------------------------------


async def test_it_connects_serves_and_stops_when_it_is_told_to(
    tmp_path: Path, connected: dict[str, str], sandbox: Sandbox, sqlite_template: Path
) -> None:
    shutil.copyfile(sqlite_template, tmp_path / "growbot.db")
    process = await started(tmp_path, connected, "run")
    await sandbox.sockets.wait_connected(timeout=60)
    ben = sandbox.seat("U0BEN")
    await ben.command("/grow help")
    assert await ben.wait_modal("home.help", timeout=10)
    process.send_signal(signal.SIGTERM)
    out, err = await asyncio.wait_for(process.communicate(), 30)
    assert process.returncode == 0, err.decode()
    assert b"growbot is running, connected by Socket Mode." in out
    assert b"Traceback" not in err


async def test_it_does_not_start_with_a_wrong_token_and_says_why(
    tmp_path: Path, connected: dict[str, str], sqlite_template: Path
) -> None:
    shutil.copyfile(sqlite_template, tmp_path / "growbot.db")
    code, said = await growbot(tmp_path, connected | {"SLACK_BOT_TOKEN": "xoxb-wrong"}, "run")
    assert code == 1
    assert "Slack refuses the token (invalid_auth)" in said
    assert "Traceback" not in said
