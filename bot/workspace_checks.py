"""What is wrong where workspaces installed growbot themselves: one line for each installation, with how to mend it."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

import aiohttp
from slack_sdk.errors import SlackApiError
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from bot import slack_checks
from bot.core.clock import Clock
from bot.core.database import Database, DatabaseUnavailable, Transaction
from bot.core.errors import PermanentError
from bot.core.master_keys import KeyService
from bot.core.slack.client import ENDED, Clients, error_name
from bot.core.slack.installation_store import InstallationRow, token_of
from bot.core.slack.installations import NEEDED_SCOPES, granted_scopes
from bot.core.vault import Vault
from bot.reasons import Finding, passing
from bot.settings import Settings

AT_ONCE = 10
AGAIN = "Whoever looks after its apps opens {public_url}/slack/install again"


@dataclass(frozen=True, slots=True)
class Installed:
    """`token` is None where the master keys don't open it."""

    place: str
    token: str | None = field(repr=False)
    ended_at: datetime | None = None


async def of_workspaces(settings: Settings, keys: KeyService, clock: Clock) -> list[Finding]:
    """Of the app's own id and secret, and of every installation."""
    secret = settings.slack_client_secret.get_secret_value() if settings.slack_client_secret else None
    client = partial(slack_checks.of_client, client_id=settings.slack_client_id or "", secret=secret)
    findings = await slack_checks.asked(settings.slack_api_url, client)
    if not all(finding.is_fine for finding in findings):
        return findings
    database = Database(settings.database_url, Vault(keys))
    try:
        installed = await database.run(partial(_installed, now=clock.now()))
    except (SQLAlchemyError, DatabaseUnavailable):
        return findings  # the database's own finding says so
    finally:
        database.close()
    if not installed:
        line = f"growbot is installed nowhere yet. {AGAIN.format(public_url=settings.public_url)}"
        return [*findings, Finding("workspaces", line.removesuffix(" again"), is_note=True)]
    check = partial(_all, installed=installed, settings=settings, now=clock.now())
    return [*findings, *await slack_checks.asked(settings.slack_api_url, check)]


def _installed(db: Transaction, now: datetime) -> list[Installed]:
    found = []
    for row in db.scalars(select(InstallationRow).order_by(InstallationRow.team_id, InstallationRow.id)):
        place = f"workspace {row.team_id}" if row.team_id else f"organisation {row.enterprise_id}"
        try:
            found.append(Installed(place, token_of(db, row, now), row.expires_at))
        except PermanentError:
            found.append(Installed(place, None))
    return found


async def _all(
    clients: Clients, *, installed: list[Installed], settings: Settings, now: datetime
) -> list[Finding]:
    turns = asyncio.Semaphore(AT_ONCE)

    async def one(each: Installed) -> Finding:
        async with turns:
            problem, line = await _problem(clients, each, now)
        again = AGAIN.format(public_url=settings.public_url)
        return Finding(each.place, problem.format(again=again) if problem else line, not problem)

    return list(await asyncio.gather(*(one(each) for each in installed)))


async def _problem(clients: Clients, each: Installed, now: datetime) -> tuple[str, str]:
    """What is wrong, or nothing and a line that says so."""
    if each.token is None:
        return "the master key does not open its token: growbot keys status", ""
    if each.ended_at is not None and each.ended_at <= now:
        since = f"{each.ended_at:%Y-%m-%d %H:%M} UTC"
        return (
            f"its token ended on {since} and was not exchanged: see that growbot runs. If it does, {{again}}",
            "",
        )
    try:
        answer = await clients.with_token(each.token).auth_test()
    except SlackApiError as error:
        return _refusal(error_name(error)), ""
    except (aiohttp.ClientError, OSError, TimeoutError) as error:
        return f"Slack can't be reached ({type(error).__name__}). Try again in a minute", ""
    granted = granted_scopes(answer)
    missing = sorted(NEEDED_SCOPES - granted) if granted is not None else []
    if missing:
        return f"missing scopes: {', '.join(missing)}. {{again}}", ""
    optional = sorted(set(slack_checks.OPTIONAL_SCOPES) - granted) if granted is not None else []
    without = f", without {', '.join(optional)}" if optional else ""
    return "", f"bot of {answer['team']}{without}"


def _refusal(name: str) -> str:
    why = "has ended" if name in ENDED else "is refused"
    return passing(name) or f"its token {why} ({name}). {{again}}"
