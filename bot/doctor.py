"""What is wrong with an installation, one line each, with how to mend it."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from sqlalchemy.exc import SQLAlchemyError

from bot import schema
from bot.app import KeyFileMissing, master_keys
from bot.core.clock import Clock
from bot.core.database import Database, DatabaseUnavailable
from bot.core.slack.client import Clients, error_name
from bot.core.slack.installations import SingleInstallation
from bot.core.vault import KeyMissing, MasterKeys, Vault, WordsUnreadable
from bot.settings import Settings, connection_problems

NEEDED_SCOPES = frozenset({"commands", "chat:write", "users:read"})
OPTIONAL_SCOPES = {
    "im:history": "without it, a message whose fate is unknown can't be looked up, and DMs aren't answered"
}
CLOCK_SECONDS = 120
PASSING = {"unreadable", "internal_error", "fatal_error", "service_unavailable", "ratelimited"}


@dataclass(frozen=True, slots=True)
class Finding:
    subject: str
    line: str
    is_fine: bool = True


def local_problems(settings: Settings, clock: Clock) -> list[str]:
    """What is missing on this machine: key, database, migrations."""
    return [finding.line for finding in _local(settings, clock) if not finding.is_fine]


async def examine(settings: Settings, clock: Clock) -> list[Finding]:
    findings = [Finding("settings", problem, False) for problem in connection_problems(settings)]
    findings = findings or [Finding("settings", "complete")]
    findings += _local(settings, clock)
    if settings.slack_bot_token is not None:
        findings += await _slack(settings, clock)
    return findings


# --- this machine -----------------------------------------------------------------------------------


def _local(settings: Settings, clock: Clock) -> list[Finding]:
    keys, key_finding = _key(settings)
    return [key_finding, *_database(settings, keys)]


def _key(settings: Settings) -> tuple[MasterKeys | None, Finding]:
    try:
        keys = master_keys(settings)
    except KeyFileMissing as error:
        return None, Finding("key", f"{error}. Make one with: growbot keys new", False)
    except (ValueError, OSError) as error:
        return None, Finding("key", f"the master key can't be read: {error}", False)
    return keys, Finding("key", f"{len(keys.keys)} master key(s), the current one is {keys.current}")


def _database(settings: Settings, keys: MasterKeys | None) -> list[Finding]:
    database = Database(settings.database_url, Vault(keys or MasterKeys("none", {})))
    if database.is_absent:  # looking into it would make an empty file
        line = (
            f"{Database.describe(settings.database_url)} does not exist yet. Make it with: growbot db upgrade"
        )
        return [Finding("database", line, False)]
    try:
        missing = schema.pending(database.engine)
        if missing:
            line = f"{len(missing)} migration(s) are missing. Apply them with: growbot db upgrade"
            return [Finding("database", "reachable"), Finding("migrations", line, False)]
        fine = [Finding("database", "reachable"), Finding("migrations", "up to date")]
        return fine if keys is None else [*fine, _opens(database)]
    except (SQLAlchemyError, DatabaseUnavailable) as error:
        return [Finding("database", database_reason(error, settings), False)]
    finally:
        database.close()


def _opens(database: Database) -> Finding:
    try:
        with database.transaction() as db:
            db.vault.check(db)
    except (KeyMissing, WordsUnreadable) as error:
        return Finding("key", reason(error), False)
    return Finding("key", "opens what is stored")


def database_reason(error: Exception, settings: Settings) -> str:
    where = Database.describe(settings.database_url)
    return f"{where} can't be used ({type(error).__name__}). Check GROWBOT_DATABASE_URL, and that the database is running"


# --- Slack ------------------------------------------------------------------------------------------


async def _slack(settings: Settings, clock: Clock) -> list[Finding]:
    token = settings.slack_bot_token.get_secret_value() if settings.slack_bot_token else ""
    clients = Clients(SingleInstallation(token), settings.slack_api_url)
    try:
        answer = await _asked(lambda: clients.with_token(token).auth_test())
        if isinstance(answer, Finding):
            return [answer]
        findings = [
            Finding("token", f"bot of {answer['team']}"),
            *_scopes(answer),
            _clock(answer, clock.now()),
        ]
        if settings.slack_app_token is not None:
            findings.append(await _socket_mode(clients, settings.slack_app_token.get_secret_value()))
        return findings
    finally:
        await clients.close()


async def _asked(call: Callable[[], Awaitable[Any]]) -> Any:
    """Slack's answer, or the finding that says why there is none."""
    try:
        return await call()
    except SlackApiError as error:
        return Finding("token", reason(error), False)
    except (aiohttp.ClientError, OSError, TimeoutError) as error:
        return Finding(
            "slack", f"can't be reached ({type(error).__name__}). Check the network and SLACK_API_URL", False
        )


def _scopes(answer: Any) -> Sequence[Finding]:
    granted = {scope.strip() for scope in _header(answer, "x-oauth-scopes").split(",") if scope.strip()}
    missing = NEEDED_SCOPES - granted
    if missing:
        line = (
            f"missing: {', '.join(sorted(missing))}. Add them under OAuth & Permissions and reinstall the app"
        )
        return [Finding("scopes", line, False)]
    notes = [
        f"{scope} is not granted: {why}" for scope, why in OPTIONAL_SCOPES.items() if scope not in granted
    ]
    return [Finding("scopes", "; ".join(notes) or "all granted")]


def _clock(answer: Any, now: datetime) -> Finding:
    date = _header(answer, "date")
    if not date:
        return Finding("clock", "Slack did not say what time it is")
    seconds = abs((parsedate_to_datetime(date) - now).total_seconds())
    if seconds > CLOCK_SECONDS:
        line = f"{seconds:.0f} s away from Slack's: requests would be refused. Set it by NTP"
        return Finding("clock", line, False)
    return Finding("clock", f"within {max(1, round(seconds))} s of Slack's")


async def _socket_mode(clients: Clients, app_token: str) -> Finding:
    answer = await _asked(lambda: clients.with_token(app_token).apps_connections_open(app_token=app_token))
    if isinstance(answer, Finding):
        line = "SLACK_APP_TOKEN is refused. It needs the scope connections:write, and Socket Mode switched on"
        return Finding("socket mode", line, False)
    return Finding("socket mode", "can be opened")


def _header(answer: Any, name: str) -> str:
    headers = {key.lower(): value for key, value in answer.headers.items()}
    return str(headers.get(name, ""))


# --- sentences --------------------------------------------------------------------------------------


def reason(error: Exception) -> str:
    """One line for whoever runs the server: what it was, and how to mend it."""
    if isinstance(error, SlackApiError):
        name = error_name(error)
        if name in PASSING:
            return f"Slack doesn't answer as it should ({name}). Try again in a minute"
        return f"Slack refuses the token ({name}). Copy SLACK_BOT_TOKEN again from OAuth & Permissions"
    if isinstance(error, KeyMissing):
        return (
            f"the database was sealed with the master key {error}, which is not in the key file. Add it there"
        )
    if isinstance(error, WordsUnreadable):
        return (
            f"the master key {error} is not the one that the database was sealed with. Restore the right one"
        )
    if isinstance(error, DatabaseUnavailable):
        return "the database can't be used. Try: growbot doctor"
    if isinstance(error, aiohttp.ClientError | OSError | TimeoutError):
        return f"Slack can't be reached ({type(error).__name__}). Check the network, SLACK_API_URL and PORT"
    return f"{type(error).__name__}. Try: growbot doctor"
