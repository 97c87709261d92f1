"""The one door to what a person wrote: `authorization` decides, and nobody reads the other's words unseen."""

from datetime import datetime

from bot.core.database import Transaction
from bot.core.rights import TakenAway
from bot.features.engagements.access import log_access
from bot.features.engagements.authorization import Item, may_read, may_read_alone, may_share, share_changed
from bot.features.engagements.places import Alone, Place
from bot.features.engagements.service import Membership


def sees(found: Place, item: Item) -> bool:
    """Whether this actor may read it; for saying that there is something, with none of its words."""
    if isinstance(found, Alone):
        return may_read_alone(item, found.actor.id)
    return may_read(
        item.kind,
        reader=found.role,
        author=found.role_of(item.author_id),
        is_shared=item.is_shared,
        state=found.state,
    )


def opens(db: Transaction, found: Place, item: Item, now: datetime) -> bool:
    """Whether this actor may read it, who is about to. That they read what the other wrote is on record from here on."""
    if not sees(found, item):
        return False
    if isinstance(found, Membership) and item.author_id != found.actor.id:
        log_access(db, found.actor, found.engagement_id, item.kind, item.id, now)
    return True


def record_share(db: Transaction, found: Membership, item: Item, *, was_shared: bool, now: datetime) -> None:
    """Its author has just written it: that they now share it, or take that back, is on record."""
    changed = share_changed(item, was_shared=was_shared)
    if changed is not None and may_share(item.kind, found.role):
        log_access(db, found.actor, found.engagement_id, changed, item.id, now)
        if was_shared:
            db.announce(TakenAway([found.other.id]), now)
