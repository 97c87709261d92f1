"""A coach's own sets, sealed with the coach's key; the copies that a pair uses, sealed with the pair's; and what was chosen."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, delete, func, select
from sqlalchemy.orm import Mapped, mapped_column

from bot.core.database import Base, Sealed, Transaction, new_id
from bot.core.vault import Sealer, person_owner
from bot.features.engagements.domain import EngagementState
from bot.features.engagements.store import EngagementRow, sealer_of
from bot.features.goals.domain import FocusArea
from bot.features.people.service import People
from bot.features.questions.domain import (
    Choice,
    OwnQuestions,
    OwnSet,
    Sheet,
    Source,
)
from bot.features.questions.own_text import as_json, from_json
from bot.features.sessions.domain import SessionState
from bot.features.sessions.store import SessionRow


class SetRow(Base):
    """Nobody but its owner opens it; what a client sees is a SheetRow."""

    __tablename__ = "question_sets"
    __table_args__ = (Index("ix_question_sets_owner_id", "owner_id"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    owner_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    title: Mapped[bytes] = mapped_column(Sealed)
    content: Mapped[bytes] = mapped_column(Sealed)
    area: Mapped[str | None] = mapped_column(String(20))
    created_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]


class SheetRow(Base):
    """A copy of a coach's set as the pair uses it. Never changed: a form that is open names the one it was made from."""

    __tablename__ = "question_sheets"
    __table_args__ = (Index("ix_question_sheets_engagement_id", "engagement_id"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    engagement_id: Mapped[str] = mapped_column(ForeignKey("engagements.id"))
    set_id: Mapped[str | None] = mapped_column(ForeignKey("question_sets.id"))
    title: Mapped[bytes] = mapped_column(Sealed)
    content: Mapped[bytes] = mapped_column(Sealed)
    created_at: Mapped[datetime]


class ChoiceRow(Base):
    """`id` is the session's that it is for, or the engagement's for all sessions without one of their own."""

    __tablename__ = "question_choices"
    __table_args__ = (Index("ix_question_choices_engagement_id", "engagement_id"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    engagement_id: Mapped[str] = mapped_column(ForeignKey("engagements.id"))
    session_id: Mapped[str | None] = mapped_column(ForeignKey("sessions.id"))
    source: Mapped[str] = mapped_column(String(10))
    area: Mapped[str | None] = mapped_column(String(20))
    sheet_id: Mapped[str | None] = mapped_column(ForeignKey("question_sheets.id"))
    chosen_at: Mapped[datetime]

    @property
    def choice(self) -> Choice:
        return Choice(Source(self.source), FocusArea(self.area) if self.area else None, self.sheet_id)


# --- a coach's own sets -----------------------------------------------------------------------------


def sets_of(db: Transaction, owner_id: str, now: datetime) -> list[OwnSet]:
    """The newest last."""
    rows = db.scalars(
        select(SetRow).where(SetRow.owner_id == owner_id).order_by(SetRow.created_at, SetRow.id)
    )
    return [opened(db, row, now) for row in rows]


def count_in_use(db: Transaction, owner_id: str) -> int:
    own = select(func.count()).where(SetRow.owner_id == owner_id, SetRow.retired_at.is_(None))
    return db.scalar(own) or 0


def set_by_id(db: Transaction, set_id: str) -> SetRow | None:
    return db.get(SetRow, set_id, with_for_update=True, populate_existing=True)


def opened(db: Transaction, row: SetRow, now: datetime) -> OwnSet:
    sealer = _own_sealer(db, row.owner_id, now)
    return OwnSet(
        id=row.id,
        title=sealer.open(SetRow.title, row.id, row.title),
        questions=from_json(sealer.open(SetRow.content, row.id, row.content)),
        area=FocusArea(row.area) if row.area else None,
        is_retired=row.retired_at is not None,
    )


def add_set(
    db: Transaction, owner_id: str, title: str, questions: OwnQuestions, area: FocusArea | None, now: datetime
) -> SetRow:
    if db.scalar(select(SetRow.id).where(SetRow.owner_id == owner_id).limit(1)) is None:
        db.vault.begin(db, person_owner(owner_id), now, team_id=_team_of(db, owner_id))
    row = SetRow(id=new_id(), owner_id=owner_id, created_at=now)
    write_set(db, row, title, questions, area, now)
    db.add(row)
    db.flush()
    return row


def write_set(
    db: Transaction,
    row: SetRow,
    title: str,
    questions: OwnQuestions,
    area: FocusArea | None,
    now: datetime,
) -> None:
    sealer = _own_sealer(db, row.owner_id, now)
    row.title = sealer.seal(SetRow.title, row.id, title)
    row.content = sealer.seal(SetRow.content, row.id, as_json(questions))
    row.area = area


def _own_sealer(db: Transaction, owner_id: str, now: datetime) -> Sealer:
    return db.vault.sealer(db, person_owner(owner_id), now, team_id=_team_of(db, owner_id))


def _team_of(db: Transaction, person_id: str) -> str:
    return People().get(db, person_id).identity.team_id


# --- what a pair uses -------------------------------------------------------------------------------


def add_sheet(db: Transaction, engagement_id: str, own: OwnSet, now: datetime) -> str:
    sealer = sealer_of(db, engagement_id, now)
    row_id = new_id()
    db.add(
        SheetRow(
            id=row_id,
            engagement_id=engagement_id,
            set_id=own.id,
            title=sealer.seal(SheetRow.title, row_id, own.title),
            content=sealer.seal(SheetRow.content, row_id, as_json(own.questions)),
            created_at=now,
        )
    )
    db.flush()
    return row_id


def sheet_by_id(db: Transaction, sheet_id: str) -> SheetRow | None:
    return db.get(SheetRow, sheet_id)


def opened_sheet(db: Transaction, row: SheetRow, now: datetime) -> Sheet:
    sealer = sealer_of(db, row.engagement_id, now)
    return Sheet(
        id=row.id,
        engagement_id=row.engagement_id,
        set_id=row.set_id,
        title=sealer.open(SheetRow.title, row.id, row.title),
        questions=from_json(sealer.open(SheetRow.content, row.id, row.content)),
    )


def choice_for(db: Transaction, place: str) -> ChoiceRow | None:
    """`place`: the id of a session, or of an engagement."""
    return db.get(ChoiceRow, place)


def choose(
    db: Transaction, engagement_id: str, session_id: str | None, choice: Choice, now: datetime
) -> None:
    row = db.get(ChoiceRow, session_id or engagement_id, with_for_update=True, populate_existing=True)
    if row is None:
        row = ChoiceRow(id=session_id or engagement_id, engagement_id=engagement_id, session_id=session_id)
        db.add(row)
    row.source, row.area, row.sheet_id = choice.source, choice.area, choice.sheet_id
    row.chosen_at = now
    db.flush()


def forget_sessions(db: Transaction, engagement_id: str, session_ids: Collection[str]) -> None:
    """These sessions have no choice of their own any more."""
    rows = delete(ChoiceRow).where(ChoiceRow.engagement_id == engagement_id)
    db.execute(rows.where(ChoiceRow.session_id.in_(session_ids)))
    db.expire_all()


def using(db: Transaction, set_id: str, now: datetime) -> Sequence[ChoiceRow]:
    """What of active engagements has a copy of this set and is still to come."""
    rows = (
        select(ChoiceRow)
        .join(SheetRow, SheetRow.id == ChoiceRow.sheet_id)
        .join(EngagementRow, EngagementRow.id == ChoiceRow.engagement_id)
        .outerjoin(SessionRow, SessionRow.id == ChoiceRow.session_id)
        .where(
            SheetRow.set_id == set_id,
            EngagementRow.state == EngagementState.ACTIVE,
            ChoiceRow.session_id.is_(None)
            | ((SessionRow.starts_at > now) & (SessionRow.state == SessionState.PLANNED)),
        )
    )
    return db.scalars(rows.order_by(ChoiceRow.id)).all()
