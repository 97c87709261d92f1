"""Installing by OAuth: to Slack's page and back, and the code for a token. Nothing is half-saved.

docs: authentication/installing-with-oauth
"""

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from urllib.parse import quote, urljoin

import aiohttp
import structlog
from aiohttp import web
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.oauth import AuthorizeUrlGenerator
from slack_sdk.oauth.installation_store.models.installation import Installation
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.core.clock import Clock
from bot.core.errors import TransientError
from bot.core.i18n import asked_for, in_locale
from bot.core.slack import oauth_pages as pages
from bot.core.slack.client import Clients, error_name
from bot.core.slack.installations import NEEDED_SCOPES
from bot.core.slack.oauth_states import LIFE, SealedStates, bound

log = structlog.get_logger(__name__)

SCOPES = ("commands", "chat:write", "users:read", "im:history", "dnd:read", "files:write")
"""Those of app.yaml."""
COOKIE = "__Host-growbot-install"
"""The prefix: no other host, and no page that is not encrypted, can set it."""
COOKIE_LENGTH = 43
PASSING = {
    "fatal_error",
    "internal_error",
    "ratelimited",
    "request_timeout",
    "service_unavailable",
    "unreadable",
}


@dataclass(frozen=True, slots=True)
class Client:
    """The app as Slack's OAuth knows it, and where browsers reach it. `api_url` is that of Slack's Web API."""

    id: str
    secret: str = field(repr=False)
    public_url: str
    api_url: str

    @property
    def redirect_uri(self) -> str:
        return f"{self.public_url.rstrip('/')}/slack/oauth_redirect"


class InstallFlow:
    """GET /slack/install and /slack/oauth_redirect. `keep` saves what Slack gave; it raises TransientError."""

    def __init__(
        self,
        client: Client,
        clients: Clients,
        states: SealedStates,
        keep: Callable[[Installation], Awaitable[None]],
        clock: Clock,
    ) -> None:
        self._client, self._clients, self._states, self._keep = client, clients, states, keep
        self._clock = clock
        self._addresses = AuthorizeUrlGenerator(
            client_id=quote(client.id, safe=""),
            redirect_uri=quote(client.redirect_uri, safe=""),
            scopes=SCOPES,
            authorization_url=urljoin(client.api_url, "/oauth/v2/authorize"),
        )

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/slack/install", self.begin, allow_head=False),
            web.get("/slack/oauth_redirect", self.finish, allow_head=False),
        ]

    async def begin(self, request: web.Request) -> web.Response:
        """On to Slack's page, with a state that only this browser can bring back."""
        browser = _browser(request) or secrets.token_urlsafe(32)
        try:
            state = await self._states.async_issue(browser=browser)
        except TransientError as error:
            log.warning("install.postponed", error=type(error).__name__)
            return pages.not_kept()
        answer = web.Response(
            status=302, headers={**pages.HEADERS, "Location": self._addresses.generate(state)}
        )
        seconds = int(LIFE.total_seconds())
        answer.set_cookie(
            COOKIE, browser, max_age=seconds, path="/", secure=True, httponly=True, samesite="Lax"
        )
        return answer

    async def finish(self, request: web.Request) -> web.Response:
        """Back from Slack's page."""
        with in_locale(asked_for(request.headers.get("Accept-Language", ""))):
            return await self._finished_or_told(request)

    async def _finished_or_told(self, request: web.Request) -> web.Response:
        try:
            return await self._finish(request)
        except TransientError as error:
            log.warning("install.not_kept", error=type(error).__name__)
            return pages.not_kept()
        except SlackApiError as error:
            name = error_name(error)
            log.warning("install.refused", error=name)
            return pages.unreachable() if name in PASSING else pages.refused()
        except (aiohttp.ClientError, OSError, TimeoutError, SlackClientError, ValueError) as error:
            log.warning("install.unreachable", error=type(error).__name__)
            return pages.unreachable()
        except Exception as error:
            log.error("install.failed", error=type(error).__name__)
            return pages.not_kept()

    async def _finish(self, request: web.Request) -> web.Response:
        asked, browser = request.query, _browser(request)
        if browser is None or not await self._states.async_consume(bound(asked.get("state", ""), browser)):
            return pages.cancelled() if asked.get("error") == "access_denied" else pages.not_yours()
        if "error" in asked or not asked.get("code"):
            return pages.cancelled() if asked.get("error") == "access_denied" else pages.refused()
        given = await self._clients.with_token(None).oauth_v2_access(
            client_id=self._client.id,
            client_secret=self._client.secret,
            code=asked["code"],
            redirect_uri=self._client.redirect_uri,
        )
        missing = NEEDED_SCOPES - set(str(given.get("scope") or "").split(","))
        if missing:
            return pages.scopes_missing(", ".join(sorted(missing)))
        who = await self._clients.with_token(str(given["access_token"])).auth_test()
        await self._keep(self._installation(given, bot_id=str(who.get("bot_id") or "")))
        log.info("install.done", organisation=bool(given.get("is_enterprise_install")))
        return pages.installed(_where(given), self._link(given))

    def _installation(self, given: AsyncSlackResponse, *, bot_id: str) -> Installation:
        now, lasts = self._clock.now().timestamp(), given.get("expires_in")
        return Installation(
            app_id=given.get("app_id"),
            enterprise_id=(given.get("enterprise") or {}).get("id"),
            team_id=(given.get("team") or {}).get("id"),
            bot_token=given["access_token"],
            bot_id=bot_id,
            bot_user_id=given.get("bot_user_id"),
            bot_scopes=given.get("scope", ""),
            bot_refresh_token=given.get("refresh_token"),
            bot_token_expires_at=int(now) + int(lasts) if lasts else None,
            user_id=(given.get("authed_user") or {}).get("id") or "",
            is_enterprise_install=bool(given.get("is_enterprise_install")),
            installed_at=now,
        )

    def _link(self, given: AsyncSlackResponse) -> str:
        """docs: interactivity/deep-linking."""
        team = (given.get("team") or {}).get("id")
        where = f"&team={quote(str(team))}" if team else ""
        app = quote(str(given.get("app_id") or ""))
        return urljoin(self._client.api_url, f"/app_redirect?app={app}{where}")


def _browser(request: web.Request) -> str | None:
    """The cookie of a browser that began, if it looks like one of ours."""
    value = request.cookies.get(COOKIE, "")
    is_ours = len(value) == COOKIE_LENGTH and value.replace("-", "").replace("_", "").isalnum()
    return value if is_ours and value.isascii() else None


def _where(given: AsyncSlackResponse) -> str:
    place = given.get("team") or given.get("enterprise") or {}
    return str(place.get("name") or place.get("id") or "Slack")
