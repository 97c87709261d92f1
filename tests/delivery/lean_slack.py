"""chat.postMessage with metadata and conversations.history, truly and fast: for more messages than the sandbox is made for."""

import json
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from aiohttp import web

from bot.core.outbox.pacing import HISTORY, POST
from tests.delivery.audit import Post, post_of


@dataclass
class LeanSlack:
    """One workspace. `passing` is told of each request, by method and token: before it takes effect, and after that."""

    now: Callable[[], datetime]
    passing: Callable[[str, str], None] = lambda _method, _token: None
    posts: list[Post] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._dms: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self._last_ts = 0

    async def start(self) -> None:
        routes = web.Application()
        routes.router.add_post("/api/chat.postMessage", self._post)
        routes.router.add_route("*", "/api/conversations.history", self._history)
        self._runner = web.AppRunner(routes, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()

    async def stop(self) -> None:
        await self._runner.cleanup()

    @property
    def api_url(self) -> str:
        host, port = self._runner.addresses[0][:2]
        return f"http://{host}:{port}/api/"

    async def _post(self, request: web.Request) -> web.Response:
        sent = await request.json()
        self._tell(POST, request)
        channel = f"D{sent['channel']}"
        message = {"ts": self._next_ts(), "text": sent["text"], "metadata": sent["metadata"]}
        self._dms[channel].append(message)
        self.posts.append(post_of(sent))
        self._tell(POST, request)
        return _answer({"channel": channel, "ts": message["ts"]})

    async def _history(self, request: web.Request) -> web.Response:
        """Newest first, within the bounds; the cursor is where the next page begins."""
        asked = {**request.query, **(await request.post())}
        self._tell(HISTORY, request)
        oldest, latest = float(asked["oldest"]), float(asked["latest"])
        dm = reversed(self._dms[str(asked["channel"])])
        found = [message for message in dm if oldest < float(message["ts"]) < latest]
        start, limit = int(asked.get("cursor") or 0), int(asked["limit"])
        page, is_last = found[start : start + limit], start + limit >= len(found)
        cursor = {} if is_last else {"response_metadata": {"next_cursor": str(start + limit)}}
        return _answer({"messages": page, "has_more": not is_last, **cursor})

    def _tell(self, method: str, request: web.Request) -> None:
        self.passing(method, request.headers["Authorization"].removeprefix("Bearer "))

    def _next_ts(self) -> str:
        self._last_ts = max(self._last_ts + 1, int(self.now().timestamp() * 1_000_000))
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"


def _answer(body: dict[str, Any]) -> web.Response:
    return web.Response(text=json.dumps({"ok": True, **body}), content_type="application/json")
