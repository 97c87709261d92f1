"""Slack as the courier needs it, and what it is handed."""

from collections.abc import Collection, Mapping, Sequence
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

    async def delete(self, to: Identity, channel: str, ts: str) -> Outcome: ...

    async def look_up(
        self, to: Identity, channel: str, marker: str, since: datetime, until: datetime
    ) -> Lookup: ...


@dataclass(frozen=True, slots=True)
class Posting:
    row_id: str
    to: Identity
    message: Message
    marker: str
    attempts: int
    lease_ends_at: datetime
    parts: Sequence[str] = ()
    """Ids of the other rows that the message tells of."""

    @property
    def team_id(self) -> str:
        return self.to.team_id

    @property
    def row_ids(self) -> Sequence[str]:
        return (self.row_id, *self.parts)


@dataclass(frozen=True, slots=True)
class Recalling:
    to: Identity
    channel: str
    ts: str
    attempts: Mapping[str, int]
    """By the ids of the rows for which this is done: how often it was tried, this time included."""

    @property
    def team_id(self) -> str:
        return self.to.team_id

    @property
    def row_ids(self) -> Sequence[str]:
        return list(self.attempts)


@dataclass(frozen=True, slots=True)
class Repainting(Recalling):
    message: Message


@dataclass(frozen=True, slots=True)
class Inquiry:
    row_id: str
    to: Identity
    channel: str | None
    marker: str
    since: datetime
    until: datetime
    resent: bool
    lookups: int
    may_repeat: Collection[str]
    """Those of its rows that may be seen twice at worst."""
    absent_before: bool
    parts: Sequence[str] = ()

    @property
    def team_id(self) -> str:
        return self.to.team_id

    @property
    def row_ids(self) -> Sequence[str]:
        return (self.row_id, *self.parts)
