"""What stands in an indexed next_…_at column: which rows are due, and when the next one is."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute

from bot.core.database import Base, Transaction

R = TypeVar("R", bound=Base)
Instant = InstrumentedAttribute[datetime | None]


def due_rows(
    db: Transaction,
    row: type[R],
    column: Instant,
    now: datetime,
    limit: int,
    *then_by: InstrumentedAttribute[Any],
) -> Sequence[R]:
    """Locked, what is due first comes first; others' rows are skipped, not waited for."""
    ripe = select(row).where(column <= now).order_by(column, *then_by).limit(limit)
    return db.scalars(ripe.with_for_update(skip_locked=True)).all()


def earliest(db: Transaction, column: Instant) -> datetime | None:
    """The first of all instants in this column, past or ahead."""
    waiting = select(column).where(column.is_not(None))
    return db.scalar(waiting.order_by(column).limit(1))
