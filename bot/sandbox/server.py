"""The local Slack, put together: one aiohttp server on loopback for the app and for the page."""

import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from aiohttp import web

from bot.sandbox.acts import Acts
from bot.sandbox.administration import Administration
from bot.sandbox.api import WebApi
from bot.sandbox.arguments import read_arguments
from bot.sandbox.clock import SandboxClock
from bot.sandbox.deliveries import Deliveries
from bot.sandbox.errors import SlackError
from bot.sandbox.faults import Faults
from bot.sandbox.httpdelivery import HttpDelivery
from bot.sandbox.ledger import Entry, Ledger
from bot.sandbox.limits import Limits
from bot.sandbox.manifest import App
from bot.sandbox.modals import Modals
from bot.sandbox.oauth import OAuth
from bot.sandbox.pageapi import PageApi, guard
from bot.sandbox.parcels import Parcel
from bot.sandbox.payloads import Payloads
from bot.sandbox.responses import answer_by_url
from bot.sandbox.seat import Seat
from bot.sandbox.seatapi import SeatApi
from bot.sandbox.socketmode import SocketMode
from bot.sandbox.teams import Team
from bot.sandbox.tokens import Grant, Tokens
from bot.sandbox.travel import Bot, Traveller
from bot.sandbox.workspace import Workspace

HOST = "127.0.0.1"


class Sandbox:
    """A workspace "Brightwater" in which one app is installed, as its manifest says.

    With a `request_url` deliveries are signed HTTP requests, without one they go over Socket Mode.
    """

    def __init__(
        self,
        manifest: Mapping[str, Any],
        clock: SandboxClock,
        *,
        words: Sequence[Mapping[str, Any]] = (),
        request_url: str | None = None,
        port: int = 0,
    ) -> None:
        self.clock, self.words, self.request_url, self._port = clock, words, request_url, port
        self.signing_secret = secrets.token_hex(16)
        self.app = App(manifest)
        self.ledger = Ledger()
        self.workspace = Workspace(self.app, clock)
        self.spaces = {self.workspace.team.id: self.workspace}
        self.tokens = Tokens(clock)
        self.sockets = SocketMode()
        self._api = WebApi(self.spaces, self.tokens, self.ledger, self._socket_url)
        self.oauth = OAuth(self.app, clock, self.tokens, self._teams, self._installed)
        self._api.oauth = self.oauth
        self.deliveries = Deliveries(self._transport, clock, self.ledger)
        self._traveller = Traveller(clock, self.deliveries.retries)
        self._administration = Administration(self.workspace, self.deliveries, self.tokens)
        self.change_person = self._administration.change_person
        self.disturb_not = self._administration.disturb_not
        self._acts = self._acts_in(self.workspace)
        self._modals = Modals(self._acts)
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        """Listen on loopback, at a free port unless one was given."""
        self._runner = web.AppRunner(self._routes(), access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, HOST, self._port)
        await site.start()
        self._port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Close every connection and stop listening."""
        self._api.stopping.set()
        await self.deliveries.retries.close()
        await self.sockets.close()
        if self._runner is not None:
            await self._runner.cleanup()

    @property
    def url(self) -> str:
        """The page's address, without a slash at its end."""
        return f"http://{HOST}:{self._port}"

    @property
    def api_url(self) -> str:
        """The Web API's base address, for slack_sdk's `base_url`."""
        return f"{self.url}/api/"

    @property
    def bot_token(self) -> str:
        """The xoxb- token."""
        return self._api.bot_token

    @property
    def app_token(self) -> str:
        """The xapp- token for Socket Mode."""
        return self._api.app_token

    @property
    def faults(self) -> Faults:
        """Faults to plant in the Web API."""
        return self._api.faults

    @property
    def limits(self) -> Limits:
        """How many calls are taken; `limits.are_on = True` enforces them."""
        return self._api.limits

    def seat(self, user: str, team_id: str | None = None) -> Seat:
        """One person's screen and hands, in Brightwater unless told otherwise."""
        space = self.spaces[team_id] if team_id else self.workspace
        if user not in space.people:
            raise KeyError(user)
        acts = self._acts if space is self.workspace else self._acts_in(space)
        return Seat(user, acts, Modals(acts))

    # -- workspaces

    def add_workspace(self, team: Team) -> Workspace:
        """Another workspace, with the same people, in which the app is not installed yet."""
        app = App(self.app.manifest)
        app.installed = False
        self.spaces[team.id] = Workspace(app, self.clock, team, self.workspace.ids)
        return self.spaces[team.id]

    async def uninstall(self, team_id: str | None = None) -> None:
        """Remove the app from a workspace, Brightwater if not told otherwise; the app is told."""
        space = self.spaces[team_id] if team_id else self.workspace
        await Administration(space, self.deliveries, self.tokens).uninstall()

    def _teams(self) -> list[Team]:
        return [space.team for space in self.spaces.values()]

    def _installed(self, grant: Grant) -> None:
        for space in self.spaces.values():
            if grant.is_org_wide and space.team.enterprise_id == grant.enterprise_id:
                space.app.installed = space.app.is_org_wide = True
            elif space.team.id == grant.team_id:
                space.app.installed, space.app.is_org_wide = True, False

    def _acts_in(self, space: Workspace) -> Acts:
        return Acts(space, self.deliveries, Payloads(space, lambda: self.url))

    # -- time

    def attach(self, bot: Bot) -> None:
        """Let this bot be settled at every stop of the clock."""
        self._traveller.bot = bot

    async def next_due(self) -> datetime | None:
        """When something next happens by itself."""
        return await self._traveller.next_due()

    async def move_to(self, target: datetime) -> int:
        """Move the clock by way of everything due; returns the number of stops."""
        return await self._traveller.move_to(target)

    async def move(self, how: str) -> int:
        """Move the clock to the "next" thing due, or by an "hour", a "day" or a "week"."""
        return await self._traveller.move(how)

    # -- wiring

    def _routes(self) -> web.Application:
        routes = web.Application(client_max_size=4 * 1024 * 1024, middlewares=[guard])
        routes.router.add_route("*", "/api/{method}", self._api.serve)
        routes.router.add_post("/upload/v1/{team}/{ticket}", self._api.upload)
        routes.router.add_get("/link", self.sockets.serve)
        for kind in ("commands", "actions", "app"):
            routes.router.add_post(f"/{kind}/{{team}}/{{key}}", self._response_url)
        self.oauth.add_to(routes.router)
        page = (self.workspace, self._traveller, self._administration, self.words, self._api.stopping)
        PageApi(*page).add_to(routes.router)
        SeatApi(self._acts, self._modals).add_to(routes.router)
        return routes

    def _socket_url(self) -> str:
        return f"ws://{HOST}:{self._port}/link?ticket={self.sockets.ticket()}"

    def _transport(self) -> Callable[[Parcel], Awaitable[Any]]:
        if self.request_url is None:
            return self.sockets.deliver
        return HttpDelivery(self.request_url, self.signing_secret, self.clock).deliver

    async def _response_url(self, request: web.Request) -> web.Response:
        sent, error = await read_arguments(request), None
        try:
            answer_by_url(self.spaces[request.match_info["team"]], request.match_info["key"], sent)
        except SlackError as problem:
            error = problem.name
        answer = {"ok": True} if error is None else {"ok": False, "error": error}
        now = self.clock.now()
        self.ledger.add(Entry(now, "response_url", "response_url", sent, answer, error, 0.0, error is None))
        return web.json_response(answer, status=200 if error is None else 404)
