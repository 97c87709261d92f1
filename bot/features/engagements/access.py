"""Who opened what the other of the pair shared. Append-only, without content."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, mapped_column

from bot.core.database import Base, Transaction, new_id
from bot.core.directory import Person


class AccessRow(Base):
    __tablename__ = "access_log"
    __table_args__ = (Index("ix_access_log_engagement_id", "engagement_id"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    engagement_id: Mapped[str] = mapped_column(ForeignKey("engagements.id"))
    reader_id: Mapped[str] = mapped_column(String(32))
    kind: Mapped[str] = mapped_column(String(20))
    object_id: Mapped[str] = mapped_column(String(32))
    opened_at: Mapped[datetime]


def log_access(
    db: Transaction, reader: Person, engagement_id: str, kind: str, object_id: str, now: datetime
) -> None:
    """`reader` opens the `kind` (prep, commitment, checkin) that the other of the pair shared."""
    db.add(
        AccessRow(
            engagement_id=engagement_id, reader_id=reader.id, kind=kind, object_id=object_id, opened_at=now
        )
    )


def opened_by_others(
    db: Transaction, engagement_ids: Collection[str], reader_id: str, limit: int
) -> Sequence[AccessRow]:
    """What in these engagements was opened by anybody but this one, the latest first."""
    others = select(AccessRow).where(
        AccessRow.engagement_id.in_(engagement_ids), AccessRow.reader_id != reader_id
    )
    return db.scalars(others.order_by(AccessRow.opened_at.desc(), AccessRow.kind).limit(limit)).all()
