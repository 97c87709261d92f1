"""Planning, moving and cancelling: one session, or a series from one session on."""

from collections.abc import Sequence
from datetime import datetime

from bot.core.database import Transaction
from bot.core.dates import say_moment
from bot.core.directory import Person
from bot.core.i18n import current_locale
from bot.features.engagements.domain import EngagementEnded
from bot.features.engagements.service import Membership, active_membership, cadence_of
from bot.features.engagements.store import locked
from bot.features.sessions import news, store
from bot.features.sessions.domain import (
    AHEAD,
    NothingMoved,
    NotPlanned,
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
from bot.features.sessions.service import changeable
from bot.features.sessions.store import SeriesRow, SessionRow

EXTENSIONS_AT_ONCE = 50


def usual(db: Transaction, found: Sequence[Membership]) -> Recurrence | None:
    """How often a new session probably recurs: as agreed, or once beside a series. None if that differs between these."""
    usual_of_each = {_usual(db, each) for each in found}
    return usual_of_each.pop() if len(usual_of_each) == 1 else None


def _usual(db: Transaction, found: Membership) -> Recurrence:
    all_series = store.series_of(db, found.engagement_id)
    has_series = any(series.next_extend_at is not None for series in all_series)
    return Recurrence.ONCE if has_series else Recurrence.of(cadence_of(db, found))


def plan(
    db: Transaction,
    actor: Person,
    engagement_id: str,
    slot: Slot,
    recurrence: Recurrence,
    now: datetime,
) -> Session:
    """The first session planned. Raises NotFound, HasEnded, NotActiveYet, InThePast, TooFarAhead, Overlaps."""
    locked(db, engagement_id)
    found = active_membership(db, actor, engagement_id)
    rule = Rule(slot.on, slot.at, actor.zone, recurrence.every_weeks)
    starts_at = start_of(slot, actor.zone, now)
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
    """Raises NotFound, HasEnded, NotPlanned, InThePast, TooFarAhead, Overlaps, NothingMoved."""
    row, found = changeable(db, actor, session_id, is_locked=True)
    starts_at = start_of(slot, actor.zone, now)
    series, whole = _series(db, row, reach)
    rule = whole.rule.moved(row.series_index or 0, slot, actor.zone) if whole else None
    rows = _later(db, row) if whole else [row]
    times = {each.id: rule.starts_at(each.series_index or 0) if rule else starts_at for each in rows}
    moved = [each for each in rows if (each.starts_at, each.minutes) != (times[each.id], slot.minutes)]
    if not moved:
        raise NothingMoved
    _check_free(db, actor, row.engagement_id, list(times.values()), slot.minutes, list(times), now)
    if whole is not None and rule is not None:
        _follow_rule(whole, rule, slot.minutes)
    for each in moved:
        each.starts_at, each.minutes = times[each.id], slot.minutes
    db.flush()
    for each in moved:
        db.announce(SessionMoved(each.id), now)
    news.tell_moved(db, actor, found.other, moved, series, whole, now)
    db.stale_homes.add(found.other.id)
    return store.session(row)


def cancel(db: Transaction, actor: Person, session_id: str, reach: Reach, now: datetime) -> Session:
    """Raises NotFound, HasEnded, NotPlanned."""
    row, found = changeable(db, actor, session_id, is_locked=True)
    if row.starts_at <= now:
        raise NotPlanned
    series, whole = _series(db, row, reach)
    rows = _later(db, row) if whole else [row]
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
    _cancel(db, store.still_to_start(db, fact.engagement_id, now), now)


def extend_series(db: Transaction, now: datetime) -> int:
    """Plan one batch of what series have coming, in time. Nobody is told: the series says it all."""
    due = store.due_for_extension(db, now, EXTENSIONS_AT_ONCE)
    for series_id, engagement_id in due:
        locked(db, engagement_id)
        series = store.series_by_id(db, series_id)
        store.refresh(db, series)
        if series.next_extend_at is not None and series.next_extend_at <= now:
            _fill(db, series, now)
    return len(due)


def _series(db: Transaction, row: SessionRow, reach: Reach) -> tuple[SeriesRow | None, SeriesRow | None]:
    """The session's series, if it has one; and the same again if all its later sessions are concerned."""
    series = store.series_by_id(db, row.series_id) if row.series_id else None
    if series is not None:
        store.refresh(db, series)
    return series, series if reach is Reach.LATER else None


def _follow_rule(series: SeriesRow, rule: Rule, minutes: int) -> None:
    series.rule, series.minutes = rule, minutes
    if series.next_extend_at is not None:
        series.next_extend_at = rule.starts_at(series.next_index - AHEAD)


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
