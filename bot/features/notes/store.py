"""Notes, sealed with the engagement's key. In the clear: whose, of which day and session, and whether it is shared."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, ForeignKey, Index, String, bindparam, func, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from bot.core.database import Base, Sealed, Transaction, new_id
from bot.features.engagements.authorization import Item, Kind
from bot.features.engagements.store import sealer_of
from bot.features.notes.domain import Draft, Filter, Note, month_after


class NoteRow(Base):
    __tablename__ = "notes"
    __table_args__ = (
        Index("ix_notes_engagement_id_noted_on", "engagement_id", "noted_on"),
        Index("ix_notes_author_id", "author_id"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    engagement_id: Mapped[str] = mapped_column(ForeignKey("engagements.id"))
    author_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    session_id: Mapped[str | None] = mapped_column(ForeignKey("sessions.id"))
    noted_on: Mapped[date]
    words: Mapped[bytes] = mapped_column(Sealed)
    is_shared: Mapped[bool]
    created_at: Mapped[datetime]


def add(db: Transaction, engagement_id: str, author_id: str, draft: Draft, now: datetime) -> NoteRow:
    row = NoteRow(id=new_id(), engagement_id=engagement_id, author_id=author_id, created_at=now)
    write(db, row, draft, now)
    db.add(row)
    db.flush()
    return row


def write(db: Transaction, row: NoteRow, draft: Draft, now: datetime) -> None:
    sealer = sealer_of(db, row.engagement_id, now)
    row.words = sealer.seal(NoteRow.words, row.id, draft.words)
    row.noted_on, row.session_id, row.is_shared = draft.noted_on, draft.session_id, draft.is_shared


def opened(db: Transaction, row: NoteRow, now: datetime) -> Note:
    sealer = sealer_of(db, row.engagement_id, now)
    return Note(
        id=row.id,
        engagement_id=row.engagement_id,
        author_id=row.author_id,
        session_id=row.session_id,
        noted_on=row.noted_on,
        words=sealer.open(NoteRow.words, row.id, row.words),
        is_shared=row.is_shared,
    )


def item(row: NoteRow) -> Item:
    return Item(Kind.OWN_NOTE, row.id, row.author_id, row.is_shared)


def locked(db: Transaction, note_id: str) -> NoteRow | None:
    return db.get(NoteRow, note_id, with_for_update=True, populate_existing=True)


def page(
    db: Transaction, engagement_ids: Collection[str], reader_id: str, wanted: Filter, limit: int
) -> Sequence[NoteRow]:
    """The newest first; one's own, and what the other of each pair shares."""
    rows = select(NoteRow).where(*_visible(engagement_ids, reader_id))
    if wanted.session_id:
        rows = rows.where(NoteRow.session_id == wanted.session_id)
    if wanted.month:
        rows = rows.where(NoteRow.noted_on >= wanted.month, NoteRow.noted_on < month_after(wanted.month))
    newest = rows.order_by(NoteRow.noted_on.desc(), NoteRow.created_at.desc(), NoteRow.id)
    return db.scalars(newest.offset(wanted.start).limit(limit)).all()


def days(db: Transaction, engagement_ids: Collection[str], reader_id: str) -> Sequence[date]:
    """On which there is something to read, the latest first."""
    rows = select(NoteRow.noted_on).where(*_visible(engagement_ids, reader_id)).distinct()
    return db.scalars(rows.order_by(NoteRow.noted_on.desc())).all()


def session_ids(db: Transaction, engagement_ids: Collection[str], reader_id: str) -> Sequence[str]:
    """Of which there is something to read."""
    rows = select(NoteRow.session_id).where(*_visible(engagement_ids, reader_id))
    found = db.scalars(rows.where(NoteRow.session_id.is_not(None)).distinct())
    return [each for each in found if each is not None]


def last_own(db: Transaction, engagement_id: str, author_id: str, limit: int) -> Sequence[NoteRow]:
    rows = select(NoteRow).where(NoteRow.engagement_id == engagement_id, NoteRow.author_id == author_id)
    newest = rows.order_by(NoteRow.noted_on.desc(), NoteRow.created_at.desc(), NoteRow.id)
    return db.scalars(newest.limit(limit)).all()


def count_shared(db: Transaction, engagement_id: str, author_id: str) -> int:
    return db.view(_COUNT_SHARED, {"engagement_id": engagement_id, "author_id": author_id})[0]


_COUNT_SHARED = select(func.count()).where(
    NoteRow.engagement_id == bindparam("engagement_id"),
    NoteRow.author_id == bindparam("author_id"),
    NoteRow.is_shared,
)


def _visible(engagement_ids: Collection[str], reader_id: str) -> tuple[ColumnElement[bool], ...]:
    return (
        NoteRow.engagement_id.in_(engagement_ids),
        or_(NoteRow.author_id == reader_id, NoteRow.is_shared),
    )
