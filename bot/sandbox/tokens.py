"""The bot tokens that installing by OAuth gives: for one workspace or a whole organisation, for ever or for twelve hours.

docs: authentication/using-token-rotation, enterprise/developing-for-enterprise-orgs
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.sandbox.clock import SandboxClock
from bot.sandbox.errors import SlackError

LIFE = timedelta(hours=12)


@dataclass
class Grant:
    """What one token gives access to; `team_id` is None for a whole organisation."""

    token: str
    team_id: str | None
    enterprise_id: str | None
    refresh_token: str | None = None
    expires_at: datetime | None = None
    has_ended: bool = False

    @property
    def is_org_wide(self) -> bool:
        """Whether every call has to say which workspace it is for."""
        return self.team_id is None


class Tokens:
    """Every token that was ever given."""

    def __init__(self, clock: SandboxClock) -> None:
        self._clock = clock
        self._grants: list[Grant] = []

    def issue(self, team_id: str | None, enterprise_id: str | None, *, rotates: bool) -> Grant:
        """A new token; with `rotates` it expires, and a refresh token, good for once, goes with it."""
        grant = Grant(f"xoxb-sandbox-{secrets.token_hex(12)}", team_id, enterprise_id)
        if rotates:
            grant.token = f"xoxe.{grant.token}"
            grant.refresh_token = f"xoxe-1-sandbox-{secrets.token_hex(12)}"
            grant.expires_at = self._clock.now() + LIFE
        self._grants.append(grant)
        return grant

    def refresh(self, refresh_token: str) -> Grant:
        """The next token in exchange; the refresh token is used up, the old token lasts until its end."""
        old = next((each for each in self._grants if each.refresh_token == refresh_token), None)
        if not refresh_token or old is None or old.has_ended:
            raise SlackError("invalid_refresh_token")
        old.refresh_token = None
        return self.issue(old.team_id, old.enterprise_id, rotates=True)

    def grant(self, token: str) -> Grant:
        """What a token is good for now."""
        found = next((each for each in self._grants if each.token == token), None)
        if found is None:
            raise SlackError("invalid_auth")
        if found.has_ended:
            raise SlackError("account_inactive")
        if found.expires_at is not None and self._clock.now() >= found.expires_at:
            raise SlackError("token_expired")
        return found

    def end(self, team_id: str | None, enterprise_id: str | None) -> None:
        """Revoke all that one installation was given."""
        for each in self._grants:
            each.has_ended |= (each.team_id, each.enterprise_id) == (team_id, enterprise_id)
