"""growbot for several workspaces: replicas on one database over signed HTTP, and a browser that installs."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.cookies import SimpleCookie
from urllib.parse import parse_qs, urlsplit

import aiohttp

from bot.app import Growbot
from bot.core.master_keys import MasterKeys
from bot.demo import manifest
from bot.sandbox import Sandbox, SandboxClock, Team
from bot.settings import load
from tests.conftest import NOW

PUBLIC = "https://growbot.example.com"
BRIGHTWATER = "T0BRIGHTW"
NORTH = Team("T0NORTH", "North", "north")
EAST, WEST = Team("T0EAST", "East", "east", "E0ORG"), Team("T0WEST", "West", "west", "E0ORG")
DANA, BEN = "U0DANA", "U0BEN"


@dataclass
class Page:
    status: int
    text: str
    headers: dict[str, str]


@dataclass
class Browser:
    """Keeps what growbot's cookies say; `session` may be shared with other browsers."""

    session: aiohttp.ClientSession
    cookies: dict[str, str] = field(default_factory=dict)
    set_cookie: str = ""

    async def get(self, growbot: Growbot, path: str, language: str = "en") -> Page:
        url = f"http://127.0.0.1:{growbot.port}{path}"
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {"Cookie": cookies, "Accept-Language": language}
        async with self.session.get(url, headers=headers, allow_redirects=False) as answer:
            self.set_cookie = answer.headers.get("Set-Cookie", "")
            self.cookies |= {name: each.value for name, each in SimpleCookie(self.set_cookie).items()}
            return Page(answer.status, await answer.text(), dict(answer.headers))


@dataclass
class Several:
    sandbox: Sandbox
    clock: SandboxClock
    growbots: list[Growbot]
    session: aiohttp.ClientSession

    def browser(self) -> Browser:
        return Browser(self.session)

    async def begin(self, browser: Browser, *, at: int = 0) -> str:
        """The state that the browser takes along to Slack."""
        to_slack = await browser.get(self.growbots[at], "/slack/install")
        assert to_slack.status == 302
        return parse_qs(urlsplit(to_slack.headers["Location"]).query)["state"][0]

    def allowed(self, place: str, state: str) -> str:
        """Where the browser goes when the person has allowed it; or not, if `place` is empty."""
        back = urlsplit(self.sandbox.oauth.decide(f"{PUBLIC}/slack/oauth_redirect", state, place))
        return f"{back.path}?{back.query}"

    async def install(self, place: str) -> Page:
        """Begun at the first replica, ended at the last."""
        browser = self.browser()
        state = await self.begin(browser)
        return await browser.get(self.growbots[-1], self.allowed(place, state))

    async def settle(self) -> None:
        for growbot in self.growbots:
            await growbot.settle()


@asynccontextmanager
async def several(
    database_url: str,
    *,
    replicas: int = 1,
    rotates: bool = False,
    metrics: bool = False,
    starts_at: datetime = NOW,
) -> AsyncIterator[Several]:
    """Brightwater, North, and an organisation of East and West; growbot is installed in none of them."""
    clock = SandboxClock(starts_at)
    sandbox = Sandbox(manifest(), clock)
    sandbox.app.manifest["settings"]["token_rotation_enabled"] = rotates
    sandbox.app.installed = False
    for team in (NORTH, EAST, WEST):
        sandbox.add_workspace(team)
    await sandbox.start()
    settings = load(
        _env_file=None,
        SLACK_CLIENT_ID=sandbox.oauth.client_id,
        SLACK_CLIENT_SECRET=sandbox.oauth.client_secret,
        SLACK_SIGNING_SECRET=sandbox.signing_secret,
        GROWBOT_PUBLIC_URL=PUBLIC,
        PORT=0,
        SLACK_API_URL=sandbox.api_url,
        GROWBOT_DATABASE_URL=database_url,
        GROWBOT_MASTER_KEY=MasterKeys.generate("test"),
        GROWBOT_SECONDS_BETWEEN_SENDS=0,
        GROWBOT_METRICS_PORT=0 if metrics else None,
    )
    processes = 1 if database_url.startswith("sqlite") else replicas  # a file is for one
    growbots = [Growbot(settings, clock=clock, ticks=False) for _each in range(processes)]
    async with aiohttp.ClientSession() as session:
        try:
            for growbot in growbots:
                await growbot.start()
            sandbox.request_url = f"http://127.0.0.1:{growbots[0].port}/slack/events"
            office = Several(sandbox, clock, growbots, session)
            sandbox.attach(growbots[0])
            yield office
        finally:
            for growbot in growbots:
                await growbot.stop()
            await sandbox.stop()
