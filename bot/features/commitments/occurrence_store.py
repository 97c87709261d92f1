"""What became of each date of a commitment that recurs. What was learned is sealed as the commitment is."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Protocol

from sqlalchemy import ForeignKey, String, UniqueConstraint, bindparam, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from bot.core import vault
from bot.core.among import among
from bot.core.database import Base, Sealed, Transaction, new_id
from bot.core.vault import Sealer
from bot.features.commitments.domain import Occurrence, Outcome
from bot.features.engagements.store import sealer_at


class OccurrenceRow(Base):
    """One date that was answered, or has passed without: then it has no outcome. Days of a pause, or off, have no row."""

    __tablename__ = "commitment_occurrences"
    __table_args__ = (UniqueConstraint("commitment_id", "occurs_on"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    commitment_id: Mapped[str] = mapped_column(ForeignKey("commitments.id"))
    occurs_on: Mapped[date]
    outcome: Mapped[str | None] = mapped_column(String(20))
    learned: Mapped[bytes | None] = mapped_column(Sealed)
    answered_at: Mapped[datetime | None]


class Kept(Protocol):
    """The commitment that an occurrence is one of: its row, or what was made of that."""

    @property
    def engagement_id(self) -> str | None: ...

    @property
    def owner_id(self) -> str: ...


def add(db: Transaction, commitment_id: str, on: date) -> OccurrenceRow:
    """Unless it is there: then that one."""
    row = of(db, commitment_id, on)
    if row is None:
        row = OccurrenceRow(id=new_id(), commitment_id=commitment_id, occurs_on=on)
        db.add(row)
        db.flush()
    return row


def of(db: Transaction, commitment_id: str, on: date) -> OccurrenceRow | None:
    same = select(OccurrenceRow).where(
        OccurrenceRow.commitment_id == commitment_id, OccurrenceRow.occurs_on == on
    )
    return db.scalar(same)


def answer(row: OccurrenceRow, outcome: Outcome | None, now: datetime) -> None:
    row.outcome, row.answered_at = outcome, now if outcome else None


def seal_learned(db: Transaction, row: OccurrenceRow, of: Kept, learned: str | None, now: datetime) -> None:
    sealer = sealer_at(db, of.engagement_id, of.owner_id, now)
    row.learned = sealer.seal_optional(OccurrenceRow.learned, row.id, learned)


def seal_anew(db: Transaction, commitment_id: str, before: Sealer, after: Sealer) -> None:
    for row in db.scalars(select(OccurrenceRow).where(OccurrenceRow.commitment_id == commitment_id)):
        vault.seal_anew(row, (OccurrenceRow.learned,), before, after)


def between(
    db: Transaction, commitment_ids: Collection[str], first_on: date, last_on: date
) -> Sequence[OccurrenceRow]:
    """Of these commitments, both dates included, the earliest first."""
    those = select(OccurrenceRow).where(
        OccurrenceRow.commitment_id.in_(commitment_ids), OccurrenceRow.occurs_on.between(first_on, last_on)
    )
    return db.scalars(those.order_by(OccurrenceRow.occurs_on, OccurrenceRow.id)).all()


def answered_since(
    db: Transaction, commitment_ids: Collection[str], since: datetime
) -> list[tuple[str, str | None, datetime | None]]:
    """Of these commitments, by id, what became of each time and when that was said."""
    columns = (OccurrenceRow.commitment_id, OccurrenceRow.outcome, OccurrenceRow.answered_at)
    said = select(*columns).where(
        OccurrenceRow.commitment_id.in_(commitment_ids), OccurrenceRow.answered_at >= since
    )
    return [(commitment_id, outcome, at) for commitment_id, outcome, at in db.execute(said)]


def since(db: Transaction, commitment_ids: Collection[str], first_on: date) -> dict[str, list[OccurrenceRow]]:
    """Of each of these commitments, the latest first."""
    found: dict[str, list[OccurrenceRow]] = {each: [] for each in commitment_ids}
    if not found:
        return found
    for row in db.scalars(_SINCE, {"ids": list(found), "first_on": first_on}):
        found[row.commitment_id].append(row)
    return found


_SINCE = (
    select(OccurrenceRow)
    .where(among(OccurrenceRow.commitment_id, "ids"), OccurrenceRow.occurs_on >= bindparam("first_on"))
    .order_by(OccurrenceRow.occurs_on.desc())
)


def latest(db: Transaction, commitment_id: str, most: int) -> Sequence[OccurrenceRow]:
    """The latest first."""
    theirs = select(OccurrenceRow).where(OccurrenceRow.commitment_id == commitment_id)
    return db.scalars(theirs.order_by(OccurrenceRow.occurs_on.desc()).limit(most)).all()


def opened(db: Transaction, row: OccurrenceRow, of: Kept, now: datetime) -> Occurrence:
    sealer = sealer_at(db, of.engagement_id, of.owner_id, now)
    return Occurrence(
        commitment_id=row.commitment_id,
        on=row.occurs_on,
        outcome=Outcome(row.outcome) if row.outcome else None,
        learned=sealer.open_optional(OccurrenceRow.learned, row.id, row.learned),
        answered_at=row.answered_at,
    )


def erase(db: Transaction, commitment_id: str, on: date | None = None) -> None:
    """All of it, or one date."""
    theirs = delete(OccurrenceRow).where(OccurrenceRow.commitment_id == commitment_id)
    db.execute(theirs if on is None else theirs.where(OccurrenceRow.occurs_on == on))
