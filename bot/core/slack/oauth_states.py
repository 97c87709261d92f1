"""What somebody who begins to install takes along to Slack and brings back: random, once, for ten minutes, by one browser."""

import hashlib
import logging
import secrets
from datetime import datetime, timedelta
from typing import Any

from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore
from sqlalchemy import String, delete, func, select
from sqlalchemy.orm import Mapped, mapped_column

from bot.core.clock import Clock
from bot.core.database import Base, Database, Transaction

LIFE = timedelta(minutes=10)
MOST = 10_000
"""Anybody can begin: what they begin must not fill the database, nor keep others from it. The oldest give way."""


class StateRow(Base):
    """Only the digest of state and browser together: who reads the table can continue nothing."""

    __tablename__ = "oauth_states"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)


class SealedStates(AsyncOAuthStateStore):
    """slack_sdk's interface, over the database, so that the answer may reach another process. A state is consumed with its browser:
    `bound(state, browser)`."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    @property
    def logger(self) -> logging.Logger:
        return logging.getLogger(__name__)

    async def async_issue(self, *_args: Any, **kwargs: Any) -> str:
        """A new state for the browser that has the cookie `browser`. Raises DatabaseUnavailable."""
        state = secrets.token_urlsafe(32)
        digest = _digest(bound(state, str(kwargs["browser"])))
        await self._database.run(lambda db: _remember(db, digest, self._clock.now()))
        return state

    async def async_consume(self, state: str) -> bool:
        """False for one that is unknown, used, too old or another browser's. Raises DatabaseUnavailable."""
        return await self._database.run(lambda db: _use_up(db, _digest(state), self._clock.now()))


def bound(state: str, browser: str) -> str:
    """A state as it is consumed: worth nothing without the browser that began."""
    return f"{len(state)}.{state}.{browser}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _remember(db: Transaction, digest: str, now: datetime) -> None:
    db.execute(delete(StateRow).where(StateRow.expires_at <= now))
    if (db.scalar(select(func.count()).select_from(StateRow)) or 0) >= MOST:
        oldest = select(StateRow.digest).order_by(StateRow.expires_at.desc()).offset(MOST - 1)
        db.execute(delete(StateRow).where(StateRow.digest.in_(oldest)))
    db.add(StateRow(digest=digest, expires_at=now + LIFE))


def _use_up(db: Transaction, digest: str, now: datetime) -> bool:
    """One statement, so that of two who bring the same one, one succeeds."""
    used = delete(StateRow).where(StateRow.digest == digest, StateRow.expires_at > now)
    return db.execute(used.returning(StateRow.digest)).first() is not None
