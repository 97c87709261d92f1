"""Writing notes, finding them again, and who may read which."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.core.database import Transaction
from bot.core.directory import Person
from bot.core.errors import NotFound
from bot.core.rights import TakenAway
from bot.features.engagements.authorization import may_change
from bot.features.engagements.opening import opens, record_share
from bot.features.engagements.service import Membership, active_membership, some_membership
from bot.features.notes import store
from bot.features.notes.domain import LOOKED_BACK, PAGE, Draft, Filter, Note, OfAnotherPair
from bot.features.notes.store import NoteRow
from bot.features.sessions import service as sessions
from bot.features.sessions import store as session_store
from bot.features.sessions.domain import Session

NEXT_SESSIONS = 2


# --- finding them -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Entry:
    """A note as one of the pair sees it."""

    note: Note
    membership: Membership
    session: Session | None

    @property
    def is_own(self) -> bool:
        return self.note.author_id == self.membership.actor.id


@dataclass(frozen=True, slots=True)
class Page:
    """Some notes, the newest first, and what to choose others by: months by their first day, and sessions."""

    entries: Sequence[Entry]
    wanted: Filter
    has_more: bool
    found: Sequence[Membership]
    months: Sequence[date]
    sessions: Sequence[Session]


def page(db: Transaction, actor: Person, wanted: Filter, now: datetime) -> Page:
    """Over the actor's active engagements; that they read what another one shares is on record.

    Raises StillWaits, OnlyEnded, NoEngagement.
    """
    found = {each.engagement_id: each for each in some_membership(db, actor)}
    among = [each for each in found if wanted.engagement_id in (None, each)]
    rows = store.page(db, among, actor.id, wanted, PAGE + 1)
    if not rows and wanted.start:  # what stood there is gone
        wanted = replace(wanted, start=0)
        rows = store.page(db, among, actor.id, wanted, PAGE + 1)
    return Page(
        entries=[
            _entry(db, row, found[row.engagement_id], now)
            for row in rows[:PAGE]
            if opens(db, found[row.engagement_id], store.item(row), now)
        ],
        wanted=wanted,
        has_more=len(rows) > PAGE,
        found=list(found.values()),
        months=_months(store.days(db, among, actor.id)),
        sessions=_sessions(db, store.session_ids(db, among, actor.id)),
    )


def _entry(db: Transaction, row: NoteRow, found: Membership, now: datetime) -> Entry:
    session = session_store.by_id(db, row.session_id) if row.session_id else None
    return Entry(store.opened(db, row, now), found, session_store.session(session) if session else None)


def _months(days: Sequence[date]) -> list[date]:
    return list(dict.fromkeys(each.replace(day=1) for each in days))


def _sessions(db: Transaction, ids: Sequence[str]) -> list[Session]:
    """The latest first."""
    rows = [row for each in ids if (row := session_store.by_id(db, each)) is not None]
    return sorted((session_store.session(row) for row in rows), key=lambda each: each.starts_at, reverse=True)


def count_theirs(db: Transaction, found: Membership) -> int:
    """How many the other one shares; it opens none."""
    return store.count_shared(db, found.engagement_id, found.other.id)


def last_own(db: Transaction, found: Membership, limit: int, now: datetime) -> list[Note]:
    """The actor's own, the newest first."""
    return [
        store.opened(db, row, now) for row in store.last_own(db, found.engagement_id, found.actor.id, limit)
    ]


# --- writing ----------------------------------------------------------------------------------------


def sessions_to_name(db: Transaction, found: Sequence[Membership], now: datetime) -> Mapping[str, Session]:
    """Those that a note may be about: of the last months, the latest first, and the next ones; by their ids."""
    named: list[Session] = []
    for each in found:
        ahead = session_store.upcoming(db, each.engagement_id, now, NEXT_SESSIONS)
        past = session_store.past(db, each.engagement_id, now - LOOKED_BACK, now)
        named += [session_store.session(row) for row in (*ahead, *past)]
    named.sort(key=lambda each: each.starts_at, reverse=True)
    return {each.id: each for each in named}


def write(db: Transaction, actor: Person, engagement_id: str, draft: Draft, now: datetime) -> Entry:
    """Raises NotFound, HasEnded, NotActiveYet, OfAnotherPair."""
    found = active_membership(db, actor, engagement_id)
    _check_session(db, found, draft)
    row = store.add(db, engagement_id, actor.id, draft, now)
    record_share(db, found, store.item(row), was_shared=False, now=now)
    db.stale_homes.add(found.other.id)
    return _entry(db, row, found, now)


def own(db: Transaction, actor: Person, note_id: str, now: datetime) -> Entry:
    """One of the actor's own, to change. Raises NotFound, HasEnded."""
    row, found = _own(db, actor, note_id)
    return _entry(db, row, found, now)


def edit(db: Transaction, actor: Person, note_id: str, draft: Draft, now: datetime) -> Entry:
    """What is shared no more is out of the other's reach at once. Raises NotFound, HasEnded, OfAnotherPair."""
    row, found = _own(db, actor, note_id)
    _check_session(db, found, draft)
    was_shared = row.is_shared
    store.write(db, row, draft, now)
    record_share(db, found, store.item(row), was_shared=was_shared, now=now)
    db.flush()
    db.stale_homes.add(found.other.id)
    return _entry(db, row, found, now)


def delete(db: Transaction, actor: Person, note_id: str, now: datetime) -> None:
    """Raises NotFound, HasEnded."""
    row, found = _own(db, actor, note_id)
    db.delete(row)
    db.flush()
    db.announce(TakenAway([actor.id, found.other.id]), now)
    db.stale_homes.add(found.other.id)


def _check_session(db: Transaction, found: Membership, draft: Draft) -> None:
    if draft.session_id is None:
        return
    if sessions.get(db, found.actor, draft.session_id).engagement_id != found.engagement_id:
        raise OfAnotherPair


def _own(db: Transaction, actor: Person, note_id: str) -> tuple[NoteRow, Membership]:
    """Of somebody else's, even a shared one, the answer is that there is none to change."""
    row = store.locked(db, note_id)
    if row is None or not may_change(store.item(row), actor.id):
        raise NotFound
    return row, active_membership(db, actor, row.engagement_id)
