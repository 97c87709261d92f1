"""Changing what both have signed: one proposes another version, and what holds stays until the other has signed it too.

What comes to nothing is deleted at once: nobody agreed to it. What both have signed stays to be read.
"""

from dataclasses import dataclass
from datetime import datetime

from bot.core.database import Transaction
from bot.core.directory import Person
from bot.core.errors import NotFound
from bot.core.outbox.store import close, enqueue
from bot.core.rights import TakenAway
from bot.features.engagements import store
from bot.features.engagements.authorization import Item, Kind, may_change
from bot.features.engagements.domain import (
    AgreedAlready,
    AgreementChanged,
    AgreementRenewed,
    AlreadySigned,
    ChangeIsGone,
    EngagementEnded,
    NothingDifferent,
    Terms,
    WaitsForOther,
    WithDeactivated,
)
from bot.features.engagements.inviting import count_change
from bot.features.engagements.opening import opens
from bot.features.engagements.service import (
    INVITATION_HOLDS,
    Membership,
    active_membership,
    membership,
    tell,
)
from bot.features.engagements.store import AgreementRow

CHANGE = "engagements.change"
CHANGED = "engagements.changed"
KEPT = "engagements.kept"


@dataclass(frozen=True, slots=True)
class Seen:
    """What was there when a form was filled: the ids of the version that held, and of the change that was open (or "")."""

    holds: str
    change: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A change as its form shows it. `proposed_by`: whose change is open, which this one would replace."""

    membership: Membership
    terms: Terms
    seen: Seen
    proposed_by: str | None


@dataclass(frozen=True, slots=True)
class Overtaken:
    """The other one was quicker: what was typed, for a form that knows of it. `is_signed`: another version holds now."""

    draft: Draft
    is_signed: bool


def waiting_for(db: Transaction, actor: Person) -> set[str]:
    """The engagements in which a change waits for the actor's answer."""
    return store.changes_for(db, actor.id)


def draft(db: Transaction, actor: Person, engagement_id: str, now: datetime) -> Draft:
    """With the words of the change that is open, or else of what holds. Raises what propose_change raises."""
    found = _changeable(db, actor, engagement_id)
    filled = store.change_of(db, engagement_id)
    if filled is None or not opens(db, found, _item(filled), now):
        filled = store.latest_agreement(db, engagement_id)
    return _as_draft(db, found, store.opened(db, filled, now).terms)


def propose_change(
    db: Transaction, actor: Person, engagement_id: str, seen: Seen, terms: Terms, now: datetime
) -> Membership | Overtaken:
    """Signed by the actor; instead of a change that is open, if the actor's form knew of it.

    Raises NotFound, HasEnded, NotActiveYet, WithDeactivated, NothingDifferent, AgreedAlready, WaitsForOther, ChangedOften.
    """
    row = store.locked(db, engagement_id)
    found = _changeable(db, actor, engagement_id)
    holds, replaced = store.latest_agreement(db, engagement_id), store.change_of(db, engagement_id)
    is_others = replaced is not None and not may_change(_item(replaced), actor.id)
    is_news = replaced is not None and is_others and replaced.id != seen.change
    if holds.id != seen.holds or is_news:
        return Overtaken(_as_draft(db, found, terms), is_signed=holds.id != seen.holds)
    if terms == store.opened(db, holds, now).terms:
        raise AgreedAlready
    if replaced is not None and terms == store.opened(db, replaced, now).terms:
        raise NothingDifferent if is_others else WaitsForOther
    count_change(db, actor, engagement_id, now)
    if replaced is not None:
        _drop(db, found, replaced, "answered" if is_others else "replaced", now)
    assert row is not None
    made = store.add_agreement(db, row, holds.version + 1, terms, actor.id, now)
    made.sign(found.role, now)
    _ask(db, found, made, now)
    return found


def sign_change(
    db: Transaction, actor: Person, engagement_id: str, change_id: str, now: datetime
) -> Membership:
    """It holds from now on. Raises NotFound, HasEnded, AlreadySigned, AgreementChanged, ChangeIsGone, WaitsForOther."""
    found, row = _for_answer(db, actor, engagement_id, change_id)
    row.sign(found.role, now)
    engagement = store.locked(db, engagement_id)
    assert engagement is not None
    engagement.shares = row.shares
    db.flush()
    close(db, key_of(row), "signed")
    tell(db, CHANGED, found, now, row.id)
    db.announce(AgreementRenewed(engagement_id), now)
    return membership(db, actor, engagement_id)


def keep(db: Transaction, actor: Person, engagement_id: str, change_id: str, now: datetime) -> Membership:
    """“Keep it as it is”, which the other one is told. Raises as sign_change does."""
    found, row = _for_answer(db, actor, engagement_id, change_id)
    _drop(db, found, row, "kept", now)
    tell(db, KEPT, found, now, row.id)
    return found


def take_back(
    db: Transaction, actor: Person, engagement_id: str, change_id: str, now: datetime
) -> Membership:
    """Of one's own, as long as the other one has not answered. Raises as sign_change does."""
    found, row = _open(db, actor, engagement_id, change_id)
    if not may_change(_item(row), actor.id):
        raise NotFound
    _drop(db, found, row, "taken back", now)
    return found


def follow_end(db: Transaction, fact: EngagementEnded, now: datetime) -> None:
    """Nothing is open any more. Its message is closed with all others of the engagement."""
    row = store.change_of(db, fact.engagement_id)
    if row is not None:
        db.delete(row)
        db.flush()


def key_of(change: AgreementRow) -> str:
    """Of the message that asks for the other signature."""
    return f"{CHANGE}:{change.id}"


def _changeable(db: Transaction, actor: Person, engagement_id: str) -> Membership:
    found = active_membership(db, actor, engagement_id)
    if found.other.is_deleted:
        raise WithDeactivated
    return found


def _as_draft(db: Transaction, found: Membership, terms: Terms) -> Draft:
    holds, change = store.latest_agreement(db, found.engagement_id), store.change_of(db, found.engagement_id)
    seen = Seen(holds.id, change.id if change else "")
    return Draft(found, terms, seen, change.written_by if change else None)


def _for_answer(
    db: Transaction, actor: Person, engagement_id: str, change_id: str
) -> tuple[Membership, AgreementRow]:
    found, row = _open(db, actor, engagement_id, change_id)
    if may_change(_item(row), actor.id):
        raise WaitsForOther
    return found, row


def _open(
    db: Transaction, actor: Person, engagement_id: str, change_id: str
) -> tuple[Membership, AgreementRow]:
    """The change that a button or form names, if it is still the one that is open."""
    store.locked(db, engagement_id)
    found = active_membership(db, actor, engagement_id)
    row = store.change_of(db, engagement_id)
    if row is not None and row.id == change_id:
        return found, row
    if any(each.id == change_id for each in store.signed_agreements(db, engagement_id)):
        raise AlreadySigned
    raise ChangeIsGone if row is None else AgreementChanged


def _drop(db: Transaction, found: Membership, row: AgreementRow, how: str, now: datetime) -> None:
    """It came to nothing: no word of it is kept."""
    close(db, key_of(row), how)
    db.delete(row)
    db.flush()
    db.announce(TakenAway([found.actor.id, found.other.id]), now)
    db.stale_homes |= {found.actor.id, found.other.id}


def _ask(db: Transaction, found: Membership, change: AgreementRow, now: datetime) -> None:
    enqueue(
        db,
        key=key_of(change),
        template=CHANGE,
        to=found.other.address,
        engagement_id=found.engagement_id,
        subject={"engagement": found.engagement_id, "change": change.id, "by": found.actor.id},
        due_at=now,
        expires_at=now + INVITATION_HOLDS,
        now=now,
    )
    db.stale_homes.add(found.other.id)


def _item(row: AgreementRow) -> Item:
    return Item(Kind.AGREEMENT, row.id, row.written_by)
