"""Who wraps up which session, and what they wrote: sealed with the engagement's key."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, and_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from bot.core.database import Base, Sealed, Transaction, new_id
from bot.core.due import due_rows, earliest
from bot.core.outbox.store import OutboxRow, keys_from
from bot.features.engagements.authorization import Item, Kind
from bot.features.engagements.store import sealer_of
from bot.features.sessions.store import SessionRow
from bot.features.wrapups.domain import Wrapup


class WrapupRow(Base):
    __tablename__ = "wrapups"
    __table_args__ = (
        UniqueConstraint("session_id", "person_id"),
        Index("ix_wrapups_engagement_id", "engagement_id"),
        Index("ix_wrapups_next_ask_at", "next_ask_at"),
        Index("ix_wrapups_person_id", "person_id"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    session_id: Mapped[str] = mapped_column(ForeignKey("sessions.id"))
    engagement_id: Mapped[str] = mapped_column(ForeignKey("engagements.id"))
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    next_ask_at: Mapped[datetime | None]
    """None once the person was asked, or need not be asked."""
    times_moved: Mapped[int] = mapped_column(default=0)
    """How often the session was moved after the person had been asked: each time, they are asked anew."""
    takeaway: Mapped[bytes | None] = mapped_column(Sealed)
    note: Mapped[bytes | None] = mapped_column(Sealed)
    is_shared: Mapped[bool] = mapped_column(default=False)
    written_at: Mapped[datetime | None]


def of(db: Transaction, session_id: str, person_id: str) -> WrapupRow | None:
    same = select(WrapupRow).where(WrapupRow.session_id == session_id, WrapupRow.person_id == person_id)
    return db.scalar(same)


def takeaway(row: WrapupRow) -> Item:
    return Item(Kind.TAKEAWAY, row.id, row.person_id, row.is_shared)


def locked_of_session(db: Transaction, session_id: str) -> Sequence[WrapupRow]:
    """As they are now, and nobody else changes them before this transaction ends."""
    rows = (
        select(WrapupRow).where(WrapupRow.session_id == session_id).order_by(WrapupRow.id).with_for_update()
    )
    return db.scalars(rows, execution_options={"populate_existing": True}).all()


def waiting_of_person(db: Transaction, person_id: str) -> Sequence[WrapupRow]:
    """Those that the person is still to be asked for."""
    waiting = select(WrapupRow).where(WrapupRow.person_id == person_id, WrapupRow.next_ask_at.is_not(None))
    return db.scalars(waiting).all()


def ask_no_more(db: Transaction, engagement_id: str) -> None:
    rows = update(WrapupRow).where(WrapupRow.engagement_id == engagement_id)
    db.execute(rows.values(next_ask_at=None))


def add(
    db: Transaction, session_id: str, engagement_id: str, person_id: str, next_ask_at: datetime
) -> WrapupRow:
    row = WrapupRow(
        session_id=session_id, engagement_id=engagement_id, person_id=person_id, next_ask_at=next_ask_at
    )
    db.add(row)
    db.flush()
    return row


def due(db: Transaction, now: datetime, limit: int) -> Sequence[WrapupRow]:
    return due_rows(db, WrapupRow, WrapupRow.next_ask_at, now, limit)


def next_ask_at(db: Transaction) -> datetime | None:
    return earliest(db, WrapupRow.next_ask_at)


def last_written(db: Transaction, engagement_id: str, person_id: str, before: datetime) -> WrapupRow | None:
    """This person's wrap-up of their last session before then, if it has one."""
    rows = (
        select(WrapupRow)
        .join(SessionRow, SessionRow.id == WrapupRow.session_id)
        .where(
            WrapupRow.engagement_id == engagement_id,
            WrapupRow.person_id == person_id,
            WrapupRow.written_at.is_not(None),
            SessionRow.starts_at < before,
        )
    )
    return db.scalar(rows.order_by(SessionRow.starts_at.desc()).limit(1))


def opened(db: Transaction, row: WrapupRow, now: datetime) -> Wrapup:
    sealer = sealer_of(db, row.engagement_id, now)
    return Wrapup(
        id=row.id,
        takeaway=sealer.open_optional(WrapupRow.takeaway, row.id, row.takeaway),
        note=sealer.open_optional(WrapupRow.note, row.id, row.note),
        is_shared=row.is_shared,
    )


def write(
    db: Transaction, row: WrapupRow, takeaway: str | None, note: str | None, is_shared: bool, now: datetime
) -> None:
    sealer = sealer_of(db, row.engagement_id, now)
    row.takeaway = sealer.seal_optional(WrapupRow.takeaway, row.id, takeaway)
    row.note = sealer.seal_optional(WrapupRow.note, row.id, note)
    row.is_shared = is_shared and row.takeaway is not None
    row.written_at, row.next_ask_at = now, None
    db.flush()


def open_message(db: Transaction, key: str) -> OutboxRow | None:
    """The message under this key, or what “Later” made of it, that nobody has dealt with yet; locked against a courier."""
    is_open = and_(OutboxRow.key.in_(keys_from(db, key)), OutboxRow.closed.is_(None))
    rows = select(OutboxRow).where(is_open).order_by(OutboxRow.created_at.desc())
    return db.scalar(rows.limit(1).with_for_update(), execution_options={"populate_existing": True})
