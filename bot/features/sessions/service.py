"""Which sessions there are: planning, moving and cancelling them, and what became of them."""

from datetime import datetime

from bot.core.database import Transaction
from bot.core.directory import Person
from bot.core.errors import NotFound
from bot.features.engagements.service import membership
from bot.features.sessions import store
from bot.features.sessions.domain import Session
from bot.features.sessions.store import SessionRow


def get(db: Transaction, actor: Person, session_id: str) -> Session:
    """Raises NotFound when there is none, or the actor is not one of the pair."""
    return store.session(_row(db, actor, session_id))


def next_of(db: Transaction, engagement_id: str, now: datetime) -> Session | None:
    """The caller has checked the membership."""
    return next((store.session(row) for row in store.upcoming(db, engagement_id, now, 1)), None)


def upcoming(db: Transaction, engagement_id: str, now: datetime) -> list[Session]:
    """The next one first. The caller has checked the membership."""
    return [store.session(row) for row in store.upcoming(db, engagement_id, now)]


def _row(db: Transaction, actor: Person, session_id: str) -> SessionRow:
    row = store.by_id(db, session_id)
    if row is None:
        raise NotFound
    membership(db, actor, row.engagement_id)
    return row
