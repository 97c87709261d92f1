"""Who has read what of a person's own: kinds and times, never words."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.core.database import Transaction
from bot.core.directory import Person
from bot.features.engagements.access import opened_by_others
from bot.features.engagements.service import memberships
from bot.features.people.service import People

LOOKED_AT = 200


@dataclass(frozen=True, slots=True)
class Opening:
    """At one moment, `reader` opened so many things of a kind (prep, commitment, checkin, wrapup)."""

    reader: Person
    kind: str
    count: int
    opened_at: datetime


def openings(db: Transaction, actor: Person) -> Sequence[Opening]:
    """Over all engagements of the actor whose words are still kept, the latest first."""
    mine = [each.engagement_id for each in memberships(db, actor, only_active=False)]
    rows = opened_by_others(db, mine, actor.id, LOOKED_AT)
    together = Counter((row.opened_at, row.reader_id, row.kind) for row in rows)
    readers = People().of_ids(db, {row.reader_id for row in rows})
    return [Opening(readers[reader], kind, count, at) for (at, reader, kind), count in together.items()]
