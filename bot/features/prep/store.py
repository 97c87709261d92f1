"""Who prepares which session, and what they wrote: sealed with the engagement's key."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from bot.core.database import Base, Sealed, Transaction, new_id
from bot.core.due import due_rows, earliest
from bot.core.outbox.domain import State
from bot.core.outbox.store import OutboxRow
from bot.features.engagements.authorization import Item, Kind
from bot.features.engagements.store import sealer_of
from bot.features.prep.domain import Answered
from bot.features.sessions.domain import SessionState
from bot.features.sessions.store import SessionRow


class PrepRow(Base):
    __tablename__ = "preps"
    __table_args__ = (
        UniqueConstraint("session_id", "person_id"),
        Index("ix_preps_next_ask_at", "next_ask_at"),
        Index("ix_preps_person_id", "person_id"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    session_id: Mapped[str] = mapped_column(ForeignKey("sessions.id"))
    engagement_id: Mapped[str] = mapped_column(ForeignKey("engagements.id"))
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    next_ask_at: Mapped[datetime | None]
    """None once the person was asked, answered, or need not be asked."""
    is_shared: Mapped[bool] = mapped_column(default=False)
    answered_at: Mapped[datetime | None]


class PrepAnswerRow(Base):
    """An answer keeps the question that it was given to, whatever becomes of the question set."""

    __tablename__ = "prep_answers"
    __table_args__ = (UniqueConstraint("prep_id", "question_key"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    prep_id: Mapped[str] = mapped_column(ForeignKey("preps.id"))
    question_key: Mapped[str] = mapped_column(String(40))
    question: Mapped[bytes] = mapped_column(Sealed)
    words: Mapped[bytes] = mapped_column(Sealed)
    position: Mapped[int]


def of(db: Transaction, session_id: str, person_id: str) -> PrepRow | None:
    same = select(PrepRow).where(PrepRow.session_id == session_id, PrepRow.person_id == person_id)
    return db.scalar(same)


def item(row: PrepRow) -> Item:
    return Item(Kind.PREP, row.id, row.person_id, row.is_shared)


def locked(db: Transaction, session_id: str, person_id: str) -> PrepRow | None:
    """As it is now, and nobody else changes it before this transaction ends."""
    same = select(PrepRow).where(PrepRow.session_id == session_id, PrepRow.person_id == person_id)
    return db.scalar(same.with_for_update(), execution_options={"populate_existing": True})


def locked_of_session(db: Transaction, session_id: str) -> Sequence[PrepRow]:
    rows = select(PrepRow).where(PrepRow.session_id == session_id).order_by(PrepRow.id).with_for_update()
    return db.scalars(rows, execution_options={"populate_existing": True}).all()


def waiting_of_person(db: Transaction, person_id: str) -> Sequence[PrepRow]:
    """Those that the person is still to be asked for."""
    waiting = select(PrepRow).where(PrepRow.person_id == person_id, PrepRow.next_ask_at.is_not(None))
    return db.scalars(waiting).all()


def kept_of_cancelled(db: Transaction, engagement_id: str, person_id: str, since: datetime) -> Sequence[str]:
    """The ids of the cancelled sessions that this person has prepared and that were to start after then."""
    rows = (
        select(PrepRow.session_id)
        .join(SessionRow, SessionRow.id == PrepRow.session_id)
        .where(
            PrepRow.person_id == person_id,
            PrepRow.engagement_id == engagement_id,
            PrepRow.answered_at.is_not(None),
            SessionRow.state == SessionState.CANCELLED,
            SessionRow.starts_at > since,
        )
    )
    return db.scalars(rows.order_by(SessionRow.starts_at)).all()


def readable(db: Transaction, engagement_id: str, since: datetime, now: datetime) -> Sequence[str]:
    """The ids of the sessions that someone has prepared and that were to start between the two."""
    rows = (
        select(SessionRow.id)
        .join(PrepRow, PrepRow.session_id == SessionRow.id)
        .where(
            SessionRow.engagement_id == engagement_id,
            SessionRow.starts_at > since,
            SessionRow.starts_at <= now,
            PrepRow.answered_at.is_not(None),
        )
    )
    return db.scalars(rows.distinct()).all()


def session_before(db: Transaction, engagement_id: str, before: datetime) -> str | None:
    """The id of the last session that the pair has had before then, or is to have."""
    rows = select(SessionRow.id).where(
        SessionRow.engagement_id == engagement_id,
        SessionRow.starts_at < before,
        SessionRow.state.in_([SessionState.PLANNED, SessionState.HELD]),
    )
    return db.scalar(rows.order_by(SessionRow.starts_at.desc()).limit(1))


def add(
    db: Transaction, session_id: str, engagement_id: str, person_id: str, next_ask_at: datetime | None
) -> PrepRow:
    row = PrepRow(
        session_id=session_id, engagement_id=engagement_id, person_id=person_id, next_ask_at=next_ask_at
    )
    db.add(row)
    db.flush()
    return row


def due(db: Transaction, now: datetime, limit: int) -> Sequence[PrepRow]:
    return due_rows(db, PrepRow, PrepRow.next_ask_at, now, limit)


def due_until(db: Transaction, person_id: str, until: datetime) -> Sequence[PrepRow]:
    """All that one person is to be asked for before then, locked, the first one first."""
    rows = select(PrepRow).where(PrepRow.person_id == person_id, PrepRow.next_ask_at < until)
    return db.scalars(rows.order_by(PrepRow.next_ask_at).with_for_update(skip_locked=True)).all()


def next_ask_at(db: Transaction) -> datetime | None:
    return earliest(db, PrepRow.next_ask_at)


def has_answers(db: Transaction, prep_id: str) -> bool:
    return db.scalar(select(PrepAnswerRow.id).where(PrepAnswerRow.prep_id == prep_id).limit(1)) is not None


def answers(db: Transaction, row: PrepRow, now: datetime) -> list[Answered]:
    sealer = sealer_of(db, row.engagement_id, now)
    rows = select(PrepAnswerRow).where(PrepAnswerRow.prep_id == row.id).order_by(PrepAnswerRow.position)
    return [
        Answered(
            key=each.question_key,
            question=sealer.open(PrepAnswerRow.question, each.id, each.question),
            words=sealer.open(PrepAnswerRow.words, each.id, each.words),
        )
        for each in db.scalars(rows)
    ]


def write(
    db: Transaction, row: PrepRow, given: Sequence[Answered], asked: Mapping[str, int], now: datetime
) -> None:
    """`asked` are the keys of the questions on the form with their places: one without an answer loses its old one."""
    sealer = sealer_of(db, row.engagement_id, now)
    old = select(PrepAnswerRow).where(
        PrepAnswerRow.prep_id == row.id, PrepAnswerRow.question_key.in_(list(asked))
    )
    for each in db.scalars(old):
        db.delete(each)
    db.flush()
    for answer in given:
        row_id = new_id()
        db.add(
            PrepAnswerRow(
                id=row_id,
                prep_id=row.id,
                question_key=answer.key,
                question=sealer.seal(PrepAnswerRow.question, row_id, answer.question),
                words=sealer.seal(PrepAnswerRow.words, row_id, answer.words),
                position=asked[answer.key],
            )
        )
    db.flush()


def redate(row: OutboxRow, due_at: datetime | None, expires_at: datetime, now: datetime) -> None:
    """A message that has not been sent follows its session; one that came too late for the old time gets another chance.

    It no longer waits for what held it back (a pause): that is looked at anew when it is due. Without `due_at`, that stays.
    """
    row.expires_at, row.reason, row.state = expires_at, None, State.PENDING
    row.due_at = due_at or row.due_at
    row.not_before = max(row.due_at, now)
