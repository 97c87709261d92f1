"""Each workspace takes one call of a method at a time, at its own pace; all processes on one database share it.

Slack advises to plan for one request per second, method and workspace; a 429 concerns that method and workspace only
(docs: apis/web-api/rate-limits).
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Index, String, and_, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from bot.core.database import Base, Transaction, insert_once

POST, UPDATE, HISTORY, DELETE = (
    "chat.postMessage",
    "chat.update",
    "conversations.history",
    "chat.delete",
)
METHODS = (POST, UPDATE, HISTORY, DELETE)
NO_PACE = timedelta(0)
LONGEST = timedelta(hours=2)
"""No pause is longer; one that seems to be was written by a clock that has been set back since."""


class PaceRow(Base):
    """When a workspace may be sent the next call of one method."""

    __tablename__ = "paces"
    __table_args__ = (Index("ix_paces_method_next_at", "method", "next_at"),)

    team_id: Mapped[str] = mapped_column(String(20), primary_key=True)
    method: Mapped[str] = mapped_column(String(40), primary_key=True)
    next_at: Mapped[datetime]


def know(db: Transaction, team_id: str, now: datetime) -> None:
    """There is a pace for whatever may be sent to this workspace."""
    known: set[str] = db.info.setdefault("paced_teams", set())
    if team_id in known:
        return
    known.add(team_id)
    if db.get(PaceRow, (team_id, POST)) is None:
        for method in METHODS:
            insert_once(db, PaceRow, team_id=team_id, method=method, next_at=now)


def ready(
    db: Transaction,
    method: str,
    has_work: ColumnElement[bool],
    times: Mapping[str, datetime],
    *,
    but: Collection[str],
    limit: int,
    locked: bool,
) -> Sequence[PaceRow]:
    """Workspaces whose turn it is and for which there is something to do. `times`: the parameters of `has_work`.

    `locked`: nobody else takes them until this transaction ends; those that somebody else has are left out.
    """
    open_now = or_(PaceRow.next_at <= times["now"], PaceRow.next_at > times["soon"])
    found = select(PaceRow).where(PaceRow.method == method, open_now, has_work)
    if but:
        found = found.where(PaceRow.team_id.not_in(but))
    found = found.order_by(PaceRow.next_at).limit(limit)
    if locked:
        found = found.with_for_update(skip_locked=True, of=PaceRow)
    return db.scalars(found, times, execution_options={"populate_existing": True}).all()


def step(row: PaceRow, pace: timedelta, now: datetime) -> None:
    """One call has gone. Who came a little late may be as much early next time, so that lateness does not add up."""
    row.next_at = row.next_at + pace if now - row.next_at < pace else now + pace


def hold(db: Transaction, team_id: str, method: str, until: datetime) -> None:
    """Slack asked for a pause, or nothing can be sent there for a while."""
    row = and_(PaceRow.team_id == team_id, PaceRow.method == method)
    db.execute(update(PaceRow).where(row, PaceRow.next_at < until).values(next_at=until))


def opens_at(
    db: Transaction,
    method: str,
    has_work: ColumnElement[bool],
    times: Mapping[str, datetime],
    *,
    but: Collection[str],
) -> datetime | None:
    """When the first workspace with something to do may be sent to."""
    found = select(PaceRow.next_at).where(PaceRow.method == method, has_work)
    if but:
        found = found.where(PaceRow.team_id.not_in(but))
    return db.scalar(found.order_by(PaceRow.next_at).limit(1), times)
