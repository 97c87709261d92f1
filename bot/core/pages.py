"""Pages of the bot's own web server that a feature serves, besides what Slack asks for."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

from aiohttp import web

from bot.core.slack.requests import Services

Serve = Callable[[Services, web.Request], Awaitable[web.Response]]


@dataclass(frozen=True, slots=True)
class Page:
    """`path` is aiohttp's: `/export/{token}`. What is only looked at (GET, HEAD, a link's preview) changes nothing."""

    path: str
    get: Serve
    post: Serve | None = None

    def routes(self, services: Services) -> list[web.RouteDef]:
        looked_at = web.get(self.path, partial(self.get, services))
        return [looked_at, web.post(self.path, partial(self.post, services))] if self.post else [looked_at]
