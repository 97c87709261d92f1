"""Stand-ins that we own, for what is outside of growbot: time, and Slack as far as the courier and handlers need it."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.core.directory import Identity, Profile
from bot.core.errors import NotFound
from bot.core.outbox.domain import Absent, Accepted, Found, Lookup, Outcome, Refused
from bot.core.outbox.templates import Message
from bot.sandbox import SandboxClock


class MovableClock:
    """Stands still until a test moves it."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    async def sleep(self, seconds: float) -> None:
        """Whoever has something else to do does it first; then the time has come."""
        for _turn in range(5):
            await asyncio.sleep(0)
        self.at += timedelta(seconds=seconds)

    def move(self, **by: float) -> None:
        self.at += timedelta(**by)


class SharedClock(SandboxClock):
    """The local Slack's clock, moved as the other tests' is."""

    @property
    def at(self) -> datetime:
        return self.now()

    def move(self, **by: float) -> None:
        self.advance(timedelta(**by))

    async def sleep(self, seconds: float) -> None:
        """Whoever has something else to do does it first; then the time has come."""
        for _turn in range(5):
            await asyncio.sleep(0)
        self.advance(timedelta(seconds=seconds))


@dataclass
class Posted:
    to: Identity
    message: Message
    marker: str
    channel: str
    ts: str
    updates: list[Message] = field(default_factory=list)
    is_deleted: bool = False

    @property
    def latest(self) -> Message:
        return self.updates[-1] if self.updates else self.message


class FakeSlack:
    """A Sender that keeps what it was given. `outcomes` are used up in order before it accepts."""

    def __init__(self) -> None:
        self.posted: list[Posted] = []
        self.outcomes: list[Outcome] = []
        self.accepts_silently = False
        self.lookups: list[Lookup] = []
        self.looked_up: list[tuple[str, datetime]] = []

    async def post(self, to: Identity, message: Message, marker: str) -> Outcome:
        if self.outcomes:
            outcome = self.outcomes.pop(0)
            if self.accepts_silently:
                self._keep(to, message, marker)
            return outcome
        kept = self._keep(to, message, marker)
        return Accepted(kept.channel, kept.ts)

    async def update(self, to: Identity, channel: str, ts: str, message: Message) -> Outcome:
        if self.outcomes:
            return self.outcomes.pop(0)
        next(each for each in self.posted if each.ts == ts).updates.append(message)
        return Accepted(channel, ts)

    async def delete(self, to: Identity, channel: str, ts: str) -> Outcome:
        if self.outcomes:
            return self.outcomes.pop(0)
        message = next((each for each in self.posted if each.ts == ts and not each.is_deleted), None)
        if message is None:
            return Refused("message_not_found")
        message.is_deleted = True
        return Accepted(channel, ts)

    async def look_up(
        self, to: Identity, channel: str, marker: str, since: datetime, until: datetime
    ) -> Lookup:
        self.looked_up.append((marker, since))
        if self.lookups:
            return self.lookups.pop(0)
        found = next((each for each in self.posted if each.marker == marker), None)
        return Found(found.channel, found.ts) if found else Absent()

    def _keep(self, to: Identity, message: Message, marker: str) -> Posted:
        ts = f"1700000000.{len(self.posted):06d}"
        self.posted.append(Posted(to, message, marker, f"D{to.user_id}", ts))
        return self.posted[-1]


class FakeProfiles:
    """users.info over a dictionary."""

    def __init__(self, *profiles: Profile) -> None:
        self.known = {profile.identity: profile for profile in profiles}

    async def fetch(self, identity: Identity) -> Profile:
        if identity not in self.known:
            raise NotFound
        return self.known[identity]
