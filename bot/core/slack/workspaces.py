"""Any number of workspaces, each with the token that installing by OAuth gave it; looked up in memory."""

from collections.abc import Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

import structlog
from slack_bolt.authorization import AuthorizeResult

from bot.core.clock import Clock
from bot.core.database import Database, DatabaseUnavailable, Transaction
from bot.core.directory import Identity
from bot.core.slack.client import BotToken, Clients
from bot.core.slack.installation_store import find, forget, token_of
from bot.core.slack.installations import Heard, Installation, NotInstalled, unheard
from bot.core.slack.rotation import Rotation

log = structlog.get_logger(__name__)

KNOWN_FOR = timedelta(seconds=30)
"""What another process did (installed, removed, exchanged a token) is known here after this time."""
REMEMBERED = 10_000
LOOKUP_SECONDS = 1.0
"""A handler waits for this, and has 3 s for its own."""

Place = tuple[str | None, str | None]


@dataclass(frozen=True, slots=True)
class _Known:
    installation: Installation
    until: datetime


class Workspaces:
    def __init__(self, database: Database, clock: Clock, rotation: Rotation) -> None:
        self._database, self._clock, self._rotation = database, clock, rotation
        self._known: dict[Place, _Known] = {}

    async def connect(self, clients: Clients) -> None:
        """There may be no workspace yet."""
        self._rotation.connect(clients)

    async def bot_token(self, identity: Identity, *, refused: str | None = None) -> BotToken:
        place = (identity.enterprise_id, identity.team_id)
        known = self._known.get(place)
        if known is not None and known.installation.token == refused:  # another process may know a newer one
            del self._known[place]
        found = await self.of(*place)
        if found.expires_at is not None and found.expires_at <= self._clock.now():
            found = await self._renewed(found, place)
        return found.bot_token

    async def scopes(self, identity: Identity) -> Set[str]:
        return (await self.of(identity.enterprise_id, identity.team_id)).scopes

    async def _renewed(self, ended: Installation, place: Place) -> Installation:
        """One that ended while nobody was running. If it can't be exchanged now, Slack refuses it, and messages wait."""
        await self._rotation.renew(ended.id)
        self._known.pop(place, None)
        return await self.of(*place)

    async def idle(self) -> None:
        """Returns when no token is being exchanged."""
        await self._rotation.idle()

    async def rotate(self) -> int:
        """Exchange every token whose time has come."""
        return await self._rotation.run()

    async def authorize(
        self, enterprise_id: str | None, team_id: str | None, user_id: str | None
    ) -> AuthorizeResult | None:
        try:
            found = await self.of(enterprise_id, team_id)
        except NotInstalled:
            return None
        except DatabaseUnavailable:  # the handler will say so, in the person's words
            return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, user_id=user_id)
        return found.authorize(enterprise_id, team_id, user_id)

    async def revoke(
        self, enterprise_id: str | None, team_id: str | None, happened_at: datetime, *, heard: Heard = unheard
    ) -> None:
        """The tokens are destroyed. What was installed after that stays: the news may come late."""

        def work(db: Transaction) -> int:
            heard(db)
            return forget(db, enterprise_id, team_id, self._clock.now(), before=happened_at)

        ended = await self._database.run(work)
        self.forget()
        log.warning("slack.uninstalled", installations=ended)

    def problem(self) -> str | None:
        return None

    def forget(self) -> None:
        """Look everything up anew."""
        self._known.clear()

    async def of(self, enterprise_id: str | None, team_id: str | None) -> Installation:
        """Raises NotInstalled, DatabaseUnavailable."""
        place, now = (enterprise_id, team_id), self._clock.now()
        known = self._known.get(place)
        if known is not None and known.until > now:
            return known.installation
        try:
            found = await self._database.run(partial(_found, place=place, now=now), within=LOOKUP_SECONDS)
        except DatabaseUnavailable:
            if known is None:
                raise
            return known.installation
        self._known.pop(place, None)
        if found is None:
            raise NotInstalled(team_id)
        self._remember(place, _Known(found, now + KNOWN_FOR))
        return found

    def _remember(self, place: Place, known: _Known) -> None:
        if len(self._known) >= REMEMBERED:
            self._known.pop(next(iter(self._known)))
        self._known[place] = known


def _found(db: Transaction, *, place: Place, now: datetime) -> Installation | None:
    row = find(db, *place)
    if row is None:
        return None
    return Installation(
        team_id=row.team_id or None,
        enterprise_id=row.enterprise_id or None,
        bot_user_id=row.bot_user_id,
        bot_id=row.bot_id,
        token=token_of(db, row, now),
        id=row.id,
        expires_at=row.expires_at,
        scopes=frozenset(row.scopes.split(",")),
    )
