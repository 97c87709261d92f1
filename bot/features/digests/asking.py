"""Once a week, on the coach's own day and hour; nothing while they coach nobody."""

from datetime import datetime

from bot.core.database import Transaction, insert_once
from bot.core.outbox.store import enqueue
from bot.features.checkins import service as checkins
from bot.features.digests import store
from bot.features.digests.domain import DIGEST, FIRST_AFTER, is_wished, key_of, next_digest
from bot.features.digests.store import DigestRow
from bot.features.engagements.domain import EngagementStarted
from bot.features.people.domain import RhythmChanged, WishesChanged
from bot.features.people.service import People, begin_coaching, wishes_of

AT_ONCE = 50


def follow_start(db: Transaction, fact: EngagementStarted, now: datetime) -> None:
    begin_coaching(db, fact.coach_id, now)
    insert_once(db, DigestRow, person_id=fact.coach_id, next_digest_at=None)
    row, coach = store.of(db, fact.coach_id), People().get(db, fact.coach_id)
    if row is not None and row.next_digest_at is None:
        row.next_digest_at = next_digest(now + FIRST_AFTER, wishes_of(db, coach.id), coach.rhythm)
        db.flush()


def follow_person(db: Transaction, fact: RhythmChanged | WishesChanged, now: datetime) -> None:
    """The coach's day and hour are wall-clock wishes. One that is due already stays due."""
    row, coach = store.of(db, fact.person_id), People().get(db, fact.person_id)
    if row is not None and row.next_digest_at is not None and row.next_digest_at > now:
        row.next_digest_at = next_digest(now, wishes_of(db, coach.id), coach.rhythm)
        db.flush()


def tell_due(db: Transaction, now: datetime) -> int:
    rows = store.due(db, now, AT_ONCE)
    for row in rows:
        _tell(db, row, now)
    db.flush()
    return len(rows)


def _tell(db: Transaction, row: DigestRow, now: datetime) -> None:
    """Of several that were missed, the last."""
    due_at, coach = row.next_digest_at, People().get(db, row.person_id)
    assert due_at is not None
    if not checkins.as_coach(db, coach):
        row.next_digest_at = None
        return
    wishes = wishes_of(db, coach.id)
    row.next_digest_at = next_digest(now, wishes, coach.rhythm)
    if not is_wished(due_at, wishes, coach.rhythm):
        return
    enqueue(
        db,
        key=key_of(coach.id, due_at),
        template=DIGEST,
        to=coach.address,
        subject={},
        due_at=due_at,
        expires_at=row.next_digest_at,
        now=now,
    )
