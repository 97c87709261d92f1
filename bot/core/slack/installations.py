"""Which token serves which workspace. With tokens from the settings there is one installation, known from auth.test."""

import asyncio
from dataclasses import dataclass

import aiohttp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.errors import SlackApiError

from bot.core.directory import Identity, Profile, profile_from_slack
from bot.core.errors import NotFound, PermanentError, TransientError
from bot.core.slack.client import Clients, error_name

TIMEOUT_SECONDS = 1.5
"""A handler waits for this answer, and has 3 s for its own."""


class NotInstalled(PermanentError):
    """growbot is not installed in this workspace, or was removed from it."""


@dataclass(frozen=True, slots=True)
class Installation:
    team_id: str
    enterprise_id: str | None
    bot_user_id: str
    bot_id: str
    token: str


class SingleInstallation:
    """The one workspace whose token is in the settings. Looked up in memory: no auth.test per request."""

    def __init__(self, token: str) -> None:
        self._token = token
        self.installation: Installation | None = None

    async def connect(self, clients: Clients) -> Installation:
        """Ask Slack once who we are. Raises SlackApiError for a wrong token."""
        answer = await clients.with_token(self._token).auth_test()
        self.installation = Installation(
            team_id=str(answer["team_id"]),
            enterprise_id=answer.get("enterprise_id"),
            bot_user_id=str(answer["user_id"]),
            bot_id=str(answer.get("bot_id") or ""),
            token=self._token,
        )
        return self.installation

    def revoke(self) -> None:
        self.installation = None

    async def bot_token(self, identity: Identity) -> str:
        return self._of(identity.team_id).token

    def authorize(
        self, enterprise_id: str | None, team_id: str | None, user_id: str | None
    ) -> AuthorizeResult | None:
        """Bolt's `authorize`; None, which Bolt refuses, for another workspace."""
        installation = self.installation
        if installation is None or installation.team_id != team_id:
            return None
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=team_id,
            user_id=user_id,
            bot_token=installation.token,
            bot_id=installation.bot_id,
            bot_user_id=installation.bot_user_id,
        )

    def _of(self, team_id: str) -> Installation:
        if self.installation is None or self.installation.team_id != team_id:
            raise NotInstalled(team_id)
        return self.installation


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
            raise SlackUnavailable(error_name(error)) from error
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            raise SlackUnavailable(type(error).__name__) from error
        user = answer["user"]
        return profile_from_slack(user, team_id=identity.team_id, enterprise_id=identity.enterprise_id)


class SlackUnavailable(TransientError):
    """Slack did not tell us what we asked for."""
