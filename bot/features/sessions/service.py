"""Which sessions there are, as one of the pair sees them, and what became of them. `planning` changes them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.core.database import Transaction
from bot.core.directory import Person
from bot.core.errors import NotFound
from bot.features.engagements.domain import Role
from bot.features.engagements.service import Membership, active_membership, membership, memberships
from bot.features.engagements.store import locked
from bot.features.sessions import store
from bot.features.sessions.domain import (
    LONGEST,
    WRAP_UP_WITHIN,
    HeldAlready,
    NotPlanned,
    NotStarted,
    Session,
    SessionState,
)
from bot.features.sessions.store import SessionRow

# --- reading ----------------------------------------------------------------------------------------


def get(db: Transaction, actor: Person, session_id: str) -> Session:
    """Raises NotFound when there is none, or the actor is not one of the pair."""
    return store.session(_row(db, actor, session_id)[0])


def upcoming(db: Transaction, found: Membership, now: datetime) -> list[Session]:
    """The next one first."""
    return [store.session(row) for row in store.upcoming(db, found.engagement_id, now)]


@dataclass(frozen=True, slots=True)
class Entry:
    """A session as one of the pair sees it. `every_weeks` is 0 for one that does not recur."""

    session: Session
    membership: Membership
    every_weeks: int


@dataclass(frozen=True, slots=True)
class Agenda:
    """`upcoming`: the next one first. Of the last two weeks, the latest first: `unwrapped` are those that the actor
    could still wrap up, `wrapped` those that they have. `only`: the engagement whose sessions these are, of `found`.
    """

    upcoming: Sequence[Entry]
    unwrapped: Sequence[Entry]
    wrapped: Sequence[Entry]
    found: Sequence[Membership]
    only: str | None


def entry(db: Transaction, actor: Person, session_id: str) -> Entry:
    """Raises NotFound."""
    row, found = _row(db, actor, session_id)
    return _entry(db, row, found)


def check_planned(db: Transaction, actor: Person, session_id: str) -> Entry:
    """A session that may be moved or cancelled. Raises NotFound, HasEnded, NotPlanned."""
    row, found = changeable(db, actor, session_id)
    return _entry(db, row, found)


def next_of_each(
    db: Transaction, found: Sequence[Membership], now: datetime
) -> tuple[list[Entry], list[Membership]]:
    """The next session of each engagement, the earliest first; and the engagements that have none."""
    rows = {each.engagement_id: store.upcoming(db, each.engagement_id, now, 1) for each in found}
    entries = [_entry(db, row, each) for each in found for row in rows[each.engagement_id]]
    entries.sort(key=lambda each: each.session.starts_at)
    return entries, [each for each in found if not rows[each.engagement_id]]


def current_of_each(db: Transaction, found: Sequence[Membership], now: datetime) -> list[Entry]:
    """What is going on right now, and the next session of each engagement; the earliest first."""
    going_on = [
        entry
        for each in found
        for row in store.past(db, each.engagement_id, now - LONGEST, now)
        if (entry := _entry(db, row, each)).session.ends_at > now
    ]
    return going_on + next_of_each(db, found, now)[0]


def unwrapped(db: Transaction, actor: Person, now: datetime) -> list[Entry]:
    """As in the agenda."""
    return [entry for is_wrapped, entry in _behind(db, memberships(db, actor), now) if not is_wrapped]


def _behind(db: Transaction, found: Sequence[Membership], now: datetime) -> list[tuple[bool, Entry]]:
    """What took place, the latest first, and whether the actor has wrapped it up."""
    rows = [
        (row, each) for each in found for row in store.past(db, each.engagement_id, now - WRAP_UP_WITHIN, now)
    ]
    behind = [(_wrapped(row, each.role), _entry(db, row, each)) for row, each in rows]
    return sorted(behind, key=lambda each: each[1].session.starts_at, reverse=True)


def agenda(db: Transaction, actor: Person, now: datetime, only: str | None = None) -> Agenda:
    """Over all active engagements of the actor, or of the one `only`; what is none of theirs counts as nothing chosen."""
    found = memberships(db, actor)
    wanted = [each for each in found if each.engagement_id == only]
    shown = wanted or found
    ahead = [_entry(db, row, each) for each in shown for row in store.upcoming(db, each.engagement_id, now)]
    ahead.sort(key=lambda each: each.session.starts_at)
    behind = _behind(db, shown, now)
    return Agenda(
        upcoming=ahead,
        unwrapped=[each for is_wrapped, each in behind if not is_wrapped],
        wrapped=[each for is_wrapped, each in behind if is_wrapped],
        found=found,
        only=only if wanted else None,
    )


# --- afterwards -------------------------------------------------------------------------------------


def wrap_up(db: Transaction, actor: Person, session_id: str, now: datetime) -> Session:
    """The actor says that it took place, and has nothing left to do about it. Raises NotFound, HasEnded, NotPlanned, NotStarted."""
    row, found = _started(db, actor, session_id, now, is_locked=True)
    row.state = SessionState.HELD
    if found.role is Role.COACH:
        row.coach_wrapped_at = now
    else:
        row.client_wrapped_at = now
    db.flush()
    db.stale_homes.add(found.other.id)
    return store.session(row)


def not_held(db: Transaction, actor: Person, session_id: str, now: datetime) -> Session:
    """Raises NotFound, HasEnded, NotPlanned, NotStarted, HeldAlready."""
    row, found = _started(db, actor, session_id, now, is_locked=True)
    if row.state == SessionState.HELD:
        raise HeldAlready
    row.state = SessionState.NOT_HELD
    db.flush()
    db.stale_homes.add(found.other.id)
    return store.session(row)


def check_started(db: Transaction, actor: Person, session_id: str, now: datetime) -> Entry:
    """A session that can be wrapped up. Raises NotFound, HasEnded, NotPlanned, NotStarted."""
    row, found = _started(db, actor, session_id, now)
    return _entry(db, row, found)


def _started(
    db: Transaction, actor: Person, session_id: str, now: datetime, *, is_locked: bool = False
) -> tuple[SessionRow, Membership]:
    row, found = _active(db, actor, session_id, is_locked)
    if row.state == SessionState.CANCELLED:
        raise NotPlanned
    if row.starts_at > now:
        raise NotStarted
    return row, found


# --- within -----------------------------------------------------------------------------------------


def _row(db: Transaction, actor: Person, session_id: str) -> tuple[SessionRow, Membership]:
    row = store.by_id(db, session_id)
    if row is None:
        raise NotFound
    return row, membership(db, actor, row.engagement_id)


def _active(
    db: Transaction, actor: Person, session_id: str, is_locked: bool
) -> tuple[SessionRow, Membership]:
    """`is_locked`: it is about to be changed, and nobody else changes anything of this pair meanwhile."""
    row, _found = _row(db, actor, session_id)
    if is_locked:
        locked(db, row.engagement_id)
        store.refresh(db, row)
    return row, active_membership(db, actor, row.engagement_id)


def changeable(
    db: Transaction, actor: Person, session_id: str, *, is_locked: bool = False
) -> tuple[SessionRow, Membership]:
    """A session that may be moved or cancelled. Raises NotFound, HasEnded, NotPlanned."""
    row, found = _active(db, actor, session_id, is_locked)
    if row.state != SessionState.PLANNED:
        raise NotPlanned
    return row, found


def _entry(db: Transaction, row: SessionRow, found: Membership) -> Entry:
    every_weeks = store.series_by_id(db, row.series_id).every_weeks if row.series_id else 0
    return Entry(store.session(row), found, every_weeks)


def _wrapped(row: SessionRow, role: Role) -> bool:
    return (row.coach_wrapped_at if role is Role.COACH else row.client_wrapped_at) is not None
