"""Sessions held and check-ins answered, counted from what is kept. Nothing is written down for it."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select, union_all
from sqlalchemy.orm import InstrumentedAttribute

from bot.core.database import Transaction
from bot.core.outbox.store import OutboxRow
from bot.features.checkins.store import CheckinRow, left_unanswered
from bot.features.engagements.domain import EngagementState
from bot.features.engagements.store import EngagementRow
from bot.features.progress.domain import Counts, Quarter
from bot.features.sessions.store import SessionRow, took_place

_Within: TypeAlias = Callable[[InstrumentedAttribute[datetime]], ColumnElement[bool]]
_IS_KEPT = EngagementRow.state.in_((EngagementState.ACTIVE, EngagementState.ENDED))
"""Of what was destroyed, there is nothing left to count."""


@dataclass(frozen=True, slots=True)
class Group:
    """What there was in one workspace. `people`: clients."""

    people: int
    engagements: int
    counts: Counts


def of_engagements(db: Transaction, ids: Collection[str], now: datetime) -> dict[str, Counts]:
    """From the start of each until now; of those only of which there is anything."""
    parts = _parts(EngagementRow.id, EngagementRow.id.in_(ids), lambda column: column <= now, now)
    return {of: _counts(found) for of, found in _read(db, parts).items()}


def of_workspaces(db: Transaction, quarter: Quarter) -> dict[str, Group]:
    """By Slack's id. In one statement: what is destroyed meanwhile is in none of the numbers, or in all."""
    begins_at, ends_at = quarter.begins_at, quarter.ends_at
    parts = _parts(
        EngagementRow.team_id,
        _IS_KEPT,
        lambda column: and_(column >= begins_at, column < ends_at),
        quarter.settled_at,
    )
    was_active = and_(
        _IS_KEPT,
        EngagementRow.started_at < ends_at,
        or_(EngagementRow.ended_at.is_(None), EngagementRow.ended_at >= begins_at),
    )
    for name, count in (
        ("people", func.count(EngagementRow.client_id.distinct())),
        ("engagements", func.count()),
    ):
        parts.append(_part(EngagementRow.team_id, name, count).where(was_active))
    return {
        of: Group(found.get("people", 0), found.get("engagements", 0), _counts(found))
        for of, found in _read(db, parts).items()
    }


def _parts(
    by: InstrumentedAttribute[str], which: ColumnElement[bool], within: _Within, now: datetime
) -> list[Select[str, str, int]]:
    """A check-in that was answered counts when it was, one that was not when it was asked."""
    id_ = EngagementRow.id
    sessions = _part(by, "sessions").join(SessionRow, SessionRow.engagement_id == id_)
    answered = _part(by, "answered").join(CheckinRow, CheckinRow.engagement_id == id_)
    unanswered = _part(by, "unanswered").join(OutboxRow, OutboxRow.engagement_id == id_)
    return [
        sessions.where(which, took_place(now), within(SessionRow.starts_at)),
        answered.where(which, within(CheckinRow.created_at)),
        unanswered.where(which, left_unanswered(), within(OutboxRow.due_at)),
    ]


def _part(
    by: InstrumentedAttribute[str], name: str, count: ColumnElement[int] | None = None
) -> Select[str, str, int]:
    counted = func.count() if count is None else count
    return select(by, literal(name), counted).select_from(EngagementRow).group_by(by)


def _read(db: Transaction, parts: Sequence[Select[str, str, int]]) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for of, name, count in db.execute(union_all(*parts)):
        found.setdefault(of, {})[name] = count
    return found


def _counts(found: dict[str, int]) -> Counts:
    answered = found.get("answered", 0)
    return Counts(found.get("sessions", 0), answered, answered + found.get("unanswered", 0))
