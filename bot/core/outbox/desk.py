"""What whoever runs the server sees of messages, and may decide: where nothing tells whether one arrived, or it was given up."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select

from bot.core.database import Transaction
from bot.core.errors import PermanentError
from bot.core.outbox import queue
from bot.core.outbox.domain import State
from bot.core.outbox.store import OutboxRow

NEED_A_LOOK = (State.PARKED, State.DEAD)
MAY_BE_RETRIED = (State.PARKED, State.DEAD, State.STALE, State.CANCELLED)
MAY_BE_DROPPED = (State.PENDING, State.PARKED, State.DEAD)


class Undecided(PermanentError):
    """Why nothing was done, in a sentence for an operator."""


def counts(db: Transaction) -> Mapping[str, int]:
    """How many rows there are in each state."""
    found = select(OutboxRow.state, func.count()).group_by(OutboxRow.state)
    return {str(state): int(count) for state, count in db.execute(found)}


def rows(db: Transaction, states: Sequence[str], limit: int) -> Sequence[OutboxRow]:
    """The oldest first; each message once."""
    found = select(OutboxRow).where(OutboxRow.state.in_(states), OutboxRow.lead_id.is_(None))
    return db.scalars(found.order_by(OutboxRow.due_at, OutboxRow.id).limit(limit)).all()


def find(db: Transaction, beginning: str) -> OutboxRow:
    """The row whose id begins so; of a message that tells of several, the one that stands for it. Raises Undecided."""
    same = OutboxRow.id.startswith(beginning, autoescape=True)
    found = db.scalars(select(OutboxRow).where(same).limit(2)).all()
    if len(found) != 1:
        raise Undecided("several messages have ids that begin so" if found else "no message has such an id")
    return db.get_one(OutboxRow, found[0].lead_id) if found[0].lead_id else found[0]


def retry(db: Transaction, beginning: str, now: datetime) -> OutboxRow:
    """Send it once more, at the next tick; it may arrive twice if it was parked. Raises Undecided."""
    row = find(db, beginning)
    if row.state not in MAY_BE_RETRIED:
        raise Undecided(f"it is {row.state}: there is nothing to be retried")
    if row.closed is not None:
        raise Undecided(f"it was dealt with meanwhile ({row.closed})")
    if row.expires_at <= now:
        raise Undecided(f"its time passed at {row.expires_at:%Y-%m-%d %H:%M} UTC: it would not be sent")
    for each in (row, *queue.parts_of(db, [row.id]).get(row.id, ())):
        each.state, each.reason, each.lead_id = State.PENDING, "retried by the operator", None
        each.attempts, each.lookups, each.is_resend, each.not_before = 0, 0, False, now
    db.flush()
    return row


def drop(db: Transaction, beginning: str) -> OutboxRow:
    """Never send it. Raises Undecided."""
    row = find(db, beginning)
    if row.state not in MAY_BE_DROPPED:
        raise Undecided(f"it is {row.state}: there is nothing to be dropped")
    for each in (row, *queue.parts_of(db, [row.id]).get(row.id, ())):
        each.state, each.reason = State.CANCELLED, "dropped by the operator"
    db.flush()
    return row
