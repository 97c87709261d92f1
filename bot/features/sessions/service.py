"""Which sessions there are: planning, moving and cancelling them, and what became of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.core.database import Transaction
from bot.core.dates import say_moment
from bot.core.directory import Person
from bot.core.errors import NotFound
from bot.core.i18n import current_locale
from bot.features.engagements.domain import EngagementEnded, Role
from bot.features.engagements.service import Membership, active_membership, membership, memberships
from bot.features.sessions import news, store
from bot.features.sessions.domain import (
    AHEAD,
    WRAP_UP_WITHIN,
    HeldAlready,
    NotPlanned,
    NotStarted,
    Overlaps,
    Reach,
    Recurrence,
    Rule,
    Session,
    SessionCancelled,
    SessionMoved,
    SessionScheduled,
    SessionState,
    Slot,
    start_of,
)
from bot.features.sessions.store import SeriesRow, SessionRow

EXTENSIONS_AT_ONCE = 50


# --- reading ----------------------------------------------------------------------------------------


def get(db: Transaction, actor: Person, session_id: str) -> Session:
    """Raises NotFound when there is none, or the actor is not one of the pair."""
    return store.session(_row(db, actor, session_id)[0])


def next_of(db: Transaction, engagement_id: str, now: datetime) -> Session | None:
    """The caller has checked the membership."""
    return next((store.session(row) for row in store.upcoming(db, engagement_id, now, 1)), None)


def upcoming(db: Transaction, engagement_id: str, now: datetime) -> list[Session]:
    """The next one first. The caller has checked the membership."""
    return [store.session(row) for row in store.upcoming(db, engagement_id, now)]


@dataclass(frozen=True, slots=True)
class Entry:
    """A session as one of the pair sees it. `every_weeks` is 0 for one that does not recur."""

    session: Session
    membership: Membership
    every_weeks: int


@dataclass(frozen=True, slots=True)
class Agenda:
    """`upcoming`: the next one first. `unwrapped`: past ones that the actor could still wrap up, the latest first."""

    upcoming: Sequence[Entry]
    unwrapped: Sequence[Entry]


def entry(db: Transaction, actor: Person, session_id: str) -> Entry:
    """Raises NotFound."""
    row, found = _row(db, actor, session_id)
    return _entry(db, row, found)


def agenda(db: Transaction, actor: Person, now: datetime) -> Agenda:
    """Over all active engagements of the actor."""
    ahead: list[Entry] = []
    behind: list[Entry] = []
    for found in memberships(db, actor):
        ahead += [_entry(db, row, found) for row in store.upcoming(db, found.engagement_id, now)]
        past = store.past(db, found.engagement_id, now - WRAP_UP_WITHIN, now)
        behind += [_entry(db, row, found) for row in past if not _wrapped(row, found.role)]
    ahead.sort(key=lambda each: each.session.starts_at)
    behind.sort(key=lambda each: each.session.starts_at, reverse=True)
    return Agenda(ahead, behind)


# --- planning, moving, cancelling -------------------------------------------------------------------


def plan(
    db: Transaction,
    actor: Person,
    engagement_id: str,
    slot: Slot,
    recurrence: Recurrence,
    now: datetime,
) -> Session:
    """The first session planned. Raises NotFound, HasEnded, NotActiveYet, InThePast, TooFarAhead, Overlaps."""
    found = active_membership(db, actor, engagement_id)
    rule = Rule(slot.on, slot.at, actor.zone, recurrence.every_weeks)
    starts_at = start_of(slot, actor.zone, now)
    store.lock_engagement(db, engagement_id)
    if recurrence is Recurrence.ONCE:
        _check_free(db, actor, engagement_id, [starts_at], slot.minutes, (), now)
        first, series = _add(db, engagement_id, starts_at, slot.minutes, now), None
    else:
        starts = [rule.starts_at(index) for index in range(AHEAD)]
        _check_free(db, actor, engagement_id, starts, slot.minutes, (), now)
        series = store.add_series(db, engagement_id, rule, slot.minutes, now)
        first = _fill(db, series, now)[0]
    news.tell_planned(db, actor, found.other, first, series, now)
    db.stale_homes.add(found.other.id)
    return store.session(first)


def move(db: Transaction, actor: Person, session_id: str, slot: Slot, reach: Reach, now: datetime) -> Session:
    """Raises NotFound, HasEnded, NotPlanned, InThePast, TooFarAhead, Overlaps."""
    row, found = _changeable(db, actor, session_id)
    starts_at = start_of(slot, actor.zone, now)
    store.lock_engagement(db, row.engagement_id)
    series = store.series_by_id(db, row.series_id) if row.series_id else None
    whole = series if reach is Reach.LATER else None
    if whole is None:
        times = {row: starts_at}
    else:
        rule = whole.rule.moved(row.series_index or 0, slot, actor.zone)
        times = {each: rule.starts_at(each.series_index or 0) for each in _later(db, row)}
    _check_free(
        db, actor, row.engagement_id, list(times.values()), slot.minutes, [each.id for each in times], now
    )
    if whole is not None:
        whole.rule, whole.minutes = rule, slot.minutes
        if whole.next_extend_at is not None:
            whole.next_extend_at = rule.starts_at(whole.next_index - AHEAD)
    moved = [each for each, at in times.items() if (each.starts_at, each.minutes) != (at, slot.minutes)]
    for each in moved:
        each.starts_at, each.minutes = times[each], slot.minutes
    db.flush()
    for each in moved:
        db.announce(SessionMoved(each.id), now)
    if moved:
        news.tell_moved(db, actor, found.other, moved, series, whole, now)
        db.stale_homes.add(found.other.id)
    return store.session(row)


def cancel(db: Transaction, actor: Person, session_id: str, reach: Reach, now: datetime) -> Session:
    """Raises NotFound, HasEnded, NotPlanned."""
    row, found = _changeable(db, actor, session_id)
    if row.starts_at <= now:
        raise NotPlanned
    series = store.series_by_id(db, row.series_id) if row.series_id else None
    whole = series if reach is Reach.LATER else None
    rows = [row] if whole is None else list(_later(db, row))
    if whole is not None:
        whole.next_extend_at = None
    _cancel(db, rows, now)
    news.tell_cancelled(db, actor, found.other, rows, series, whole, now)
    db.stale_homes.add(found.other.id)
    return store.session(row)


def follow_end(db: Transaction, fact: EngagementEnded, now: datetime) -> None:
    """An ended engagement has no sessions ahead of it."""
    for series in store.series_of(db, fact.engagement_id):
        series.next_extend_at = None
    _cancel(db, store.upcoming(db, fact.engagement_id, now), now)


def extend_series(db: Transaction, now: datetime) -> int:
    """Plan one batch of what series have coming, in time. Nobody is told: the series says it all."""
    due = store.due_for_extension(db, now, EXTENSIONS_AT_ONCE)
    for series in due:
        store.lock_engagement(db, series.engagement_id)
        _fill(db, series, now)
    return len(due)


# --- afterwards -------------------------------------------------------------------------------------


def wrap_up(db: Transaction, actor: Person, session_id: str, now: datetime) -> Session:
    """The actor says that it took place, and has nothing left to do about it. Raises NotFound, HasEnded, NotPlanned, NotStarted."""
    row, found = _started(db, actor, session_id, now)
    row.state = SessionState.HELD
    if found.role is Role.COACH:
        row.coach_wrapped_at = now
    else:
        row.client_wrapped_at = now
    db.flush()
    db.stale_homes.add(found.other.id)
    return store.session(row)


def not_held(db: Transaction, actor: Person, session_id: str, now: datetime) -> Session:
    """Raises NotFound, HasEnded, NotPlanned, NotStarted, HeldAlready."""
    row, found = _started(db, actor, session_id, now)
    if row.state == SessionState.HELD:
        raise HeldAlready
    row.state = SessionState.NOT_HELD
    db.flush()
    db.stale_homes.add(found.other.id)
    return store.session(row)


def check_started(db: Transaction, actor: Person, session_id: str, now: datetime) -> Entry:
    """A session that can be wrapped up. Raises NotFound, HasEnded, NotPlanned, NotStarted."""
    row, found = _started(db, actor, session_id, now)
    return _entry(db, row, found)


def _started(db: Transaction, actor: Person, session_id: str, now: datetime) -> tuple[SessionRow, Membership]:
    row, _found = _row(db, actor, session_id)
    found = active_membership(db, actor, row.engagement_id)
    if row.state == SessionState.CANCELLED:
        raise NotPlanned
    if row.starts_at > now:
        raise NotStarted
    return row, found


# --- within -----------------------------------------------------------------------------------------


def _row(db: Transaction, actor: Person, session_id: str) -> tuple[SessionRow, Membership]:
    row = store.by_id(db, session_id)
    if row is None:
        raise NotFound
    return row, membership(db, actor, row.engagement_id)


def _changeable(db: Transaction, actor: Person, session_id: str) -> tuple[SessionRow, Membership]:
    row, _found = _row(db, actor, session_id)
    found = active_membership(db, actor, row.engagement_id)
    if row.state != SessionState.PLANNED:
        raise NotPlanned
    return row, found


def _entry(db: Transaction, row: SessionRow, found: Membership) -> Entry:
    every_weeks = store.series_by_id(db, row.series_id).every_weeks if row.series_id else 0
    return Entry(store.session(row), found, every_weeks)


def _wrapped(row: SessionRow, role: Role) -> bool:
    return (row.coach_wrapped_at if role is Role.COACH else row.client_wrapped_at) is not None


def _later(db: Transaction, row: SessionRow) -> Sequence[SessionRow]:
    """This session of a series and all later ones."""
    assert row.series_id is not None
    return store.later_of_series(db, row.series_id, row.series_index or 0)


def _check_free(
    db: Transaction,
    actor: Person,
    engagement_id: str,
    starts: Sequence[datetime],
    minutes: int,
    except_ids: Sequence[str],
    now: datetime,
) -> None:
    for starts_at in starts:
        other = store.overlapping(db, engagement_id, starts_at, minutes, except_ids)
        if other is not None:
            raise Overlaps(say_moment(other.starts_at, now=now, zone=actor.zone, locale=current_locale()))


def _add(
    db: Transaction,
    engagement_id: str,
    starts_at: datetime,
    minutes: int,
    now: datetime,
    series: SeriesRow | None = None,
) -> SessionRow:
    row = store.add(db, engagement_id, starts_at, minutes, now, series)
    db.announce(SessionScheduled(row.id), now)
    return row


def _fill(db: Transaction, series: SeriesRow, now: datetime) -> list[SessionRow]:
    """Add sessions until the wanted number lies ahead; those whose time is taken or past are left out."""
    added = []
    while series.next_index < AHEAD or series.rule.starts_at(series.next_index - AHEAD) <= now:
        starts_at = series.rule.starts_at(series.next_index)
        taken = store.overlapping(db, series.engagement_id, starts_at, series.minutes)
        if starts_at > now and taken is None:
            added.append(_add(db, series.engagement_id, starts_at, series.minutes, now, series))
        series.next_index += 1
    series.next_extend_at = series.rule.starts_at(series.next_index - AHEAD)
    db.flush()
    return added


def _cancel(db: Transaction, rows: Sequence[SessionRow], now: datetime) -> None:
    for row in rows:
        row.state = SessionState.CANCELLED
    db.flush()
    for row in rows:
        db.announce(SessionCancelled(row.id), now)
