"""Slack's Web API as the courier needs it: every way a request can end, sorted into the outbox's outcomes.

Sources: docs of chat.postMessage and conversations.history (errors), and the measurements in the design's notes on sending.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import aiohttp
from multidict import CIMultiDict
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.core.directory import Identity
from bot.core.errors import GrowbotError, PermanentError, TransientError
from bot.core.outbox.domain import (
    Absent,
    Accepted,
    Failure,
    Found,
    Limited,
    Lookup,
    Outcome,
    Refused,
    Uncertain,
    Unreached,
    Unreadable,
)
from bot.core.outbox.templates import Message
from bot.core.slack.client import Clients, error_name
from bot.core.slack.dumping import plain
from bot.core.slack.installations import NotInstalled

EVENT_TYPE = "growbot_message"
BY_WORKSPACE = {
    "account_inactive",
    "token_revoked",
    "token_expired",
    "invalid_auth",
    "not_authed",
    "missing_scope",
    "org_login_required",
    "team_access_not_granted",
    "messages_tab_disabled",
}
"""Nothing can be sent to anybody in this workspace until that is mended."""
WAITING_REASONS = BY_WORKSPACE | {NotInstalled.__name__}
UNCERTAIN_ERRORS = {
    "fatal_error",
    "internal_error",
    "request_timeout",
    "service_unavailable",
    "team_added_to_org",
}
NEVER_READABLE = {"missing_scope", "no_permission", "not_allowed_token_type", "access_denied"}
PAGE = 100
MAX_PAGES = 10
LIMITED_STATUS = 429
DEFAULT_RETRY_SECONDS = 30.0


class SlackSender:
    def __init__(self, clients: Clients) -> None:
        self._clients = clients

    async def post(self, to: Identity, message: Message, marker: str) -> Outcome:
        """A DM to a person; the marker is all that its metadata holds."""
        metadata = {"event_type": EVENT_TYPE, "event_payload": {"id": marker}}
        return await self._call(
            to,
            "chat.postMessage",
            channel=to.user_id,
            text=message.text,
            metadata=metadata,
            unfurl_links=False,
            unfurl_media=False,
            **({"blocks": plain(message.layout)} if message.layout else {}),
        )

    async def update(self, to: Identity, channel: str, ts: str, message: Message) -> Outcome:
        return await self._call(
            to,
            "chat.update",
            channel=channel,
            ts=ts,
            text=message.text,
            blocks=plain(message.layout),
        )

    async def delete(self, to: Identity, channel: str, ts: str) -> Outcome:
        return await self._call(to, "chat.delete", channel=channel, ts=ts)

    async def look_up(
        self, to: Identity, channel: str, marker: str, since: datetime, until: datetime
    ) -> Lookup:
        """Search the DM's history between these instants for our marker, all of it."""
        cursor = ""
        try:
            client = await self._clients.of(to)
            for _page in range(MAX_PAGES):
                page = await client.conversations_history(
                    channel=channel,
                    oldest=f"{since.timestamp():.6f}",
                    latest=f"{until.timestamp():.6f}",
                    limit=PAGE,
                    include_all_metadata=True,
                    cursor=cursor or None,
                )
                ts = _marked(page.get("messages") or [], marker)
                if ts is not None:
                    return Found(channel, ts)
                cursor = str((page.get("response_metadata") or {}).get("next_cursor") or "")
                if not cursor:
                    return Absent()
        except SlackApiError as error:
            name, response = error_name(error), error.response
            refused = refusal(int(response.status_code or 200), name, response.headers or {})
            if isinstance(refused, Limited):
                return Unreadable("ratelimited", seconds=refused.seconds)
            never = name in NEVER_READABLE
            return Unreadable(name, never=never, by_workspace=not never and name in BY_WORKSPACE)
        except PermanentError as error:
            return Unreadable(type(error).__name__, by_workspace=True)
        except (aiohttp.ClientError, TimeoutError, SlackClientError, ValueError, GrowbotError) as error:
            return Unreadable(type(error).__name__)
        return Unreadable("the history is too long")

    async def _call(self, to: Identity, method: str, **arguments: Any) -> Outcome:
        try:
            reply = await self._clients.request(to, method, arguments)
        except (aiohttp.ClientConnectorError, TransientError) as error:
            return Unreached(type(error).__name__)
        except PermanentError as error:
            return Refused(type(error).__name__, by_workspace=True)
        except (TimeoutError, aiohttp.ClientError, ValueError) as error:
            return Uncertain(type(error).__name__)
        if reply.body.get("ok") is True and reply.status < 400:
            channel, ts = reply.body.get("channel"), reply.body.get("ts")
            return Accepted(str(channel), str(ts)) if channel and ts else Uncertain("no ts in the answer")
        return refusal(reply.status, str(reply.body.get("error") or "unreadable"), reply.headers)


def refusal(status: int, name: str, headers: Mapping[str, str]) -> Failure:
    """What an `ok: false` of this name, or another status, says of the call."""
    if status == LIMITED_STATUS or name in {"ratelimited", "rate_limited"}:
        return Limited(retry_seconds(headers))
    if status >= 500 or name in UNCERTAIN_ERRORS or name == "unreadable":
        return Uncertain(f"{status} {name}")
    return Refused(name, by_workspace=name in BY_WORKSPACE)


def retry_seconds(headers: Mapping[str, str]) -> float:
    """How long Slack asks to wait."""
    header = CIMultiDict(headers).get("retry-after")
    try:
        return max(1.0, float(header or DEFAULT_RETRY_SECONDS))
    except ValueError:
        return DEFAULT_RETRY_SECONDS


def _marked(messages: Sequence[Mapping[str, Any]], marker: str) -> str | None:
    for message in messages:
        payload = (message.get("metadata") or {}).get("event_payload") or {}
        if payload.get("id") == marker:
            return str(message["ts"])
    return None
