"""Slack as the courier needs it, and what it is handed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.core.directory import Identity
from bot.core.outbox.domain import Lookup, Outcome
from bot.core.outbox.templates import Message


class Sender(Protocol):
    """Slack, as the courier needs it. None of these raises."""

    async def post(self, to: Identity, message: Message, marker: str) -> Outcome: ...

    async def update(self, to: Identity, channel: str, ts: str, message: Message) -> Outcome: ...

    async def look_up(self, to: Identity, channel: str, marker: str, since: datetime) -> Lookup: ...


@dataclass(frozen=True, slots=True)
class Posting:
    row_id: str
    to: Identity
    message: Message
    marker: str
    attempts: int
    lease_ends_at: datetime


@dataclass(frozen=True, slots=True)
class Repainting:
    row_id: str
    to: Identity
    message: Message
    channel: str
    ts: str
    attempts: int


@dataclass(frozen=True, slots=True)
class Inquiry:
    row_id: str
    to: Identity
    channel: str | None
    marker: str
    since: datetime
    resent: bool
    lookups: int
    may_repeat: bool
