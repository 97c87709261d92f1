"""Who opened what the other of the pair shared. Append-only, without content."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
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
