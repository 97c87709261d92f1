"""What somebody may see of how things moved: of their own, all; of a client's, what that one shares.

How many sessions were held and check-ins answered, both of a pair see; anybody else only of five people or more together.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.core.database import Transaction
from bot.core.directory import Person
from bot.core.errors import NotFound
from bot.core.localtime import local_date
from bot.features.commitments import service as commitments
from bot.features.commitments.domain import Outcome
from bot.features.engagements import store as engagements
from bot.features.engagements.domain import Role
from bot.features.engagements.places import places
from bot.features.engagements.service import Membership, active_membership, coached
from bot.features.goals import reading as goals
from bot.features.goals.domain import FocusArea
from bot.features.goals.reading import Entry, Part
from bot.features.progress import store
from bot.features.progress.domain import (
    FEWEST,
    GOALS_COUNTED,
    GOALS_SHOWN,
    Counts,
    Quarter,
    Span,
    Standing,
    Way,
    Week,
    by_area,
    by_week,
    way_of,
)
from bot.features.progress.store import Group


@dataclass(frozen=True, slots=True)
class Moved:
    """One goal. `number`: what it is called in a picture, which holds no words of anybody's."""

    number: int
    aim: str
    way: Way
    area: FocusArea | None


@dataclass(frozen=True, slots=True)
class Together:
    """What the two of an engagement have done since it began."""

    other: Person
    since: date
    counts: Counts


@dataclass(frozen=True, slots=True)
class Progress:
    """`client`: whose it is, if it is another's. `clients`: those of whom the reader can see what they share.

    `together`: with each coach of the reader's; with the client, if it is another's.
    """

    span: Span
    goals: Sequence[Moved]
    more_goals: int
    areas: Sequence[Standing]
    weeks: Sequence[Week]
    client: Person | None = None
    clients: Sequence[Membership] = ()
    together: Sequence[Together] = ()

    @property
    def has_moved(self) -> bool:
        """Whether any goal was ever rated, or is to be seen against where it began."""
        return any(each.way.latest is not None for each in self.goals)

    @property
    def has_outcomes(self) -> bool:
        return any(week.total for week in self.weeks)


def own(db: Transaction, actor: Person, now: datetime) -> Progress:
    span, found = Span.until(now, actor.zone), places(db, actor)
    answered = [
        each
        for place in found
        for each in commitments.answered_since(db, place, actor.id, span.begins_at, now)
    ]
    part = goals.own_since(db, actor, span.begins_at, now, GOALS_COUNTED)
    pairs = [each for each in found if isinstance(each, Membership)]
    return replace(
        _progress(span, part, answered),
        clients=coached(pairs),
        together=_together(db, [each for each in pairs if each.role is Role.CLIENT], now),
    )


def of_client(db: Transaction, actor: Person, engagement_id: str, now: datetime) -> Progress:
    """What they share; that it was opened is on record, item by item. Raises NotFound, HasEnded."""
    found, span = active_membership(db, actor, engagement_id), Span.until(now, actor.zone)
    if found.role is not Role.COACH:
        raise NotFound
    part = goals.of_client_since(db, found, span.begins_at, now, GOALS_COUNTED)
    answered = commitments.answered_since(db, found, found.client.id, span.begins_at, now)
    together = _together(db, [found], now)
    return replace(_progress(span, part, answered), client=found.client, together=together)


def _progress(span: Span, part: Part, answered: Sequence[tuple[Outcome, datetime]]) -> Progress:
    moved = _moved(part.entries, span)
    areas = by_area((each.area, each.way) for each in moved)
    shown = moved[:GOALS_SHOWN]
    return Progress(span, shown, part.more + len(moved) - len(shown), areas, by_week(answered, span))


def _moved(entries: Sequence[Entry], span: Span) -> list[Moved]:
    return [
        Moved(number, each.goal.aim, way_of(each.goal.measure, each.ratings, span), each.goal.wording.area)
        for number, each in enumerate(entries, start=1)
    ]


# --- counts ---------------------------------------------------------------------------------------------


def _together(db: Transaction, found: Sequence[Membership], now: datetime) -> list[Together]:
    if not found:
        return []
    counted = store.of_engagements(db, [each.engagement_id for each in found], now)
    return [
        Together(each.other, local_date(row.started_at, each.actor.zone), counted[each.engagement_id])
        for each in found
        if each.engagement_id in counted
        and (row := engagements.by_id(db, each.engagement_id)) is not None
        and row.started_at is not None
    ]


def by_workspace(db: Transaction, quarter: Quarter) -> Sequence[tuple[str, Group | None]]:
    """For whoever runs a programme. None: there were fewer than five people."""
    found = store.of_workspaces(db, quarter)
    return [(of, group if group.people >= FEWEST else None) for of, group in sorted(found.items())]
