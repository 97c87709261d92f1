from collections.abc import Mapping, Sequence
from datetime import datetime

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.core.database import Transaction
from bot.core.directory import Person
from bot.core.feature import Feature
from bot.core.slack.commands import N_, Command
from bot.features.engagements.handlers import above_home
from bot.features.engagements.service import coaches_many, memberships
from bot.features.home import handlers, views

AT_REST = frozenset({"questions", "notes"})
"""There when one wants them; nothing of them is ever due."""
UNDERNEATH = frozenset({"engagements", "people"})
"""Whom one works with, and one's own schedule."""
AHEAD = ("sessions", "prep", "wrapups", "commitments")
"""What who coaches many looks for: whom they meet, what there is to that, and what they promised."""


def make(others: Sequence[Feature]) -> Feature:
    """Home shows what the other features have to say, in their order; what waits for nothing, below what does."""
    *shown, own_schedule = _in_sight(others)

    def sections(db: Transaction, person: Person, now: datetime) -> list[Sequence[Block]]:
        """Once for both App Home and the hub, where both are drawn."""
        return db.once_read((Block, person, now), lambda: drawn(db, person, now))

    def drawn(db: Transaction, person: Person, now: datetime) -> list[Sequence[Block]]:
        is_first = person.is_paused(now)  # a pause explains all that follows
        has_many = coaches_many(memberships(db, person))
        in_order = _ahead(shown) if has_many else shown
        ordered = (own_schedule, *in_order) if is_first else (*in_order, own_schedule)
        above = above_home(db, person, now)
        return [above, *(each.home_section(db, person, now) for each in ordered if each.home_section)]

    def commands() -> Mapping[str, Command]:
        in_cycle = (*reversed(others[:-1]), *others[-1:], feature)  # the person's own schedule comes last
        return {command.word: command for each in in_cycle for command in each.commands}

    def view(db: Transaction, person: Person, now: datetime) -> View:
        return views.home(sections(db, person, now))

    def hub_view(db: Transaction, person: Person, now: datetime) -> View:
        return views.hub(sections(db, person, now))

    hub, help_ = handlers.open_hub(hub_view), handlers.open_help(commands)
    feature = Feature(
        name="home",
        commands=(
            Command("", hub, N_("what you can do now")),
            Command("help", help_, N_("this list")),
        ),
        actions={"home.help": help_},
        events={"app_home_opened": handlers.home_opened, "message": handlers.message_written},
        home_view=view,
        hub=(views.HUB, hub_view),
    )
    return feature


def _ahead(shown: Sequence[Feature]) -> list[Feature]:
    """The days ahead before how it stands with everybody."""
    ahead = sorted((each for each in shown if each.name in AHEAD), key=lambda each: AHEAD.index(each.name))
    return [*ahead, *(each for each in shown if each not in ahead)]


def _in_sight(features: Sequence[Feature]) -> list[Feature]:
    """In their order, but for what is at rest: that comes just above whom one works with."""
    lower = [each for each in features if each.name in UNDERNEATH]
    at_rest = [each for each in features if each.name in AT_REST]
    return [*(each for each in features if each not in (*lower, *at_rest)), *at_rest, *lower]
