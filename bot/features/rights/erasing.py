"""Erasing one's own words, at once and for good."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_

from bot.core.database import Transaction
from bot.core.directory import Person
from bot.core.limits import forget_person
from bot.core.outbox.store import ERASED, OutboxRow, about_engagement, recall
from bot.core.rights import Alone, Erasable
from bot.core.vault import person_owner
from bot.features.engagements import store as engagements
from bot.features.engagements.inviting import INVITATIONS
from bot.features.engagements.service import Membership, membership, memberships
from bot.features.rights import file_store, store
from bot.features.rights.domain import ALONE, EVERYWHERE, NothingKept, NothingWritten, Receipt, What

RECEIPTS_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Weighed:
    """What would go, of these engagements: how many of each kind."""

    memberships: Sequence[Membership]
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Choices:
    """The engagements of which anything is kept; and whether anything is kept that belongs to none."""

    memberships: Sequence[Membership]
    has_alone: bool


class Erasing:
    """`erasables`: of all features, in an order in which each may go before those after it."""

    def __init__(self, erasables: Sequence[Erasable]) -> None:
        self._erasables = erasables

    def choices(self, db: Transaction, actor: Person) -> Choices:
        """Raises NothingKept."""
        found = memberships(db, actor, only_active=False)
        has_alone = any(each.count(db, actor.id) for _kind, each in self._alone(ALONE))
        if not (found or has_alone):
            raise NothingKept
        return Choices(found, has_alone)

    def weigh(self, db: Transaction, actor: Person, where: str) -> Weighed:
        """`where`: an engagement's id, alone, or everywhere. Raises NotFound, NothingKept, NothingWritten."""
        found = self._of(db, actor, where)
        counts = {each.kind: 0 for each in self._erasables}
        for one in found:
            for kind, count in self._counts(db, actor.id, one.engagement_id).items():
                counts[kind] += count
        for kind, alone in self._alone(where):
            counts[kind] += alone.count(db, actor.id)
        if not any(counts.values()):
            raise NothingWritten
        return Weighed(found, {kind: count for kind, count in counts.items() if count})

    def erase(self, db: Transaction, actor: Person, where: str, now: datetime) -> list[Receipt]:
        """Raises NotFound, NothingKept, NothingWritten."""
        found = self.weigh(db, actor, where).memberships
        receipts = [self._erase_in(db, each, now) for each in found]
        kept_alone = self._alone(where)
        for _kind, alone in kept_alone:
            alone.erase(db, actor.id)
        if kept_alone:
            _recall(db, actor.id, OutboxRow.closed == ERASED)
        if where == EVERYWHERE:
            db.vault.forget(db, person_owner(actor.id), now)
            forget_person(db, actor.id, but=INVITATIONS)
        everybody = memberships(db, actor, only_active=False) if where == ALONE else found
        file_store.take_back(db, [actor.id, *(each.other.id for each in everybody)], now)
        db.stale_homes.add(actor.id)
        return [each for each in receipts if each is not None]

    def receipts(self, db: Transaction, actor: Person) -> Sequence[Receipt]:
        return store.receipts_of(db, actor.id, RECEIPTS_SHOWN)

    def _of(self, db: Transaction, actor: Person, where: str) -> list[Membership]:
        if where == ALONE:
            return []
        if where == EVERYWHERE:
            return list(self.choices(db, actor).memberships)
        return [membership(db, actor, where)]

    def _alone(self, where: str) -> list[tuple[str, Alone]]:
        """By kind, in an order in which each may go before those after it."""
        if where not in (ALONE, EVERYWHERE):
            return []
        return [(each.kind, each.alone) for each in self._erasables if each.alone]

    def _counts(self, db: Transaction, person_id: str, engagement_id: str) -> dict[str, int]:
        return {each.kind: each.count(db, person_id, engagement_id) for each in self._erasables}

    def _erase_in(self, db: Transaction, found: Membership, now: datetime) -> Receipt | None:
        actor_id, other_id, engagement_id = found.actor.id, found.other.id, found.engagement_id
        engagements.locked(db, engagement_id)
        counts = {kind: count for kind, count in self._counts(db, actor_id, engagement_id).items() if count}
        if not counts:
            return None
        for each in self._erasables:
            each.erase(db, actor_id, engagement_id, now)
        _recall_dealt_with(db, actor_id, engagement_id)
        db.stale_homes |= {actor_id, other_id}
        return store.add_receipt(db, actor_id, other_id, engagement_id, What.OWN, actor_id, counts, now)


def _recall_dealt_with(db: Transaction, person_id: str, engagement_id: str) -> None:
    """From the person's own direct messages. What still waits for an answer stays."""
    _recall(db, person_id, or_(about_engagement(engagement_id), OutboxRow.closed == ERASED))


def _recall(db: Transaction, person_id: str, about: ColumnElement[bool]) -> None:
    recall(db, and_(OutboxRow.person_id == person_id, OutboxRow.closed.is_not(None), about))
