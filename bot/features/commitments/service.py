"""Making commitments, answering, moving and editing them; and who may see which."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from bot.core.database import Transaction
from bot.core.directory import Person
from bot.core.errors import NotFound
from bot.features.commitments import nudges, store
from bot.features.commitments.domain import (
    RECENT,
    SLACK,
    AlreadyAnswered,
    Commitment,
    CommitmentClosed,
    CommitmentMade,
    CommitmentMoved,
    Draft,
    GoalElsewhere,
    NotMoved,
    Outcome,
    Wording,
)
from bot.features.commitments.store import CommitmentRow
from bot.features.engagements.authorization import Kind, may_change, shared_as
from bot.features.engagements.domain import EngagementEnded
from bot.features.engagements.opening import opens, record_share, sees
from bot.features.engagements.service import Membership, active_membership, memberships
from bot.features.goals import reading as goals
from bot.features.goals.reading import Choice
from bot.features.people.domain import PersonResumed, RhythmChanged, WishesChanged
from bot.features.people.service import People
from bot.features.sessions.service import get as session_of

# --- reading ----------------------------------------------------------------------------------------


def open_of(db: Transaction, found: Membership, owner_id: str, now: datetime) -> list[Commitment]:
    """What this actor may see of one person's open commitments in this engagement; what is due soonest comes first.

    Their own: all. The other's: the shared ones; that they are read is on record.
    """
    return _visible(db, found, store.open_of(db, found.engagement_id, owner_id), now)


def of_session(
    db: Transaction, found: Membership, session_id: str, now: datetime, *, owner_id: str | None = None
) -> list[Commitment]:
    """Made in this session, by this one or (None) by either of the two, as far as this actor may see them."""
    rows = store.of_session(db, found.engagement_id, session_id)
    return _visible(db, found, [row for row in rows if owner_id in (None, row.owner_id)], now)


def of_ids(db: Transaction, found: Membership, ids: Collection[str], now: datetime) -> list[Commitment]:
    """Those of these that belong to this engagement and that this actor may see, open or not; due soonest first."""
    return _visible(db, found, store.of_ids(db, found.engagement_id, ids), now)


def all_of(db: Transaction, found: Membership, now: datetime) -> list[Commitment]:
    """All that the actor may see of what was ever made here; what becomes of it puts it on record."""
    rows = store.of_engagement(db, found.engagement_id)
    return [store.opened(db, row, now) for row in rows if sees(found, store.item(row))]


def count_open(db: Transaction, found: Membership) -> int:
    """The actor's own, for messages, which open no words."""
    return len(store.open_of(db, found.engagement_id, found.actor.id))


def count_due(db: Transaction, found: Membership, until: date) -> int:
    """Of the actor's open ones, those due by the end of that day."""
    return sum(row.due_on <= until for row in store.open_of(db, found.engagement_id, found.actor.id))


@dataclass(frozen=True, slots=True)
class Entry:
    commitment: Commitment
    membership: Membership

    @property
    def is_own(self) -> bool:
        return self.commitment.owner_id == self.membership.actor.id


def entry(db: Transaction, actor: Person, commitment_id: str, now: datetime) -> Entry:
    """One of the actor's own that is open. Raises NotFound, HasEnded, AlreadyAnswered."""
    row, found = _own_open(db, actor, commitment_id)
    return Entry(_with_goal(db, actor, row, now), found)


def own_entry(db: Transaction, actor: Person, commitment_id: str, now: datetime) -> Entry:
    """One of the actor's own, open or not. Raises NotFound, HasEnded."""
    row, found = _own(db, actor, commitment_id)
    return Entry(_with_goal(db, actor, row, now), found)


@dataclass(frozen=True, slots=True)
class Overview:
    """Over all active engagements. `others`: of each engagement, what the other shares; open first, then lately closed."""

    own: Sequence[Entry]
    others: Sequence[tuple[Membership, Sequence[Entry]]]
    closed: Sequence[Entry]


def overview(db: Transaction, actor: Person, now: datetime, *, is_whole: bool = True) -> Overview:
    """`is_whole` False: the actor's own open ones only. That the others' are read is on record."""
    own: list[Entry] = []
    closed: list[Entry] = []
    others = []
    for found in memberships(db, actor):
        own += [Entry(each, found) for each in open_of(db, found, actor.id, now)]
        if not is_whole:
            continue
        closed += [Entry(each, found) for each in _closed_of(db, found, actor.id, now)]
        theirs = open_of(db, found, found.other.id, now) + _closed_of(db, found, found.other.id, now)
        others.append((found, [Entry(each, found) for each in theirs]))
    own.sort(key=lambda each: (each.commitment.due_at, each.commitment.created_at))
    return Overview(own, [each for each in others if each[1]], closed)


def own_open(db: Transaction, actor: Person, now: datetime) -> list[Entry]:
    """Over all active engagements, what is due soonest first."""
    by_engagement = {found.engagement_id: found for found in memberships(db, actor)}
    rows = store.open_of_person(db, actor.id)
    shown = _with_goals(db, actor, [store.opened(db, row, now) for row in rows], now)
    return [Entry(each, by_engagement[each.engagement_id]) for each in shown]


@dataclass(frozen=True, slots=True)
class Pending:
    """What a message may say of an open commitment."""

    commitment_id: str
    due_at: datetime
    has_time: bool
    membership: Membership


def named_by(db: Transaction, person: Person, nudge_key: str) -> list[Pending]:
    """The person's commitments that this message is to tell of now: open, and of active engagements."""
    active = {found.engagement_id: found for found in memberships(db, person)}
    rows = [row for row in store.by_nudge(db, nudge_key) if row.outcome is None]
    return [
        Pending(row.id, row.due_at, row.due_time is not None, active[row.engagement_id])
        for row in rows
        if row.engagement_id in active
    ]


@dataclass(frozen=True, slots=True)
class Dates:
    """For messages, which open no words."""

    all: Sequence[date]
    still_open: Sequence[date]


def dates_of(db: Transaction, person: Person, ids: Collection[str]) -> Dates:
    """When those of these that are the person's are due."""
    rows = [row for each in ids if (row := store.by_id(db, each)) and row.owner_id == person.id]
    return Dates([row.due_on for row in rows], [row.due_on for row in rows if row.outcome is None])


def _closed_of(db: Transaction, found: Membership, owner_id: str, now: datetime) -> list[Commitment]:
    return _visible(db, found, store.closed_since(db, found.engagement_id, owner_id, now - RECENT), now)


def _visible(
    db: Transaction, found: Membership, rows: Sequence[CommitmentRow], now: datetime
) -> list[Commitment]:
    shown = [store.opened(db, row, now) for row in rows if opens(db, found, store.item(row), now)]
    return _with_goals(db, found.actor, shown, now)


def _with_goal(db: Transaction, reader: Person, row: CommitmentRow, now: datetime) -> Commitment:
    return _with_goals(db, reader, [store.opened(db, row, now)], now)[0]


def _with_goals(
    db: Transaction, reader: Person, shown: Sequence[Commitment], now: datetime
) -> list[Commitment]:
    links = store.goals_of(db, [each.id for each in shown if each.owner_id == reader.id])
    aims = goals.aims_of(db, reader, set(links.values()), now)
    return [
        replace(each, goal_id=links.get(each.id), goal=aims.get(links.get(each.id, ""))) for each in shown
    ]


# --- making and changing ----------------------------------------------------------------------------


def make(
    db: Transaction,
    actor: Person,
    engagement_id: str,
    draft: Draft,
    now: datetime,
    *,
    session_id: str | None = None,
) -> Commitment:
    """`session_id`: the session in which it was made.

    Raises NotFound, HasEnded, NotActiveYet, DueInThePast, DueTooFarAhead, GoalElsewhere.
    """
    found = active_membership(db, actor, engagement_id)
    if session_id and session_of(db, actor, session_id).engagement_id != engagement_id:
        raise NotFound
    deadline = nudges.deadline(draft.due_on, draft.due_time, actor)
    deadline.check(now)
    row = store.add(db, engagement_id, actor.id, draft, deadline.at, session_id, now)
    _share(db, found, row, draft.is_shared, was_shared=False, now=now)
    _set_goal(db, found, row, draft.goal_id)
    nudges.plan_next(db, row, actor, not_before=now + SLACK, now=now)
    db.flush()
    db.announce(CommitmentMade(row.id), now)
    return _with_goal(db, actor, row, now)


def answer(
    db: Transaction, actor: Person, commitment_id: str, outcome: Outcome, learned: str | None, now: datetime
) -> Commitment:
    """Raises NotFound, HasEnded, AlreadyAnswered."""
    row, _found = _own_open(db, actor, commitment_id)
    _close(db, row, outcome, learned, now)
    return store.opened(db, row, now)


def revise(
    db: Transaction, actor: Person, commitment_id: str, outcome: Outcome | None, now: datetime
) -> Commitment:
    """Another answer than before, or (None) none: then it is open again. Raises NotFound, HasEnded."""
    row, _found = _own(db, actor, commitment_id)
    if outcome is not None and row.outcome is None:
        _close(db, row, outcome, None, now)
    elif outcome is not None:
        row.outcome = outcome
    elif row.outcome is not None:
        row.outcome, row.closed_at = None, None
        nudges.plan_next(db, row, actor, not_before=now + SLACK, now=now)
    db.flush()
    return store.opened(db, row, now)


def move(
    db: Transaction, actor: Person, commitment_id: str, due_on: date, due_time: time | None, now: datetime
) -> Commitment:
    """Raises NotFound, HasEnded, AlreadyAnswered, NotMoved, DueInThePast, DueTooFarAhead."""
    row, _found = _own_open(db, actor, commitment_id)
    deadline = nudges.deadline(due_on, due_time, actor)
    deadline.check(now)
    if (row.due_on, row.due_time) == (due_on, due_time):
        raise NotMoved
    store.add_move(db, row, due_on, due_time, now)
    row.due_on, row.due_time, row.due_at, row.moved = due_on, due_time, deadline.at, row.moved + 1
    nudges.settle(db, row, "moved")
    row.last_nudge = None
    nudges.plan_next(db, row, actor, not_before=now + SLACK, now=now)
    db.flush()
    db.announce(CommitmentMoved(row.id), now)
    return store.opened(db, row, now)


def edit(db: Transaction, actor: Person, commitment_id: str, wording: Wording, now: datetime) -> Commitment:
    """Everything but the date. Raises NotFound, HasEnded, AlreadyAnswered, GoalElsewhere."""
    row, found = _own_open(db, actor, commitment_id)
    was_shared = row.is_shared
    store.reword(db, row, wording, now)
    _share(db, found, row, wording.is_shared, was_shared=was_shared, now=now)
    _set_goal(db, found, row, wording.goal_id)
    db.flush()
    return _with_goal(db, actor, row, now)


def goal_choices(
    db: Transaction, found: Sequence[Membership], now: datetime, chosen: Commitment | None = None
) -> list[Choice]:
    """The goals that a commitment in one of these engagements can be a step towards. `chosen`: also the one it has."""
    return goals.choices(db, found, now, chosen.goal_id if chosen else None)


def _set_goal(db: Transaction, found: Membership, row: CommitmentRow, goal_id: str | None) -> None:
    """Raises GoalElsewhere."""
    if goal_id is not None and not goals.is_own_in(db, found, goal_id):
        raise GoalElsewhere
    store.set_goal(db, row.id, goal_id)


def _share(
    db: Transaction, found: Membership, row: CommitmentRow, wished: bool, *, was_shared: bool, now: datetime
) -> None:
    row.is_shared = shared_as(Kind.COMMITMENT, found.role, wished=wished)
    record_share(db, found, store.item(row), was_shared=was_shared, now=now)


def _close(db: Transaction, row: CommitmentRow, outcome: Outcome, learned: str | None, now: datetime) -> None:
    row.outcome, row.closed_at = outcome, now
    row.next_nudge, row.next_nudge_at = None, None
    store.seal_learned(db, row, learned, now)
    nudges.settle(db, row, "answered")
    db.flush()
    db.announce(CommitmentClosed(row.id), now)


# --- what others tell -------------------------------------------------------------------------------


def follow_person(
    db: Transaction, fact: RhythmChanged | WishesChanged | PersonResumed, now: datetime
) -> None:
    """Dates are wall-clock wishes: they and the nudges follow the person's zone, hours and intensity."""
    person = People().get(db, fact.person_id)
    for row in store.open_of_person(db, person.id):
        row.due_at = nudges.deadline(row.due_on, row.due_time, person).at
        if row.next_nudge_at is None or row.next_nudge_at > now:
            nudges.plan_next(db, row, person, not_before=now, now=now)
    db.flush()


def follow_end(db: Transaction, fact: EngagementEnded, now: datetime) -> None:
    for row in store.open_of_engagement(db, fact.engagement_id):
        row.next_nudge, row.next_nudge_at = None, None
        nudges.settle(db, row, "ended")
    db.flush()


# --- within -----------------------------------------------------------------------------------------


def _own(db: Transaction, actor: Person, commitment_id: str) -> tuple[CommitmentRow, Membership]:
    """Of somebody else's, even a shared one, the answer is that there is none to change."""
    row = store.by_id(db, commitment_id, locked=True)
    if row is None or not may_change(store.item(row), actor.id):
        raise NotFound
    return row, active_membership(db, actor, row.engagement_id)


def _own_open(db: Transaction, actor: Person, commitment_id: str) -> tuple[CommitmentRow, Membership]:
    row, found = _own(db, actor, commitment_id)
    if row.outcome is not None:
        raise AlreadyAnswered
    return row, found
