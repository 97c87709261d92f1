"""Receipts of what was erased: kinds, numbers, dates and people, never words.

An engagement is named by its id and not by a foreign key: what hangs on it is deleted with it, and a receipt stays.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, mapped_column

from bot.core.database import Base, Transaction, new_id
from bot.features.rights.domain import Receipt, What


class ErasureRow(Base):
    """`person_id`: who may see it. `by_id`: who asked for it; nobody, where the agreed time was over."""

    __tablename__ = "erasures"
    __table_args__ = (Index("ix_erasures_person_id_erased_at", "person_id", "erased_at"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    other_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    engagement_id: Mapped[str] = mapped_column(String(32))
    what: Mapped[str] = mapped_column(String(10))
    by_id: Mapped[str | None] = mapped_column(String(32))
    counts: Mapped[dict[str, int]] = mapped_column(JSON)
    erased_at: Mapped[datetime]


def add_receipt(
    db: Transaction,
    person_id: str,
    other_id: str,
    engagement_id: str,
    what: What,
    by_id: str | None,
    counts: Mapping[str, int],
    now: datetime,
) -> Receipt:
    row = ErasureRow(
        person_id=person_id,
        other_id=other_id,
        engagement_id=engagement_id,
        what=what,
        by_id=by_id,
        counts=dict(counts),
        erased_at=now,
    )
    db.add(row)
    db.flush()
    return _receipt(row)


def receipts_of(db: Transaction, person_id: str, limit: int) -> Sequence[Receipt]:
    """The latest first."""
    rows = select(ErasureRow).where(ErasureRow.person_id == person_id)
    return [
        _receipt(row)
        for row in db.scalars(rows.order_by(ErasureRow.erased_at.desc(), ErasureRow.id).limit(limit))
    ]


def _receipt(row: ErasureRow) -> Receipt:
    return Receipt(What(row.what), row.other_id, row.counts, row.erased_at)
