"""Asking both sides to prepare: once, at the time that each wishes, wherever the session moves."""

from datetime import datetime

from bot.core.database import Transaction
from bot.core.directory import Person
from bot.core.outbox.domain import State, tomorrow
from bot.core.outbox.store import LATER, ask_again, close, enqueue, find, repaint
from bot.features.engagements import store as engagements
from bot.features.people.domain import RhythmChanged, WishesChanged
from bot.features.people.service import People, wishes_of
from bot.features.prep import store
from bot.features.prep.domain import ASK, AnsweredAlready, ask_at, key_of
from bot.features.prep.service import open_session
from bot.features.prep.store import PrepRow
from bot.features.sessions import later as laters
from bot.features.sessions import store as session_store
from bot.features.sessions.domain import Session, SessionCancelled, SessionMoved, SessionScheduled
from bot.features.wrapups.store import open_message

ASKED_AT_ONCE = 50


def follow_schedule(db: Transaction, fact: SessionScheduled, now: datetime) -> None:
    session = _session(db, fact.session_id)
    engagement = engagements.by_id(db, session.engagement_id)
    assert engagement is not None
    for person_id in (engagement.coach_id, engagement.client_id):
        store.add(db, session.id, session.engagement_id, person_id, _ask_at(db, session, person_id, now))


def follow_move(db: Transaction, fact: SessionMoved, now: datetime) -> None:
    """Who was not asked yet is asked at another time; a message that was sent says the new time; nobody is asked twice."""
    session = _session(db, fact.session_id)
    for row in store.locked_of_session(db, session.id):
        key, at = key_of(session.id, row.person_id), _ask_at(db, session, row.person_id, now)
        if find(db, key) is None:
            row.next_ask_at = None if row.answered_at else at
        elif (message := open_message(db, key)) is not None:
            if message.state in (State.PENDING, State.STALE):
                chosen = LATER in message.key and message.due_at < session.starts_at
                store.redate(message, None if chosen else at, session.starts_at, now)
            else:
                message.expires_at = session.starts_at
                repaint(db, message.key)
        else:
            repaint(db, key)
    db.flush()
    db.outbox_changed = True


def follow_cancel(db: Transaction, fact: SessionCancelled, now: datetime) -> None:
    for row in store.locked_of_session(db, fact.session_id):
        row.next_ask_at = None
        close(db, key_of(fact.session_id, row.person_id), "cancelled")


def follow_person(db: Transaction, fact: RhythmChanged | WishesChanged, now: datetime) -> None:
    """Another zone, other hours, or another lead time: what is still to be asked moves."""
    for row in store.waiting_of_person(db, fact.person_id):
        row.next_ask_at = _ask_at(db, _session(db, row.session_id), row.person_id, now)
    db.flush()


def ask_due(db: Transaction, now: datetime) -> int:
    """One of a person's sessions comes due: the others of that local day are asked for along with it, in one message."""
    asked = 0
    for first in store.due(db, now, ASKED_AT_ONCE):
        if first.next_ask_at is None:  # asked along with another
            continue
        person, at = People().get(db, first.person_id), first.next_ask_at
        rows = store.due_until(db, person.id, tomorrow(person.rhythm, at))
        for row in rows:
            _ask(db, row, person, at, now)
        db.flush()
        asked += len(rows)
    return asked


def _ask(db: Transaction, row: PrepRow, person: Person, at: datetime, now: datetime) -> None:
    session, row.next_ask_at = _session(db, row.session_id), None
    if session.is_upcoming(now):
        enqueue(
            db,
            key=key_of(row.session_id, person.id),
            template=ASK,
            to=person.address,
            engagement_id=row.engagement_id,
            subject={"session": row.session_id},
            due_at=at,
            expires_at=session.starts_at,
            now=now,
        )


def _ask_at(db: Transaction, session: Session, person_id: str, now: datetime) -> datetime | None:
    if not session.is_upcoming(now):
        return None
    rhythm, lead = People().get(db, person_id).rhythm, wishes_of(db, person_id).prep_lead_hours
    return ask_at(session.starts_at, lead, rhythm, now)


def _session(db: Transaction, session_id: str) -> Session:
    row = session_store.by_id(db, session_id)
    assert row is not None
    return session_store.session(row)


# --- answering it ------------------------------------------------------------------------------------


def later(db: Transaction, actor: Person, session_id: str, choice: str, now: datetime) -> None:
    """Raises NotFound, PrepClosed, AnsweredAlready, TooLateForLater."""
    session, _found = open_session(db, actor, session_id, now)
    message = open_message(db, key_of(session_id, actor.id))
    if message is None:
        raise AnsweredAlready
    at = laters.chosen(choice, now, actor.rhythm, session.starts_at, "/grow prep")
    ask_again(db, message, at, now)


def skip(db: Transaction, actor: Person, session_id: str, now: datetime) -> None:
    """Raises NotFound, PrepClosed, AnsweredAlready."""
    open_session(db, actor, session_id, now)
    if open_message(db, key_of(session_id, actor.id)) is None:
        raise AnsweredAlready
    close(db, key_of(session_id, actor.id), "skipped")
