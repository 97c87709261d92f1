"""Strengths, sealed with their owner's own key: they belong to the person, and outlast any engagement."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, Index, Select, String, delete, func, select
from sqlalchemy.orm import Mapped, mapped_column

from bot.core.database import Base, Sealed, Transaction, new_id
from bot.features.engagements.authorization import Item, Kind
from bot.features.people.store import begin_own, own_sealer
from bot.features.strengths.domain import Strength


class StrengthRow(Base):
    __tablename__ = "strengths"
    __table_args__ = (Index("ix_strengths_owner_id", "owner_id"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    owner_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    name: Mapped[bytes] = mapped_column(Sealed)
    place: Mapped[int]
    """In the owner's list, counted from the first one they ever named."""
    created_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]


class StrengthShareRow(Base):
    """In this engagement, the coach may see it: chosen for each coach, so that no later one inherits it."""

    __tablename__ = "strength_shares"
    __table_args__ = (Index("ix_strength_shares_engagement_id", "engagement_id"),)

    strength_id: Mapped[str] = mapped_column(ForeignKey("strengths.id"), primary_key=True)
    engagement_id: Mapped[str] = mapped_column(ForeignKey("engagements.id"), primary_key=True)


def add(db: Transaction, owner_id: str, name: str, now: datetime) -> None:
    sealer, row_id = begin_own(db, owner_id, now), new_id()
    sealed = sealer.seal(StrengthRow.name, row_id, name)
    named = select(func.count()).where(StrengthRow.owner_id == owner_id)
    place = db.scalar(named) or 0
    db.add(StrengthRow(id=row_id, owner_id=owner_id, name=sealed, place=place, created_at=now))
    db.flush()


def remove(db: Transaction, row: StrengthRow) -> None:
    db.execute(delete(StrengthShareRow).where(StrengthShareRow.strength_id == row.id))
    db.delete(row)


def by_id(db: Transaction, strength_id: str) -> StrengthRow | None:
    return db.get(StrengthRow, strength_id)


def locked_of_person(db: Transaction, owner_id: str) -> Sequence[StrengthRow]:
    """Those in use, as they were named; nobody else changes them before the transaction ends."""
    return db.scalars(_in_use(owner_id).with_for_update()).all()


def of_person(db: Transaction, owner_id: str) -> Sequence[StrengthRow]:
    """Those in use, as they were named."""
    return db.scalars(_in_use(owner_id)).all()


def ever_of_person(db: Transaction, owner_id: str) -> Sequence[StrengthRow]:
    """In use or retired, as they were named."""
    theirs = select(StrengthRow).where(StrengthRow.owner_id == owner_id)
    return db.scalars(theirs.order_by(StrengthRow.place, StrengthRow.id)).all()


def of_ids(db: Transaction, ids: Collection[str]) -> Sequence[StrengthRow]:
    """In use or retired, as they were named."""
    if not ids:
        return []
    named = select(StrengthRow).where(StrengthRow.id.in_(ids))
    return db.scalars(named.order_by(StrengthRow.place, StrengthRow.id)).all()


def items(db: Transaction, rows: Sequence[StrengthRow], engagement_id: str) -> list[Item]:
    """For deciding who may read them in this engagement."""
    shared = _shares(db, [row.id for row in rows])
    return [Item(Kind.STRENGTH, row.id, row.owner_id, engagement_id in shared[row.id]) for row in rows]


def opened(db: Transaction, rows: Sequence[StrengthRow], now: datetime) -> list[Strength]:
    shared = _shares(db, [row.id for row in rows])
    found = []
    for row in rows:
        sealer = own_sealer(db, row.owner_id, now)
        name = sealer.open(StrengthRow.name, row.id, row.name)
        found.append(Strength(row.id, row.owner_id, name, frozenset(shared[row.id])))
    return found


def set_shared(db: Transaction, engagement_id: str, own: Collection[str], chosen: Collection[str]) -> None:
    """Of a person's `own` strengths, exactly the `chosen` ones are shared in this engagement."""
    of_own = StrengthShareRow.strength_id.in_(own)
    db.execute(delete(StrengthShareRow).where(StrengthShareRow.engagement_id == engagement_id, of_own))
    for strength_id in chosen:
        db.add(StrengthShareRow(strength_id=strength_id, engagement_id=engagement_id))
    db.flush()


def _in_use(owner_id: str) -> Select[StrengthRow]:
    theirs = select(StrengthRow).where(StrengthRow.owner_id == owner_id, StrengthRow.retired_at.is_(None))
    return theirs.order_by(StrengthRow.place, StrengthRow.id)


def _shares(db: Transaction, ids: Collection[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    if not ids:
        return found
    for share in db.scalars(select(StrengthShareRow).where(StrengthShareRow.strength_id.in_(ids))):
        found[share.strength_id].add(share.engagement_id)
    return found
