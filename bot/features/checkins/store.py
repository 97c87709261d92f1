"""When each client is asked, and what they answered. What they wrote is sealed with the engagement's key."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from bot.core.database import Base, Sealed, Transaction, new_id
from bot.core.due import due_rows, earliest
from bot.features.checkins.domain import Answers, Checkin, Schedule
from bot.features.commitments.domain import Outcome
from bot.features.engagements.authorization import Item, Kind
from bot.features.engagements.store import sealer_of


class CheckinPlanRow(Base):
    __tablename__ = "checkin_plans"
    __table_args__ = (
        Index("ix_checkin_plans_next_checkin_at", "next_checkin_at"),
        Index("ix_checkin_plans_person_id", "person_id"),
    )

    engagement_id: Mapped[str] = mapped_column(ForeignKey("engagements.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    """The client: the one who is asked."""
    next_checkin_at: Mapped[datetime | None]
    last_week: Mapped[str | None] = mapped_column(String(8))
    skipped_week: Mapped[str | None] = mapped_column(String(8))


class CheckinRow(Base):
    __tablename__ = "checkins"
    __table_args__ = (UniqueConstraint("engagement_id", "week"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    engagement_id: Mapped[str] = mapped_column(ForeignKey("engagements.id"))
    week: Mapped[str] = mapped_column(String(8))
    helped: Mapped[bytes | None] = mapped_column(Sealed)
    hindered: Mapped[bytes | None] = mapped_column(Sealed)
    is_shared: Mapped[bool]
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class CheckinItemRow(Base):
    """What a check-in said of one commitment."""

    __tablename__ = "checkin_items"

    checkin_id: Mapped[str] = mapped_column(ForeignKey("checkins.id"), primary_key=True)
    commitment_id: Mapped[str] = mapped_column(ForeignKey("commitments.id"), primary_key=True)
    outcome: Mapped[str] = mapped_column(String(20))


def add_plan(db: Transaction, engagement_id: str, person_id: str, next_at: datetime) -> None:
    db.add(CheckinPlanRow(engagement_id=engagement_id, person_id=person_id, next_checkin_at=next_at))
    db.flush()


def plan_of(db: Transaction, engagement_id: str, *, locked: bool = False) -> CheckinPlanRow:
    return db.get_one(CheckinPlanRow, engagement_id, with_for_update=locked or None)


def schedule(row: CheckinPlanRow) -> Schedule:
    return Schedule(row.engagement_id, row.next_checkin_at, row.last_week, row.skipped_week)


def plans_of_person(db: Transaction, person_id: str) -> Sequence[CheckinPlanRow]:
    """Those that are still going on; locked."""
    theirs = select(CheckinPlanRow).where(
        CheckinPlanRow.person_id == person_id, CheckinPlanRow.next_checkin_at.is_not(None)
    )
    return db.scalars(theirs.with_for_update()).all()


def due(db: Transaction, now: datetime, limit: int) -> Sequence[CheckinPlanRow]:
    return due_rows(db, CheckinPlanRow, CheckinPlanRow.next_checkin_at, now, limit)


def next_at(db: Transaction) -> datetime | None:
    return earliest(db, CheckinPlanRow.next_checkin_at)


def by_week(db: Transaction, engagement_id: str, week: str) -> CheckinRow | None:
    same = select(CheckinRow).where(CheckinRow.engagement_id == engagement_id, CheckinRow.week == week)
    return db.scalar(same)


def latest_first(db: Transaction, engagement_id: str) -> Iterable[CheckinRow]:
    same = select(CheckinRow).where(CheckinRow.engagement_id == engagement_id)
    return db.scalars(same.order_by(CheckinRow.week.desc()))


def before(db: Transaction, engagement_id: str, week: str) -> Sequence[CheckinRow]:
    """Those of earlier weeks, the latest first."""
    same = select(CheckinRow).where(CheckinRow.engagement_id == engagement_id, CheckinRow.week < week)
    return db.scalars(same.order_by(CheckinRow.week.desc())).all()


def outcomes(db: Transaction, checkin_id: str) -> dict[str, Outcome]:
    """What was answered in it, by commitment."""
    items = db.scalars(select(CheckinItemRow).where(CheckinItemRow.checkin_id == checkin_id))
    return {each.commitment_id: Outcome(each.outcome) for each in items}


def item(row: CheckinRow, client_id: str) -> Item:
    return Item(Kind.CHECKIN, row.id, client_id, row.is_shared)


def checked_in_since(db: Transaction, engagement_ids: Collection[str], since: datetime) -> set[str]:
    of_these = select(CheckinRow.engagement_id).where(CheckinRow.engagement_id.in_(engagement_ids))
    return set(db.scalars(of_these.where(CheckinRow.created_at > since)))


def save(db: Transaction, engagement_id: str, week: str, answers: Answers, now: datetime) -> CheckinRow:
    """The week's check-in, as it is now; its outcomes replace those said before."""
    sealer = sealer_of(db, engagement_id, now)
    row = by_week(db, engagement_id, week)
    if row is None:
        row = CheckinRow(id=new_id(), engagement_id=engagement_id, week=week, created_at=now)
        db.add(row)
    row.helped = sealer.seal_optional(CheckinRow.helped, row.id, answers.helped)
    row.hindered = sealer.seal_optional(CheckinRow.hindered, row.id, answers.hindered)
    row.is_shared, row.changed_at = answers.is_shared, now
    db.flush()
    db.execute(delete(CheckinItemRow).where(CheckinItemRow.checkin_id == row.id))
    for commitment_id, outcome in answers.outcomes.items():
        if outcome is not None:
            db.add(CheckinItemRow(checkin_id=row.id, commitment_id=commitment_id, outcome=outcome))
    db.flush()
    return row


def opened(db: Transaction, row: CheckinRow, now: datetime) -> Checkin:
    sealer = sealer_of(db, row.engagement_id, now)
    return Checkin(
        id=row.id,
        engagement_id=row.engagement_id,
        week=row.week,
        outcomes=outcomes(db, row.id),
        helped=sealer.open_optional(CheckinRow.helped, row.id, row.helped),
        hindered=sealer.open_optional(CheckinRow.hindered, row.id, row.hindered),
        is_shared=row.is_shared,
        created_at=row.created_at,
    )
