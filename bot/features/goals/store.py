"""Goals, where they stood week by week, and the dates they were moved from.

What was typed or chosen about a goal is sealed: with the engagement's key, or its owner's for one without a coach.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, bindparam, delete, select
from sqlalchemy.orm import InstrumentedAttribute, Mapped, mapped_column

from bot.core import vault
from bot.core.database import Base, Sealed, Transaction, new_id
from bot.core.vault import Sealer
from bot.features.engagements.authorization import Item, Kind
from bot.features.engagements.store import begin_at, sealer_at
from bot.features.goals.domain import SUGGESTIONS, FocusArea, Goal, GoalState, Measure, Rating, Scale, Wording


class GoalRow(Base):
    __tablename__ = "goals"
    __table_args__ = (
        Index("ix_goals_engagement_id", "engagement_id"),
        Index("ix_goals_owner_id", "owner_id"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    engagement_id: Mapped[str | None] = mapped_column(ForeignKey("engagements.id"))
    owner_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    suggested_by: Mapped[str | None] = mapped_column(String(32))
    state: Mapped[str] = mapped_column(String(10))
    is_shared: Mapped[bool]
    target_on: Mapped[date | None]
    aim: Mapped[bytes] = mapped_column(Sealed)
    why: Mapped[bytes | None] = mapped_column(Sealed)
    objective: Mapped[bytes | None] = mapped_column(Sealed)
    area: Mapped[bytes | None] = mapped_column(Sealed)
    scale: Mapped[bytes | None] = mapped_column(Sealed)
    level_much_less: Mapped[bytes | None] = mapped_column(Sealed)
    level_less: Mapped[bytes | None] = mapped_column(Sealed)
    level_expected: Mapped[bytes | None] = mapped_column(Sealed)
    level_more: Mapped[bytes | None] = mapped_column(Sealed)
    level_much_more: Mapped[bytes | None] = mapped_column(Sealed)
    baseline: Mapped[bytes | None] = mapped_column(Sealed)
    target: Mapped[bytes | None] = mapped_column(Sealed)
    weight: Mapped[bytes | None] = mapped_column(Sealed)
    learned: Mapped[bytes | None] = mapped_column(Sealed)
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class GoalStrengthRow(Base):
    """The goal draws on this strength."""

    __tablename__ = "goal_strengths"

    goal_id: Mapped[str] = mapped_column(ForeignKey("goals.id"), primary_key=True)
    strength_id: Mapped[str] = mapped_column(ForeignKey("strengths.id"), primary_key=True)


class GoalRatingRow(Base):
    """Where it stood in one week."""

    __tablename__ = "goal_ratings"
    __table_args__ = (UniqueConstraint("goal_id", "week"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    goal_id: Mapped[str] = mapped_column(ForeignKey("goals.id"))
    week: Mapped[str] = mapped_column(String(8))
    rated: Mapped[bytes] = mapped_column(Sealed)
    rated_at: Mapped[datetime]


class GoalMoveRow(Base):
    """One move to another target date; append-only."""

    __tablename__ = "goal_moves"
    __table_args__ = (Index("ix_goal_moves_goal_id", "goal_id"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    goal_id: Mapped[str] = mapped_column(ForeignKey("goals.id"))
    from_on: Mapped[date]
    to_on: Mapped[date]
    moved_at: Mapped[datetime]


Column = InstrumentedAttribute[bytes | None]
LEVELS: dict[int, Column] = {
    -2: GoalRow.level_much_less,
    -1: GoalRow.level_less,
    0: GoalRow.level_expected,
    1: GoalRow.level_more,
    2: GoalRow.level_much_more,
}
NUMBERS: dict[str, Column] = {
    "baseline": GoalRow.baseline,
    "target": GoalRow.target,
    "weight": GoalRow.weight,
}
OPTIONAL: tuple[Column, ...] = (
    GoalRow.why,
    GoalRow.objective,
    GoalRow.area,
    GoalRow.scale,
    *LEVELS.values(),
    *NUMBERS.values(),
    GoalRow.learned,
)

# --- writing ------------------------------------------------------------------------------------------


def add(
    db: Transaction,
    engagement_id: str | None,
    owner_id: str,
    state: GoalState,
    wording: Wording,
    now: datetime,
    suggested_by: str | None = None,
) -> GoalRow:
    row_id = new_id()
    sealer = begin_at(db, engagement_id, owner_id, now)
    row = GoalRow(
        id=row_id,
        engagement_id=engagement_id,
        owner_id=owner_id,
        suggested_by=suggested_by,
        state=state,
        is_shared=False,
        aim=sealer.seal(GoalRow.aim, row_id, wording.aim),
        created_at=now,
    )
    db.add(row)
    write(db, row, wording, now)
    return row


def write(db: Transaction, row: GoalRow, wording: Wording, now: datetime) -> None:
    sealer = _sealer(db, row, now)
    row.aim = sealer.seal(GoalRow.aim, row.id, wording.aim)
    row.why = sealer.seal_optional(GoalRow.why, row.id, wording.why)
    row.objective = sealer.seal_optional(GoalRow.objective, row.id, wording.objective)
    row.area = sealer.seal_optional(GoalRow.area, row.id, wording.area)
    row.target_on = wording.target_on
    db.flush()
    db.execute(delete(GoalStrengthRow).where(GoalStrengthRow.goal_id == row.id))
    db.add_all(GoalStrengthRow(goal_id=row.id, strength_id=each) for each in sorted(wording.strengths))
    db.flush()


def write_measure(db: Transaction, row: GoalRow, measure: Measure, now: datetime) -> None:
    sealer, levels = _sealer(db, row, now), measure.levels or {}
    row.scale = sealer.seal_optional(GoalRow.scale, row.id, measure.scale)
    for level, column in LEVELS.items():
        setattr(row, column.key, sealer.seal_optional(column, row.id, levels.get(level)))
    for name, column in NUMBERS.items():
        number: int | None = getattr(measure, name)
        words = None if number is None else str(number)
        setattr(row, column.key, sealer.seal_optional(column, row.id, words))
    db.flush()


def write_learned(db: Transaction, row: GoalRow, learned: str | None, now: datetime) -> None:
    row.learned = _sealer(db, row, now).seal_optional(GoalRow.learned, row.id, learned)


def add_move(db: Transaction, row: GoalRow, to_on: date, now: datetime) -> None:
    db.add(GoalMoveRow(goal_id=row.id, from_on=row.target_on, to_on=to_on, moved_at=now))


def bring_into(db: Transaction, row: GoalRow, engagement_id: str, now: datetime) -> None:
    """Everything about it is opened with the owner's key, and sealed anew with the engagement's."""
    before, after = _sealer(db, row, now), sealer_at(db, engagement_id, row.owner_id, now)
    vault.seal_anew(row, (GoalRow.aim, *OPTIONAL), before, after)
    for rating in _rating_rows(db, [row.id]):
        vault.seal_anew(rating, (GoalRatingRow.rated,), before, after)
    row.engagement_id = engagement_id
    db.flush()


def rate(db: Transaction, row: GoalRow, week: str, value: int | None, now: datetime) -> None:
    """The week's rating is this one now; None: there is none."""
    same = (GoalRatingRow.goal_id == row.id, GoalRatingRow.week == week)
    db.execute(delete(GoalRatingRow).where(*same))
    if value is not None:
        rating_id = new_id()
        sealed = _sealer(db, row, now).seal(GoalRatingRow.rated, rating_id, str(value))
        db.add(GoalRatingRow(id=rating_id, goal_id=row.id, week=week, rated=sealed, rated_at=now))
    db.flush()


def remove(db: Transaction, row: GoalRow) -> None:
    """With its ratings and the dates before. Nothing else may hang on it."""
    for of_it in (GoalStrengthRow, GoalRatingRow, GoalMoveRow):
        db.execute(delete(of_it).where(of_it.goal_id == row.id))
    db.delete(row)
    db.flush()


def draw_on_nothing(db: Transaction, owner_id: str) -> None:
    """None of this person's goals draws on a strength any more."""
    theirs = select(GoalRow.id).where(GoalRow.owner_id == owner_id)
    db.execute(delete(GoalStrengthRow).where(GoalStrengthRow.goal_id.in_(theirs)))
    db.expire_all()


def draws_on(db: Transaction, strength_id: str) -> bool:
    """Whether any goal, open or not, draws on it."""
    return (
        db.scalar(select(GoalStrengthRow).where(GoalStrengthRow.strength_id == strength_id).limit(1))
        is not None
    )


def item(row: GoalRow) -> Item:
    """For deciding who may read it. As long as it is only suggested, it is the coach's."""
    is_suggested = row.state in SUGGESTIONS and row.suggested_by is not None
    author_id = str(row.suggested_by) if is_suggested else row.owner_id
    return Item(Kind.GOAL, row.id, author_id, row.is_shared)


# --- reading ------------------------------------------------------------------------------------------


def by_id(db: Transaction, goal_id: str, *, locked: bool = False) -> GoalRow | None:
    """`locked`: nobody else changes it until the transaction ends."""
    same = select(GoalRow).where(GoalRow.id == goal_id)
    return db.scalar(same.with_for_update() if locked else same)


_OF_OWNER = (
    select(GoalRow)
    .where(GoalRow.owner_id == bindparam("owner_id"))
    .order_by(GoalRow.target_on, GoalRow.created_at)
)


def of_owner(
    db: Transaction, owner_id: str, engagement_ids: Collection[str], *, alone: bool = False
) -> Sequence[GoalRow]:
    """Of these engagements, and (`alone`) those without a coach; by target date."""
    rows = db.once_read((GoalRow, owner_id), lambda: db.view(_OF_OWNER, {"owner_id": owner_id}))
    return [row for row in rows if (row.engagement_id in engagement_ids if row.engagement_id else alone)]


def alone_of(db: Transaction, owner_id: str) -> Sequence[GoalRow]:
    """Without a coach; to be changed."""
    alone = select(GoalRow).where(GoalRow.owner_id == owner_id, GoalRow.engagement_id.is_(None))
    return db.scalars(alone).all()


def opened(db: Transaction, rows: Sequence[GoalRow], now: datetime) -> list[Goal]:
    drawn_on = _strengths(db, [row.id for row in rows])
    found = []
    for row in rows:
        sealer = _sealer(db, row, now)
        words = {each.key: sealer.open_optional(each, row.id, getattr(row, each.key)) for each in OPTIONAL}
        aim = sealer.open(GoalRow.aim, row.id, row.aim)
        found.append(_goal(row, aim, words, frozenset(drawn_on[row.id])))
    return found


def measure(db: Transaction, row: GoalRow, now: datetime) -> Measure:
    return opened(db, [row], now)[0].measure


def _goal(row: GoalRow, aim: str, words: Mapping[str, str | None], drawn_on: frozenset[str]) -> Goal:
    numbers = {name: int(words[name] or 0) if words[name] else None for name in NUMBERS}
    levels = {level: text for level, column in LEVELS.items() if (text := words[column.key])}
    return Goal(
        id=row.id,
        engagement_id=row.engagement_id,
        owner_id=row.owner_id,
        suggested_by=row.suggested_by,
        state=GoalState(row.state),
        wording=Wording(
            aim=aim,
            why=words["why"],
            objective=words["objective"],
            area=FocusArea(words["area"]) if words["area"] else None,
            target_on=row.target_on,
            strengths=drawn_on,
        ),
        measure=Measure(Scale(words["scale"] or Scale.ONE_TO_TEN), levels, **numbers),
        is_shared=row.is_shared,
        learned=words["learned"],
        created_at=row.created_at,
        closed_at=row.closed_at,
    )


def ratings(db: Transaction, rows: Sequence[GoalRow], now: datetime) -> dict[str, list[Rating]]:
    """Of each of these goals, the oldest first."""
    found: dict[str, list[Rating]] = {row.id: [] for row in rows}
    sealers = {row.id: _sealer(db, row, now) for row in rows}
    for each in _rating_rows(db, found):
        value = int(sealers[each.goal_id].open(GoalRatingRow.rated, each.id, each.rated))
        found[each.goal_id].append(Rating(each.week, value, each.rated_at))
    return found


def has_ratings(db: Transaction, goal_id: str) -> bool:
    return bool(_rating_rows(db, [goal_id]))


def rated_in(db: Transaction, engagement_id: str, week: str) -> set[str]:
    """The goals of this engagement that were rated in this week."""
    rated = select(GoalRatingRow.goal_id).join(GoalRow, GoalRow.id == GoalRatingRow.goal_id)
    return set(db.scalars(rated.where(GoalRow.engagement_id == engagement_id, GoalRatingRow.week == week)))


def earlier_targets(db: Transaction, goal_ids: Collection[str]) -> dict[str, list[date]]:
    """Of each of these, the dates by which it was to be reached before, the oldest first."""
    found: dict[str, list[date]] = {goal_id: [] for goal_id in goal_ids}
    if not found:
        return found
    moves = select(GoalMoveRow).where(GoalMoveRow.goal_id.in_(goal_ids))
    for each in db.scalars(moves.order_by(GoalMoveRow.moved_at)):
        found[each.goal_id].append(each.from_on)
    return found


def _rating_rows(db: Transaction, goal_ids: Collection[str]) -> Sequence[GoalRatingRow]:
    if not goal_ids:
        return []
    theirs = select(GoalRatingRow).where(GoalRatingRow.goal_id.in_(goal_ids))
    return db.scalars(theirs.order_by(GoalRatingRow.week)).all()


def _strengths(db: Transaction, goal_ids: Collection[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {goal_id: set() for goal_id in goal_ids}
    if not found:
        return found
    for each in db.scalars(select(GoalStrengthRow).where(GoalStrengthRow.goal_id.in_(goal_ids))):
        found[each.goal_id].add(each.strength_id)
    return found


def _sealer(db: Transaction, row: GoalRow, now: datetime) -> Sealer:
    return sealer_at(db, row.engagement_id, row.owner_id, now)
