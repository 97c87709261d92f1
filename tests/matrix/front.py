"""Signed requests to a whole growbot over HTTP, from anybody and with anything in them; and all that comes back."""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from urllib.parse import parse_qsl, urlencode

import aiohttp
from aiohttp import web
from slack_sdk.signature import SignatureVerifier

from bot.app import Growbot
from bot.core.directory import Identity
from bot.settings import load
from tests.builders import TEAM
from tests.fakes import MovableClock

TOO_SLOW = "(Reference"
SECRET = "5f5c1e8f4b0e7d3a"
_numbers = count(1)


@dataclass
class OpenSlack:
    """The Web API, as far as growbot calls it: it takes everything, and keeps it. `deactivated` are user ids."""

    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    deactivated: set[str] = field(default_factory=set)

    async def start(self) -> None:
        routes = web.Application()
        routes.router.add_route("*", "/api/{method}", self._take)
        self._runner = web.AppRunner(routes, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()

    async def stop(self) -> None:
        await self._runner.cleanup()

    @property
    def api_url(self) -> str:
        host, port = self._runner.addresses[0][:2]
        return f"http://{host}:{port}/api/"

    async def _take(self, request: web.Request) -> web.Response:
        body = await request.text()
        is_json = request.content_type == "application/json"
        sent: dict[str, Any] = json.loads(body or "{}") if is_json else dict(parse_qsl(body))
        method = request.match_info["method"]
        self.calls.append((method, sent))
        user_id = str(sent.get("user") or request.query.get("user") or "")
        answer = {
            "ok": True,
            "team_id": TEAM,
            "user_id": "U0BOT",
            "bot_id": "B0BOT",
            "channel": "D1",
            "ts": "1.0",
            "view": {"id": f"V{next(_numbers)}", "hash": "1"},
            "user": {"id": user_id, "name": user_id, "deleted": user_id in self.deactivated},
        }
        return web.Response(
            text=json.dumps(answer),
            content_type="application/json",
            headers={"x-oauth-scopes": "commands,chat:write,users:read"},
        )


@dataclass
class Front:
    growbot: Growbot
    slack: OpenSlack
    clock: MovableClock
    session: aiohttp.ClientSession

    async def command(self, who: Identity, text: str) -> str:
        fields = {"command": "/grow", "text": text, "user_id": who.user_id, "team_id": who.team_id}
        return await self._send(
            urlencode({**fields, "channel_id": "D1", "trigger_id": f"1.{next(_numbers)}"}).encode()
        )

    async def press(
        self, who: Identity, action: str, value: str, view: Mapping[str, Any] | None = None
    ) -> str:
        """A button, below a message or in a view; its value is whatever the caller likes."""
        pressed = {"action_id": action, "block_id": "b", "type": "button", "value": value}
        more = {"view": view} if view else {"channel": {"id": "D1"}, "message": {"ts": "1.0"}}
        return await self._interact(who, {"type": "block_actions", "actions": [pressed], **more})

    async def submit(
        self, who: Identity, callback_id: str, metadata: Mapping[str, str], values: Mapping[str, Any]
    ) -> str:
        view = form(callback_id, metadata, values)
        return await self._interact(who, {"type": "view_submission", "view": view})

    async def home(self, who: Identity) -> str:
        event = {"type": "app_home_opened", "tab": "home", "user": who.user_id, "channel": "D1"}
        body = {"type": "event_callback", "team_id": who.team_id, "event_id": f"Ev{next(_numbers)}"}
        return await self._send(json.dumps({**body, "event": event}).encode(), "application/json")

    async def _interact(self, who: Identity, payload: Mapping[str, Any]) -> str:
        person = {"user": {"id": who.user_id, "team_id": who.team_id}, "team": {"id": who.team_id}}
        body = json.dumps(
            {**payload, **person, "trigger_id": f"1.{next(_numbers)}", "token": "x", "n": next(_numbers)}
        )
        return await self._send(urlencode({"payload": body}).encode())

    async def _send(self, body: bytes, content_type: str = "application/x-www-form-urlencoded") -> str:
        """The answer, and whatever was shown or said because of it; again where a busy machine kept growbot from answering in time."""
        for _again in range(3):
            said = await self._once(body, content_type)
            if TOO_SLOW not in said:
                break
        return said

    async def _once(self, body: bytes, content_type: str) -> str:
        at, before = str(int(self.clock.now().timestamp())), len(self.slack.calls)
        body += b"" if content_type == "application/json" else f"&n={next(_numbers)}".encode()
        signed = SignatureVerifier(SECRET).generate_signature(timestamp=at, body=body) or ""
        headers = {
            "Content-Type": content_type,
            "X-Slack-Request-Timestamp": at,
            "X-Slack-Signature": signed,
        }
        url = f"http://127.0.0.1:{self.growbot.port}/slack/events"
        async with self.session.post(url, data=body, headers=headers) as response:
            answer = f"{response.status} {await response.text()}"
        await self.growbot._router.idle()
        shown = [
            (method, {name: value for name, value in sent.items() if name != "trigger_id"})
            for method, sent in self.slack.calls[before:]
            if method.startswith(("views.", "chat."))
        ]
        return answer + json.dumps(shown, ensure_ascii=False)


def form(callback_id: str, metadata: Mapping[str, str], values: Mapping[str, Any]) -> dict[str, Any]:
    """A view as Slack sends it back, with fields that nobody checked."""
    return {
        "id": f"V{next(_numbers)}",
        "hash": "1",
        "type": "modal",
        "callback_id": callback_id,
        "private_metadata": json.dumps(metadata),
        "previous_view_id": None,
        "blocks": [{"type": "section", "block_id": "s"}],
        "state": {"values": {name: {"x": value} for name, value in values.items()}},
    }


@asynccontextmanager
async def running(database_url: str, clock: MovableClock, master_key: str) -> AsyncIterator[Front]:
    slack = OpenSlack()
    await slack.start()
    settings = load(
        SLACK_BOT_TOKEN="xoxb-1",
        SLACK_SIGNING_SECRET=SECRET,
        SLACK_API_URL=slack.api_url,
        PORT=0,
        GROWBOT_DATABASE_URL=database_url,
        GROWBOT_MASTER_KEY=master_key,
    )
    growbot = Growbot(settings, clock=clock, ticks=False)
    try:
        await growbot.start()
        async with aiohttp.ClientSession() as session:
            yield Front(growbot, slack, clock, session)
    finally:
        await growbot.stop()
        await slack.stop()
