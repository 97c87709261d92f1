"""Closing reviews, sealed with the engagement's key, and destroyed with it."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from bot.core.database import Base, Sealed, Transaction, new_id
from bot.features.closing.domain import Review
from bot.features.engagements.authorization import Item, Kind
from bot.features.engagements.store import sealer_of


class ReviewRow(Base):
    __tablename__ = "closing_reviews"
    __table_args__ = (UniqueConstraint("engagement_id", "person_id"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    engagement_id: Mapped[str] = mapped_column(ForeignKey("engagements.id"))
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    changed: Mapped[bytes | None] = mapped_column(Sealed)
    keep: Mapped[bytes | None] = mapped_column(Sealed)
    is_shared: Mapped[bool]
    written_at: Mapped[datetime]


def of(db: Transaction, engagement_id: str, person_id: str) -> ReviewRow | None:
    same = select(ReviewRow).where(ReviewRow.engagement_id == engagement_id, ReviewRow.person_id == person_id)
    return db.scalar(same.with_for_update())


def item(row: ReviewRow) -> Item:
    return Item(Kind.CLOSING, row.id, row.person_id, row.is_shared)


def write(
    db: Transaction,
    engagement_id: str,
    person_id: str,
    changed: str | None,
    keep: str | None,
    is_shared: bool,
    now: datetime,
) -> ReviewRow:
    row = of(db, engagement_id, person_id)
    if row is None:
        row = ReviewRow(id=new_id(), engagement_id=engagement_id, person_id=person_id)
    sealer = sealer_of(db, engagement_id, now)
    row.changed = sealer.seal_optional(ReviewRow.changed, row.id, changed)
    row.keep = sealer.seal_optional(ReviewRow.keep, row.id, keep)
    row.is_shared, row.written_at = is_shared, now
    db.add(row)
    db.flush()
    return row


def opened(db: Transaction, row: ReviewRow, now: datetime) -> Review:
    sealer = sealer_of(db, row.engagement_id, now)
    return Review(
        id=row.id,
        changed=sealer.open_optional(ReviewRow.changed, row.id, row.changed),
        keep=sealer.open_optional(ReviewRow.keep, row.id, row.keep),
        is_shared=row.is_shared,
    )
