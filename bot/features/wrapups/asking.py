"""Asking both sides how a session went: once, after it has ended, wherever it moves."""

from datetime import datetime

from bot.core.database import Transaction
from bot.core.directory import Person
from bot.core.outbox.store import ask_again, close, enqueue, find
from bot.features.engagements import store as engagements
from bot.features.engagements.domain import EngagementEnded
from bot.features.people.domain import RhythmChanged
from bot.features.people.service import People
from bot.features.sessions import later as laters
from bot.features.sessions import service as sessions
from bot.features.sessions import store as session_store
from bot.features.sessions.domain import (
    Session,
    SessionCancelled,
    SessionMoved,
    SessionScheduled,
    SessionState,
)
from bot.features.wrapups import store
from bot.features.wrapups.domain import ASK, HOLDS, AnsweredAlready, ask_at, key_of
from bot.features.wrapups.store import WrapupRow

ASKED_AT_ONCE = 50


def follow_schedule(db: Transaction, fact: SessionScheduled, now: datetime) -> None:
    session = _session(db, fact.session_id)
    engagement = engagements.by_id(db, session.engagement_id)
    assert engagement is not None
    for person_id in (engagement.coach_id, engagement.client_id):
        store.add(db, session.id, session.engagement_id, person_id, _ask_at(db, session, person_id))


def follow_move(db: Transaction, fact: SessionMoved, now: datetime) -> None:
    """Who was asked already is asked anew after the new time, and the old message says that it was moved."""
    session = _session(db, fact.session_id)
    for row in store.locked_of_session(db, session.id):
        if find(db, _key(row)) is not None:
            close(db, _key(row), "moved")
            row.times_moved += 1
        row.next_ask_at = _ask_at(db, session, row.person_id)
    db.flush()


def follow_cancel(db: Transaction, fact: SessionCancelled, now: datetime) -> None:
    close_both(db, fact.session_id, "cancelled")


def follow_end(db: Transaction, fact: EngagementEnded, now: datetime) -> None:
    store.ask_no_more(db, fact.engagement_id)


def follow_person(db: Transaction, fact: RhythmChanged, now: datetime) -> None:
    for row in store.waiting_of_person(db, fact.person_id):
        row.next_ask_at = _ask_at(db, _session(db, row.session_id), row.person_id)
    db.flush()


def ask_due(db: Transaction, now: datetime) -> int:
    due = store.due(db, now, ASKED_AT_ONCE)
    for row in due:
        session, asked_at = _session(db, row.session_id), row.next_ask_at or now
        row.next_ask_at = None
        if session.state in (SessionState.PLANNED, SessionState.HELD):
            enqueue(
                db,
                key=_key(row),
                template=ASK,
                to=People().get(db, row.person_id).address,
                engagement_id=row.engagement_id,
                subject={"session": row.session_id},
                due_at=asked_at,
                expires_at=asked_at + HOLDS,
                now=now,
            )
    db.flush()
    return len(due)


def later(db: Transaction, actor: Person, session_id: str, choice: str, now: datetime) -> None:
    """Raises NotFound, HasEnded, NotPlanned, AnsweredAlready, TooLateForLater."""
    sessions.check_started(db, actor, session_id, now)
    row = store.of(db, session_id, actor.id)
    message = store.open_message(db, _key(row)) if row else None
    if message is None:
        raise AnsweredAlready
    at = laters.chosen(choice, now, actor.rhythm, message.expires_at, "/grow wrapup")
    ask_again(db, message, at, now)


def close_own(db: Transaction, row: WrapupRow, how: str) -> None:
    row.next_ask_at = None
    close(db, _key(row), how)


def close_both(db: Transaction, session_id: str, how: str) -> None:
    for row in store.locked_of_session(db, session_id):
        close_own(db, row, how)


def message_key(db: Transaction, session_id: str, person_id: str) -> str | None:
    """Of this person's message that is still to be answered, if there is one."""
    row = store.of(db, session_id, person_id)
    message = store.open_message(db, _key(row)) if row else None
    return message.key if message else None


def _key(row: WrapupRow) -> str:
    return key_of(row.session_id, row.person_id, row.times_moved)


def _session(db: Transaction, session_id: str) -> Session:
    row = session_store.by_id(db, session_id)
    assert row is not None
    return session_store.session(row)


def _ask_at(db: Transaction, session: Session, person_id: str) -> datetime:
    return ask_at(session.ends_at, People().get(db, person_id).rhythm)
