"""Which token serves which workspace. With a token from the settings there is one installation, known from auth.test;
those that were made by OAuth are in `workspaces`."""

import asyncio
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

import aiohttp
import structlog
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.errors import SlackApiError

from bot.core.database import Database, Transaction
from bot.core.directory import Identity, Profile, profile_from_slack
from bot.core.errors import NotFound, PermanentError, TransientError, UserError
from bot.core.i18n import gettext as _
from bot.core.slack.client import BotToken, Clients, Tokens, error_name

log = structlog.get_logger(__name__)

NEEDED_SCOPES = frozenset({"commands", "chat:write", "users:read"})
TIMEOUT_SECONDS = 1.5
"""A handler waits for this answer, and has 3 s for its own."""
REFUSALS = {
    "account_inactive",
    "invalid_auth",
    "missing_scope",
    "no_permission",
    "not_allowed_token_type",
    "not_authed",
    "org_login_required",
    "token_expired",
    "token_revoked",
}
"""Slack answers no question of this installation until whoever runs growbot mends it."""


Heard = Callable[[Transaction], None]
"""Notes that something was told, so that it takes effect once. Raises AlreadyHandled."""


def unheard(_db: Transaction) -> None:
    """Nobody told it in a request."""


class NotInstalled(PermanentError):
    """growbot is not installed in this workspace, or was removed from it."""


class ScopesMissing(PermanentError):
    """The app was installed without scopes that growbot can't do without; the text names them."""


@dataclass(frozen=True, slots=True)
class Installation:
    """`team_id` is None for one in a whole organisation, `expires_at` for a token that does not end."""

    team_id: str | None
    enterprise_id: str | None
    bot_user_id: str
    bot_id: str
    token: str = field(repr=False)
    id: str = ""
    expires_at: datetime | None = None
    scopes: Set[str] = frozenset()
    """Those granted, as far as Slack said."""

    @property
    def bot_token(self) -> BotToken:
        return BotToken(self.token, is_org_wide=self.team_id is None)

    def authorize(
        self, enterprise_id: str | None, team_id: str | None, user_id: str | None
    ) -> AuthorizeResult:
        """What Bolt is told of whoever acts in it."""
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=team_id,
            user_id=user_id,
            bot_token=self.token,
            bot_id=self.bot_id,
            bot_user_id=self.bot_user_id,
        )


class Installations(Tokens, Protocol):
    """Where growbot is installed: one workspace, or any number."""

    async def connect(self, clients: Clients) -> object:
        """What can be known before the first request. Raises what makes it pointless to start."""

    async def authorize(
        self, enterprise_id: str | None, team_id: str | None, user_id: str | None
    ) -> AuthorizeResult | None:
        """Bolt's `authorize`; None, which Bolt refuses, where growbot is not installed."""

    async def scopes(self, identity: Identity) -> Set[str]:
        """What this person's installation was granted. Raises what `bot_token` raises."""

    async def revoke(
        self, enterprise_id: str | None, team_id: str | None, happened_at: datetime, *, heard: Heard = unheard
    ) -> None:
        """Slack says that tokens have ended: a workspace's, or (without `team_id`) a whole organisation's.

        `heard` is run in the transaction of the effect; raises what it raises, with nothing changed.
        """

    async def rotate(self) -> int:
        """Exchange tokens whose end is near. Returns how many were tried."""

    async def idle(self) -> None:
        """Returns when no token is being exchanged."""

    def problem(self) -> str | None:
        """None, or one line on why no request could be served."""


class SingleInstallation:
    """The one workspace whose token is in the settings. Looked up in memory: no auth.test per request."""

    def __init__(self, token: str, database: Database | None = None) -> None:
        """`database`: where it is noted what was told already; without it nothing is."""
        self._token, self._database = token, database
        self.installation: Installation | None = None

    async def connect(self, clients: Clients) -> Installation:
        """Ask Slack once who we are. Raises SlackApiError for a wrong token, ScopesMissing."""
        answer = await clients.with_token(self._token).auth_test()
        granted = granted_scopes(answer)
        if granted is not None and not granted >= NEEDED_SCOPES:
            raise ScopesMissing(", ".join(sorted(NEEDED_SCOPES - granted)))
        self.installation = Installation(
            team_id=str(answer["team_id"]),
            enterprise_id=answer.get("enterprise_id"),
            bot_user_id=str(answer["user_id"]),
            bot_id=str(answer.get("bot_id") or ""),
            token=self._token,
            scopes=granted or frozenset(),
        )
        return self.installation

    async def scopes(self, identity: Identity) -> Set[str]:
        """As they were when growbot started."""
        return self._of(identity.team_id).scopes

    async def revoke(
        self, enterprise_id: str | None, team_id: str | None, happened_at: datetime, *, heard: Heard = unheard
    ) -> None:
        if self._database is not None:
            await self._database.run(heard)
        if self.installation is not None and self.installation.team_id == team_id:
            self.installation = None

    async def bot_token(self, identity: Identity, *, refused: str | None = None) -> BotToken:
        return self._of(identity.team_id).bot_token

    async def authorize(
        self, enterprise_id: str | None, team_id: str | None, user_id: str | None
    ) -> AuthorizeResult | None:
        installation = self.installation
        if installation is None or installation.team_id != team_id:
            return None
        return installation.authorize(enterprise_id, team_id, user_id)

    async def rotate(self) -> int:
        """A token from the settings does not end."""
        return 0

    async def idle(self) -> None:
        pass

    def problem(self) -> str | None:
        return None if self.installation else "Slack has not confirmed the token"

    def _of(self, team_id: str) -> Installation:
        if self.installation is None or self.installation.team_id != team_id:
            raise NotInstalled(team_id)
        return self.installation


def ended_installation(event: Mapping[str, Any]) -> tuple[str | None, str | None, datetime] | None:
    """What a tokens_revoked or app_uninstalled says has ended: organisation, workspace (None: the whole organisation), and when.

    None where only tokens of people ended, of which growbot has none (docs: reference/events/tokens_revoked).
    """
    what = event["event"]
    if what["type"] == "tokens_revoked" and not (what.get("tokens") or {}).get("bot"):
        return None
    (whose, *_others) = event.get("authorizations") or [{}]
    enterprise_id = event.get("enterprise_id") or whose.get("enterprise_id")
    is_org_wide = bool(whose.get("is_enterprise_install")) and enterprise_id is not None
    happened_at = datetime.fromtimestamp(int(event.get("event_time") or 0) + 1, UTC)  # told in whole seconds
    return enterprise_id, None if is_org_wide else event.get("team_id"), happened_at


def granted_scopes(answer: Any) -> Set[str] | None:
    """Of an answer of the Web API: its token's scopes. None when Slack, or a proxy before it, left them out."""
    headers = {key.lower(): str(value) for key, value in answer.headers.items()}
    named = headers.get("x-oauth-scopes")
    return None if named is None else {scope.strip() for scope in named.split(",") if scope.strip()}


class SlackProfiles:
    """users.info, for a person seen for the first time and for one who is invited."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients

    async def fetch(self, identity: Identity) -> Profile:
        client = await self._clients.of(identity)
        try:
            async with asyncio.timeout(TIMEOUT_SECONDS):
                answer = await client.users_info(user=identity.user_id, include_locale=True)
        except SlackApiError as error:
            if error_name(error) in {"user_not_found", "user_not_visible"}:
                raise NotFound from error
            if error_name(error) in REFUSALS:
                log.error("slack.refused", error=error_name(error))
                raise SlackRefuses from error
            raise SlackUnavailable(error_name(error)) from error
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            raise SlackUnavailable(type(error).__name__) from error
        user = answer["user"]
        return profile_from_slack(user, team_id=identity.team_id, enterprise_id=identity.enterprise_id)


class SlackUnavailable(TransientError):
    """Slack did not tell us what we asked for."""


class SlackRefuses(UserError):
    """Slack tells this installation nothing of a person: the token was revoked, or lacks a scope.

    It stays until whoever runs growbot mends it, so nobody is asked to try again.
    """

    @property
    def sentence(self) -> str:
        return _(
            "Nothing was saved: Slack doesn't let growbot look people up at the moment. "
            "Trying again won't help; please tell whoever runs growbot."
        )
