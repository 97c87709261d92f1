"""Commitments, and the dates they were moved from.

What people wrote is sealed with the engagement's key, or its owner's for what is kept without a coach.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime, time
from typing import cast

from sqlalchemy import (
    ColumnElement,
    ForeignKey,
    Index,
    String,
    Table,
    and_,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
)
from sqlalchemy.orm import InstrumentedAttribute, Mapped, mapped_column

from bot.core import vault
from bot.core.among import among
from bot.core.database import Base, Sealed, Transaction, new_id
from bot.core.due import due_rows, earliest
from bot.core.own_words import written_by
from bot.core.vault import Sealer
from bot.features.commitments.domain import Commitment, Draft, Move, Outcome, Wording
from bot.features.commitments.recurring import Every, Recurrence
from bot.features.engagements.authorization import Item, Kind
from bot.features.engagements.domain import EngagementState
from bot.features.engagements.store import EngagementRow, begin_at, sealer_at


class CommitmentRow(Base):
    __tablename__ = "commitments"
    __table_args__ = (
        Index("ix_commitments_engagement_id_owner_id", "engagement_id", "owner_id"),
        Index("ix_commitments_owner_id", "owner_id"),
        Index("ix_commitments_session_id", "session_id"),
        Index("ix_commitments_next_nudge_at", "next_nudge_at"),
        Index("ix_commitments_nudge_key", "nudge_key"),
        Index("ix_commitments_next_occurrence_at", "next_occurrence_at"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    engagement_id: Mapped[str | None] = mapped_column(ForeignKey("engagements.id"))
    owner_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    session_id: Mapped[str | None] = mapped_column(ForeignKey("sessions.id"))
    what: Mapped[bytes] = mapped_column(Sealed, info=written_by("owner_id"))
    cue: Mapped[bytes | None] = mapped_column(Sealed)
    obstacle: Mapped[bytes | None] = mapped_column(Sealed)
    learned: Mapped[bytes | None] = mapped_column(Sealed)
    confidence: Mapped[bytes | None] = mapped_column(Sealed)
    is_shared: Mapped[bool]
    due_on: Mapped[date]
    due_time: Mapped[time | None]
    due_at: Mapped[datetime]
    outcome: Mapped[str | None] = mapped_column(String(20))
    moved: Mapped[int] = mapped_column(default=0)
    next_nudge: Mapped[str | None] = mapped_column(String(10))
    next_nudge_at: Mapped[datetime | None]
    last_nudge: Mapped[str | None] = mapped_column(String(10))
    """The latest one planned for the present date."""
    nudge_key: Mapped[str | None] = mapped_column(String(200))
    """The outbox key of the latest message that names this commitment."""
    every: Mapped[str | None] = mapped_column(String(10))
    """None: it comes once, and those below are empty too."""
    first_on: Mapped[date | None]
    until_on: Mapped[date | None]
    usual_time: Mapped[time | None]
    """`due_time`, unless this occurrence was moved."""
    occurrence_on: Mapped[date | None]
    """The present occurrence, by the rule; `due_on` is when it is due."""
    next_occurrence_at: Mapped[datetime | None]
    """When the next one takes its place, answered or not; None: there is no next one."""
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class CommitmentMoveRow(Base):
    """One move to another date; append-only."""

    __tablename__ = "commitment_moves"
    __table_args__ = (Index("ix_commitment_moves_commitment_id", "commitment_id"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    commitment_id: Mapped[str] = mapped_column(ForeignKey("commitments.id"))
    from_on: Mapped[date]
    from_time: Mapped[time | None]
    to_on: Mapped[date]
    to_time: Mapped[time | None]
    moved_at: Mapped[datetime]


class CommitmentGoalRow(Base):
    """The goal that a commitment is a step towards: one of the same owner. Once one of the two was brought into an engagement,
    the other may still be alone; so each can be erased without the other.
    """

    __tablename__ = "commitment_goals"
    __table_args__ = (Index("ix_commitment_goals_goal_id", "goal_id"),)

    commitment_id: Mapped[str] = mapped_column(ForeignKey("commitments.id"), primary_key=True)
    goal_id: Mapped[str] = mapped_column(ForeignKey("goals.id", ondelete="CASCADE"))


Column = InstrumentedAttribute[bytes | None]
OPTIONAL: tuple[Column, ...] = (
    CommitmentRow.cue,
    CommitmentRow.obstacle,
    CommitmentRow.learned,
    CommitmentRow.confidence,
)


def drafted(
    db: Transaction,
    engagement_id: str | None,
    owner_id: str,
    draft: Draft,
    due_at: datetime,
    session_id: str | None,
    now: datetime,
) -> CommitmentRow:
    """Sealed, and still to be inserted, once it is planned."""
    sealer, row_id = begin_at(db, engagement_id, owner_id, now), new_id()
    return CommitmentRow(
        id=row_id,
        engagement_id=engagement_id,
        owner_id=owner_id,
        session_id=session_id,
        what=sealer.seal(CommitmentRow.what, row_id, draft.what),
        cue=sealer.seal_optional(CommitmentRow.cue, row_id, draft.cue),
        obstacle=sealer.seal_optional(CommitmentRow.obstacle, row_id, draft.obstacle),
        confidence=sealer.seal_optional(CommitmentRow.confidence, row_id, _digits(draft.confidence)),
        is_shared=draft.is_shared,
        due_on=draft.due_on,
        due_time=draft.due_time,
        due_at=due_at,
        every=draft.every,
        first_on=draft.due_on if draft.every else None,
        until_on=draft.until_on if draft.every else None,
        usual_time=draft.due_time if draft.every else None,
        occurrence_on=draft.due_on if draft.every else None,
        created_at=now,
    )


def reword(db: Transaction, row: CommitmentRow, wording: Wording, now: datetime) -> None:
    sealer = sealer_at(db, row.engagement_id, row.owner_id, now)
    row.what = sealer.seal(CommitmentRow.what, row.id, wording.what)
    row.cue = sealer.seal_optional(CommitmentRow.cue, row.id, wording.cue)
    row.obstacle = sealer.seal_optional(CommitmentRow.obstacle, row.id, wording.obstacle)
    row.confidence = sealer.seal_optional(CommitmentRow.confidence, row.id, _digits(wording.confidence))
    row.is_shared = wording.is_shared
    row.until_on = wording.until_on if row.every else None
    db.flush()


def add_move(db: Transaction, row: CommitmentRow, to_on: date, to_time: time | None, now: datetime) -> None:
    db.add(
        CommitmentMoveRow(
            commitment_id=row.id,
            from_on=row.due_on,
            from_time=row.due_time,
            to_on=to_on,
            to_time=to_time,
            moved_at=now,
        )
    )


def moves_of(db: Transaction, commitment_ids: Collection[str]) -> dict[str, list[Move]]:
    """Of each of these that was moved, the first move first."""
    found: dict[str, list[Move]] = {}
    if not commitment_ids:
        return found
    moves = select(CommitmentMoveRow).where(CommitmentMoveRow.commitment_id.in_(commitment_ids))
    for each in db.scalars(moves.order_by(CommitmentMoveRow.moved_at, CommitmentMoveRow.id)):
        move = Move(each.from_on, each.from_time, each.to_on, each.to_time, each.moved_at)
        found.setdefault(each.commitment_id, []).append(move)
    return found


_GOAL_LINKS = cast(Table, CommitmentGoalRow.__table__)
_LINK = insert(_GOAL_LINKS)
_UNLINK = delete(_GOAL_LINKS).where(_GOAL_LINKS.c.commitment_id == bindparam("commitment"))


def set_goal(db: Transaction, commitment_id: str, goal_id: str | None) -> None:
    db.core.execute(_UNLINK, {"commitment": commitment_id})
    if goal_id is not None:
        db.core.execute(_LINK, {"commitment_id": commitment_id, "goal_id": goal_id})


def goals_of(db: Transaction, commitment_ids: Collection[str]) -> dict[str, str]:
    """The goal of each of these that has one."""
    if not commitment_ids:
        return {}
    links = db.view(_GOALS_OF, {"ids": commitment_ids})
    return {each.commitment_id: each.goal_id for each in links}


_GOALS_OF = select(CommitmentGoalRow).where(among(CommitmentGoalRow.commitment_id, "ids"))


def recurrence_of(row: CommitmentRow) -> Recurrence | None:
    if row.every is None or row.first_on is None:
        return None
    return Recurrence(Every(row.every), row.first_on, row.until_on)


def seal_learned(db: Transaction, row: CommitmentRow, learned: str | None, now: datetime) -> None:
    sealer = sealer_at(db, row.engagement_id, row.owner_id, now)
    row.learned = sealer.seal_optional(CommitmentRow.learned, row.id, learned)


def seal_anew(row: CommitmentRow, before: Sealer, after: Sealer) -> None:
    vault.seal_anew(row, (CommitmentRow.what, *OPTIONAL), before, after)


def opened(db: Transaction, row: CommitmentRow, now: datetime) -> Commitment:
    sealer = sealer_at(db, row.engagement_id, row.owner_id, now)
    confidence = sealer.open_optional(CommitmentRow.confidence, row.id, row.confidence)
    return Commitment(
        id=row.id,
        engagement_id=row.engagement_id,
        owner_id=row.owner_id,
        what=sealer.open(CommitmentRow.what, row.id, row.what),
        cue=sealer.open_optional(CommitmentRow.cue, row.id, row.cue),
        obstacle=sealer.open_optional(CommitmentRow.obstacle, row.id, row.obstacle),
        confidence=int(confidence) if confidence else None,
        is_shared=row.is_shared,
        due_on=row.due_on,
        due_time=row.due_time,
        due_at=row.due_at,
        outcome=Outcome(row.outcome) if row.outcome else None,
        learned=sealer.open_optional(CommitmentRow.learned, row.id, row.learned),
        session_id=row.session_id,
        moved=row.moved,
        created_at=row.created_at,
        closed_at=row.closed_at,
        recurrence=recurrence_of(row),
        occurrence_on=row.occurrence_on,
    )


def what(db: Transaction, row: CommitmentRow, now: datetime) -> str:
    """For its owner, in a message; `opened` is for forms."""
    return sealer_at(db, row.engagement_id, row.owner_id, now).open(CommitmentRow.what, row.id, row.what)


def item(row: CommitmentRow) -> Item:
    return Item(Kind.COMMITMENT, row.id, row.owner_id, row.is_shared)


_BY_ID = select(CommitmentRow).where(CommitmentRow.id == bindparam("id"))
_LOCKED = _BY_ID.with_for_update()


def by_id(db: Transaction, commitment_id: str) -> CommitmentRow | None:
    """To be looked at."""
    return db.view_one(_BY_ID, {"id": commitment_id})


def locked(db: Transaction, commitment_id: str) -> CommitmentRow | None:
    """To be changed: nobody else changes it until the transaction ends."""
    return db.scalar(_LOCKED, {"id": commitment_id})


def _theirs(is_alone: bool) -> ColumnElement[bool]:
    here = CommitmentRow.engagement_id
    place = here.is_(None) if is_alone else here == bindparam("engagement_id")
    return and_(place, CommitmentRow.owner_id == bindparam("owner_id"))


_SOONEST = (CommitmentRow.due_at, CommitmentRow.created_at)
_OPEN_OF = {
    is_alone: select(CommitmentRow)
    .where(_theirs(is_alone), CommitmentRow.outcome.is_(None))
    .order_by(*_SOONEST)
    for is_alone in (False, True)
}
_CLOSED_SINCE = {
    is_alone: select(CommitmentRow)
    .where(_theirs(is_alone), CommitmentRow.closed_at >= bindparam("since"))
    .order_by(CommitmentRow.closed_at.desc())
    for is_alone in (False, True)
}
"""Without a coach, or in an engagement."""


def open_of(db: Transaction, engagement_id: str | None, owner_id: str) -> Sequence[CommitmentRow]:
    """What is due soonest comes first."""
    given = {"engagement_id": engagement_id, "owner_id": owner_id}
    return db.view(_OPEN_OF[engagement_id is None], given)


def closed_since(
    db: Transaction, engagement_id: str | None, owner_id: str, since: datetime
) -> Sequence[CommitmentRow]:
    """What was closed last comes first."""
    given = {"engagement_id": engagement_id, "owner_id": owner_id, "since": since}
    return db.view(_CLOSED_SINCE[engagement_id is None], given)


def of_ids(db: Transaction, engagement_id: str | None, ids: Collection[str]) -> Sequence[CommitmentRow]:
    named = select(CommitmentRow).where(
        CommitmentRow.engagement_id == engagement_id, CommitmentRow.id.in_(ids)
    )
    return db.scalars(named.order_by(CommitmentRow.due_at, CommitmentRow.created_at)).all()


def of_session(db: Transaction, engagement_id: str, session_id: str) -> Sequence[CommitmentRow]:
    made = select(CommitmentRow).where(
        CommitmentRow.engagement_id == engagement_id, CommitmentRow.session_id == session_id
    )
    return db.scalars(made.order_by(CommitmentRow.created_at)).all()


_OPEN_OF_PERSON = and_(
    CommitmentRow.owner_id == bindparam("owner_id"),
    CommitmentRow.outcome.is_(None),
    or_(
        CommitmentRow.engagement_id.is_(None),
        select(EngagementRow.id)
        .where(EngagementRow.id == CommitmentRow.engagement_id, EngagementRow.state == EngagementState.ACTIVE)
        .exists(),
    ),
)
"""In engagements that are active, and alone."""
_PAGE = select(CommitmentRow).where(_OPEN_OF_PERSON).order_by(*_SOONEST)
_COUNT = select(func.count()).where(_OPEN_OF_PERSON)
# Pages follow each other only where no two rows may change places.
_SOME = _PAGE.order_by(CommitmentRow.id).offset(bindparam("start")).limit(bindparam("most"))
_AHEAD = _PAGE.where(CommitmentRow.due_at > bindparam("now")).limit(bindparam("most"))
_BEHIND = (
    select(CommitmentRow)
    .where(_OPEN_OF_PERSON, CommitmentRow.due_at <= bindparam("now"))
    .order_by(*(each.desc() for each in _SOONEST))
    .limit(bindparam("most"))
)


def open_of_person(db: Transaction, owner_id: str) -> Sequence[CommitmentRow]:
    """What is due soonest comes first; locked."""
    return db.scalars(_PAGE.with_for_update(of=CommitmentRow), {"owner_id": owner_id}).all()


def count_open_of_person(db: Transaction, owner_id: str) -> int:
    return db.view(_COUNT, {"owner_id": owner_id})[0]


def page_of_person(db: Transaction, owner_id: str, start: int, most: int) -> Sequence[CommitmentRow]:
    """Of the open ones, those from this place on; what is due soonest comes first."""
    return db.view(_SOME, {"owner_id": owner_id, "start": start, "most": most})


def next_of_person(db: Transaction, owner_id: str, now: datetime, most: int) -> Sequence[CommitmentRow]:
    """Of the open ones, what is due next comes first, then what was due last."""
    given = {"owner_id": owner_id, "now": now, "most": most}
    ahead = db.view(_AHEAD, given)
    left = most - len(ahead)
    return [*ahead, *db.view(_BEHIND, given | {"most": left})] if left else ahead


def of_engagement(db: Transaction, engagement_id: str) -> Sequence[CommitmentRow]:
    """Open or not, of either of the two; the oldest first."""
    every = select(CommitmentRow).where(CommitmentRow.engagement_id == engagement_id)
    return db.scalars(every.order_by(CommitmentRow.created_at, CommitmentRow.id)).all()


def alone_of(db: Transaction, owner_id: str, *, locked: bool = False) -> Sequence[CommitmentRow]:
    """Open or not, those without a coach; the oldest first."""
    theirs = select(CommitmentRow).where(
        CommitmentRow.owner_id == owner_id, CommitmentRow.engagement_id.is_(None)
    )
    ordered = theirs.order_by(CommitmentRow.created_at, CommitmentRow.id)
    return db.scalars(ordered.with_for_update() if locked else ordered).all()


def open_of_engagement(db: Transaction, engagement_id: str) -> Sequence[CommitmentRow]:
    all_open = select(CommitmentRow).where(
        CommitmentRow.engagement_id == engagement_id, CommitmentRow.outcome.is_(None)
    )
    return db.scalars(all_open).all()


def recurring_of(
    db: Transaction, engagement_id: str | None, owner_id: str, closed_since: datetime
) -> Sequence[CommitmentRow]:
    """Those that recur: the open ones, and those closed since; what was made first comes first."""
    theirs = select(CommitmentRow).where(
        CommitmentRow.engagement_id == engagement_id,
        CommitmentRow.owner_id == owner_id,
        CommitmentRow.every.is_not(None),
        or_(CommitmentRow.outcome.is_(None), CommitmentRow.closed_at >= closed_since),
    )
    return db.scalars(theirs.order_by(CommitmentRow.created_at, CommitmentRow.id)).all()


def due_for_next(db: Transaction, now: datetime, limit: int) -> Sequence[CommitmentRow]:
    """Those whose next occurrence takes the present one's place, locked; others' rows are skipped, not waited for."""
    return due_rows(db, CommitmentRow, CommitmentRow.next_occurrence_at, now, limit)


def next_occurrence_at(db: Transaction) -> datetime | None:
    return earliest(db, CommitmentRow.next_occurrence_at)


# --- nudges -----------------------------------------------------------------------------------------


def due_for_nudge(db: Transaction, now: datetime, limit: int) -> Sequence[CommitmentRow]:
    """Locked; others' rows are skipped, not waited for."""
    return due_rows(db, CommitmentRow, CommitmentRow.next_nudge_at, now, limit)


def nudged_until(db: Transaction, owner_id: str, until: datetime) -> Sequence[CommitmentRow]:
    """All that one person is to be told of until then, locked, the first one first."""
    theirs = select(CommitmentRow).where(
        CommitmentRow.owner_id == owner_id, CommitmentRow.next_nudge_at <= until
    )
    ordered = theirs.order_by(CommitmentRow.next_nudge_at, CommitmentRow.id)
    return db.scalars(ordered.with_for_update(skip_locked=True)).all()


def nudges_within(db: Transaction, owner_id: str, engagement_id: str | None) -> Sequence[CommitmentRow]:
    """Of the open ones in this engagement, or (None) alone, locked: those that a message tells of, or is to."""
    theirs = select(CommitmentRow).where(
        CommitmentRow.owner_id == owner_id,
        CommitmentRow.engagement_id == engagement_id,
        CommitmentRow.outcome.is_(None),
        or_(CommitmentRow.next_nudge_at.is_not(None), CommitmentRow.nudge_key.is_not(None)),
    )
    return db.scalars(theirs.order_by(CommitmentRow.id).with_for_update()).all()


def next_nudge_at(db: Transaction) -> datetime | None:
    return earliest(db, CommitmentRow.next_nudge_at)


def by_nudge(db: Transaction, nudge_key: str) -> Sequence[CommitmentRow]:
    """The commitments that this message names and that no later message does."""
    named = select(CommitmentRow).where(CommitmentRow.nudge_key == nudge_key)
    return db.scalars(named.order_by(CommitmentRow.due_at)).all()


def _digits(number: int | None) -> str | None:
    return None if number is None else str(number)
