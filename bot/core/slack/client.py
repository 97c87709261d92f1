"""Web API clients: one HTTP session for the process, one client for each installation, and no retries of their own.

slack_sdk's default client posts twice when Slack accepted a request and then dropped the connection; whether to send
again is the outbox's decision.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.core.directory import Identity

TIMEOUT_SECONDS = 10
UPLOAD_SECONDS = 60


ENDED = {"account_inactive", "invalid_auth", "token_expired", "token_revoked"}
REMEMBERED = 2_000
"""Clients, by token: each is small, but tokens that rotate are many over the years."""


@dataclass(frozen=True, slots=True)
class BotToken:
    """`is_org_wide`: one of a whole organisation, with which each call has to say for which workspace it is."""

    value: str = field(repr=False)
    is_org_wide: bool = False


class Tokens(Protocol):
    async def bot_token(self, identity: Identity, *, refused: str | None = None) -> BotToken:
        """The token of the installation that serves this person. `refused`: one of which Slack just said that it has ended.

        Raises PermanentError when there is none, TransientError when none can be had just now.
        """


def error_name(error: SlackApiError) -> str:
    """Slack's name for what went wrong; "unreadable" where the body is none of its JSON (a proxy's page, with a 5xx)."""
    body = getattr(error.response, "data", error.response)
    return str(body.get("error") or "unreadable") if isinstance(body, dict) else "unreadable"


@dataclass(frozen=True, slots=True)
class Reply:
    """What Slack answered. `body` is empty where it is none of its JSON (a proxy's page, with a 5xx)."""

    status: int
    headers: Mapping[str, str]
    body: Mapping[str, Any]


def _parsed(body: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


class Clients:
    def __init__(self, tokens: Tokens, base_url: str) -> None:
        self._tokens = tokens
        self._base_url = base_url
        self._session: aiohttp.ClientSession | None = None
        self._by_token: dict[tuple[str, str], AsyncWebClient] = {}

    async def of(self, identity: Identity) -> AsyncWebClient:
        token = await self._tokens.bot_token(identity)
        return self.with_token(token.value, team_id=identity.team_id if token.is_org_wide else None)

    def with_token(self, token: str | None, *, team_id: str | None = None) -> AsyncWebClient:
        """`team_id` goes with every call of this client."""
        key = (token or "", team_id or "")
        if key not in self._by_token:
            if len(self._by_token) >= REMEMBERED:
                self._by_token.pop(next(iter(self._by_token)))
            self._by_token[key] = AsyncWebClient(
                token=token,
                base_url=self._base_url,
                timeout=TIMEOUT_SECONDS,
                session=self._shared_session(),
                retry_handlers=[],
                team_id=team_id,
            )
        return self._by_token[key]

    async def request(self, identity: Identity, method: str, arguments: Mapping[str, Any]) -> "Reply":
        """One call, made once, whatever comes back: for what must never be repeated without being asked about.

        Only where Slack took nothing because the token has ended, and there is another by now, is it made with that.
        Raises what `bot_token` raises, and aiohttp's own errors.
        """
        token = await self._tokens.bot_token(identity)
        reply = await self._request(token, identity, method, arguments)
        if reply.body.get("error") in ENDED:
            newer = await self._tokens.bot_token(identity, refused=token.value)
            if newer != token:
                return await self._request(newer, identity, method, arguments)
        return reply

    async def _request(
        self, token: BotToken, identity: Identity, method: str, arguments: Mapping[str, Any]
    ) -> "Reply":
        whose = {"team_id": identity.team_id} if token.is_org_wide else {}
        async with self._shared_session().post(
            self._base_url + method,
            data=json.dumps({**arguments, **whose}).encode(),
            headers={
                "Authorization": f"Bearer {token.value}",
                "Content-Type": "application/json; charset=utf-8",
            },
        ) as response:
            return Reply(response.status, response.headers, _parsed(await response.read()))

    async def put(self, address: str, content: bytes) -> int:
        """The bytes of a file to where Slack said, once. Returns the status; raises aiohttp's own errors."""
        async with self._shared_session().post(
            address,
            data=content,
            headers={"Content-Type": "application/octet-stream"},
            timeout=aiohttp.ClientTimeout(total=UPLOAD_SECONDS),
            allow_redirects=False,
        ) as response:
            return response.status

    async def respond(self, response_url: str, sentence: str) -> bool:
        """Show a sentence to the one person, wherever they acted, also where the bot may not write. False when refused.

        Works 5 times within 30 minutes (docs: interactivity/handling-user-interaction, "Message responses").
        """
        webhook = AsyncWebhookClient(
            response_url, timeout=TIMEOUT_SECONDS, session=self._shared_session(), retry_handlers=[]
        )
        answer = await webhook.send(text=sentence, response_type="ephemeral", replace_original=False)
        return answer.status_code == 200

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None
        self._by_token.clear()

    def _shared_session(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=TIMEOUT_SECONDS))
        return self._session
