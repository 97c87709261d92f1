"""Exports that were asked for, who asked whom to erase what, and receipts: kinds, numbers, dates and people, never words.

An engagement is named by its id and not by a foreign key: what hangs on it is deleted with it, and these stay.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, mapped_column

from bot.core.database import Base, Transaction, new_id
from bot.core.partial_index import partial_index
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


class RequestRow(Base):
    """One of a pair would like all that the two wrote to be erased; `other_id` is asked."""

    __tablename__ = "erasure_requests"
    __table_args__ = (
        Index("ix_erasure_requests_engagement_id", "engagement_id"),
        Index("ix_erasure_requests_asked_by", "asked_by"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    engagement_id: Mapped[str] = mapped_column(String(32))
    asked_by: Mapped[str] = mapped_column(ForeignKey("people.id"))
    other_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    asked_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    reply: Mapped[str | None] = mapped_column(String(12))
    replied_at: Mapped[datetime | None]


class ExportRow(Base):
    """One export that was asked for. Nothing of what is in it, and of the link only a digest."""

    __tablename__ = "exports"
    __table_args__ = (
        Index("ix_exports_person_id_asked_at", "person_id", "asked_at"),
        Index("ix_exports_token_digest", "token_digest"),
        partial_index("ix_exports_unprepared", "asked_at", where="ready_at IS NULL"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    asked_at: Mapped[datetime]
    ready_at: Mapped[datetime | None]
    expires_at: Mapped[datetime]
    token_digest: Mapped[str | None] = mapped_column(String(64))
    token_until: Mapped[datetime | None]
    public_half: Mapped[str | None] = mapped_column(String(130))
    """Of the code that opens a sealed file; whoever knows it can seal, and not open."""
    taken_at: Mapped[datetime | None]


def add_export(db: Transaction, person_id: str, now: datetime, expires_at: datetime) -> ExportRow:
    row = ExportRow(person_id=person_id, asked_at=now, expires_at=expires_at)
    db.add(row)
    db.flush()
    return row


def unprepared(db: Transaction, limit: int) -> Sequence[ExportRow]:
    """Locked; others' rows are skipped, not waited for."""
    rows = select(ExportRow).where(ExportRow.ready_at.is_(None)).order_by(ExportRow.asked_at).limit(limit)
    return db.scalars(rows.with_for_update(skip_locked=True)).all()


def next_unprepared_at(db: Transaction) -> datetime | None:
    rows = select(ExportRow.asked_at).where(ExportRow.ready_at.is_(None))
    return db.scalar(rows.order_by(ExportRow.asked_at).limit(1))


def export_by_id(db: Transaction, export_id: str) -> ExportRow | None:
    return db.get(ExportRow, export_id)


def locked_export(db: Transaction, export_id: str) -> ExportRow | None:
    return db.get(ExportRow, export_id, with_for_update=True, populate_existing=True)


def to_be_sealed(db: Transaction, person_id: str, now: datetime) -> ExportRow | None:
    """The newest that the person has been shown a code for, and that was not taken; locked."""
    waiting = select(ExportRow).where(
        ExportRow.person_id == person_id,
        ExportRow.public_half.is_not(None),
        ExportRow.taken_at.is_(None),
        ExportRow.expires_at > now,
    )
    return db.scalar(waiting.order_by(ExportRow.asked_at.desc()).limit(1).with_for_update())


def by_token(db: Transaction, digest: str) -> ExportRow | None:
    """Locked: of two who use the same link at once, one is the first."""
    return db.scalar(select(ExportRow).where(ExportRow.token_digest == digest).with_for_update())


def add_request(
    db: Transaction, engagement_id: str, asked_by: str, other_id: str, now: datetime, expires_at: datetime
) -> RequestRow:
    row = RequestRow(
        engagement_id=engagement_id,
        asked_by=asked_by,
        other_id=other_id,
        asked_at=now,
        expires_at=expires_at,
    )
    db.add(row)
    db.flush()
    return row


def locked_request(db: Transaction, request_id: str) -> RequestRow | None:
    """As it is now, and nobody else changes it before this transaction ends."""
    return db.get(RequestRow, request_id, with_for_update=True, populate_existing=True)


def latest_request(db: Transaction, engagement_id: str) -> RequestRow | None:
    of_pair = select(RequestRow).where(RequestRow.engagement_id == engagement_id)
    return db.scalar(of_pair.order_by(RequestRow.asked_at.desc(), RequestRow.id).limit(1))


def open_requests(db: Transaction, asked_by: str, now: datetime) -> Sequence[RequestRow]:
    """What this person has asked for, and still waits for."""
    theirs = select(RequestRow).where(
        RequestRow.asked_by == asked_by, RequestRow.reply.is_(None), RequestRow.expires_at > now
    )
    return db.scalars(theirs.order_by(RequestRow.asked_at)).all()


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
