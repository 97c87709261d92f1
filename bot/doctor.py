"""What is wrong with an installation, one line each, with how to mend it."""

import asyncio
import errno
import socket
from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from sqlalchemy.exc import SQLAlchemyError

from bot import schema
from bot.app import PortUnavailable, SocketModeRefused
from bot.core import embedded, rotation
from bot.core.clock import Clock
from bot.core.database import Database, DatabaseUnavailable
from bot.core.errors import PermanentError
from bot.core.master_keys import KeyMissing, KeyService, KeysUnavailable, KeyWrong, MasterKeys
from bot.core.slack.client import Clients, error_name
from bot.core.slack.installations import NEEDED_SCOPES, ScopesMissing, SingleInstallation, granted_scopes
from bot.core.vault import Vault
from bot.keys import key_service, lost, origin_of, too_open, unopened, unreadable
from bot.settings import Settings, connection_problems

OPTIONAL_SCOPES = {
    "im:history": "without it, a message whose fate is unknown can't be looked up, and DMs aren't answered",
    "dnd:read": "without it, messages may come while Slack's do-not-disturb is on",
    "files:write": "without it, nobody can have their export put into their direct messages as a file",
}
CLOCK_SECONDS = 120
DAMAGED = "{file} is damaged ({what}). Stop growbot, keep the file, and put back a copy: growbot db backup makes them"
MAKE_ONE = "Nothing is sealed in the database yet, so a new master key will do: growbot keys new, which overwrites no file"
EITHER = "Put the master key back from your copy. Only where growbot is new, and nothing is sealed yet: growbot keys new"
TOO_SLOW = (
    "Slack opened no connection in {seconds} s. Check the network, and that a proxy lets WebSockets through"
)
PASSING = {"unreadable", "internal_error", "fatal_error", "service_unavailable", "ratelimited"}


@dataclass(frozen=True, slots=True)
class Finding:
    """`is_note`: nothing is wrong, but it is worth a look."""

    subject: str
    line: str
    is_fine: bool = True
    is_note: bool = False


def local_problems(settings: Settings, wrong: Container[str] = ()) -> list[str]:
    """What is missing on this machine: key, database, migrations. `wrong`: as of connection_problems."""
    return [finding.line for finding in _local(settings, wrong) if not finding.is_fine]


async def examine(settings: Settings, clock: Clock, wrong: Mapping[str, str] | None = None) -> list[Finding]:
    """`wrong`: what was found when the settings were read, by name."""
    wrong = wrong or {}
    problems = [*wrong.values(), *connection_problems(settings, wrong)]
    findings = [Finding("settings", problem, False) for problem in problems]
    findings = findings or [Finding("settings", "complete")]
    findings += _local(settings, wrong, reads_all=True)
    if settings.port is not None:
        findings.append(await _port(settings))
    if settings.slack_bot_token is not None:
        findings += await _slack(settings, clock)
    return findings


# --- this machine -----------------------------------------------------------------------------------


def _local(settings: Settings, wrong: Container[str], *, reads_all: bool = False) -> list[Finding]:
    """`reads_all`: SQLite's file from end to end, which takes a while if it is large."""
    keys, key_findings = _keys(settings)
    if "GROWBOT_DATABASE_URL" in wrong:
        return [*key_findings, *([] if keys else [Finding("key", EITHER, False)])]
    return [*key_findings, *_database(settings, keys, reads_all=reads_all)]


def _keys(settings: Settings) -> tuple[KeyService | None, list[Finding]]:
    try:
        keys = key_service(settings)
    except (PermanentError, OSError, ValueError) as error:
        return None, [Finding("key", unreadable(settings, error), False)]
    line = f"{len(keys.ids)} master key(s) in {keys.origin}, the current one is {keys.current}"
    note = too_open(settings)
    return keys, [Finding("key", line), *([Finding("key", note, is_note=True)] if note else [])]


def _database(settings: Settings, keys: KeyService | None, *, reads_all: bool) -> list[Finding]:
    database = Database(settings.database_url, Vault(keys or MasterKeys.none()))
    if database.is_absent:  # looking into it would make an empty file
        line = (
            f"{Database.describe(settings.database_url)} does not exist yet. Make it with: growbot db upgrade"
        )
        return [Finding("database", line, False), *([] if keys else [Finding("key", MAKE_ONE, False)])]
    try:
        missing = schema.pending(database.engine)
        if missing:
            line = f"{len(missing)} migration(s) are missing. Apply them with: growbot db upgrade"
            return [Finding("database", "reachable"), Finding("migrations", line, False)]
        if database.file is not None and reads_all:
            embedded.check(database.file)
        fine = [Finding("database", "reachable"), Finding("migrations", "up to date")]
        return [*fine, *_opens(database, keys, origin_of(settings))]
    except embedded.Damaged as error:
        return [Finding("database", DAMAGED.format(file=database.file, what=error), False)]
    except (SQLAlchemyError, DatabaseUnavailable, schema.NewerDatabase) as error:
        finding = Finding("database", database_reason(error, settings), False)
        return [finding, *([] if keys else [Finding("key", EITHER, False)])]
    finally:
        database.close()


def _opens(database: Database, keys: KeyService | None, where: str) -> list[Finding]:
    """Whether the master keys open every data key; without any, what stays closed."""
    try:
        with database.transaction() as db:
            found = rotation.census(db, keys or MasterKeys.none(), tries_all=True)
    except KeysUnavailable as error:
        return [Finding("key", reason(error), False)]
    if keys is None:
        return [Finding("key", lost(found, where) if found.wrapped else MAKE_ONE, False)]
    closed = [unopened(each, keys) for each in found.wrapped if not each.is_fine]
    return [Finding("key", line, False) for line in closed] or [Finding("key", "opens what is stored")]


def database_reason(error: Exception, settings: Settings) -> str:
    where = Database.describe(settings.database_url)
    if isinstance(error, schema.NewerDatabase):
        return f"{where} was upgraded by a newer growbot (to {error}). Run that one, or restore a backup"
    hint = "that it is running"
    if where.startswith("sqlite"):
        hint = "that it is SQLite's file, in a folder that is there and may be written to"
    return f"{where} can't be used ({type(error).__name__}). Check GROWBOT_DATABASE_URL, and {hint}"


async def _port(settings: Settings) -> Finding:
    """Whether requests could be listened for. A port in use is no mistake: growbot may be running."""
    try:
        server = await asyncio.get_running_loop().create_server(
            asyncio.Protocol, settings.host, settings.port
        )
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            return Finding("port", f"{settings.port} is in use: by growbot, if it is running now")
        return Finding("port", port_reason(error), False)
    server.close()
    return Finding("port", "free to listen on")


def port_reason(error: BaseException | None) -> str:
    code = error.errno if isinstance(error, OSError) else None
    if code == errno.EADDRINUSE:
        return "PORT is in use by another program. Stop that, or choose another one"
    if code == errno.EACCES:
        return "PORT is not allowed to this account. Choose one above 1023"
    if code == errno.EADDRNOTAVAIL or isinstance(error, socket.gaierror):
        return "HOST is no address of this machine. 127.0.0.1 is reached from this machine only, 0.0.0.0 from all"
    return f"HOST and PORT can't be listened on ({type(error).__name__})"


# --- Slack ------------------------------------------------------------------------------------------


async def _slack(settings: Settings, clock: Clock) -> list[Finding]:
    token = settings.slack_bot_token.get_secret_value() if settings.slack_bot_token else ""
    clients = Clients(SingleInstallation(token), settings.slack_api_url)
    try:
        answer = await clients.with_token(token).auth_test()
        findings = [
            Finding("token", f"bot of {answer['team']}"),
            _scopes(answer),
            _clock(answer, clock.now()),
        ]
        if settings.slack_app_token is not None:
            findings.append(await _socket_mode(clients, settings.slack_app_token.get_secret_value()))
        return findings
    except SlackApiError as error:
        return [Finding("token", reason(error), False)]
    except (aiohttp.ClientError, OSError, TimeoutError) as error:
        return [Finding("slack", reason(error), False)]
    finally:
        await clients.close()


def _scopes(answer: Any) -> Finding:
    granted = granted_scopes(answer)
    if granted is None:
        return Finding("scopes", "Slack did not say which are granted")
    missing = NEEDED_SCOPES - granted
    if missing:
        return Finding("scopes", reason(ScopesMissing(", ".join(sorted(missing)))), False)
    notes = [
        f"{scope} is not granted: {why}" for scope, why in OPTIONAL_SCOPES.items() if scope not in granted
    ]
    return Finding("scopes", "; ".join(notes) or "all granted")


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
    try:
        await clients.with_token(None).apps_connections_open(app_token=app_token)
    except SlackApiError as error:
        return Finding("socket mode", socket_reason(error), False)
    except (aiohttp.ClientError, OSError, TimeoutError) as error:
        return Finding("socket mode", reason(error), False)
    return Finding("socket mode", "can be opened")


def _header(answer: Any, name: str) -> str:
    headers = {key.lower(): value for key, value in answer.headers.items()}
    return str(headers.get(name, ""))


# --- sentences --------------------------------------------------------------------------------------


def reason(error: Exception) -> str:
    """One line for whoever runs the server: what it was, and how to mend it."""
    if isinstance(error, SlackApiError):
        return _passing(error) or (
            f"Slack refuses the token ({error_name(error)}). Copy SLACK_BOT_TOKEN again from OAuth & Permissions"
        )
    if isinstance(error, SocketModeRefused):
        return socket_reason(error.__cause__)
    if isinstance(error, PortUnavailable):
        return port_reason(error.__cause__)
    if isinstance(error, ScopesMissing):
        return f"missing scopes: {error}. Add them under OAuth & Permissions and reinstall the app"
    if isinstance(error, KeyMissing | KeyWrong):
        return f"the master key {error} is not here, or is another one than it was. Try: growbot keys status"
    if isinstance(error, KeysUnavailable):
        return "what keeps the master keys doesn't answer. Try again in a minute"
    if isinstance(error, DatabaseUnavailable):
        return "the database can't be used. Try: growbot doctor"
    if isinstance(error, aiohttp.ClientError | OSError | TimeoutError):
        return f"Slack can't be reached ({type(error).__name__}). Check the network and SLACK_API_URL"
    return f"{type(error).__name__}. Try: growbot doctor"


def socket_reason(error: BaseException | None) -> str:
    name = error_name(error) if isinstance(error, SlackApiError) else ""
    return _passing(error) or (
        f"Slack refuses SLACK_APP_TOKEN ({name}). It needs the scope connections:write, and Socket Mode switched on"
    )


def _passing(error: BaseException | None) -> str | None:
    if isinstance(error, SlackApiError) and (name := error_name(error)) in PASSING:
        return f"Slack doesn't answer as it should ({name}). Try again in a minute"
    return None
