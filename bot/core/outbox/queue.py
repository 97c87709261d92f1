"""What the courier asks of the outbox table: what is due, for whom, and what was sent already.

Hot statements are built once; their parameters are `now` and ids.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar

from sqlalchemy import ColumnElement, and_, bindparam, exists, func, literal_column, or_, select, update

from bot.core.among import among
from bot.core.database import Transaction
from bot.core.outbox import pacing
from bot.core.outbox.domain import LEASE, State
from bot.core.outbox.pacing import PaceRow
from bot.core.outbox.store import EXPIRED, OutboxRow

A_DAY = timedelta(hours=26)
"""No local day is longer, whatever the clocks do."""
REACHED = (State.SENDING, State.AMBIGUOUS, State.SENT, State.PARKED, State.RECALLED)
"""The message may be with its reader."""


# --- which rows there is something to do for ------------------------------------------------------------------


def _is(*states: State) -> ColumnElement[bool]:
    """Written out, because a planner takes a partial index only where it sees the very words of its condition."""
    written: list[ColumnElement[str]] = [literal_column(f"'{state}'") for state in states]
    return OutboxRow.state == written[0] if len(written) == 1 else OutboxRow.state.in_(written)


def at(now: datetime) -> dict[str, datetime]:
    """The parameters of the conditions below."""
    return {"now": now, "soon": now + pacing.LONGEST}


_NOW = bindparam("now", type_=OutboxRow.not_before.type)
_SOON = bindparam("soon", type_=OutboxRow.not_before.type)

IS_PENDING = OutboxRow.state == literal_column(f"'{State.PENDING}'")
IS_DUE = and_(IS_PENDING, OutboxRow.not_before <= _NOW)
IS_UNCERTAIN = and_(
    _is(State.AMBIGUOUS, State.SENDING),
    or_(OutboxRow.not_before <= _NOW, OutboxRow.not_before > _SOON),
    OutboxRow.lead_id.is_(None),
)
"""Ambiguous, and the time to look has come; or its lease ran out: the sender died while sending.

No lease is longer than a few minutes: one that seems to be was written by a clock that has been set back since.
"""
IS_TO_REPAINT = and_(
    OutboxRow.needs_repaint, ~OutboxRow.needs_recall, _is(State.SENT), OutboxRow.not_before <= _NOW
)
IS_TO_RECALL = and_(OutboxRow.needs_recall, _is(State.SENT), OutboxRow.not_before <= _NOW)
"""Of a sent row, `not_before` is when it may be redrawn, or deleted."""


def exists_for(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """For a workspace's pace."""
    return exists().where(OutboxRow.team_id == PaceRow.team_id, condition)


# --- claiming -------------------------------------------------------------------------------------------------


def claiming(condition: ColumnElement[bool]) -> Any:
    """The statement that `claim` takes."""
    mine = select(OutboxRow).where(OutboxRow.team_id == bindparam("team"), condition)
    return mine.order_by(OutboxRow.not_before).limit(bindparam("most")).with_for_update(skip_locked=True)


CLAIM_DUE = claiming(IS_DUE)
CLAIM_UNCERTAIN = claiming(IS_UNCERTAIN)
CLAIM_REPAINTS = claiming(IS_TO_REPAINT)
CLAIM_RECALLS = claiming(IS_TO_RECALL)
_ALSO_DUE = (
    select(OutboxRow)
    .where(among(OutboxRow.person_id, "people"), IS_DUE, ~among(OutboxRow.id, "ids"))
    .order_by(OutboxRow.not_before)
    .with_for_update(skip_locked=True)
)
_LOCK = select(OutboxRow).where(among(OutboxRow.id, "ids")).with_for_update(skip_locked=True)
_LOCK_IDS = select(OutboxRow.id).where(among(OutboxRow.id, "ids")).with_for_update(skip_locked=True)
_PARTS = (
    select(OutboxRow)
    .where(OutboxRow.lead_id.is_not(None), among(OutboxRow.lead_id, "ids"))
    .order_by(OutboxRow.due_at, OutboxRow.expires_at, OutboxRow.key)
)
_COUNTED = select(OutboxRow.person_id, OutboxRow.send_started_at).where(
    among(OutboxRow.person_id, "people"),
    OutboxRow.send_started_at > bindparam("since", type_=OutboxRow.not_before.type),
    OutboxRow.counts,
    OutboxRow.lead_id.is_(None),
    OutboxRow.state.in_(REACHED),
)
_BEGIN = (
    update(OutboxRow)
    .where(among(OutboxRow.id, "ids"))
    .values(
        state=State.SENDING,
        reason=None,
        lead_id=None,
        attempts=OutboxRow.attempts + 1,
        counts=bindparam("spends"),
        awaits=bindparam("waits", type_=OutboxRow.awaits.type),
        send_started_at=_NOW,
        not_before=bindparam("until", type_=OutboxRow.not_before.type),
    )
)
_ARRIVED = (
    update(OutboxRow)
    .where(OutboxRow.id == bindparam("row_id"))
    .values(
        state=State.SENT,
        reason=None,
        channel=bindparam("chan"),
        ts=bindparam("posted"),
        sent_at=_NOW,
        not_before=_NOW,
        needs_repaint=or_(OutboxRow.needs_repaint, OutboxRow.closed.is_not(None)),
    )
)


def claim(db: Transaction, statement: Any, team_id: str, now: datetime, limit: int) -> Sequence[OutboxRow]:
    """Lock up to `limit` rows for this transaction. On PostgreSQL others' rows are skipped, not waited for."""
    return db.scalars(statement, {**at(now), "team": team_id, "most": limit}).all()


def also_due(db: Transaction, rows: Sequence[OutboxRow], now: datetime) -> Sequence[OutboxRow]:
    """What else is due to the same people."""
    people, known = {row.person_id for row in rows}, [row.id for row in rows]
    return db.scalars(_ALSO_DUE, {**at(now), "people": people, "ids": known}).all()


def lock(db: Transaction, row_ids: Collection[str]) -> Mapping[str, OutboxRow]:
    """These rows as they are now, but for those that somebody else is changing."""
    if not row_ids:
        return {}
    fresh = {"populate_existing": True}
    return {row.id: row for row in db.scalars(_LOCK, {"ids": row_ids}, execution_options=fresh)}


class HasRows(Protocol):
    @property
    def row_ids(self) -> Sequence[str]: ...


W = TypeVar("W", bound=HasRows)
R = TypeVar("R")


def lock_each(
    db: Transaction, done: Sequence[tuple[W, R]]
) -> tuple[list[tuple[W, R, list[OutboxRow]]], list[tuple[W, R]]]:
    """Each call with its rows, in its order; and those calls of whose rows somebody else holds one just now."""
    rows = lock(db, [row_id for work, _answer in done for row_id in work.row_ids])
    whole, left = [], []
    for work, answer in done:
        theirs = [rows[row_id] for row_id in work.row_ids if row_id in rows]
        if len(theirs) == len(work.row_ids):
            whole.append((work, answer, theirs))
        else:
            left.append((work, answer))
    return whole, left


def locked_ids(db: Transaction, row_ids: Collection[str]) -> set[str]:
    """As `lock`, where nothing of the row needs to be known."""
    return set(db.core.execute(_LOCK_IDS, {"ids": row_ids}).scalars())


def begin(db: Transaction, row_ids: Collection[str], counts: bool, awaits: str | None, now: datetime) -> None:
    """These are being sent from now on, each a message of its own; one statement for all of them."""
    values = {"ids": row_ids, "now": now, "until": now + LEASE, "spends": counts, "waits": awaits}
    db.core.execute(_BEGIN, values)


def arrived(db: Transaction, places: Sequence[tuple[str, str, str]], now: datetime) -> None:
    """(id, channel, ts) of messages that are there. What was dealt with while they were on their way is shown then."""
    values = [{"row_id": row_id, "chan": channel, "posted": ts, "now": now} for row_id, channel, ts in places]
    db.core.execute(_ARRIVED, values)


# --- what is known of them ------------------------------------------------------------------------------------


def parts_of(db: Transaction, lead_ids: Collection[str]) -> Mapping[str, list[OutboxRow]]:
    """By the id of the row whose message tells of them; in the order in which the message tells of them."""
    parts: dict[str, list[OutboxRow]] = {}
    for row in db.scalars(_PARTS, {"ids": lead_ids}):
        parts.setdefault(str(row.lead_id), []).append(row)
    return parts


def leads(db: Transaction, rows: Sequence[OutboxRow]) -> Sequence[OutboxRow]:
    """The rows whose messages tell of these, each once."""
    own = {row.id: row for row in rows if row.lead_id is None}
    others = {row.lead_id for row in rows if row.lead_id is not None} - own.keys()
    if others:
        own |= {row.id: row for row in db.scalars(select(OutboxRow).where(OutboxRow.id.in_(others)))}
    return list(own.values())


def counted(db: Transaction, person_ids: Collection[str], now: datetime) -> Mapping[str, list[datetime]]:
    """When each person was sent messages that count, about a day back."""
    instants: dict[str, list[datetime]] = {}
    for person_id, sent_at in db.execute(_COUNTED, {"people": person_ids, "since": now - A_DAY}):
        assert sent_at is not None
        instants.setdefault(person_id, []).append(sent_at)
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
    unrecalled = and_(OutboxRow.needs_recall, _is(State.SENT))
    found = [
        db.scalar(select(OutboxRow.not_before).where(which).order_by(OutboxRow.not_before).limit(1))
        for which in (IS_PENDING, _is(State.AMBIGUOUS, State.SENDING), unpainted, unrecalled)
    ]
    return min((at for at in found if at is not None), default=None)
