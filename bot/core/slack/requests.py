"""What a handler gets (Context) and gives (Answer). A handler translates: read → run the service → render."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any, Protocol, TypeVar

from slack_sdk.models.views import View
from sqlalchemy import String, delete
from sqlalchemy.orm import Mapped, mapped_column

from bot.core import i18n
from bot.core.clock import Clock
from bot.core.database import Base, Database, Transaction, insert_into
from bot.core.directory import Directory, Identity, Person, Profile
from bot.core.errors import AlreadyHandled, NotFound, OutdatedForm, TransientError, UserError
from bot.core.outbox.attention import acted
from bot.core.outbox.domain import Failure
from bot.core.slack.disturbing import Rest
from bot.core.slack.forms import Form, ViewRef

T = TypeVar("T")

KEPT = timedelta(days=7)
KEY_LIMIT = 120
SIGNATURE = "x-slack-signature"
ACT = "act:"
"""Begins the key of a command, button or shortcut."""
ACTS_KEPT = timedelta(hours=1)
"""A signature holds for five minutes before and after its time; a connection that breaks is followed by another at once."""
ANSWER_SECONDS = 2.3
"""Slack waits 3 s for an answer; the rest is for the way there and back."""


class Kind(StrEnum):
    COMMAND = "command"
    ACTION = "action"
    SUBMISSION = "submission"
    CLOSING = "closing"
    SHORTCUT = "shortcut"
    EVENT = "event"


class HandledRow(Base):
    """Requests that took effect, so that the same one sent again does not, whatever process it reaches.

    A form by view id and hash, an event by its id, every other act by its trigger id.
    """

    __tablename__ = "handled_requests"

    key: Mapped[str] = mapped_column(String(KEY_LIMIT), primary_key=True)
    handled_at: Mapped[datetime] = mapped_column(index=True)


@cache
def _keep(dialect: str) -> Any:
    """Built once: every request that changes something runs it."""
    return insert_into(HandledRow, dialect).on_conflict_do_nothing().returning(HandledRow.key)


class Placement(StrEnum):
    OPEN = "open"
    """A modal of its own; inside a modal, on top of it."""
    REPLACE = "replace"
    """In place of the modal that the request came from."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the person sees next. The empty answer closes a submitted form, and changes nothing elsewhere.

    `notice` is one sentence; `view` a modal; `fields` sentences beside the form's fields (nothing typed is lost);
    `redraw` draws the view below anew, once this one has closed; `closes_all` closes the whole stack.
    `on_top`: a form's notice stands above the form instead of in its place.
    `pictured`: the view with pictures, which Slack fetches while it is being asked to show them. It takes the view's place
    once that stands; where Slack can't fetch them, the view without them stays.
    """

    notice: str | None = None
    view: View | None = None
    placement: Placement = Placement.OPEN
    fields: Mapping[str, str] = field(default_factory=dict)
    redraw: tuple[str, View] | None = None
    closes_all: bool = False
    on_top: bool = False
    pictured: View | None = None


class Profiles(Protocol):
    async def fetch(self, identity: Identity) -> Profile:
        """What Slack says of a user. Raises TransientError, NotFound and other UserErrors."""


class Rests(Protocol):
    async def fetch(self, identity: Identity) -> Rest | None:
        """When Slack keeps messages from a person. Raises DisturbingUnknown, DisturbingHidden."""


class Files(Protocol):
    """Files into direct messages, in steps: what is uploaded, nobody sees until it is shared. None of these raises."""

    async def may_send(self, identity: Identity) -> bool:
        """Whether the person's workspace lets growbot."""

    async def upload(self, to: Identity, name: str, content: bytes) -> str | Failure:
        """The file's id."""

    async def share(self, to: Identity, file_id: str, title: str, channel: str) -> Failure | None: ...

    async def delete(self, to: Identity, file_id: str) -> Failure | None: ...


@dataclass(slots=True)
class Services:
    """What handlers reach the rest through; made once by app.py. `rests` None: nothing tells. `files` None: none are sent."""

    database: Database
    directory: Directory
    profiles: Profiles
    clock: Clock
    public_url: str | None = None
    """Where people's browsers reach the bot, without a slash at the end; None where there is no such address."""
    rests: Rests | None = None
    files: Files | None = None


@dataclass(slots=True)
class Context:
    """One request of one person."""

    kind: Kind
    identity: Identity
    payload: Mapping[str, Any]
    services: Services
    text: str = ""
    """Of a command: what stands behind the word."""
    value: str = ""
    """Of an action: the button's value, or what was chosen."""
    form: Form = field(default_factory=Form)
    view: ViewRef | None = None
    dedup_key: str | None = None
    """Of what is handled once whatever it does: forms and events."""
    act_key: str | None = None
    """Of what is handled once if it changes anything: commands, buttons, shortcuts."""
    actor: Person | None = None
    stale_homes: set[str] = field(default_factory=set)
    outbox_changed: bool = False
    may_look_different: bool = False
    """Whether what this person has before them may be out of date: something was changed, or refused as it is no longer so."""
    failed_for_now: bool = False
    """Whether nothing was done, for a reason that passes."""
    received_at: float = field(default_factory=time.monotonic)
    """On the machine's own clock: how long Slack has waited is no matter of the date."""

    @property
    def now(self) -> datetime:
        return self.services.clock.now()

    @property
    def metadata(self) -> ViewRef:
        """The view that the request came from. Raises OutdatedForm when there is none, or it is not ours."""
        if self.view is None or not self.view.is_intact:
            raise OutdatedForm
        return self.view

    async def run(self, work: Callable[[Transaction, Person], T]) -> T:
        """Run `work(db, actor)` in one transaction, in the actor's language.

        A person seen for the first time is looked up in Slack before, and so is one whose account was deactivated: nothing
        is theirs to open while it is. What was handled before raises AlreadyHandled.
        Ends before Slack stops waiting: raises DatabaseUnavailable, OutcomeUnknown, LateProfile.
        """
        try:
            return await self._run(work, None)
        except _Unknown:
            return await self._run(work, await self._own_profile())
        except UserError:
            await self._note_refused_act()
            raise

    @property
    def is_act(self) -> bool:
        """Whether a person did this. What Slack tells by itself is none, such as that Home was opened; what they wrote is."""
        return self.kind is not Kind.EVENT or (self.payload.get("event") or {}).get("type") == "message"

    async def _note_refused_act(self) -> None:
        """A button that comes too late changes nothing, but somebody is there who pressed it."""
        actor = self.actor
        if actor is None or not self.is_act:
            return

        def note(db: Transaction) -> None:
            acted(db, actor.id, self.now)
            self.outbox_changed |= db.outbox_changed

        with suppress(TransientError):
            await self.services.database.run(note, within=self._seconds_left())

    async def _own_profile(self) -> Profile:
        try:
            async with asyncio.timeout(self._seconds_left()):
                return await self.services.profiles.fetch(self.identity)
        except TimeoutError as error:
            raise LateProfile from error

    def _seconds_left(self) -> float:
        return max(0.0, self.received_at + ANSWER_SECONDS - time.monotonic())

    async def _run(self, work: Callable[[Transaction, Person], T], profile: Profile | None) -> T:
        try:
            return await self.services.database.run(
                lambda db: self._work(db, work, profile), within=self._seconds_left()
            )
        finally:
            if self.actor is not None:
                i18n.set_locale(self.actor.locale)

    def _work(self, db: Transaction, work: Callable[[Transaction, Person], T], profile: Profile | None) -> T:
        now = self.now
        directory = self.services.directory
        actor = directory.learn(db, profile, now) if profile else directory.find(db, self.identity)
        if actor is None or (actor.is_deleted and profile is None):
            raise _Unknown
        if actor.is_deleted:  # Slack says so now: whoever holds their session or token finds nothing
            raise NotFound
        self.actor = actor
        i18n.set_locale(actor.locale)
        if self.dedup_key is not None:
            once(db, self.dedup_key, now)
        if self.is_act:
            acted(db, actor.id, now)
        result = work(db, actor)
        has_written = db.has_written
        self.may_look_different |= has_written or self.kind is Kind.EVENT
        if self.act_key is not None and has_written:
            once(db, self.act_key, now)
            self.act_key = None
        self.dedup_key = None
        self.stale_homes |= db.stale_homes
        self.outbox_changed |= db.outbox_changed
        return result


class LateProfile(TransientError):
    """Slack took too long to say who somebody is."""


class _Unknown(Exception):
    """The directory does not hold this person yet, or holds them as deactivated: Slack knows whether they are back."""


def once(db: Transaction, key: str, now: datetime) -> None:
    """Raises AlreadyHandled when a request with this key took effect before; this one's effect counts otherwise."""
    keep = _keep(db.get_bind().dialect.name)
    if not db.change(keep, {"key": key, "handled_at": now}):
        raise AlreadyHandled(key)


def forget_handled(db: Transaction, now: datetime) -> None:
    """Slack repeats an event for a day at most, and a form is not sent again after a week."""
    is_act = HandledRow.key.startswith(ACT, autoescape=True)
    db.execute(delete(HandledRow).where(HandledRow.handled_at < now - ACTS_KEPT, is_act))
    db.execute(delete(HandledRow).where(HandledRow.handled_at < now - KEPT))


Handler = Callable[[Context], Awaitable[Answer]]
