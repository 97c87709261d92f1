"""When one of a pair loses their Slack account, the other is told once; and no more than that if it comes back."""

from datetime import datetime

from sqlalchemy import select

from bot.core.database import Transaction
from bot.core.outbox.store import OutboxRow, close, enqueue
from bot.features.engagements import service
from bot.features.engagements.service import NEWS_HOLDS
from bot.features.people.domain import PersonLeft, PersonReturned
from bot.features.people.service import People

LEFT = "engagements.left"
BACK = "back"


def follow_leaving(db: Transaction, fact: PersonLeft, now: datetime) -> None:
    """Their own messages are dropped one by one, as they come due: nothing has to be taken back."""
    for found in service.memberships(db, People().get(db, fact.person_id)):
        enqueue(
            db,
            key=f"{_key(found.engagement_id, fact.person_id)}{now.isoformat()}",
            template=LEFT,
            to=found.other.address,
            engagement_id=found.engagement_id,
            subject={"engagement": found.engagement_id, "by": fact.person_id},
            due_at=now,
            expires_at=now + NEWS_HOLDS,
            now=now,
        )
        db.stale_homes.add(found.other.id)


def follow_return(db: Transaction, fact: PersonReturned, now: datetime) -> None:
    """Who was not told yet that they left need not be told; a message that says so says now that they are back."""
    for found in service.memberships(db, People().get(db, fact.person_id)):
        told = OutboxRow.key.startswith(_key(found.engagement_id, fact.person_id), autoescape=True)
        of_pair = OutboxRow.engagement_id == found.engagement_id
        for key in db.scalars(select(OutboxRow.key).where(of_pair, told)).all():
            close(db, key, BACK)
        db.stale_homes.add(found.other.id)


def _key(engagement_id: str, person_id: str) -> str:
    return f"{LEFT}:{engagement_id}:{person_id}:"
