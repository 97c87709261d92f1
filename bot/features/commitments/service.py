"""Making commitments, answering, moving and editing them; and who may see which."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from bot.core.database import Transaction
from bot.core.dates import say_date
from bot.core.directory import Person
from bot.core.errors import NotFound
from bot.core.i18n import current_locale
from bot.core.localtime import local_date
from bot.features.commitments import nudges, occurrence_store, occurrences, store
from bot.features.commitments.domain import (
    RECENT,
    SLACK,
    AlreadyAnswered,
    ComesAgain,
    Commitment,
    CommitmentClosed,
    CommitmentMade,
    CommitmentMoved,
    Draft,
    EndsTooSoon,
    GoalElsewhere,
    NeverMoved,
    NotMoved,
    Outcome,
    Wording,
)
from bot.features.commitments.recurring import Every
from bot.features.commitments.store import CommitmentRow
from bot.features.engagements.authorization import Kind, may_change, shared_as
from bot.features.engagements.domain import EngagementEnded, KeptAlone
from bot.features.engagements.opening import opens, record_share, sees
from bot.features.engagements.places import Alone, Place, by_name, place, places
from bot.features.engagements.service import Membership
from bot.features.goals import reading as goals
from bot.features.goals.reading import Choice
from bot.features.people.domain import PersonResumed, RhythmChanged, WishesChanged
from bot.features.people.service import People
from bot.features.sessions.service import get as session_of

# --- reading ----------------------------------------------------------------------------------------


def open_of(db: Transaction, found: Place, owner_id: str, now: datetime) -> list[Commitment]:
    """What this actor may see of one person's open commitments here; what is due soonest comes first.

    Their own: all. The other's: the shared ones; that they are read is on record.
    """
    return visible(db, found, store.open_of(db, found.engagement_id, owner_id), now)


def of_session(
    db: Transaction, found: Membership, session_id: str, now: datetime, *, owner_id: str | None = None
) -> list[Commitment]:
    """Made in this session, by this one or (None) by either of the two, as far as this actor may see them."""
    rows = store.of_session(db, found.engagement_id, session_id)
    return visible(db, found, [row for row in rows if owner_id in (None, row.owner_id)], now)


def of_ids(db: Transaction, found: Place, ids: Collection[str], now: datetime) -> list[Commitment]:
    """Those of these that belong here and that this actor may see, open or not; due soonest first."""
    return visible(db, found, store.of_ids(db, found.engagement_id, ids), now)


def all_of(db: Transaction, found: Place, now: datetime) -> list[Commitment]:
    """All that the actor may see of what was ever made here; what becomes of it puts it on record."""
    if isinstance(found, Alone):
        rows = store.alone_of(db, found.actor.id)
    else:
        rows = store.of_engagement(db, found.engagement_id)
    return _wholes(db, found.actor, [row for row in rows if sees(found, store.item(row))], now)


def answered_since(
    db: Transaction, found: Place, owner_id: str, since: datetime, now: datetime
) -> list[tuple[Outcome, datetime]]:
    """What became, and when, of one person's commitments that this actor may see; no words, which are not opened.

    What comes again counts each time, and once more if it was let go of.
    """
    closed = store.closed_since(db, found.engagement_id, owner_id, since)
    recurring = store.recurring_of(db, found.engagement_id, owner_id, since)
    rows = {row.id: row for row in (*closed, *recurring) if sees(found, store.item(row))}
    said = occurrence_store.answered_since(db, [row.id for row in recurring if row.id in rows], since)
    said += [(row.id, row.outcome, row.closed_at) for row in closed if row.id in rows and _counts_once(row)]
    answered = [
        (commitment_id, Outcome(outcome), at) for commitment_id, outcome, at in said if outcome and at
    ]
    counted = dict.fromkeys(commitment_id for commitment_id, _outcome, _at in answered)
    shown = {each for each in counted if opens(db, found, store.item(rows[each]), now)}
    return [(outcome, at) for commitment_id, outcome, at in answered if commitment_id in shown]


def _counts_once(row: CommitmentRow) -> bool:
    return row.every is None or row.outcome == Outcome.NO_LONGER_RIGHT


def count_open(db: Transaction, found: Place) -> int:
    """The actor's own, for messages, which open no words."""
    return len(store.open_of(db, found.engagement_id, found.actor.id))


def count_due(db: Transaction, found: Place, until: date) -> int:
    """Of the actor's open ones, those due by the end of that day."""
    return sum(row.due_on <= until for row in store.open_of(db, found.engagement_id, found.actor.id))


MOST_OWN, MOST_BELOW = 32, 48
"""One more than there is room for in a list, in which each takes three blocks of 94, or two."""


@dataclass(frozen=True, slots=True)
class Entry:
    commitment: Commitment
    place: Place

    @property
    def is_own(self) -> bool:
        return self.commitment.owner_id == self.place.actor.id


def entry(db: Transaction, actor: Person, commitment_id: str, now: datetime) -> Entry:
    """One of the actor's own that is open. Raises NotFound, HasEnded, AlreadyAnswered."""
    found = own_entry(db, actor, commitment_id, now)
    if found.commitment.outcome is not None:
        raise AlreadyAnswered
    return found


def own_entry(db: Transaction, actor: Person, commitment_id: str, now: datetime) -> Entry:
    """One of the actor's own, open or not. Raises NotFound, HasEnded."""
    row, found = _own(db, actor, store.by_id(db, commitment_id))
    return Entry(_whole(db, actor, row, now), found)


SIDE_BY_SIDE = 20
"""So many of others' are shown in one list; where there are more, each person's are opened by themselves."""


@dataclass(frozen=True, slots=True)
class Overview:
    """Over all active engagements, and alone. `others`: of each engagement, what the other shares; open first, then lately closed.

    `own`: of the actor's `count` open ones, as many as there can be room for, from the place `start` on.
    `can_bring`: there is an engagement to bring into what is alone.
    """

    start: int
    count: int
    own: Sequence[Entry]
    others: Sequence[tuple[Membership, Sequence[Entry]]]
    closed: Sequence[Entry]
    can_bring: bool
    counted: Sequence[tuple[Membership, int]] = ()
    """Instead of `others` where that is too much for one list: how many are to be read in each engagement."""


def overview(db: Transaction, actor: Person, now: datetime, *, start: int = 0) -> Overview:
    """`start`: how many of the actor's own come before the first that is shown; then nothing else stands below them.

    No more is opened than there can be room for: that the others' are read is on record.
    """
    found_all, count = places(db, actor), store.count_open_of_person(db, actor.id)
    engaged = [each for each in found_all if isinstance(each, Membership)]
    start = start if start < count else 0
    own = _entries(db, actor, store.page_of_person(db, actor.id, start, MOST_OWN), now)
    if start:
        return Overview(start, count, own, (), (), bool(engaged))
    closed = [row for each in found_all for row in _closed_rows(db, each, actor.id, now)]
    answered = _entries(db, actor, closed[:MOST_BELOW], now)
    theirs = [(each, rows) for each in by_name(engaged) if (rows := _rows_of_theirs(db, each, now))]
    if len(theirs) > 1 and sum(len(rows) for _found, rows in theirs) > SIDE_BY_SIDE:
        return Overview(
            start, count, own, (), answered, bool(engaged), [(each, len(rows)) for each, rows in theirs]
        )
    others = [(each, _opened_of_theirs(db, each, rows, now)) for each, rows in theirs]
    return Overview(start, count, own, others, answered, bool(engaged))


def theirs_of(db: Transaction, found: Membership, now: datetime) -> list[Entry]:
    """What the other shares here, open first, then lately closed. That it is read is on record: no more than there is room for."""
    return _opened_of_theirs(db, found, _rows_of_theirs(db, found, now), now)


def _rows_of_theirs(db: Transaction, found: Membership, now: datetime) -> list[CommitmentRow]:
    """Without reading any."""
    other_id = found.other.id
    rows = [*store.open_of(db, found.engagement_id, other_id), *_closed_rows(db, found, other_id, now)]
    return [row for row in rows if sees(found, store.item(row))]


def _opened_of_theirs(
    db: Transaction, found: Membership, rows: Sequence[CommitmentRow], now: datetime
) -> list[Entry]:
    return [Entry(each, found) for each in visible(db, found, rows[:MOST_BELOW], now)]


def own_open(db: Transaction, actor: Person, now: datetime) -> list[Entry]:
    """Over all active engagements, and alone; what is due soonest first."""
    return _entries(db, actor, store.open_of_person(db, actor.id), now)


def next_open(db: Transaction, actor: Person, now: datetime, most: int) -> tuple[list[Entry], int]:
    """What is due next first, then what was due last; and how many are open in all."""
    rows = store.next_of_person(db, actor.id, now, most)
    count = len(rows) if len(rows) < most else store.count_open_of_person(db, actor.id)
    return _entries(db, actor, rows, now), count


def _entries(db: Transaction, actor: Person, rows: Sequence[CommitmentRow], now: datetime) -> list[Entry]:
    """Of rows that are the actor's own."""
    by_engagement = {found.engagement_id: found for found in places(db, actor)}
    return [Entry(each, by_engagement[each.engagement_id]) for each in _wholes(db, actor, rows, now)]


def _closed_rows(db: Transaction, found: Place, owner_id: str, now: datetime) -> Sequence[CommitmentRow]:
    return store.closed_since(db, found.engagement_id, owner_id, now - RECENT)


def visible(db: Transaction, found: Place, rows: Sequence[CommitmentRow], now: datetime) -> list[Commitment]:
    shown = [row for row in rows if opens(db, found, store.item(row), now)]
    return _wholes(db, found.actor, shown, now)


def _whole(db: Transaction, reader: Person, row: CommitmentRow, now: datetime) -> Commitment:
    return _wholes(db, reader, [row], now)[0]


def _wholes(
    db: Transaction, reader: Person, rows: Sequence[CommitmentRow], now: datetime
) -> list[Commitment]:
    """With the goal that it is a step towards, for its owner; where it was moved from; and what became of it lately."""
    links = store.goals_of(db, [row.id for row in rows if row.owner_id == reader.id])
    aims = goals.aims_of(db, reader, set(links.values()), now)
    moves = store.moves_of(db, [row.id for row in rows if row.moved])
    lately = occurrences.lately(db, rows, now)
    return [
        replace(
            store.opened(db, row, now),
            goal_id=links.get(row.id),
            goal=aims.get(links.get(row.id, "")),
            moves=moves.get(row.id, ()),
            lately=lately.get(row.id, ()),
        )
        for row in rows
    ]


# --- making and changing ----------------------------------------------------------------------------


def make(
    db: Transaction,
    actor: Person,
    engagement_id: str | None,
    draft: Draft,
    now: datetime,
    *,
    session_id: str | None = None,
) -> Commitment:
    """`engagement_id` None: without a coach, and nobody else ever sees it. `session_id`: the session in which it was made.

    Raises NotFound, HasEnded, NotActiveYet, DueInThePast, DueTooFarAhead, EndsTooSoon, GoalElsewhere.
    """
    found = place(db, actor, engagement_id)
    if session_id and session_of(db, actor, session_id).engagement_id != engagement_id:
        raise NotFound
    deadline = nudges.deadline(draft.due_on, draft.due_time, actor)
    deadline.check(now)
    if draft.until_on is not None and draft.until_on < draft.due_on:
        raise EndsTooSoon
    row = store.drafted(db, engagement_id, actor.id, draft, deadline.at, session_id, now)
    if draft.every is not None:
        occurrences.stand(row, draft.due_on, actor)
    nudges.plan_next(db, row, actor, not_before=now + SLACK, now=now)
    row.is_shared = _shared_as(found, draft.is_shared)
    row = db.insert(row)
    _record_share(db, found, row, was_shared=False, now=now)
    if draft.goal_id is not None:
        _set_goal(db, found, row, draft.goal_id)
    db.announce(CommitmentMade(row.id), now)
    _tell_if_alone(db, row, now)
    return _whole(db, actor, row, now)


def answer(
    db: Transaction,
    actor: Person,
    commitment_id: str,
    outcome: Outcome,
    learned: str | None,
    now: datetime,
    *,
    on: date | None = None,
) -> Commitment:
    """Of one that recurs: of the occurrence on that date, or (None) the present one; “no longer right” ends it all.

    Raises NotFound, HasEnded, AlreadyAnswered, NoSuchDay.
    """
    row, _found = open_row(db, actor, commitment_id)
    present = row.occurrence_on
    goes_on = (
        present is not None
        and outcome is not Outcome.NO_LONGER_RIGHT
        and occurrences.answer(db, row, actor, on or present, outcome, learned, now)
    )
    if not goes_on:
        _close(db, row, outcome, learned, now)
    return _whole(db, actor, row, now)


def revise(
    db: Transaction, actor: Person, commitment_id: str, outcome: Outcome | None, now: datetime
) -> Commitment:
    """Another answer than before, or (None) none: then it is open again. Raises NotFound, HasEnded."""
    row, _found = _locked(db, actor, commitment_id)
    if outcome is not None and row.outcome is None:
        _close(db, row, outcome, None, now)
    elif outcome is not None:
        row.outcome = outcome
    elif row.outcome is not None:
        _reopen(db, row, actor, now)
    db.flush()
    return store.opened(db, row, now)


def revise_day(
    db: Transaction, actor: Person, commitment_id: str, on: date, outcome: Outcome | None, now: datetime
) -> None:
    """As `revise`, of one occurrence of what recurs; a day that is ticked takes up nothing that was let go of.

    Raises NotFound, HasEnded.
    """
    row, _found = _locked(db, actor, commitment_id)
    stays_let_go = row.outcome == Outcome.NO_LONGER_RIGHT and row.every == Every.WORKING_DAY
    if row.outcome is not None and on == row.occurrence_on and not stays_let_go:
        _reopen(db, row, actor, now)
    is_let_go = outcome is Outcome.NO_LONGER_RIGHT and row.outcome is None
    goes_on = not is_let_go and occurrences.note(db, row, actor, on, outcome, now)
    if outcome is not None and not goes_on:
        _close(db, row, outcome, None, now)


def _reopen(db: Transaction, row: CommitmentRow, actor: Person, now: datetime) -> None:
    row.outcome, row.closed_at = None, None
    if row.every is not None:
        occurrences.reopen(db, row, actor, now)
    nudges.plan_next(db, row, actor, not_before=now + SLACK, now=now)
    _tell_if_alone(db, row, now)


def _tell_if_alone(db: Transaction, row: CommitmentRow, now: datetime) -> None:
    if row.engagement_id is None:
        db.announce(KeptAlone(row.owner_id), now)


def move(
    db: Transaction, actor: Person, commitment_id: str, due_on: date, due_time: time | None, now: datetime
) -> Commitment:
    """Of one that recurs, this occurrence alone.

    Raises NotFound, HasEnded, AlreadyAnswered, NotMoved, DueInThePast, DueTooFarAhead, NeverMoved, ComesAgain.
    """
    row, _found = open_row(db, actor, commitment_id)
    deadline = nudges.deadline(due_on, due_time, actor)
    deadline.check(now)
    if (row.due_on, row.due_time) == (due_on, due_time):
        raise NotMoved
    if row.every is not None:
        _check_between(row, actor, due_on, now)
    store.add_move(db, row, due_on, due_time, now)
    row.due_on, row.due_time, row.due_at, row.moved = due_on, due_time, deadline.at, row.moved + 1
    nudges.settle(db, row, "moved")
    row.last_nudge = None
    nudges.plan_next(db, row, actor, not_before=now + SLACK, now=now)
    db.flush()
    db.announce(CommitmentMoved(row.id), now)
    return store.opened(db, row, now)


def _check_between(row: CommitmentRow, actor: Person, due_on: date, now: datetime) -> None:
    """One occurrence does not overtake the next."""
    if row.every == Every.WORKING_DAY:
        raise NeverMoved
    following = occurrences.next_on(row, actor)
    if following is not None and due_on >= following:
        today = local_date(now, actor.zone)
        raise ComesAgain(say_date(following, today=today, locale=current_locale()))


def edit(db: Transaction, actor: Person, commitment_id: str, wording: Wording, now: datetime) -> Commitment:
    """Everything but the date. Raises NotFound, HasEnded, AlreadyAnswered, EndsTooSoon, GoalElsewhere."""
    row, found = open_row(db, actor, commitment_id)
    was_shared = row.is_shared
    if row.occurrence_on and wording.until_on and row.until_on != wording.until_on < row.occurrence_on:
        raise EndsTooSoon
    store.reword(db, row, wording, now)
    nudges.follow_wording(db, row)
    occurrences.follow_rhythm(row, actor)
    share(db, found, row, wording.is_shared, was_shared=was_shared, now=now)
    _set_goal(db, found, row, wording.goal_id)
    db.flush()
    return _whole(db, actor, row, now)


def goal_choices(
    db: Transaction, found: Sequence[Place], now: datetime, chosen: Commitment | None = None
) -> list[Choice]:
    """The goals that a commitment in one of these places can be a step towards. `chosen`: also the one it has."""
    return goals.choices(db, found, now, chosen.goal_id if chosen else None)


def _set_goal(db: Transaction, found: Place, row: CommitmentRow, goal_id: str | None) -> None:
    """It may stay what it is, also where only one of the two was brought into an engagement. Raises GoalElsewhere."""
    if goal_id == store.goals_of(db, [row.id]).get(row.id):
        return
    if goal_id is not None and not goals.is_own_in(db, found, goal_id):
        raise GoalElsewhere
    store.set_goal(db, row.id, goal_id)


def share(
    db: Transaction, found: Place, row: CommitmentRow, wished: bool, *, was_shared: bool, now: datetime
) -> None:
    """Nobody but its owner sees what belongs to no engagement."""
    row.is_shared = _shared_as(found, wished)
    _record_share(db, found, row, was_shared=was_shared, now=now)


def _shared_as(found: Place, wished: bool) -> bool:
    return shared_as(Kind.COMMITMENT, found.role, wished=wished)


def _record_share(
    db: Transaction, found: Place, row: CommitmentRow, *, was_shared: bool, now: datetime
) -> None:
    if isinstance(found, Membership):
        record_share(db, found, store.item(row), was_shared=was_shared, now=now)


def _close(db: Transaction, row: CommitmentRow, outcome: Outcome, learned: str | None, now: datetime) -> None:
    row.outcome, row.closed_at = outcome, now
    row.next_nudge, row.next_nudge_at, row.next_occurrence_at = None, None, None
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
        occurrences.follow_rhythm(row, person)
        row.due_at = nudges.deadline(row.due_on, row.due_time, person).at
        if row.next_nudge_at is None or row.next_nudge_at > now:
            nudges.plan_next(db, row, person, not_before=now, now=now)
    db.flush()


def follow_end(db: Transaction, fact: EngagementEnded, now: datetime) -> None:
    for row in store.open_of_engagement(db, fact.engagement_id):
        row.next_nudge, row.next_nudge_at, row.next_occurrence_at = None, None, None
        nudges.settle(db, row, "ended")
    db.flush()


# --- within -----------------------------------------------------------------------------------------


def _own(db: Transaction, actor: Person, row: CommitmentRow | None) -> tuple[CommitmentRow, Place]:
    """Of somebody else's, even a shared one, the answer is that there is none to change."""
    if row is None or not may_change(store.item(row), actor.id):
        raise NotFound
    return row, place(db, actor, row.engagement_id)


def _locked(db: Transaction, actor: Person, commitment_id: str) -> tuple[CommitmentRow, Place]:
    return _own(db, actor, store.locked(db, commitment_id))


def open_row(db: Transaction, actor: Person, commitment_id: str) -> tuple[CommitmentRow, Place]:
    """Locked. Raises NotFound, HasEnded, AlreadyAnswered."""
    row, found = _locked(db, actor, commitment_id)
    if row.outcome is not None:
        raise AlreadyAnswered
    return row, found
