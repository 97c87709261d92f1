"""Setting goals, changing, rating and closing them, and bringing one into an engagement."""

from dataclasses import replace
from datetime import datetime

from bot.core.database import Transaction
from bot.core.directory import Person
from bot.core.errors import NotFound
from bot.core.localtime import iso_week, local_date
from bot.core.rights import TakenAway
from bot.features.engagements.authorization import Kind, may_share, shared_as
from bot.features.engagements.domain import KeptAlone
from bot.features.engagements.opening import record_share
from bot.features.engagements.service import Membership, active_membership
from bot.features.goals import store
from bot.features.goals.domain import (
    ENDINGS,
    GoalClosed,
    GoalState,
    Measure,
    NeedsEnding,
    NeedsExpected,
    NeedsRating,
    Scale,
    ScaleFixed,
    Wording,
    check_target,
)
from bot.features.goals.reading import Entry, entry, membership_of
from bot.features.goals.store import GoalRow
from bot.features.strengths import service as strengths
from bot.features.strengths.domain import StrengthRetired


def make(
    db: Transaction,
    actor: Person,
    engagement_id: str | None,
    wording: Wording,
    is_shared: bool,
    now: datetime,
) -> Entry:
    """A client's, in an engagement; or (None) one without a coach, which nobody else ever sees.

    Raises NotFound, HasEnded, NotActiveYet, NeedsTarget, TargetInThePast, TargetTooFar.
    """
    if engagement_id is not None:
        as_client(db, actor, engagement_id)
    check_target(wording.target_on, local_date(now, actor.zone))
    wording = replace(wording, strengths=strengths.owned(db, actor, wording.strengths))
    row = store.add(db, engagement_id, actor.id, GoalState.OPEN, wording, now)
    _share(db, actor, row, is_shared, was_shared=False, now=now)
    _tell_if_alone(db, row, now)
    return entry(db, actor, row.id, now)


def _tell_if_alone(db: Transaction, row: GoalRow, now: datetime) -> None:
    if row.engagement_id is None:
        db.announce(KeptAlone(row.owner_id), now)


def edit(
    db: Transaction, actor: Person, goal_id: str, wording: Wording, is_shared: bool, now: datetime
) -> Entry:
    """Another target date is kept beside the ones before. Raises NotFound, HasEnded, GoalClosed, NeedsTarget …"""
    row = own_open(db, actor, goal_id)
    rewrite(db, actor, row, wording, is_shared, now)
    return entry(db, actor, goal_id, now)


def rewrite(
    db: Transaction, actor: Person, row: GoalRow, wording: Wording, is_shared: bool, now: datetime
) -> None:
    """It is the actor's own and open from now on. Raises NeedsTarget, TargetInThePast, TargetTooFar."""
    check_target(wording.target_on, local_date(now, actor.zone), row.target_on)
    if row.state == GoalState.OPEN and wording.target_on and wording.target_on != row.target_on:
        store.add_move(db, row, wording.target_on, now)
    store.write(db, row, replace(wording, strengths=strengths.owned(db, actor, wording.strengths)), now)
    was_shared = row.is_shared
    row.state = GoalState.OPEN
    _share(db, actor, row, is_shared, was_shared=was_shared, now=now)


def measure(db: Transaction, actor: Person, goal_id: str, measure: Measure, now: datetime) -> Entry:
    """How it is to be rated. Raises NotFound, HasEnded, GoalClosed, ScaleFixed, NeedsExpected."""
    row = own_open(db, actor, goal_id)
    before = store.measure(db, row, now)
    if measure.scale is not before.scale and store.has_ratings(db, goal_id):
        raise ScaleFixed
    if measure.scale is Scale.LEVELS and not (measure.levels or {}).get(0):
        raise NeedsExpected
    store.write_measure(db, row, measure, now)
    return entry(db, actor, goal_id, now)


def rate(db: Transaction, actor: Person, goal_id: str, value: int, now: datetime) -> Entry:
    """For this week of the actor's, in place of what was said of it before. Raises as rate_week, and NeedsRating."""
    if value not in entry(db, actor, goal_id, now).goal.measure.scale.values:
        raise NeedsRating
    rate_week(db, actor, goal_id, iso_week(now, actor.zone), value, now)
    return entry(db, actor, goal_id, now)


def rate_week(
    db: Transaction, actor: Person, goal_id: str, week: str, value: int | None, now: datetime
) -> None:
    """None takes that week's rating back; a value that is not on the scale counts as none.

    Raises NotFound, HasEnded, GoalClosed.
    """
    row = own_open(db, actor, goal_id)
    on_scale = value in store.measure(db, row, now).scale.values
    store.rate(db, row, week, value if on_scale else None, now)
    _tell_other(db, actor, row)


def close(
    db: Transaction, actor: Person, goal_id: str, ending: GoalState, learned: str | None, now: datetime
) -> Entry:
    """Raises NotFound, HasEnded, GoalClosed, NeedsEnding."""
    if ending not in ENDINGS:
        raise NeedsEnding
    row = own_open(db, actor, goal_id)
    row.state, row.closed_at = ending, now
    store.write_learned(db, row, learned, now)
    db.flush()
    _tell_other(db, actor, row)
    return entry(db, actor, goal_id, now)


def reopen(db: Transaction, actor: Person, goal_id: str, now: datetime) -> Entry:
    """What was learned stays. Raises NotFound, HasEnded."""
    row = own(db, actor, goal_id)
    if row.state in ENDINGS:
        row.state, row.closed_at = GoalState.OPEN, None
        db.flush()
        _tell_if_alone(db, row, now)
    return entry(db, actor, goal_id, now)


def bring(
    db: Transaction, actor: Person, goal_id: str, engagement_id: str, is_shared: bool, now: datetime
) -> Entry:
    """A goal that the actor has alone becomes part of an engagement as a client. Raises NotFound, HasEnded, GoalClosed."""
    row = own_open(db, actor, goal_id)
    if row.engagement_id is not None:
        raise NotFound
    as_client(db, actor, engagement_id)
    store.bring_into(db, row, engagement_id, now)
    _share(db, actor, row, is_shared, was_shared=False, now=now)
    return entry(db, actor, goal_id, now)


def erase(db: Transaction, actor: Person, goal_id: str, now: datetime) -> None:
    """For good, and only one without a coach: what belongs to an engagement goes by its rules. Raises NotFound."""
    row = own(db, actor, goal_id)
    if row.engagement_id is not None:
        raise NotFound
    store.remove(db, row)
    db.announce(TakenAway([actor.id]), now)


def keep_if_drawn_on(db: Transaction, fact: StrengthRetired, now: datetime) -> None:
    """A strength that a goal draws on stays with it."""
    if store.draws_on(db, fact.strength_id):
        fact.kept_by.append("goals")


# --- within -----------------------------------------------------------------------------------------------


def as_client(db: Transaction, actor: Person, engagement_id: str) -> Membership:
    """Goals are the client's. Raises NotFound, HasEnded, NotActiveYet."""
    found = active_membership(db, actor, engagement_id)
    if not may_share(Kind.GOAL, found.role):
        raise NotFound
    return found


def own(db: Transaction, actor: Person, goal_id: str) -> GoalRow:
    """Locked. Of somebody else's, even a shared one, the answer is that there is none to change."""
    row = store.by_id(db, goal_id, locked=True)
    if row is None or row.owner_id != actor.id:
        raise NotFound
    membership_of(db, actor, row)
    return row


def own_open(db: Transaction, actor: Person, goal_id: str) -> GoalRow:
    """Raises NotFound, HasEnded, GoalClosed."""
    row = own(db, actor, goal_id)
    if row.state != GoalState.OPEN:
        raise GoalClosed
    return row


def _share(
    db: Transaction, actor: Person, row: GoalRow, wished: bool, *, was_shared: bool, now: datetime
) -> None:
    """Nobody but its owner sees what belongs to no engagement."""
    found = membership_of(db, actor, row)
    row.is_shared = found is not None and shared_as(Kind.GOAL, found.role, wished=wished)
    db.flush()
    if found is not None:
        record_share(db, found, store.item(row), was_shared=was_shared, now=now)
        db.stale_homes.add(found.other.id)


def _tell_other(db: Transaction, actor: Person, row: GoalRow) -> None:
    """The coach's App Home says how many goals are shared."""
    found = membership_of(db, actor, row)
    if found is not None:
        db.stale_homes.add(found.other.id)
