"""What each of the two writes when it is over, and who reads it until it is destroyed."""

from dataclasses import dataclass
from datetime import datetime

from bot.core.database import Transaction
from bot.core.directory import Person
from bot.core.errors import NotFound
from bot.features.closing import store
from bot.features.closing.domain import NotOver, Review
from bot.features.engagements import store as engagement_store
from bot.features.engagements.domain import EngagementState
from bot.features.engagements.opening import opens, record_share
from bot.features.engagements.service import Membership, membership


@dataclass(frozen=True, slots=True)
class Reading:
    """One side's own, and what the other one shares. `destroy_at`: until when both can be read."""

    membership: Membership
    purpose: str
    own: Review | None
    theirs: Review | None
    destroy_at: datetime | None


def read(db: Transaction, actor: Person, engagement_id: str, now: datetime) -> Reading:
    """That the other's was opened is on record. Raises NotFound, NotOver."""
    found = _over(db, actor, engagement_id)
    pair, row = engagement_store.by_id(db, engagement_id), store.of(db, engagement_id, actor.id)
    agreement = engagement_store.latest_agreement(db, engagement_id)
    return Reading(
        membership=found,
        purpose=engagement_store.opened(db, agreement, now).terms.purpose,
        own=store.opened(db, row, now) if row else None,
        theirs=_theirs(db, found, now),
        destroy_at=pair.destroy_at if pair else None,
    )


def save(
    db: Transaction,
    actor: Person,
    engagement_id: str,
    changed: str | None,
    keep: str | None,
    is_shared: bool,
    now: datetime,
) -> tuple[Membership, Review]:
    """What is shared no more is out of the other's reach at once. Raises NotFound, NotOver."""
    found = _over(db, actor, engagement_id)
    before = store.of(db, engagement_id, actor.id)
    was_shared = before.is_shared if before else False
    is_shared = is_shared and bool(changed or keep)
    row = store.write(db, engagement_id, actor.id, changed, keep, is_shared, now)
    record_share(db, found, store.item(row), was_shared=was_shared, now=now)
    return found, store.opened(db, row, now)


def _theirs(db: Transaction, found: Membership, now: datetime) -> Review | None:
    row = store.of(db, found.engagement_id, found.other.id)
    if row is None or not opens(db, found, store.item(row), now):
        return None
    return store.opened(db, row, now)


def _over(db: Transaction, actor: Person, engagement_id: str) -> Membership:
    """An engagement that both had signed, and that has ended. Raises NotFound, NotOver."""
    found = membership(db, actor, engagement_id)
    if found.is_active:
        raise NotOver
    if found.state is not EngagementState.ENDED or not found.has_started:
        raise NotFound
    return found
