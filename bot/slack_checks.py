"""What Slack says of the tokens and secrets in the settings: the doctor's findings, one line each."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from email.utils import parsedate_to_datetime
from functools import partial
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.core.clock import Clock
from bot.core.slack.client import Clients, error_name
from bot.core.slack.installations import NEEDED_SCOPES, ScopesMissing, SingleInstallation, granted_scopes
from bot.reasons import Finding, reason, socket_reason
from bot.settings import Settings

OPTIONAL_SCOPES = {
    "im:history": "without it, a message whose fate is unknown can't be looked up, and DMs aren't answered",
    "dnd:read": "without it, messages may come while Slack's do-not-disturb is on",
    "files:write": "without it, nobody can have their export put into their direct messages as a file",
}
CLIENT_PROBLEMS = {
    "invalid_client_id": "Slack knows no app with this SLACK_CLIENT_ID. Copy it again from Basic Information",
    "bad_client_secret": "SLACK_CLIENT_SECRET is not that of SLACK_CLIENT_ID. Copy it again from Basic Information",
}
"""docs: reference/methods/oauth.v2.access"""
CLOCK_SECONDS = 120


Check = Callable[[Clients], Awaitable[list[Finding]]]


async def asked(api_url: str, check: Check) -> list[Finding]:
    """What a check finds at this Web API; that it can't be reached is a finding too."""
    clients = Clients(SingleInstallation(""), api_url)
    try:
        return await check(clients)
    except (aiohttp.ClientError, OSError, TimeoutError) as error:
        return [Finding("slack", reason(error), False)]
    finally:
        await clients.close()


async def of_one_workspace(settings: Settings, clock: Clock) -> list[Finding]:
    """Of the tokens in the settings."""
    token = settings.slack_bot_token.get_secret_value() if settings.slack_bot_token else ""
    findings = await asked(settings.slack_api_url, partial(of_bot_token, token=token, clock=clock))
    if settings.slack_app_token is not None and findings[0].is_fine:
        app_token = settings.slack_app_token.get_secret_value()
        findings += await asked(settings.slack_api_url, partial(of_app_token, token=app_token))
    return findings


async def of_bot_token(clients: Clients, *, token: str, clock: Clock) -> list[Finding]:
    try:
        answer = await clients.with_token(token).auth_test()
    except SlackApiError as error:
        return [Finding("token", reason(error), False)]
    return [Finding("token", f"bot of {answer['team']}"), _scopes(answer), _clock(answer, clock.now())]


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


async def of_app_token(clients: Clients, *, token: str) -> list[Finding]:
    try:
        await clients.with_token(None).apps_connections_open(app_token=token)
    except SlackApiError as error:
        return [Finding("socket mode", socket_reason(error), False)]
    return [Finding("socket mode", "can be opened")]


async def of_client(clients: Clients, *, client_id: str, secret: str | None) -> list[Finding]:
    """Of the app's id, and its secret where one is given. Asked with a code that nobody has: only what Slack says of these two counts."""
    try:
        await clients.with_token(None).oauth_v2_access(
            client_id=client_id, client_secret=secret or "none", code="none"
        )
    except SlackApiError as error:
        name = error_name(error)
        problem = CLIENT_PROBLEMS.get(name)
        if problem and (secret is not None or name == "invalid_client_id"):
            return [Finding("client", problem, False)]
    return [Finding("client", "Slack has nothing against it")]


def _header(answer: Any, name: str) -> str:
    headers = {key.lower(): value for key, value in answer.headers.items()}
    return str(headers.get(name, ""))
