"""Exports on their way into somebody's direct messages, and there: an id of Slack's, and nothing of what is in them."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, mapped_column

from bot.core.database import Base, Transaction
from bot.core.rights import TakenAway
from bot.features.rights.domain import FileState


class FileRow(Base):
    """`turn`: random; whoever begins anew draws another, and who had the one before does nothing more.

    `file_id`: written down before the file can be seen by anybody.
    `next_at`: when there is something to do; None when there is nothing.
    `is_to_go`: something that is in it was erased, or is shared no more.
    """

    __tablename__ = "export_files"
    __table_args__ = (
        Index("ix_export_files_next_at", "next_at"),
        Index("ix_export_files_person_id", "person_id"),
    )

    export_id: Mapped[str] = mapped_column(ForeignKey("exports.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    state: Mapped[str] = mapped_column(String(12), default=FileState.WAITING)
    turn: Mapped[str | None] = mapped_column(String(32))
    file_id: Mapped[str | None] = mapped_column(String(20))
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime | None]
    is_to_go: Mapped[bool] = mapped_column(default=False)


def add(db: Transaction, export_id: str, person_id: str) -> None:
    db.add(FileRow(export_id=export_id, person_id=person_id))
    db.flush()


def file_of(db: Transaction, export_id: str) -> FileRow | None:
    return db.get(FileRow, export_id)


def locked(db: Transaction, export_id: str) -> FileRow:
    """As it is now, and nobody else changes it before this transaction ends."""
    return db.get_one(FileRow, export_id, with_for_update=True, populate_existing=True)


def due(db: Transaction, now: datetime) -> FileRow | None:
    """Locked; one that somebody else holds is skipped, not waited for."""
    rows = select(FileRow).where(FileRow.next_at <= now).order_by(FileRow.next_at).limit(1)
    return db.scalar(rows.with_for_update(skip_locked=True), execution_options={"populate_existing": True})


def follow(db: Transaction, fact: TakenAway, now: datetime) -> None:
    take_back(db, fact.person_ids, now)


def take_back(db: Transaction, person_ids: Collection[str], now: datetime) -> None:
    """Something was taken away: what these people have in their direct messages goes, what is on its way is made anew."""
    rows = select(FileRow).where(FileRow.person_id.in_(person_ids), FileRow.state != FileState.DELETED)
    for row in db.scalars(rows.with_for_update(), execution_options={"populate_existing": True}):
        if row.state == FileState.SENDING:
            row.state, row.turn, row.next_at = FileState.WAITING, None, now
        elif row.file_id is not None:
            row.is_to_go = True
            if row.state != FileState.SHARING:
                row.attempts, row.next_at = 0, now
    db.flush()
