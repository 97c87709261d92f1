"""The page's JSON API for one seat: what a person sees, and what the person does."""

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import quote

from aiohttp import web

from bot.sandbox.acts import Acts
from bot.sandbox.errors import NotPossible, PersonError
from bot.sandbox.modals import Modals
from bot.sandbox.surfaces import View

Body = dict[str, Any]
Act = Callable[[str, Body], Awaitable[dict[str, Any] | None]]


class SeatApi:
    """Serves /page/api/seat/{user}…; Slack's sentences to the person come as {"ok": false, "error": …}."""

    def __init__(self, acts: Acts, modals: Modals) -> None:
        self._acts, self._modals, self._workspace = acts, modals, acts.workspace

    def add_to(self, router: web.UrlDispatcher) -> None:
        """Register the routes."""
        router.add_get("/page/api/seat/{user}", self._screen)
        router.add_get("/page/api/seat/{user}/files/{file}", self._file)
        acts: dict[str, Act] = {
            "command": self._command,
            "say": self._say,
            "press": self._press,
            "submit": self._submit,
            "close": self._close,
            "home": self._home,
            "messages": self._messages,
            "shortcut": self._shortcut,
        }
        for name, act in acts.items():
            router.add_post(f"/page/api/seat/{{user}}/{name}", self._handler(act))

    def _user(self, request: web.Request) -> str:
        user = request.match_info["user"]
        if user not in self._workspace.people:
            raise web.HTTPNotFound(text="There is no such person.")
        return user

    async def _screen(self, request: web.Request) -> web.Response:
        user = self._user(request)
        space = self._workspace
        channel, home = space.dm_of(user), space.homes.get(user)
        hidden = channel is None or space.people[user].deleted
        shown = {
            "user": user,
            "channel": channel.id if channel else None,
            "unread": 0 if channel is None or hidden else channel.unread(),
            "messages": [] if channel is None or hidden else [m.seen() for m in channel.everything()],
            "home": home.payload() if home else None,
            "modals": [view.payload() for view in space.modals.get(user, ())],
        }
        return web.json_response(shown)

    async def _file(self, request: web.Request) -> web.Response:
        """To be downloaded, by whom it was shown to."""
        channel = self._workspace.dm_of(self._user(request))
        file = self._workspace.files.get(request.match_info["file"])
        if file is None or file.content is None or channel is None or not channel.shows(file):
            raise web.HTTPNotFound(text="There is no such file.")
        disposition = {"Content-Disposition": f"attachment; filename*=utf-8''{quote(file.name)}"}
        return web.Response(body=file.content, content_type="application/octet-stream", headers=disposition)

    def _handler(self, act: Act) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def handle(request: web.Request) -> web.Response:
            try:
                body = await request.json()
                answer = await act(self._user(request), body)
            except PersonError as error:
                answer = {"ok": False, "error": str(error)}
            except (ValueError, KeyError, TypeError, AttributeError):
                raise web.HTTPBadRequest(text="The page sent something that cannot be understood.") from None
            return web.json_response(answer or {"ok": True})

        return handle

    async def _command(self, user: str, body: Body) -> None:
        await self._acts.command(user, body["text"])

    async def _say(self, user: str, body: Body) -> None:
        await self._acts.say(user, body["text"])

    async def _press(self, user: str, body: Body) -> None:
        place = (body["block_id"], body["action_id"])
        container, chosen = body["container"], body.get("action") or {}
        values = (body.get("state") or {}).get("values") or {}
        if container["type"] == "message":
            await self._acts.press(user, container["message_ts"], place, chosen, values)
        else:
            await self._acts.press_in_view(self._view(user, container["view_id"]), place, chosen, values)

    async def _submit(self, user: str, body: Body) -> dict[str, Any] | None:
        done = await self._modals.submit(self._view(user, body["view_id"]), body["values"])
        if done.result == "errors":
            return {"ok": False, "errors": done.errors}
        return {"ok": True, "result": done.result}

    async def _close(self, user: str, body: Body) -> None:
        await self._modals.close(self._view(user, body["view_id"]), everything=bool(body.get("all")))

    async def _home(self, user: str, _body: Body) -> None:
        await self._acts.open_tab(user, "home")

    async def _messages(self, user: str, _body: Body) -> None:
        await self._acts.open_tab(user, "messages")

    async def _shortcut(self, user: str, body: Body) -> None:
        await self._acts.shortcut(user, body["callback_id"], body.get("message_ts"))

    def _view(self, user: str, view_id: str) -> View:
        view = self._workspace.view(view_id)
        if view is None or view.user != user:
            raise NotPossible("This is no longer open.")
        return view
