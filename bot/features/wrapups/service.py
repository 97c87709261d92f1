"""Keeping what each side says after a session; the commitments of the last GROW stage are made here too."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.core.database import Transaction
from bot.core.directory import Person
from bot.core.outbox.store import repaint
from bot.features.commitments import service as commitments
from bot.features.commitments.domain import Commitment, Draft
from bot.features.engagements.opening import opens, record_share
from bot.features.engagements.service import Membership
from bot.features.goals.reading import Choice
from bot.features.sessions import service as sessions
from bot.features.sessions.service import Entry
from bot.features.wrapups import asking, store
from bot.features.wrapups.domain import Wrapup, WrapUpOpened


@dataclass(frozen=True, slots=True)
class Reading:
    """One side's wrap-up, empty at first. `their_takeaway` is what the other one shares."""

    entry: Entry
    own: Wrapup | None
    their_takeaway: str | None
    commitments: Sequence[Commitment]
    """The actor's own, made from this session."""
    prepared: Sequence[tuple[str, str]] = ()
    """What the actor wrote before the session about what they will do: questions and answers."""
    goals: Sequence[Choice] = ()
    """The actor's own, which a commitment can be a step towards."""


def read(db: Transaction, actor: Person, session_id: str, now: datetime) -> Reading:
    """Raises NotFound, HasEnded, NotPlanned, NotStarted."""
    entry = sessions.check_started(db, actor, session_id, now)
    row = store.of(db, session_id, actor.id)
    return Reading(
        entry=entry,
        own=store.opened(db, row, now) if row and row.written_at else None,
        their_takeaway=_shared(
            db, entry.membership, store.of(db, session_id, entry.membership.other.id), now
        ),
        commitments=_own_commitments(db, entry, now),
        prepared=_prepared(db, entry, now),
        goals=commitments.goal_choices(db, [entry.membership], now),
    )


def _prepared(db: Transaction, entry: Entry, now: datetime) -> list[tuple[str, str]]:
    opened = WrapUpOpened(entry.session.id, entry.membership.actor.id)
    db.announce(opened, now)
    return opened.prepared


def save(
    db: Transaction,
    actor: Person,
    session_id: str,
    takeaway: str | None,
    note: str | None,
    is_shared: bool,
    draft: Draft | None,
    now: datetime,
) -> Reading:
    """It took place. Raises NotFound, HasEnded, NotPlanned, NotStarted, and what making a commitment raises."""
    entry = sessions.check_started(db, actor, session_id, now)
    sessions.wrap_up(db, actor, session_id, now)
    row = store.of(db, session_id, actor.id)
    if row is None:
        row = store.add(db, session_id, entry.session.engagement_id, actor.id, now)
    was_shared = row.is_shared
    store.write(db, row, takeaway, note, is_shared, now)
    record_share(db, entry.membership, store.takeaway(row), was_shared=was_shared, now=now)
    asking.close_own(db, row, "answered")
    if draft is not None:
        commitments.make(db, actor, entry.session.engagement_id, draft, now, session_id=session_id)
    their_key = asking.message_key(db, session_id, entry.membership.other.id)
    if their_key is not None:
        repaint(db, their_key)
    return Reading(entry, store.opened(db, row, now), None, _own_commitments(db, entry, now))


def not_held(db: Transaction, actor: Person, session_id: str, now: datetime) -> Entry:
    """It did not take place: nobody is asked about it any more. Raises NotFound, HasEnded, NotPlanned, NotStarted, HeldAlready."""
    sessions.not_held(db, actor, session_id, now)
    asking.close_both(db, session_id, "not_held")
    return sessions.entry(db, actor, session_id)


@dataclass(frozen=True, slots=True)
class LastTime:
    """What was taken away from the session before: one's own, and the other's if it is shared; and one's own note."""

    own: str | None
    theirs: str | None
    note: str | None = None


def last_time(db: Transaction, found: Membership, before: datetime, now: datetime) -> LastTime:
    mine = store.last_written(db, found.engagement_id, found.actor.id, before)
    theirs = store.last_written(db, found.engagement_id, found.other.id, before)
    own = store.opened(db, mine, now) if mine else None
    return LastTime(
        own=own.takeaway if own else None,
        theirs=_shared(db, found, theirs, now),
        note=own.note if own else None,
    )


def _shared(db: Transaction, found: Membership, row: store.WrapupRow | None, now: datetime) -> str | None:
    """The other's takeaway, if they share it."""
    if row is None or row.takeaway is None or not opens(db, found, store.takeaway(row), now):
        return None
    return store.opened(db, row, now).takeaway


def _own_commitments(db: Transaction, entry: Entry, now: datetime) -> list[Commitment]:
    found = entry.membership
    made = commitments.of_session(db, found, entry.session.id, now)
    return [each for each in made if each.owner_id == found.actor.id]
