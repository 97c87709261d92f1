"""What people have before them, drawn anew when something that it shows has changed."""

from collections.abc import Sequence

from slack_sdk.models.views import View

from bot.core.database import Transaction
from bot.core.directory import Identity
from bot.core.feature import Feature
from bot.core.i18n import in_locale
from bot.core.slack.effects import Effects
from bot.core.slack.requests import Context, Services


class Redrawing:
    """`features` bring App Home, and the hub, which shows the same in a modal."""

    def __init__(self, features: Sequence[Feature], services: Services, effects: Effects) -> None:
        self._services, self._effects = services, effects
        self._home = next((each.home_view for each in features if each.home_view), None)
        self._hub = next((each.hub for each in features if each.hub), None)

    async def after(self, context: Context) -> None:
        """For whoever changed something, and whoever sees it. Who only looks at something has it before them as it is."""
        stale = set(context.stale_homes)
        if context.actor is not None and context.may_look_different:
            stale.add(context.actor.id)
        for person_id in stale:
            await self._redraw_for(person_id)

    async def _redraw_for(self, person_id: str) -> None:
        """App Home, for those who ever opened it; and the hub, if it is what they have open."""

        def draw(db: Transaction) -> tuple[Identity, View | None, View | None] | None:
            person = self._services.directory.known(db, person_id)
            if person is None:  # seen for the first time, in a request that was refused
                return None
            now, identity = self._services.clock.now(), person.identity
            with in_locale(person.locale):
                home = self._home(db, person, now) if self._home and person.has_home else None
                has_hub = self._hub and self._effects.root_of(identity, self._hub[0])
                return identity, home, self._hub[1](db, person, now) if self._hub and has_hub else None

        drawn = await self._services.database.run(draw)
        if drawn is None:
            return
        identity, home, hub = drawn
        if home is not None:
            await self._effects.publish_home(identity, home)
        if hub is not None:
            await self._effects.redraw_root(identity, hub)
