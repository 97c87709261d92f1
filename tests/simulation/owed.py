"""What must have been planned by now, as the facts say: each session's wrap-up, each client's check-ins."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import select

from bot.core.database import Transaction
from bot.core.localtime import iso_week
from bot.features.checkins.store import CheckinRow
from bot.features.engagements.store import EngagementRow
from bot.features.sessions.store import SessionRow
from bot.features.wrapups.store import WrapupRow

SURELY_ASKED = timedelta(days=14)
"""After a session: nobody's weekend is longer, with three working days in a week and a holiday on one of them."""
FIRST_WEEKS = timedelta(days=14)


def owed(db: Transaction, now: datetime) -> list[tuple[str, ...]]:
    return [*_wrapups(db, now), *_checkins(db, now)]


def _wrapups(db: Transaction, now: datetime) -> Iterator[tuple[str, ...]]:
    """Of sessions that may have taken place, to both who have not said so before they were asked."""
    silent = (
        select(WrapupRow.session_id, WrapupRow.person_id)
        .join(SessionRow, SessionRow.id == WrapupRow.session_id)
        .join(EngagementRow, EngagementRow.id == SessionRow.engagement_id)
        .where(
            EngagementRow.state == "active",
            SessionRow.state.in_(("planned", "held")),
            SessionRow.starts_at < now - SURELY_ASKED,
            WrapupRow.written_at.is_(None),
        )
    )
    for session_id, person_id in db.execute(silent):
        yield (f"wrapups.ask:{session_id}:{person_id}",)


def _checkins(db: Transaction, now: datetime) -> Iterator[tuple[str, ...]]:
    """In any three weeks that follow each other; one may be left out when the client has chosen another day."""
    active = select(EngagementRow.id, EngagementRow.started_at).where(EngagementRow.state == "active")
    done = {(row.engagement_id, row.week) for row in db.scalars(select(CheckinRow))}
    for engagement_id, started_at in db.execute(active):
        assert started_at is not None
        at = started_at + FIRST_WEEKS
        while at < now - timedelta(weeks=3):
            weeks = [iso_week(at + timedelta(weeks=number), "UTC") for number in range(3)]
            if not any((engagement_id, week) in done for week in weeks):
                yield tuple(f"checkins.prompt:{engagement_id}:{week}" for week in weeks)
            at += timedelta(weeks=1)
