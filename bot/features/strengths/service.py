"""Naming strengths, retiring them, and choosing which coach may see which."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.core.database import Transaction
from bot.core.directory import Person
from bot.core.errors import NotFound
from bot.core.rights import TakenAway
from bot.features.engagements.authorization import Kind, may_share
from bot.features.engagements.domain import Role
from bot.features.engagements.opening import opens, record_share
from bot.features.engagements.service import Membership, active_membership, memberships
from bot.features.strengths import store
from bot.features.strengths.domain import MOST, Strength, StrengthRetired, TooMany
from bot.features.strengths.store import StrengthRow


@dataclass(frozen=True, slots=True)
class Mine:
    """A person's strengths in use, and the engagements in which a coach could see them."""

    strengths: Sequence[Strength]
    coached_in: Sequence[Membership]


def mine(db: Transaction, actor: Person, now: datetime) -> Mine:
    coached_in = [each for each in memberships(db, actor) if each.role is Role.CLIENT]
    return Mine(own(db, actor, now), coached_in)


def own(db: Transaction, actor: Person, now: datetime) -> list[Strength]:
    return store.opened(db, store.of_person(db, actor.id), now)


def ever_own(db: Transaction, actor: Person, now: datetime) -> list[Strength]:
    """In use, or kept by a goal."""
    return store.opened(db, store.ever_of_person(db, actor.id), now)


def owned(db: Transaction, actor: Person, ids: Collection[str]) -> frozenset[str]:
    """Those of these ids that are the actor's, in use or retired."""
    return frozenset(row.id for row in store.of_ids(db, ids) if row.owner_id == actor.id)


def save(
    db: Transaction,
    actor: Person,
    names: Sequence[str],
    shared: Mapping[str, Collection[str]],
    now: datetime,
) -> Mine:
    """Add those that are new, and set for each engagement in `shared` which of the others its coach may see.

    Raises TooMany, NotFound, HasEnded.
    """
    rows = store.locked_of_person(db, actor.id)
    known = {each.name for each in store.opened(db, rows, now)}
    new = [name for name in names if name not in known]
    if len(rows) + len(new) > MOST:
        raise TooMany
    for name in new:
        store.add(db, actor.id, name, now)
    ids = {row.id for row in rows}
    for engagement_id, chosen in shared.items():
        _share(db, actor, engagement_id, rows, ids & set(chosen), now)
    return mine(db, actor, now)


def _share(
    db: Transaction,
    actor: Person,
    engagement_id: str,
    rows: Sequence[StrengthRow],
    chosen: Collection[str],
    now: datetime,
) -> None:
    found = active_membership(db, actor, engagement_id)
    if not may_share(Kind.STRENGTH, found.role):
        raise NotFound
    before = store.items(db, rows, engagement_id)
    store.set_shared(db, engagement_id, [row.id for row in rows], chosen)
    for was, item in zip(before, store.items(db, rows, engagement_id), strict=True):
        record_share(db, found, item, was_shared=was.is_shared, now=now)


def retire(db: Transaction, actor: Person, strength_id: str, now: datetime) -> Mine:
    """Off the list; goals that draw on it keep it, otherwise it is erased. Raises NotFound."""
    row = store.by_id(db, strength_id)
    if row is None or row.owner_id != actor.id:
        raise NotFound
    row.retired_at = row.retired_at or now
    retired = StrengthRetired(row.id)
    db.announce(retired, now)
    if not retired.kept_by:
        store.remove(db, row)
        seen_by = [each.other.id for each in memberships(db, actor, only_active=False)]
        db.announce(TakenAway([actor.id, *seen_by]), now)
    db.flush()
    return mine(db, actor, now)


def visible(db: Transaction, found: Membership, now: datetime) -> list[Strength]:
    """The client's in use, as far as this one of the pair may see them."""
    return _seen(db, found, store.of_person(db, found.client.id), now)


def of_ids(
    db: Transaction, actor: Person, found: Membership | None, ids: Collection[str], now: datetime
) -> list[Strength]:
    """In use or retired: the actor's own, or (`found`) their client's, as far as they may see them."""
    rows = store.of_ids(db, ids)
    if found is not None:
        return _seen(db, found, [row for row in rows if row.owner_id == found.client.id], now)
    return store.opened(db, [row for row in rows if row.owner_id == actor.id], now)


def _seen(db: Transaction, found: Membership, rows: Sequence[StrengthRow], now: datetime) -> list[Strength]:
    items = store.items(db, rows, found.engagement_id)
    seen = [row for row, item in zip(rows, items, strict=True) if opens(db, found, item, now)]
    return store.opened(db, seen, now)
