"""What one of the pair may see of goals: one by one, as a list, in a check-in, before a session, and looking back."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from bot.core.database import Transaction
from bot.core.directory import Person
from bot.core.errors import NotFound
from bot.features.engagements.domain import Role
from bot.features.engagements.opening import opens, sees
from bot.features.engagements.places import Alone, Place, by_name
from bot.features.engagements.service import Membership, active_membership, coached, memberships
from bot.features.goals import store
from bot.features.goals.domain import (
    ENDINGS,
    RECENT,
    SUGGESTIONS,
    Goal,
    GoalState,
    Rating,
    Scale,
    Scored,
    attainment,
)
from bot.features.goals.store import GoalRow
from bot.features.strengths import service as strengths
from bot.features.strengths.domain import Strength

AIMS = 8
"""So many goals stand beside a preparation."""
REVIEWED = 24
SUGGESTED_SHOWN = 6


@dataclass(frozen=True, slots=True)
class Entry:
    """A goal as `reader` sees it. `membership` is None for one without a coach; ratings are the oldest first."""

    goal: Goal
    reader: Person
    membership: Membership | None
    ratings: Sequence[Rating]
    strengths: Sequence[Strength]
    earlier_targets: Sequence[date]

    @property
    def is_own(self) -> bool:
        return self.goal.owner_id == self.reader.id

    @property
    def latest(self) -> Rating | None:
        return self.ratings[-1] if self.ratings else None

    def rated_in(self, week: str) -> int | None:
        return next((each.value for each in self.ratings if each.week == week), None)

    def rated_before(self, week: str) -> int | None:
        """The latest one from before this week."""
        return next((each.value for each in reversed(self.ratings) if each.week < week), None)


def entry(db: Transaction, actor: Person, goal_id: str, now: datetime) -> Entry:
    """One that the actor may see; that a coach has opened it is on record. Raises NotFound, HasEnded."""
    row = store.by_id(db, goal_id)
    if row is None:
        raise NotFound
    found = membership_of(db, actor, row)
    shown = _opened(db, actor, [row], {found.engagement_id: found} if found else {}, now)
    if not shown:
        raise NotFound
    return shown[0]


def membership_of(db: Transaction, actor: Person, row: GoalRow) -> Membership | None:
    """Raises NotFound, HasEnded."""
    return active_membership(db, actor, row.engagement_id) if row.engagement_id else None


# --- lists ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OfClient:
    """How many goals a client shares with the reader, and how many of the reader's suggestions wait. No words."""

    membership: Membership
    shared: int
    waiting: int


@dataclass(frozen=True, slots=True)
class Suggested:
    """That a coach suggests a goal to the reader: who, and which one. No words, which are a press away."""

    goal_id: str
    membership: Membership


@dataclass(frozen=True, slots=True)
class Overview:
    """Over all active engagements, and alone. `suggested`: what coaches suggest to the reader."""

    own: Sequence[Entry]
    closed: Sequence[Entry]
    suggested: Sequence[Suggested]
    clients: Sequence[OfClient]


def overview(db: Transaction, actor: Person, now: datetime) -> Overview:
    mine = _own(db, actor, now)
    return Overview(
        own=[each for each in mine if each.goal.is_open],
        closed=[each for each in mine if each.goal.state in ENDINGS and _is_current(each.goal, now)],
        suggested=suggested_to(db, actor),
        clients=[_counted(db, each, now) for each in by_name(coached(memberships(db, actor)))],
    )


def own_open(db: Transaction, actor: Person, now: datetime) -> list[Entry]:
    """What is to be reached soonest comes first."""
    return [each for each in _own(db, actor, now) if each.goal.is_open]


def suggested_to(db: Transaction, actor: Person) -> list[Suggested]:
    by_engagement = {each.engagement_id: each for each in memberships(db, actor)}
    rows = store.of_owner(db, actor.id, by_engagement)
    waiting = [row for row in rows if row.state == GoalState.SUGGESTED]
    return [Suggested(row.id, by_engagement[str(row.engagement_id)]) for row in waiting]


def _own(db: Transaction, actor: Person, now: datetime) -> list[Entry]:
    """What coaches only suggest is not among them."""
    by_engagement = {each.engagement_id: each for each in memberships(db, actor)}
    rows = store.of_owner(db, actor.id, by_engagement, alone=True)
    return _opened(db, actor, [row for row in rows if row.state not in SUGGESTIONS], by_engagement, now)


def _counted(db: Transaction, found: Membership, now: datetime) -> OfClient:
    rows = _visible_of_client(db, found, lambda row: _is_current(row, now))
    waiting = sum(row.state == GoalState.SUGGESTED for row in rows)
    return OfClient(found, sum(row.state not in SUGGESTIONS for row in rows), waiting)


def _visible_of_client(db: Transaction, found: Place, is_wanted: Callable[[GoalRow], bool]) -> list[GoalRow]:
    rows = _of(db, found.client, [found])
    return [row for row in rows if is_wanted(row) and sees(found, store.item(row))]


def _is_current(goal: Goal | GoalRow, now: datetime) -> bool:
    return goal.closed_at is None or goal.closed_at > now - RECENT


def _is_open(row: GoalRow) -> bool:
    return row.state == GoalState.OPEN


@dataclass(frozen=True, slots=True)
class Part:
    """As many as are shown, and how many more there are: no more is opened, so no more is on record, than is shown."""

    entries: Sequence[Entry] = ()
    more: int = 0


def _of_client(
    db: Transaction, found: Place, is_wanted: Callable[[GoalRow], bool], most: int, now: datetime
) -> Part:
    """What is open comes first, then what is to be reached soonest."""
    rows = sorted(_visible_of_client(db, found, is_wanted), key=lambda row: not _is_open(row))
    by_engagement = {found.engagement_id: found} if isinstance(found, Membership) else {}
    shown = _opened(db, found.actor, rows[:most], by_engagement, now)
    return Part(shown, max(0, len(rows) - most))


def _opened(
    db: Transaction,
    actor: Person,
    rows: Sequence[GoalRow],
    found: Mapping[str, Membership],
    now: datetime,
) -> list[Entry]:
    """Those of these that the actor may see, who is about to; `found`: their memberships by engagement."""
    seen = [
        row
        for row in rows
        if (
            opens(db, found[row.engagement_id], store.item(row), now)
            if row.engagement_id
            else row.owner_id == actor.id
        )
    ]
    goals, ratings = store.opened(db, seen, now), store.ratings(db, seen, now)
    targets, drawn_on = (
        store.earlier_targets(db, [row.id for row in seen]),
        _drawn_on(db, actor, goals, found, now),
    )
    return [
        Entry(
            goal,
            actor,
            found[goal.engagement_id] if goal.engagement_id else None,
            ratings[goal.id],
            [each for each in drawn_on if each.id in goal.wording.strengths],
            targets[goal.id],
        )
        for goal in goals
    ]


def _drawn_on(
    db: Transaction,
    actor: Person,
    goals: Sequence[Goal],
    found: Mapping[str, Membership],
    now: datetime,
) -> list[Strength]:
    """The strengths behind these goals, which are all the actor's own, or all one client's."""
    ids = {each for goal in goals for each in goal.wording.strengths}
    of_others = {goal.engagement_id for goal in goals if goal.owner_id != actor.id}
    of = found[str(of_others.pop())] if of_others else None
    return strengths.of_ids(db, actor, of, ids, now)


def aims_of(db: Transaction, actor: Person, goal_ids: Collection[str], now: datetime) -> Mapping[str, str]:
    """What these goals are about, of those that are the actor's own."""
    rows = [row for each in goal_ids if (row := store.by_id(db, each)) and row.owner_id == actor.id]
    return {goal.id: goal.aim for goal in store.opened(db, rows, now)}


@dataclass(frozen=True, slots=True)
class Choice:
    """A goal that a commitment can be a step towards, for its owner."""

    goal_id: str
    aim: str


def choices(
    db: Transaction, found: Sequence[Place], now: datetime, chosen_id: str | None = None
) -> list[Choice]:
    """The open goals that the actor has in these places, and the one already chosen, whatever became of it."""
    if not found:
        return []
    wanted = [row for row in _of(db, found[0].actor, found) if _is_open(row) or row.id == chosen_id]
    chosen = store.by_id(db, chosen_id) if chosen_id else None
    if (
        chosen and chosen.owner_id == found[0].actor.id and chosen not in wanted
    ):  # only one of the two was brought
        wanted.append(chosen)
    return [Choice(goal.id, goal.aim) for goal in store.opened(db, wanted, now)]


def _of(db: Transaction, owner: Person, found: Sequence[Place]) -> Sequence[GoalRow]:
    engagements = [each.engagement_id for each in found if each.engagement_id]
    return store.of_owner(db, owner.id, engagements, alone=any(isinstance(each, Alone) for each in found))


def is_own_in(db: Transaction, found: Place, goal_id: str) -> bool:
    row = store.by_id(db, goal_id)
    return (
        row is not None
        and (row.owner_id, row.engagement_id) == (found.actor.id, found.engagement_id)
        and row.state not in SUGGESTIONS
    )


@dataclass(frozen=True, slots=True)
class Kept:
    """A goal for an export; what becomes of that puts it on record."""

    goal: Goal
    author_id: str
    ratings: Sequence[Rating]
    strengths: Sequence[Strength]
    earlier_targets: Sequence[date]


def kept_of(db: Transaction, actor: Person, found: Place, now: datetime) -> list[Kept]:
    """All that the actor may see of what was ever set here."""
    seen = [row for row in _of(db, found.client, [found]) if sees(found, store.item(row))]
    ratings, targets = store.ratings(db, seen, now), store.earlier_targets(db, [row.id for row in seen])
    authors = {row.id: store.item(row).author_id for row in seen}
    own = strengths.ever_own(db, actor, now)
    return [
        Kept(
            goal,
            authors[goal.id],
            ratings[goal.id],
            [each for each in own if each.id in goal.wording.strengths],
            targets[goal.id],
        )
        for goal in store.opened(db, seen, now)
    ]


# --- over time ----------------------------------------------------------------------------------------------


def own_since(db: Transaction, actor: Person, since: datetime, now: datetime, most: int) -> Part:
    """The actor's own goals that are open, or were until then; what is open comes first."""
    mine = [each for each in _own(db, actor, now) if _was_open(each.goal, since)]
    mine.sort(key=lambda each: not each.goal.is_open)
    return Part(mine[:most], max(0, len(mine) - most))


def of_client_since(db: Transaction, found: Membership, since: datetime, now: datetime, most: int) -> Part:
    """As own_since, of what the client shares with the coach who asks."""
    return _of_client(
        db, found, lambda row: row.state not in SUGGESTIONS and _was_open(row, since), most, now
    )


def _was_open(goal: Goal | GoalRow, since: datetime) -> bool:
    return goal.closed_at is None or goal.closed_at >= since


# --- for a check-in, before a session, and looking back ------------------------------------------------------


def to_rate(db: Transaction, found: Place, now: datetime, most: int) -> Part:
    """The client's open goals here, as far as this one of the pair may see them."""
    return _of_client(db, found, _is_open, most, now)


def has_open(db: Transaction, found: Place) -> bool:
    """Whether the client has any here; no words."""
    return bool(_visible_of_client(db, found, _is_open))


def rated_in(db: Transaction, found: Membership, week: str, now: datetime, most: int) -> Part:
    """The client's goals that were rated in this week, as far as this one of the pair may see them."""
    rated = store.rated_in(db, found.engagement_id, week)
    return _of_client(db, found, lambda row: row.id in rated, most, now)


@dataclass(frozen=True, slots=True)
class Aims:
    """What stands beside a preparation: where the client wants to go, and what they can draw on."""

    goals: Part = field(default_factory=Part)
    strengths: Sequence[Strength] = ()


def aims(db: Transaction, found: Membership, now: datetime) -> Aims:
    """For either of the pair; that a coach has opened them is on record."""
    return Aims(to_rate(db, found, now, AIMS), strengths.visible(db, found, now))


@dataclass(frozen=True, slots=True)
class Review:
    """`attainment`: over the goals with five levels that were rated and not let go; None if there is none.

    `client`: whose they are, if they are another's. `suggested`: what the reader suggests to that one.
    """

    entries: Sequence[Entry]
    more: int
    attainment: float | None
    client: Person | None = None
    suggested: Sequence[Entry] = ()


def review(db: Transaction, actor: Person, engagement_id: str | None, now: datetime) -> Review:
    """`engagement_id`: of a client, what they share. None: all the actor's own. Raises NotFound, HasEnded."""
    if engagement_id is None:
        mine = [each for each in _own(db, actor, now) if each.goal.state not in SUGGESTIONS]
        mine.sort(key=lambda each: not each.goal.is_open)
        return Review(mine[:REVIEWED], max(0, len(mine) - REVIEWED), _attained(mine))
    found = active_membership(db, actor, engagement_id)
    if found.role is not Role.COACH:
        raise NotFound
    theirs = _of_client(db, found, lambda row: row.state not in SUGGESTIONS, REVIEWED, now)
    suggested = _of_client(
        db, found, lambda row: row.state in SUGGESTIONS and _is_current(row, now), SUGGESTED_SHOWN, now
    )
    attained = _attained(theirs.entries)
    return Review(theirs.entries, theirs.more, attained, found.client, suggested.entries)


def _attained(entries: Sequence[Entry]) -> float | None:
    scored = [
        Scored(each.latest.value, each.goal.measure.weight or 1)
        for each in entries
        if each.goal.measure.scale is Scale.LEVELS
        and each.latest is not None
        and each.goal.state is not GoalState.LET_GO
    ]
    return attainment(scored) if scored else None
