"""What the courier asks of the outbox table: what is due, for whom, and what was sent already."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, func, literal_column, select
from sqlalchemy.orm import InstrumentedAttribute

from bot.core.database import Transaction
from bot.core.outbox import pacing
from bot.core.outbox.domain import State
from bot.core.outbox.pacing import PaceRow
from bot.core.outbox.store import EXPIRED, OutboxRow

A_DAY = timedelta(hours=26)
"""No local day is longer, whatever the clocks do."""
REACHED = (State.SENDING, State.AMBIGUOUS, State.SENT, State.PARKED)
"""The message may be with its reader."""


def _is(*states: State) -> ColumnElement[bool]:
    """Written out, because a planner takes a partial index only where it sees the very value."""
    return OutboxRow.state.in_([literal_column(f"'{state}'") for state in states])


IS_PENDING = OutboxRow.state == literal_column(f"'{State.PENDING}'")


def is_due(now: datetime) -> ColumnElement[bool]:
    return and_(IS_PENDING, OutboxRow.not_before <= now)


def is_uncertain(now: datetime) -> ColumnElement[bool]:
    """Ambiguous, and the time to look has come; or its lease ran out: the sender died while sending.

    No lease is longer than a few minutes: one that seems to be was written by a clock that has been set back since.
    """
    waiting = and_(OutboxRow.not_before > now, OutboxRow.not_before <= now + pacing.LONGEST)
    return and_(_is(State.AMBIGUOUS, State.SENDING), ~waiting, OutboxRow.lead_id.is_(None))


def is_to_repaint(now: datetime) -> ColumnElement[bool]:
    """Of a sent row, `not_before` is when it may be redrawn."""
    return and_(OutboxRow.needs_repaint, _is(State.SENT), OutboxRow.not_before <= now)


def exists_for(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """For a workspace's pace."""
    return exists().where(OutboxRow.team_id == PaceRow.team_id, condition)


def claim(
    db: Transaction,
    condition: ColumnElement[bool],
    team_id: str,
    limit: int,
    order: InstrumentedAttribute[datetime] = OutboxRow.not_before,
) -> Sequence[OutboxRow]:
    """Lock up to `limit` rows for this transaction. On PostgreSQL others' rows are skipped, not waited for."""
    found = select(OutboxRow).where(OutboxRow.team_id == team_id, condition).order_by(order).limit(limit)
    return db.scalars(found.with_for_update(skip_locked=True)).all()


def lock(db: Transaction, row_ids: Collection[str]) -> Mapping[str, OutboxRow]:
    """These rows as they are now, but for those that somebody else is changing."""
    found = select(OutboxRow).where(OutboxRow.id.in_(row_ids)).with_for_update(skip_locked=True)
    rows = db.scalars(found, execution_options={"populate_existing": True})
    return {row.id: row for row in rows}


def also_due(db: Transaction, rows: Sequence[OutboxRow], now: datetime) -> Sequence[OutboxRow]:
    """What else is due to the same people."""
    people, known = {row.person_id for row in rows}, [row.id for row in rows]
    found = select(OutboxRow).where(OutboxRow.person_id.in_(people), is_due(now), OutboxRow.id.not_in(known))
    return db.scalars(found.order_by(OutboxRow.not_before).with_for_update(skip_locked=True)).all()


def parts_of(
    db: Transaction, lead_ids: Collection[str], *, locked: bool = False
) -> Mapping[str, list[OutboxRow]]:
    """By the id of the row whose message tells of them; in the order in which the message tells of them."""
    found = select(OutboxRow).where(OutboxRow.lead_id.is_not(None), OutboxRow.lead_id.in_(lead_ids))
    found = found.order_by(OutboxRow.due_at, OutboxRow.key)
    parts: dict[str, list[OutboxRow]] = {}
    for row in db.scalars(found.with_for_update() if locked else found):
        parts.setdefault(str(row.lead_id), []).append(row)
    return parts


def counted(db: Transaction, person_ids: Collection[str], now: datetime) -> Mapping[str, list[datetime]]:
    """When each person was sent messages that count, about a day back."""
    found = select(OutboxRow.person_id, OutboxRow.send_started_at).where(
        OutboxRow.person_id.in_(person_ids),
        OutboxRow.send_started_at > now - A_DAY,
        OutboxRow.counts,
        OutboxRow.lead_id.is_(None),
        OutboxRow.state.in_(REACHED),
    )
    instants: dict[str, list[datetime]] = {}
    for person_id, at in db.execute(found):
        assert at is not None
        instants.setdefault(person_id, []).append(at)
    return instants


def close_expired(db: Transaction, now: datetime, limit: int) -> int:
    """What was sent and never dealt with loses its buttons once they could only fail."""
    over = (
        select(OutboxRow)
        .where(_is(State.SENT), OutboxRow.closed.is_(None), OutboxRow.expires_at <= now)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    rows = db.scalars(over).all()
    for row in rows:
        row.closed, row.needs_repaint, row.repaint_attempts = EXPIRED, True, 0
    db.flush()
    return len(rows)


def known_channels(db: Transaction, person_ids: Collection[str]) -> Mapping[str, str]:
    """The DMs' ids, as earlier messages told them; there is no other way to them without more scopes."""
    found = (
        select(OutboxRow.person_id, func.max(OutboxRow.channel))
        .where(OutboxRow.person_id.in_(person_ids), OutboxRow.channel.is_not(None))
        .group_by(OutboxRow.person_id)
    )
    return {person_id: str(channel) for person_id, channel in db.execute(found)}


def next_due_at(db: Transaction) -> datetime | None:
    unpainted = and_(OutboxRow.needs_repaint, _is(State.SENT))
    found = [
        db.scalar(select(OutboxRow.not_before).where(which).order_by(OutboxRow.not_before).limit(1))
        for which in (IS_PENDING, _is(State.AMBIGUOUS, State.SENDING), unpainted)
    ]
    return min((at for at in found if at is not None), default=None)
