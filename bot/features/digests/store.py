"""When each coach is told next how their clients are doing."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from bot.core.database import Base, Transaction
from bot.core.due import due_rows, earliest


class DigestRow(Base):
    __tablename__ = "digests"
    __table_args__ = (Index("ix_digests_next_digest_at", "next_digest_at"),)

    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True)
    next_digest_at: Mapped[datetime | None]
    """None while they coach nobody."""


def of(db: Transaction, person_id: str) -> DigestRow | None:
    """Locked."""
    return db.get(DigestRow, person_id, with_for_update=True)


def due(db: Transaction, now: datetime, limit: int) -> Sequence[DigestRow]:
    return due_rows(db, DigestRow, DigestRow.next_digest_at, now, limit, DigestRow.person_id)


def next_at(db: Transaction) -> datetime | None:
    return earliest(db, DigestRow.next_digest_at)
