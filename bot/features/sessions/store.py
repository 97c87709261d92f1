"""Sessions and series. Times only: nothing here is a person's words."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import (
    ColumnElement,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    and_,
    bindparam,
    or_,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column

from bot.core.database import Base, Transaction, new_id
from bot.core.due import due_rows, earliest
from bot.features.sessions.domain import LONGEST, Rule, Session, SessionState


class SeriesRow(Base):
    __tablename__ = "session_series"
    __table_args__ = (
        Index("ix_session_series_engagement_id", "engagement_id"),
        Index("ix_session_series_next_extend_at", "next_extend_at"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    engagement_id: Mapped[str] = mapped_column(ForeignKey("engagements.id"))
    first_on: Mapped[date]
    at: Mapped[time]
    zone: Mapped[str] = mapped_column(String(60))
    every_weeks: Mapped[int]
    minutes: Mapped[int]
    next_index: Mapped[int] = mapped_column(default=0)
    next_extend_at: Mapped[datetime | None]
    """When fewer sessions than wanted lie ahead; None once the series has stopped."""
    news_key: Mapped[str | None] = mapped_column(String(120))
    created_at: Mapped[datetime]

    @property
    def rule(self) -> Rule:
        return Rule(self.first_on, self.at, self.zone, self.every_weeks)

    @rule.setter
    def rule(self, rule: Rule) -> None:
        self.first_on, self.at, self.zone = rule.first_on, rule.at, rule.zone


class SessionRow(Base):
    __tablename__ = "sessions"
    __table_args__ = (
        UniqueConstraint("series_id", "series_index"),
        Index("ix_sessions_engagement_id_starts_at", "engagement_id", "starts_at"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    engagement_id: Mapped[str] = mapped_column(ForeignKey("engagements.id"))
    series_id: Mapped[str | None] = mapped_column(ForeignKey("session_series.id"))
    series_index: Mapped[int | None]
    starts_at: Mapped[datetime]
    minutes: Mapped[int]
    state: Mapped[str] = mapped_column(String(10), default=SessionState.PLANNED)
    coach_wrapped_at: Mapped[datetime | None]
    client_wrapped_at: Mapped[datetime | None]
    news_key: Mapped[str | None] = mapped_column(String(120))
    created_at: Mapped[datetime]


class GapRow(Base):
    """`asked_since`: since when nothing had taken place when the two were last asked; `is_elsewhere`: not to be asked."""

    __tablename__ = "session_gaps"
    __table_args__ = (Index("ix_session_gaps_next_ask_at", "next_ask_at"),)

    engagement_id: Mapped[str] = mapped_column(ForeignKey("engagements.id"), primary_key=True)
    next_ask_at: Mapped[datetime | None]
    asked_since: Mapped[datetime | None]
    is_elsewhere: Mapped[bool] = mapped_column(default=False)


def session(row: SessionRow) -> Session:
    return Session(
        id=row.id,
        engagement_id=row.engagement_id,
        starts_at=row.starts_at,
        minutes=row.minutes,
        state=SessionState(row.state),
        series_id=row.series_id,
    )


def add_series(db: Transaction, engagement_id: str, rule: Rule, minutes: int, now: datetime) -> SeriesRow:
    row = SeriesRow(
        engagement_id=engagement_id,
        first_on=rule.first_on,
        at=rule.at,
        zone=rule.zone,
        every_weeks=rule.every_weeks,
        minutes=minutes,
        next_index=0,
        created_at=now,
    )
    db.add(row)
    db.flush()
    return row


def add(
    db: Transaction,
    engagement_id: str,
    starts_at: datetime,
    minutes: int,
    now: datetime,
    series: SeriesRow | None = None,
) -> SessionRow:
    """A planned session; with a series, its next one."""
    row = SessionRow(
        engagement_id=engagement_id,
        series_id=series.id if series else None,
        series_index=series.next_index if series else None,
        starts_at=starts_at,
        minutes=minutes,
        created_at=now,
    )
    db.add(row)
    db.flush()
    return row


def by_id(db: Transaction, session_id: str) -> SessionRow | None:
    return db.get(SessionRow, session_id)


def refresh(db: Transaction, row: SessionRow | SeriesRow) -> None:
    """Make it what it is now that the engagement is locked: it may have been read before."""
    db.flush()
    db.refresh(row)


def series_by_id(db: Transaction, series_id: str) -> SeriesRow:
    return db.get_one(SeriesRow, series_id)


def upcoming(
    db: Transaction, engagement_id: str, now: datetime, limit: int | None = None
) -> Sequence[SessionRow]:
    """Planned and still to start, the next one first."""
    given = {"engagement_id": engagement_id, "now": now, "most": limit}
    return db.once_read(
        (SessionRow, engagement_id, now, limit), lambda: db.view(_UPCOMING if limit is None else _SOME, given)
    )


_UPCOMING = (
    select(SessionRow)
    .where(
        SessionRow.engagement_id == bindparam("engagement_id"),
        SessionRow.state == SessionState.PLANNED,
        SessionRow.starts_at > bindparam("now"),
    )
    .order_by(SessionRow.starts_at)
)
_SOME = _UPCOMING.limit(bindparam("most"))


def still_to_start(db: Transaction, engagement_id: str, now: datetime) -> Sequence[SessionRow]:
    """As `upcoming`, to be changed."""
    return db.scalars(_UPCOMING, {"engagement_id": engagement_id, "now": now}).all()


def past(db: Transaction, engagement_id: str, since: datetime, now: datetime) -> Sequence[SessionRow]:
    """Started since then and not cancelled, the latest first."""
    return db.view(_PAST, {"engagement_id": engagement_id, "since": since, "now": now})


_PAST = (
    select(SessionRow)
    .where(
        SessionRow.engagement_id == bindparam("engagement_id"),
        SessionRow.state != SessionState.CANCELLED,
        SessionRow.starts_at > bindparam("since"),
        SessionRow.starts_at <= bindparam("now"),
    )
    .order_by(SessionRow.starts_at.desc())
)


def took_place(now: datetime) -> ColumnElement[bool]:
    """One of the two said so; or its time is over, and neither called it off or said that it was not held."""
    is_over = SessionRow.starts_at <= now - LONGEST
    return or_(SessionRow.state == SessionState.HELD, and_(SessionRow.state == SessionState.PLANNED, is_over))


def overlapping(
    db: Transaction, engagement_id: str, starts_at: datetime, minutes: int, except_ids: Iterable[str] = ()
) -> SessionRow | None:
    """A planned session of the pair that shares a moment with this time."""
    ends_at, left_out = starts_at + timedelta(minutes=minutes), set(except_ids)
    near = select(SessionRow).where(
        SessionRow.engagement_id == engagement_id,
        SessionRow.state == SessionState.PLANNED,
        SessionRow.starts_at < ends_at,
        SessionRow.starts_at > starts_at - timedelta(days=1),
    )
    rows = db.scalars(near.order_by(SessionRow.starts_at))
    return next((row for row in rows if session(row).ends_at > starts_at and row.id not in left_out), None)


def later_of_series(db: Transaction, series_id: str, index: int) -> Sequence[SessionRow]:
    """Planned sessions of a series from this index on."""
    later = select(SessionRow).where(
        SessionRow.series_id == series_id,
        SessionRow.series_index >= index,
        SessionRow.state == SessionState.PLANNED,
    )
    return db.scalars(later.order_by(SessionRow.series_index)).all()


def upcoming_of_series(db: Transaction, series_id: str, now: datetime) -> Sequence[SessionRow]:
    ahead = select(SessionRow).where(
        SessionRow.series_id == series_id,
        SessionRow.state == SessionState.PLANNED,
        SessionRow.starts_at > now,
    )
    return db.scalars(ahead.order_by(SessionRow.starts_at)).all()


def series_of(db: Transaction, engagement_id: str) -> Sequence[SeriesRow]:
    return db.scalars(select(SeriesRow).where(SeriesRow.engagement_id == engagement_id)).all()


def due_for_extension(db: Transaction, now: datetime, limit: int) -> Sequence[tuple[str, str]]:
    """Series and their engagements, not locked: the engagement is to be locked first."""
    due = select(SeriesRow.id, SeriesRow.engagement_id).where(SeriesRow.next_extend_at <= now)
    rows = db.execute(due.order_by(SeriesRow.next_extend_at, SeriesRow.id).limit(limit))
    return [(series_id, engagement_id) for series_id, engagement_id in rows]


def next_extension_at(db: Transaction) -> datetime | None:
    return earliest(db, SeriesRow.next_extend_at)


# --- gaps between them ------------------------------------------------------------------------------


def add_gap(db: Transaction, engagement_id: str) -> None:
    db.add(GapRow(engagement_id=engagement_id))
    db.flush()


def gap_of(db: Transaction, engagement_id: str) -> GapRow | None:
    """Locked."""
    return db.get(GapRow, engagement_id, with_for_update=True)


def gaps_due(db: Transaction, now: datetime, limit: int) -> Sequence[GapRow]:
    return due_rows(db, GapRow, GapRow.next_ask_at, now, limit)


def next_gap_at(db: Transaction) -> datetime | None:
    return earliest(db, GapRow.next_ask_at)


def last_end(db: Transaction, engagement_id: str) -> datetime | None:
    """Of the session that is last in time, held or still planned."""
    counts = select(SessionRow).where(
        SessionRow.engagement_id == engagement_id,
        SessionRow.state.in_((SessionState.PLANNED, SessionState.HELD)),
    )
    row = db.scalar(counts.order_by(SessionRow.starts_at.desc()).limit(1))
    return session(row).ends_at if row else None
