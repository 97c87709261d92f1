"""Installing by OAuth: the page on which a person allows it, and the exchange of the code for a token.

docs: authentication/installing-with-oauth, reference/methods/oauth.v2.access
"""

import base64
import html
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from bot.sandbox.arguments import Arguments
from bot.sandbox.clock import SandboxClock
from bot.sandbox.errors import SlackError
from bot.sandbox.manifest import APP_ID, App
from bot.sandbox.people import BOT_USER_ID
from bot.sandbox.teams import Team
from bot.sandbox.tokens import LIFE, Grant, Tokens

CODE_LIFE = timedelta(minutes=10)


@dataclass
class Code:
    """What the person's browser carries back to the app: good for once, for ten minutes."""

    place: str
    redirect_uri: str
    expires_at: datetime
    used: bool = False


class OAuth:
    """`installed` is told of each new grant."""

    def __init__(
        self,
        app: App,
        clock: SandboxClock,
        tokens: Tokens,
        teams: Callable[[], list[Team]],
        installed: Callable[[Grant], None],
    ) -> None:
        self._app, self._clock, self._tokens = app, clock, tokens
        self._teams, self._installed = teams, installed
        self._codes: dict[str, Code] = {}
        self.client_id, self.client_secret = "1111111111.2222222222", secrets.token_hex(16)

    def add_to(self, router: web.UrlDispatcher) -> None:
        """Register the routes."""
        router.add_get("/oauth/v2/authorize", self._ask)
        router.add_post("/oauth/v2/authorize", self._decided)

    # -- the person

    async def _ask(self, request: web.Request) -> web.Response:
        asked = request.query
        known = self._app.is_redirected_to(asked.get("redirect_uri", ""))
        if asked.get("client_id") != self.client_id or not known:
            return web.Response(status=400, text="Something went wrong: invalid client_id or redirect_uri.")
        hidden = "".join(_hidden(name, asked.get(name, "")) for name in ("state", "redirect_uri"))
        page = (
            f"<!doctype html><title>Install {html.escape(self._app.name)}</title>"
            f"<h1>{html.escape(self._app.name)} asks to be installed</h1><p>It asks for: {html.escape(asked.get('scope', ''))}</p>"
            f'<form method="post" action="/oauth/v2/authorize">{hidden}{"".join(self._choices())}'
            '<p><button name="place" value="">Cancel</button></p></form>'
        )
        return web.Response(text=page, content_type="text/html")

    def _choices(self) -> list[str]:
        places = {team.id: team.name for team in self._teams()}
        places |= {
            team.enterprise_id: "the whole organisation" for team in self._teams() if team.enterprise_id
        }
        return [
            f'<p><button name="place" value="{place}">Allow in {html.escape(name)}</button></p>'
            for place, name in places.items()
        ]

    async def _decided(self, request: web.Request) -> web.Response:
        form = {name: str(value) for name, value in (await request.post()).items()}
        raise web.HTTPFound(self.decide(form["redirect_uri"], form.get("state", ""), form.get("place", "")))

    def decide(self, redirect_uri: str, state: str, place: str) -> str:
        """Where the person's browser goes next; `place` is a workspace's or organisation's id, "" to cancel."""
        if not place:
            return f"{redirect_uri}?{urlencode({'error': 'access_denied', 'state': state})}"
        code = secrets.token_hex(16)
        self._codes[code] = Code(place, redirect_uri, self._clock.now() + CODE_LIFE)
        return f"{redirect_uri}?{urlencode({'code': code, 'state': state})}"

    # -- the app

    def access(self, sent: Mapping[str, Any], authorization: str) -> dict[str, Any]:
        """oauth.v2.access: a code, or a refresh token, for a token."""
        args = Arguments(sent)
        self._check_client(*_client(args, authorization))
        if args.text("grant_type") == "refresh_token":
            grant = self._tokens.refresh(args.text("refresh_token"))
        else:
            grant = self._exchange(args.required("code"), args.text("redirect_uri"))
            self._installed(grant)
        return self._told(grant)

    def _check_client(self, client_id: str, client_secret: str) -> None:
        if client_id != self.client_id:
            raise SlackError("invalid_client_id")
        if client_secret != self.client_secret:
            raise SlackError("bad_client_secret")

    def _exchange(self, text: str, redirect_uri: str) -> Grant:
        code = self._codes.get(text)
        if code is None or self._clock.now() >= code.expires_at:
            raise SlackError("invalid_code")
        if code.used:
            raise SlackError("code_already_used")
        if code.redirect_uri != redirect_uri:
            raise SlackError("bad_redirect_uri")
        code.used = True
        team = next((each for each in self._teams() if each.id == code.place), None)
        place = (team.id, team.enterprise_id) if team else (None, code.place)
        return self._tokens.issue(*place, rotates=self._app.rotates_tokens)

    def _told(self, grant: Grant) -> dict[str, Any]:
        team = next((each for each in self._teams() if each.id == grant.team_id), None)
        rotation = {"expires_in": int(LIFE.total_seconds()), "refresh_token": grant.refresh_token}
        return {
            "access_token": grant.token,
            "token_type": "bot",
            "scope": ",".join(sorted(self._app.scopes)),
            "bot_user_id": BOT_USER_ID,
            "app_id": APP_ID,
            "team": {"id": team.id, "name": team.name} if team else None,
            "enterprise": {"id": grant.enterprise_id, "name": grant.enterprise_id}
            if grant.enterprise_id
            else None,
            "is_enterprise_install": grant.is_org_wide,
            "authed_user": {"id": "U0DANA"},
            **(rotation if grant.refresh_token else {}),
        }


def _client(args: Arguments, authorization: str) -> tuple[str, str]:
    """Sent as slack_sdk does (HTTP Basic), or as arguments."""
    scheme, _, encoded = authorization.partition(" ")
    if scheme.lower() == "basic":
        client_id, _, client_secret = base64.b64decode(encoded).decode().partition(":")
        return client_id, client_secret
    return args.text("client_id"), args.text("client_secret")


def _hidden(name: str, value: str) -> str:
    return f'<input type="hidden" name="{name}" value="{html.escape(value)}">'
