"""What reading an agreement shows: the version that holds, a change that is proposed, and what held before."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from itertools import pairwise

from bot.core.database import Transaction
from bot.core.directory import Person
from bot.core.errors import NotFound
from bot.features.engagements import store
from bot.features.engagements.authorization import Item, Kind
from bot.features.engagements.domain import Agreement, ChangeIsGone, Terms
from bot.features.engagements.opening import opens
from bot.features.engagements.service import Membership, active_membership, membership, unsigned
from bot.features.engagements.store import AgreementRow, EngagementRow

ROLES = "roles"


@dataclass(frozen=True, slots=True)
class Reading:
    """The membership, the version that holds (the newest, while it is not signed), and how it ended, if it did.

    `changed`: the names of those terms, or `roles`, that the version before said differently.
    `change_by`: who proposes a change to it.
    """

    membership: Membership
    agreement: Agreement
    changed: frozenset[str]
    ended_by_actor: bool
    end_reason: str | None
    destroy_at: datetime | None
    """When it can no longer be read; None while it is open."""
    change_by: str | None = None
    has_earlier: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """A version that one of the two proposes, beside the one that holds. `changed`: the names of the terms that differ."""

    membership: Membership
    agreement: Agreement
    holds: Agreement
    holds_since: datetime

    @property
    def changed(self) -> frozenset[str]:
        return _different(self.holds.terms, self.agreement.terms)

    @property
    def is_own(self) -> bool:
        return self.agreement.written_by == self.membership.actor.id


@dataclass(frozen=True, slots=True)
class Span:
    """How long a version held that another one has replaced."""

    version: int
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Earlier:
    membership: Membership
    agreement: Agreement
    span: Span


def read_agreement(db: Transaction, actor: Person, engagement_id: str, now: datetime) -> Reading:
    """Raises NotFound."""
    found = membership(db, actor, engagement_id)
    row = store.by_id(db, engagement_id)
    assert row is not None
    agreement = store.opened(db, store.latest_agreement(db, engagement_id), now)
    _note_reading(db, found, agreement, now)
    changed = _changed(db, row, agreement, now)
    change = store.change_of(db, engagement_id)
    return Reading(
        membership=found,
        agreement=agreement,
        changed=changed,
        ended_by_actor=row.ended_by == actor.id,
        end_reason=_end_reason(db, found, row, now),
        destroy_at=row.destroy_at,
        change_by=change.written_by if change and found.is_active else None,
        has_earlier=bool(_spans(db, engagement_id)),
    )


def read_change(db: Transaction, actor: Person, engagement_id: str, now: datetime) -> Change:
    """Raises NotFound, HasEnded, NotActiveYet, ChangeIsGone."""
    found = active_membership(db, actor, engagement_id)
    row = store.change_of(db, engagement_id)
    if row is None or not opens(db, found, Item(Kind.AGREEMENT, row.id, row.written_by), now):
        raise ChangeIsGone
    holds = store.latest_agreement(db, engagement_id)
    return Change(found, store.opened(db, row, now), store.opened(db, holds, now), holds.held_since)


def earlier(db: Transaction, actor: Person, engagement_id: str) -> tuple[Membership, Sequence[Span]]:
    """What held before, the latest first. Raises NotFound."""
    found = membership(db, actor, engagement_id)
    return found, [span for _row, span in reversed(_spans(db, engagement_id))]


def read_earlier(db: Transaction, actor: Person, engagement_id: str, version: int, now: datetime) -> Earlier:
    """Raises NotFound."""
    found = membership(db, actor, engagement_id)
    for row, span in _spans(db, engagement_id):
        if span.version == version:
            return Earlier(found, store.opened(db, row, now), span)
    raise NotFound


def _spans(db: Transaction, engagement_id: str) -> list[tuple[AgreementRow, Span]]:
    rows = store.signed_agreements(db, engagement_id)
    return [(row, Span(row.version, row.held_since, after.held_since)) for row, after in pairwise(rows)]


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
    former = store.opened(db, before, now)
    changed = set(_different(former.terms, agreement.terms))
    # Who writes a version signs it, in the role that they then had.
    writer = store.role_of(row, former.written_by)
    if writer is not None and former.signed_at[writer] is None:
        changed.add(ROLES)
    return frozenset(changed)


def _different(one: Terms, other: Terms) -> frozenset[str]:
    names = [each.name for each in fields(Terms)]
    return frozenset(name for name in names if getattr(one, name) != getattr(other, name))
