"""When each client is asked, and what they answered; and who is asked alone.

What they wrote is sealed with the engagement's key, or their own for what belongs to no engagement.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import TypeAlias, TypeVar

from sqlalchemy import (
    ColumnElement,
    ForeignKey,
    Index,
    Select,
    String,
    UniqueConstraint,
    and_,
    bindparam,
    delete,
    exists,
    not_,
    or_,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column

from bot.core.database import Base, Sealed, Transaction, insert_once, new_id
from bot.core.due import due_rows, earliest
from bot.core.outbox.domain import RAN_OUT, State
from bot.core.outbox.store import OutboxRow
from bot.features.checkins.domain import PROMPT, Answers, Checkin, Schedule, Series
from bot.features.commitments.domain import Outcome
from bot.features.engagements.authorization import Item, Kind
from bot.features.engagements.store import begin_at, sealer_at


class _Plan:
    next_checkin_at: Mapped[datetime | None]
    last_week: Mapped[str | None] = mapped_column(String(8))
    skipped_week: Mapped[str | None] = mapped_column(String(8))


class CheckinPlanRow(_Plan, Base):
    __tablename__ = "checkin_plans"
    __table_args__ = (
        Index("ix_checkin_plans_next_checkin_at", "next_checkin_at"),
        Index("ix_checkin_plans_person_id", "person_id"),
    )

    engagement_id: Mapped[str] = mapped_column(ForeignKey("engagements.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    """The client: the one who is asked."""

    @property
    def series(self) -> Series:
        return Series(self.engagement_id, self.person_id)


class AlonePlanRow(_Plan, Base):
    """Of somebody who keeps something alone. With nothing open, they are not asked."""

    __tablename__ = "alone_checkin_plans"
    __table_args__ = (Index("ix_alone_checkin_plans_next_checkin_at", "next_checkin_at"),)

    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True)

    @property
    def series(self) -> Series:
        return Series(None, self.person_id)


PlanRow: TypeAlias = CheckinPlanRow | AlonePlanRow
P = TypeVar("P", CheckinPlanRow, AlonePlanRow)


class CheckinRow(Base):
    __tablename__ = "checkins"
    __table_args__ = (UniqueConstraint("engagement_id", "week"), Index("ix_checkins_owner_id", "owner_id"))

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    engagement_id: Mapped[str | None] = mapped_column(ForeignKey("engagements.id"))
    owner_id: Mapped[str | None] = mapped_column(String(32))
    """Whose it is, if it belongs to no engagement: then, one each week, which the lock on their plan sees to."""
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
    commitment_id: Mapped[str] = mapped_column(
        ForeignKey("commitments.id", ondelete="CASCADE"), primary_key=True
    )
    outcome: Mapped[str] = mapped_column(String(20))


def add_plan(db: Transaction, engagement_id: str, person_id: str, next_at: datetime) -> None:
    db.add(CheckinPlanRow(engagement_id=engagement_id, person_id=person_id, next_checkin_at=next_at))
    db.flush()


_ALONE_PLAN = select(AlonePlanRow).where(AlonePlanRow.person_id == bindparam("person_id"))
_PAIR_PLAN = select(CheckinPlanRow).where(CheckinPlanRow.engagement_id == bindparam("engagement_id"))


def plan_of(db: Transaction, series: Series) -> PlanRow | None:
    """To be looked at."""
    if series.engagement_id is None:
        return db.view_one(_ALONE_PLAN, {"person_id": series.person_id})
    return db.view_one(_PAIR_PLAN, {"engagement_id": series.engagement_id})


def locked_plan(db: Transaction, series: Series) -> PlanRow | None:
    if series.engagement_id is None:
        return db.get(AlonePlanRow, series.person_id, with_for_update=True)
    return db.get(CheckinPlanRow, series.engagement_id, with_for_update=True)


def end_plan(db: Transaction, engagement_id: str) -> None:
    db.get_one(CheckinPlanRow, engagement_id).next_checkin_at = None
    db.flush()


def begin_alone(db: Transaction, person_id: str) -> AlonePlanRow:
    """Unless it is there: then that one. Locked."""
    insert_once(db, AlonePlanRow, person_id=person_id)
    return db.get_one(AlonePlanRow, person_id, with_for_update=True)


def schedule(series: Series, row: PlanRow) -> Schedule:
    return Schedule(series, row.next_checkin_at, row.last_week, row.skipped_week)


def plans_of_person(db: Transaction, person_id: str) -> Sequence[PlanRow]:
    """Those that are still going on; locked."""
    return [*_going_on(db, CheckinPlanRow, person_id), *_going_on(db, AlonePlanRow, person_id)]


def _going_on(db: Transaction, kind: type[P], person_id: str) -> Sequence[P]:
    theirs = select(kind).where(kind.person_id == person_id, kind.next_checkin_at.is_not(None))
    return db.scalars(theirs.with_for_update()).all()


def due(db: Transaction, now: datetime, limit: int) -> Sequence[CheckinPlanRow]:
    return due_rows(db, CheckinPlanRow, CheckinPlanRow.next_checkin_at, now, limit)


def due_alone(db: Transaction, now: datetime, limit: int) -> Sequence[AlonePlanRow]:
    return due_rows(db, AlonePlanRow, AlonePlanRow.next_checkin_at, now, limit)


def next_at(db: Transaction) -> datetime | None:
    moments = [earliest(db, kind.next_checkin_at) for kind in (CheckinPlanRow, AlonePlanRow)]
    return min((each for each in moments if each), default=None)


def of(series: Series) -> Select[CheckinRow]:
    every = select(CheckinRow)
    if series.engagement_id is None:
        return every.where(CheckinRow.engagement_id.is_(None), CheckinRow.owner_id == series.person_id)
    return every.where(CheckinRow.engagement_id == series.engagement_id)


_IN_WEEK = select(CheckinRow).where(CheckinRow.week == bindparam("week"))
_ALONE_IN_WEEK = _IN_WEEK.where(
    CheckinRow.engagement_id.is_(None), CheckinRow.owner_id == bindparam("person_id")
)
_PAIR_IN_WEEK = _IN_WEEK.where(CheckinRow.engagement_id == bindparam("engagement_id"))


def by_week(db: Transaction, series: Series, week: str) -> CheckinRow | None:
    """To be looked at."""
    return db.once_read((CheckinRow, series, week), lambda: db.view_one(*_in_week(series, week)))


def _in_week(series: Series, week: str) -> tuple[Select[CheckinRow], Mapping[str, object]]:
    given = {"engagement_id": series.engagement_id, "person_id": series.person_id, "week": week}
    return _ALONE_IN_WEEK if series.engagement_id is None else _PAIR_IN_WEEK, given


def latest_first(db: Transaction, engagement_id: str) -> Iterable[CheckinRow]:
    same = select(CheckinRow).where(CheckinRow.engagement_id == engagement_id)
    return db.scalars(same.order_by(CheckinRow.week.desc()))


def before(db: Transaction, series: Series, week: str) -> Sequence[CheckinRow]:
    """Those of earlier weeks, the latest first."""
    same = of(series).where(CheckinRow.week < week)
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


def left_unanswered() -> ColumnElement[bool]:
    """Of the outbox: what asked for a week's check-in, arrived, and ran out without an answer. There is one at most for a week.

    What was skipped or put off, held back by a pause or by silence, or erased by its reader, has not been left unanswered.
    """
    is_answered = exists().where(
        CheckinRow.engagement_id == OutboxRow.engagement_id,
        CheckinRow.week == OutboxRow.subject["week"].as_string(),
    )
    is_erased = or_(OutboxRow.needs_recall, OutboxRow.recall_attempts > 0)
    return and_(
        OutboxRow.template == PROMPT,
        OutboxRow.state == State.SENT,
        OutboxRow.closed.in_(RAN_OUT),
        not_(is_erased),
        not_(is_answered),
    )


def save(db: Transaction, series: Series, week: str, answers: Answers, now: datetime) -> CheckinRow:
    """The week's check-in, as it is now; its outcomes replace those said before."""
    engagement_id, owner_id = series.engagement_id, None if series.engagement_id else series.person_id
    sealer = begin_at(db, engagement_id, series.person_id, now)
    row = db.scalar(*_in_week(series, week))
    if row is None:
        row = CheckinRow(
            id=new_id(), engagement_id=engagement_id, owner_id=owner_id, week=week, created_at=now
        )
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
    sealer = sealer_at(db, row.engagement_id, row.owner_id or "", now)
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
