"""Bringing a commitment that somebody has alone into an engagement."""

from datetime import datetime

from bot.core.database import Transaction
from bot.core.directory import Person
from bot.core.errors import NotFound
from bot.features.commitments import occurrence_store, store
from bot.features.commitments.service import Entry, entry, open_row, share
from bot.features.engagements.service import active_membership
from bot.features.engagements.store import sealer_at


def bring(
    db: Transaction, actor: Person, commitment_id: str, engagement_id: str, is_shared: bool, now: datetime
) -> Entry:
    """It becomes part of that engagement, with all that was said of it, and never goes back.

    Raises NotFound, HasEnded, NotActiveYet, AlreadyAnswered.
    """
    row, _alone = open_row(db, actor, commitment_id)
    if row.engagement_id is not None:
        raise NotFound
    found = active_membership(db, actor, engagement_id)
    before, after = (sealer_at(db, each, actor.id, now) for each in (None, engagement_id))
    store.seal_anew(row, before, after)
    occurrence_store.seal_anew(db, row.id, before, after)
    row.engagement_id = engagement_id
    share(db, found, row, is_shared, was_shared=False, now=now)
    db.flush()
    return entry(db, actor, commitment_id, now)
