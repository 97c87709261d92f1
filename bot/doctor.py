"""What is wrong with an installation, one line each, with how to mend it."""

import asyncio
import errno
import socket
from collections.abc import Container, Mapping

from sqlalchemy.exc import SQLAlchemyError

from bot import schema, slack_checks
from bot.core import embedded, rotation
from bot.core.clock import Clock
from bot.core.database import Database, DatabaseUnavailable
from bot.core.errors import PermanentError
from bot.core.master_keys import KeyService, KeysUnavailable, MasterKeys
from bot.core.vault import Vault
from bot.database_reasons import DAMAGED, database_reason, name_of, not_yours
from bot.keys import counted, is_closed, key_service, lost, origin_of, too_open, unopened, unreadable
from bot.listening import METRICS, REQUESTS
from bot.reasons import Finding, port_reason, reason
from bot.settings import FILE, Settings, connection_problems, unknown
from bot.workspace_checks import of_workspaces

MAKE_ONE = "Nothing is sealed in the database yet, so a new master key will do: growbot keys new, which overwrites no file"
EITHER = "Put the master key back from your copy. Only where growbot is new, and nothing is sealed yet: growbot keys new"


def local_problems(settings: Settings, wrong: Container[str] = ()) -> list[str]:
    """What is missing on this machine: key, database, migrations. `wrong`: as of connection_problems."""
    return [finding.line for finding in _local(settings, wrong) if not finding.is_fine]


async def examine(settings: Settings, clock: Clock, wrong: Mapping[str, str] | None = None) -> list[Finding]:
    """`wrong`: what was found when the settings were read, by name."""
    wrong = wrong or {}
    problems = [*wrong.values(), *connection_problems(settings, wrong)]
    findings = [Finding("settings", problem, False) for problem in problems]
    findings = findings or [Finding("settings", f"complete, from {_origin()}")]
    findings += [Finding("settings", line, is_note=True) for line in unknown()]
    findings += _local(settings, wrong, reads_all=True)
    if settings.port is not None:
        findings.append(await _port("port", settings.host, settings.port, REQUESTS))
    if settings.metrics_port is not None:
        findings.append(await _port("metrics port", settings.metrics_host, settings.metrics_port, METRICS))
    if settings.slack_bot_token is not None:
        findings += await slack_checks.of_one_workspace(settings, clock)
    keys, _findings = _keys(settings)
    if settings.serves_many and keys is not None and all(finding.is_fine for finding in findings):
        findings += await of_workspaces(settings, keys, clock)
    return findings


def _origin() -> str:
    return str(FILE.absolute()) if FILE.exists() else "the environment"


# --- this machine -----------------------------------------------------------------------------------


def _local(settings: Settings, wrong: Container[str], *, reads_all: bool = False) -> list[Finding]:
    """`reads_all`: SQLite's file from end to end, which takes a while if it is large."""
    if str(FILE) in wrong:  # where key and database are may stand in it
        return []
    keys, key_findings = _keys(settings)
    if "GROWBOT_DATABASE_URL" in wrong:
        return [*key_findings, *_without(keys, settings, EITHER)]
    return [*key_findings, *_database(settings, keys, reads_all=reads_all)]


def _keys(settings: Settings) -> tuple[KeyService | None, list[Finding]]:
    try:
        keys = key_service(settings)
    except (PermanentError, OSError, ValueError) as error:
        return None, [Finding("key", unreadable(settings, error), False)]
    line = f"{counted(len(keys.ids), 'master key')} in {keys.origin}, the current one is {keys.current}"
    note = too_open(settings)
    return keys, [Finding("key", line), *([Finding("key", note, is_note=True)] if note else [])]


def _database(settings: Settings, keys: KeyService | None, *, reads_all: bool) -> list[Finding]:
    database = Database(settings.database_url, Vault(keys or MasterKeys.none()))
    if database.file is not None and (line := not_yours(database.file)):
        return [Finding("database", line, False), *_without(keys, settings, EITHER)]
    if database.is_absent:  # looking into it would make an empty file
        line = f"{name_of(settings.database_url)} does not exist yet. Make it with: growbot db upgrade"
        return [Finding("database", line, False), *_without(keys, settings, MAKE_ONE)]
    try:
        missing = schema.pending(database.engine)
        if missing:
            line = f"{counted(len(missing), 'step')} behind this version. Go there by: growbot db upgrade"
            return [Finding("database", "reachable"), Finding("migrations", line, False)]
        if database.file is not None and reads_all:
            embedded.check(database.file)
        is_whole = ", and whole from end to end" if database.file is not None and reads_all else ""
        fine = [Finding("database", f"reachable{is_whole}"), Finding("migrations", "up to date")]
        return [*fine, *_opens(database, keys, settings)]
    except embedded.Damaged as error:
        return [Finding("database", DAMAGED.format(file=database.file, what=error), False)]
    except (SQLAlchemyError, DatabaseUnavailable, schema.NewerDatabase) as error:
        finding = Finding("database", database_reason(error, settings.database_url), False)
        return [finding, *_without(keys, settings, EITHER)]
    finally:
        database.close()


def _without(keys: KeyService | None, settings: Settings, advice: str) -> list[Finding]:
    """What to do about a master key that is not there. One that is only not to be read needs no other."""
    if keys is not None or is_closed(settings):
        return []
    return [Finding("key", advice, False)]


def _opens(database: Database, keys: KeyService | None, settings: Settings) -> list[Finding]:
    """Whether the master keys open every data key; without any, what stays closed."""
    try:
        with database.transaction() as db:
            found = rotation.census(db, keys or MasterKeys.none(), tries_all=True)
    except KeysUnavailable as error:
        return [Finding("key", reason(error), False)]
    if keys is None:
        if found.wrapped and not is_closed(settings):
            return [Finding("key", lost(found, origin_of(settings)), False)]
        return _without(keys, settings, MAKE_ONE)
    closed = [unopened(each, keys) for each in found.wrapped if not each.is_fine]
    return [Finding("key", line, False) for line in closed] or [Finding("key", "opens what is stored")]


def port_in_use(host: str, port: int) -> list[Finding]:
    """For one that is chosen just now: that growbot itself may have it is no excuse."""
    try:
        with socket.create_server((host, port)):
            return []
    except OSError as error:
        return [Finding("port", port_reason(error), False)]


async def _port(subject: str, host: str, port: int, names: tuple[str, str]) -> Finding:
    """Whether requests could be listened for. A port in use is no mistake: growbot may be running."""
    try:
        server = await asyncio.get_running_loop().create_server(asyncio.Protocol, host, port)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            return Finding(subject, f"{port} is in use: by growbot, if it is running now")
        return Finding(subject, port_reason(error, names), False)
    server.close()
    return Finding(subject, "free to listen on")
