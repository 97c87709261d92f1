"""What is kept after the end is announced, and then destroyed: the key of its words, and whatever hangs on it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.core.database import Transaction
from bot.core.outbox.store import close_engagement, enqueue
from bot.core.vault import engagement_owner
from bot.features.engagements import store
from bot.features.engagements.access import ERASED, ITSELF, record
from bot.features.engagements.domain import (
    UNSIGNED_KEPT,
    EngagementEnded,
    EngagementErasing,
    EngagementState,
    months_after,
)
from bot.features.engagements.store import EngagementRow
from bot.features.people.service import People

DESTROYING = "engagements.destroying"
ANNOUNCED_AHEAD = timedelta(days=7)
AT_ONCE = 20


def keep_ended(row: EngagementRow, months: int, now: datetime) -> None:
    row.destroy_at = months_after(now, months)
    row.next_retention_at = row.destroy_at - ANNOUNCED_AHEAD


def keep_unsigned(row: EngagementRow, now: datetime) -> None:
    """Of a proposal that came to nothing: long enough to copy one's own words out of it. Nobody is told."""
    row.destroy_at = row.next_retention_at = now + UNSIGNED_KEPT


def retain(db: Transaction, now: datetime) -> int:
    """Announce or destroy one batch of what has come due."""
    rows = store.due_for_retention(db, now, AT_ONCE)
    for row in rows:
        if row.next_retention_at == row.destroy_at:
            destroy(db, row, now)
        else:
            _announce(db, row, now)
    db.flush()
    return len(rows)


@dataclass(frozen=True, slots=True)
class Coming:
    """When something happens to an engagement that is over. `is_end`: it is destroyed; otherwise that is announced."""

    engagement_id: str
    at: datetime
    is_end: bool


def coming(db: Transaction, now: datetime, until: datetime) -> list[Coming]:
    """What `retain` would do until then, the soonest first; what is late is done now. Nothing is changed."""
    rows = store.retained_until(db, until)
    steps = [
        (row.id, max(row.next_retention_at, now), row.next_retention_at == row.destroy_at)
        for row in rows
        if row.next_retention_at is not None
    ]
    ends = [(each, at + ANNOUNCED_AHEAD, True) for each, at, is_end in steps if not is_end]
    found = [Coming(*each) for each in (*steps, *ends) if each[1] <= until]
    return sorted(found, key=lambda each: (each.at, each.engagement_id))


def _announce(db: Transaction, row: EngagementRow, now: datetime) -> None:
    """To both. Announced late, because nothing ran in between, it is destroyed later too: never without a week's notice."""
    assert row.destroy_at is not None
    row.destroy_at = max(row.destroy_at, now + ANNOUNCED_AHEAD)
    row.next_retention_at = row.destroy_at
    for person in People().of_ids(db, (row.coach_id, row.client_id)).values():
        enqueue(
            db,
            key=f"{DESTROYING}:{row.id}:{person.id}",
            template=DESTROYING,
            to=person.address,
            subject={"engagement": row.id},
            due_at=now,
            expires_at=row.destroy_at,
            now=now,
        )


def _stop(db: Transaction, row: EngagementRow, now: datetime) -> None:
    was_active = row.state == EngagementState.ACTIVE
    if not (was_active or row.state == EngagementState.PROPOSED):
        return
    row.state, row.ended_at = EngagementState.ENDED, now
    db.flush()
    close_engagement(db, row.id, "ended")
    if was_active:
        db.announce(EngagementEnded(row.id), now)


def destroy(db: Transaction, row: EngagementRow, now: datetime, *, by: str = ITSELF) -> None:
    """That there was an engagement, and from when to when, is all that stays. One that is going on ends with it.

    `by`: the id of the person who asked for it.
    """
    _stop(db, row, now)
    db.announce(EngagementErasing(row.id, row.coach_id, row.client_id, row.started_at is not None), now)
    record(db, None, by, ERASED, row.id, now)
    db.vault.destroy(db, engagement_owner(row.id), now)
    db.flush()  # its entries in the access log can go only once the key is gone
    store.erase(db, row.id)
    row.state, row.end_reason, row.shares = EngagementState.ERASED, None, ""
    row.next_retention_at = None
    db.stale_homes |= {row.coach_id, row.client_id}
