"""Telling the other of the pair, once: several changes before it was sent make one message, of the present state."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from bot.core.database import Transaction
from bot.core.directory import Person
from bot.core.outbox.domain import State
from bot.core.outbox.store import OutboxRow, close, enqueue, repaint
from bot.features.sessions.store import SeriesRow, SessionRow

PLANNED = "sessions.planned"
MOVED = "sessions.moved"
CANCELLED = "sessions.cancelled"


def tell_planned(
    db: Transaction, by: Person, to: Person, first: SessionRow, series: SeriesRow | None, now: datetime
) -> None:
    _write(db, PLANNED, by, to, first, series, now)


def tell_moved(
    db: Transaction,
    by: Person,
    to: Person,
    moved: Sequence[SessionRow],
    series: SeriesRow | None,
    whole: SeriesRow | None,
    now: datetime,
) -> None:
    """`whole` is the series when all its later sessions have moved, None when it is one session."""
    waiting = _waiting(db, (whole or moved[0]).news_key, to) or (series and _waiting(db, series.news_key, to))
    if waiting:
        waiting.expires_at = max(waiting.expires_at, moved[0].starts_at)
        return
    _close_earlier(db, moved, series, whole, "moved")
    _write(db, MOVED, by, to, moved[0], whole, now)


def tell_cancelled(
    db: Transaction,
    by: Person,
    to: Person,
    cancelled: Sequence[SessionRow],
    series: SeriesRow | None,
    whole: SeriesRow | None,
    now: datetime,
) -> None:
    """Of what they have never been told, they need not be told that it is gone."""
    waiting = _waiting(db, (whole or cancelled[0]).news_key, to)
    never_told = waiting is not None and waiting.template == PLANNED
    told_with_series = whole is None and series is not None and _waiting(db, series.news_key, to) is not None
    _close_earlier(db, cancelled, series, whole, "cancelled")
    if not never_told and not told_with_series:
        _write(db, CANCELLED, by, to, cancelled[0], whole, now)


def _waiting(db: Transaction, key: str | None, to: Person) -> OutboxRow | None:
    """The message to this person that has not been sent yet; locked, so that no courier sends what is changing now."""
    if key is None:
        return None
    same = select(OutboxRow).where(OutboxRow.key == key).with_for_update()
    row = db.scalar(same, execution_options={"populate_existing": True})
    is_waiting = row is not None and row.state == State.PENDING and row.closed is None
    return row if row is not None and is_waiting and row.person_id == to.id else None


def _close_earlier(
    db: Transaction,
    changed: Sequence[SessionRow],
    series: SeriesRow | None,
    whole: SeriesRow | None,
    how: str,
) -> None:
    for row in (*changed, *((whole,) if whole else ())):
        if row.news_key:
            close(db, row.news_key, how)
    if series is not None and series.news_key:
        repaint(db, series.news_key)


def _write(
    db: Transaction,
    template: str,
    by: Person,
    to: Person,
    first: SessionRow,
    series: SeriesRow | None,
    now: datetime,
) -> None:
    about: SessionRow | SeriesRow = series or first
    number = int(about.news_key.rpartition(":")[2]) + 1 if about.news_key else 0
    about.news_key = f"{template}:{about.id}:{number}"
    enqueue(
        db,
        key=about.news_key,
        template=template,
        to=to.address,
        engagement_id=first.engagement_id,
        subject={"session": first.id, "series": series.id if series else "", "by": by.id},
        due_at=now,
        expires_at=first.starts_at,
        now=now,
    )
