"""What reading an agreement shows."""

from dataclasses import dataclass, fields
from datetime import datetime

from bot.core.database import Transaction
from bot.core.directory import Person
from bot.features.engagements import store
from bot.features.engagements.authorization import Item, Kind
from bot.features.engagements.domain import Agreement, Terms
from bot.features.engagements.opening import opens
from bot.features.engagements.service import Membership, membership, unsigned
from bot.features.engagements.store import EngagementRow

ROLES = "roles"


@dataclass(frozen=True, slots=True)
class Reading:
    """The membership, its newest version, and how it ended, if it did.

    `changed`: the names of those terms, or `roles`, that the version before said differently.
    """

    membership: Membership
    agreement: Agreement
    changed: frozenset[str]
    ended_by_actor: bool
    end_reason: str | None
    destroy_at: datetime | None
    """When it can no longer be read; None while it is open."""


def read_agreement(db: Transaction, actor: Person, engagement_id: str, now: datetime) -> Reading:
    """Raises NotFound."""
    found = membership(db, actor, engagement_id)
    row = store.by_id(db, engagement_id)
    assert row is not None
    agreement = store.opened(db, store.latest_agreement(db, engagement_id), now)
    _note_reading(db, found, agreement, now)
    changed = _changed(db, row, agreement, now)
    return Reading(
        membership=found,
        agreement=agreement,
        changed=changed,
        ended_by_actor=row.ended_by == actor.id,
        end_reason=_end_reason(db, found, row, now),
        destroy_at=row.destroy_at,
    )


def _note_reading(db: Transaction, found: Membership, agreement: Agreement, now: datetime) -> None:
    """Until both have signed, it is the words of whoever wrote it; then it is both's own."""
    if not agreement.is_signed:
        opens(db, found, Item(Kind.AGREEMENT, agreement.id, agreement.written_by), now)


def _end_reason(db: Transaction, found: Membership, row: EngagementRow, now: datetime) -> str | None:
    if row.end_reason is None or row.ended_by is None:
        return None
    is_open = opens(db, found, Item(Kind.ENDING, row.id, row.ended_by), now)
    return store.end_reason(db, row, now) if is_open else None


def read_for_answer(db: Transaction, actor: Person, engagement_id: str, now: datetime) -> Reading:
    """The newest version, to be answered with another one. Raises what sign raises, except for a stale version."""
    newest = read_agreement(db, actor, engagement_id, now)
    unsigned(db, actor, engagement_id, newest.agreement.version, now)
    return newest


def _changed(db: Transaction, row: EngagementRow, agreement: Agreement, now: datetime) -> frozenset[str]:
    before = store.agreement_before(db, row.id, agreement.version)
    if before is None:
        return frozenset()
    earlier = store.opened(db, before, now)
    names = [each.name for each in fields(Terms)]
    changed = {name for name in names if getattr(earlier.terms, name) != getattr(agreement.terms, name)}
    writer = row.role_of(earlier.written_by)  # who writes a version signs it, in the role that they then had
    if writer is not None and earlier.signed_at[writer] is None:
        changed.add(ROLES)
    return frozenset(changed)
