"""Stand-ins that we own, for what is outside of growbot: time, and Slack as far as the courier and handlers need it."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.core.directory import Identity, Person, Profile
from bot.core.errors import NotFound
from bot.core.outbox.domain import Absent, Accepted, Failure, Found, Lookup, Outcome, Refused
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


@dataclass
class FakeFile:
    """`channel`: where it is seen; None before it is shared, and after it was deleted."""

    to: Identity
    content: bytes
    channel: str | None = None


class FakeFiles:
    """Files that keeps what it was given. What stands in `failures` comes of the next calls, by the name of the call.

    `takes_effect`: the call is carried out all the same, and only its answer is lost.
    """

    def __init__(self) -> None:
        self.is_granted = True
        self.takes_effect = False
        self.failures: dict[str, list[Failure]] = {}
        self.kept: dict[str, FakeFile] = {}
        self.calls: list[str] = []
        self.before: Callable[[str], None] = lambda _call: None
        """Told of each call before it is made."""

    async def may_send(self, identity: Identity) -> bool:
        return self.is_granted

    async def upload(self, to: Identity, name: str, content: bytes) -> str | Failure:
        if (failure := self._failure("upload")) is not None:
            return failure
        file_id = f"F{len(self.kept):09d}"
        self.kept[file_id] = FakeFile(to, content)
        return file_id

    async def share(self, to: Identity, file_id: str, title: str, channel: str) -> Failure | None:
        failure = self._failure("share")
        if failure is None or self.takes_effect:
            assert self.kept[file_id].channel is None, "shared twice"
            self.kept[file_id].channel = channel
        return failure

    async def delete(self, to: Identity, file_id: str) -> Failure | None:
        failure = self._failure("delete")
        if failure is None or self.takes_effect:
            self.kept[file_id].channel = None
        return failure

    def _failure(self, call: str) -> Failure | None:
        self.before(call)
        self.calls.append(call)
        waiting = self.failures.get(call)
        return waiting.pop(0) if waiting else None

    def seen_by(self, person: Person) -> list[bytes]:
        """What stands in this person's direct messages."""
        dm = f"D{person.identity.user_id}"
        return [each.content for each in self.kept.values() if each.channel == dm]


class FakeProfiles:
    """users.info over a dictionary."""

    def __init__(self, *profiles: Profile) -> None:
        self.known = {profile.identity: profile for profile in profiles}

    async def fetch(self, identity: Identity) -> Profile:
        if identity not in self.known:
            raise NotFound
        return self.known[identity]
