"""`growbot doctor`: what is wrong, and how to mend it."""

import base64
import shutil
from datetime import datetime
from pathlib import Path

import pytest

from bot import doctor, schema
from bot.core.clock import SystemClock
from bot.core.database import Database
from bot.core.master_keys import MasterKeys
from bot.core.vault import person_owner
from bot.reasons import Finding
from bot.sandbox import Sandbox
from bot.settings import load
from tests.commands.process import growbot
from tests.conftest import NOW


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


async def test_a_slack_that_is_unwell_is_not_taken_for_a_wrong_app_token(
    wrong: Examination, sandbox: Sandbox
) -> None:
    sandbox.faults.add("apps.connections.open", "503")
    (finding,) = await wrong()
    assert (finding.subject, "Try again in a minute" in finding.line) == ("socket mode", True)


async def test_a_missing_scope_is_found(wrong: Examination, sandbox: Sandbox) -> None:
    sandbox.app.scopes.discard("users:read")
    (finding,) = await wrong()
    assert (finding.subject, "users:read" in finding.line) == ("scopes", True)


@pytest.mark.parametrize("scope", ["im:history", "dnd:read", "files:write"])
async def test_a_missing_optional_scope_is_a_note(wrong: Examination, sandbox: Sandbox, scope: str) -> None:
    sandbox.app.scopes.discard(scope)
    assert await wrong() == []


async def test_a_database_that_is_not_migrated_is_found(wrong: Examination, database: Database) -> None:
    schema.downgrade(database.engine, "20261123_1010")
    (finding,) = await wrong()
    assert (finding.subject, "growbot db upgrade" in finding.line) == ("migrations", True)


async def test_a_wrong_key_is_found(wrong: Examination, database: Database) -> None:
    with database.transaction() as db:
        db.vault.begin(db, person_owner("p1"), NOW, team_id="T0BRIGHT")
    (finding,) = await wrong(GROWBOT_MASTER_KEY=MasterKeys.generate("test"))
    assert "is not the one that wrapped 1 data key: same id" in finding.line
    (finding,) = await wrong(GROWBOT_MASTER_KEY=MasterKeys.generate("other"))
    assert (
        "the master key test wraps 1 data key, and is not in GROWBOT_MASTER_KEY (there: other)"
        in finding.line
    )


async def test_a_missing_key_is_found(wrong: Examination, tmp_path: Path) -> None:
    missing, advice = await wrong(GROWBOT_MASTER_KEY=None, GROWBOT_MASTER_KEY_FILE=tmp_path / "none.key")
    assert f"{tmp_path}/none.key does not exist, and GROWBOT_MASTER_KEY is not set" in missing.line
    assert "growbot keys new" in advice.line


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"k1:CANARY", b""])
async def test_a_key_file_that_holds_no_key_is_found(
    wrong: Examination, tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "growbot.key"
    path.write_bytes(content)
    finding, _advice = await wrong(GROWBOT_MASTER_KEY=None, GROWBOT_MASTER_KEY_FILE=path)
    assert finding.line.startswith(f"{path} holds no master key")
    assert "CANARY" not in finding.line


async def test_a_folder_in_place_of_the_key_is_told_from_none(wrong: Examination, tmp_path: Path) -> None:
    """Container engines make one where a file that is to be mounted is not there."""
    finding, _advice = await wrong(GROWBOT_MASTER_KEY=None, GROWBOT_MASTER_KEY_FILE=tmp_path)
    assert f"{tmp_path} is no file" in finding.line


async def test_an_address_that_is_not_this_machine_s_is_found(wrong: Examination) -> None:
    (finding,) = await wrong(HOST="192.0.2.1", PORT=0)
    assert (finding.subject, "HOST is no address of this machine" in finding.line) == ("port", True)


async def test_the_address_of_the_metrics_is_looked_at_too(wrong: Examination) -> None:
    (finding,) = await wrong(GROWBOT_METRICS_HOST="192.0.2.1", GROWBOT_METRICS_PORT=0)
    assert finding.subject == "metrics port"
    assert finding.line.startswith("GROWBOT_METRICS_HOST is no address of this machine")


async def test_a_port_in_use_is_no_mistake_for_growbot_may_be_running(
    wrong: Examination, port_in_use: int
) -> None:
    assert await wrong(PORT=port_in_use) == []


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
