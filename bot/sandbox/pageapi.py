"""The page: its files, the workspace as JSON, the stream of changes, and the clock's buttons."""

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.sandbox.administration import Administration
from bot.sandbox.errors import PersonError
from bot.sandbox.manifest import APP_ID
from bot.sandbox.people import BOT_USER_ID, Person
from bot.sandbox.travel import MOVES, Traveller
from bot.sandbox.workspace import Workspace

PAGE = Path(__file__).parent / "page"
LOOPBACK_NAMES = ("127.0.0.1", "localhost", "[::1]")
HEARTBEAT_SECONDS = 15.0
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' http://127.0.0.1:*; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class PageApi:
    """Serves everything of the page that is not one person's seat."""

    def __init__(
        self,
        workspace: Workspace,
        traveller: Traveller,
        administration: Administration,
        words: Sequence[Mapping[str, Any]],
        stopping: asyncio.Event,
    ) -> None:
        self._workspace, self._traveller, self._administration = workspace, traveller, administration
        self._words, self._stopping = words, stopping

    def add_to(self, router: web.UrlDispatcher) -> None:
        """Register the routes."""
        router.add_get("/", self._index)
        router.add_get(r"/page/{file:[A-Za-z0-9_-]+\.[a-z]+}", self._file)
        router.add_get("/page/api/workspace", self._describe)
        router.add_get("/page/api/stream", self._stream)
        router.add_post("/page/api/clock", self._move)
        router.add_post("/page/api/people/{user}", self._change_person)

    async def _index(self, _request: web.Request) -> web.StreamResponse:
        return _sent_file("index.html")

    async def _file(self, request: web.Request) -> web.StreamResponse:
        return _sent_file(request.match_info["file"])

    async def _describe(self, _request: web.Request) -> web.Response:
        space, app = self._workspace, self._workspace.app
        bot = {"bot_user_id": BOT_USER_ID, "bot_name": space.people[BOT_USER_ID].name}
        described = {
            "team": {"id": space.team.id, "name": space.name},
            "app": {"id": APP_ID, "name": app.name, **bot},
            "people": [self._person(p) for p in space.people.values()],
            "commands": [self._command(c) for c in app.commands],
            "shortcuts": [_shortcut(s) for s in app.shortcuts],
            "clock": {**await self._clock(), "running": space.clock.running},
        }
        return web.json_response(described)

    def _person(self, person: Person) -> dict[str, Any]:
        label, offset = person.zone_at(self._workspace.clock.now())
        kept = ("id", "name", "real_name", "title", "tz", "locale", "deleted", "is_bot", "is_stranger")
        more = ("is_restricted", "color")
        return {k: getattr(person, k) for k in (*kept, *more)} | {"tz_label": label, "tz_offset": offset}

    def _command(self, command: Mapping[str, Any]) -> dict[str, Any]:
        told = {k: command.get(k, "") for k in ("command", "description", "usage_hint")}
        return {**told, "words": [dict(word) for word in self._words]}

    async def _clock(self) -> dict[str, Any]:
        due = await self._traveller.next_due()
        return {"now": self._workspace.clock.now().isoformat(), "next_due": due.isoformat() if due else None}

    async def _move(self, request: web.Request) -> web.Response:
        move = (await _body(request)).get("move")
        if move != "next" and move not in MOVES:
            raise web.HTTPBadRequest(text="The clock moves to what is next, or an hour, a day or a week.")
        steps = await self._traveller.move(move)
        clock = await self._clock()
        self._workspace.changes.publish({"type": "clock", **clock})
        return web.json_response({**clock, "steps": steps})

    async def _change_person(self, request: web.Request) -> web.Response:
        body = await _body(request)
        try:
            await self._administration.change_person(
                request.match_info["user"], tz=body.get("tz"), deleted=body.get("deleted")
            )
        except PersonError as error:
            raise web.HTTPBadRequest(text=str(error)) from None
        return web.json_response({"ok": True})

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={**_HEADERS, "Content-Type": "text/event-stream"})
        await response.prepare(request)
        changes: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        unsubscribe = self._workspace.changes.subscribe(changes.put_nowait)
        try:
            with contextlib.suppress(ConnectionError):
                await self._write_changes(response, changes)
        finally:
            unsubscribe()
        return response

    async def _write_changes(
        self, response: web.StreamResponse, changes: asyncio.Queue[dict[str, Any]]
    ) -> None:
        await response.write(b": connected\n\n")
        stopping = asyncio.create_task(self._stopping.wait())
        while not stopping.done():
            change = asyncio.create_task(changes.get())
            await asyncio.wait({change, stopping}, timeout=HEARTBEAT_SECONDS, return_when="FIRST_COMPLETED")
            if change.done():
                await response.write(f"data: {json.dumps(change.result())}\n\n".encode())
            else:
                change.cancel()
                await response.write(b": still here\n\n")
        stopping.cancel()


def _shortcut(shortcut: Mapping[str, Any]) -> dict[str, Any]:
    return {k: shortcut.get(k, "") for k in ("name", "type", "callback_id", "description")}


def _sent_file(name: str) -> web.StreamResponse:
    path = PAGE / name
    if not path.is_file():
        raise web.HTTPNotFound(text="There is no such file.")
    return web.FileResponse(path)


async def _body(request: web.Request) -> dict[str, Any]:
    try:
        body = await request.json()
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise web.HTTPBadRequest(text="The page sent something that cannot be understood.")
    return body


@web.middleware
async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Only this machine's own pages are served: a foreign name for the host or a foreign form is turned away.

    Errors of the page's API become {"error": sentence}.
    """
    if request.host.rpartition(":")[0] not in LOOPBACK_NAMES:
        raise web.HTTPForbidden(text="This is only for the machine it runs on.")
    is_page = request.path.startswith("/page/api/")
    if is_page and request.method == "POST" and request.content_type != "application/json":
        return web.json_response({"error": "Send JSON."}, status=415)
    try:
        response = await handler(request)
    except web.HTTPException as problem:
        if not is_page:
            raise
        return web.json_response({"error": problem.text}, status=problem.status)
    if not response.prepared and not request.path.startswith("/api/"):
        response.headers.update(_HEADERS)
    return response
