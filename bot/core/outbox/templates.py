"""What a feature hands to the courier: how a row becomes a message when it is sent, not before."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from slack_sdk.models.blocks import Block

from bot.core.database import Transaction
from bot.core.directory import Person
from bot.core.outbox.domain import Awaits


@dataclass(frozen=True, slots=True)
class Letter:
    """An outbox row as a template sees it. `subject` holds ids and instants (ISO), never words."""

    id: str
    key: str
    template: str
    subject: Mapping[str, str]
    due_at: datetime
    expires_at: datetime
    closed: str | None
    engagement_id: str | None
    wording: int = 0
    """Which variant of its sentence is said: see `varied`."""


def varied(letter: Letter, *variants: str) -> str:
    """One of several sentences that say the same; the next message of this kind to the same person says another."""
    return variants[letter.wording % len(variants)]


def opened(letter: Letter, text: str, *openings: str) -> str:
    """What is to be said, at times with a sentence before it: the first message of its kind comes straight to the point."""
    return " ".join(filter(None, (varied(letter, "", *openings), text)))


@dataclass(frozen=True, slots=True)
class Message:
    """`text` is what a notification and a screen reader say: a whole sentence, and no words of a person in what a template makes.

    `brief`: the blocks to show instead where the message shares its place with others. `footer`: shown once below them all.
    """

    text: str
    blocks: Sequence[Block] = field(default=())
    footer: Sequence[Block] = field(default=())
    brief: Sequence[Block] | None = None
    shows_words: bool = False
    """Whether its reader's own words were put into it (core.outbox.quoting)."""

    @property
    def layout(self) -> Sequence[Block]:
        return [*self.blocks, *self.footer]


@dataclass(frozen=True, slots=True)
class Dropped:
    """There is no point in sending this any more; the reason is recorded."""

    reason: str


Render = Callable[[Transaction, Letter, Person, datetime], Message | Dropped]
RenderClosed = Callable[[Transaction, Letter, Person, datetime], str]
OwnWords = Callable[[Transaction, Letter, Person, datetime], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Template:
    """One kind of message.

    `render` draws it when it is sent, and again when it changes while open. `render_closed` gives the one sentence that
    replaces it, without buttons, once `letter.closed` says what became of it.
    `may_repeat`: when it cannot be known whether it arrived, it is sent once more; otherwise at most once.
    `is_unsolicited`: kept back in quiet hours and while the person is paused, merged with what else is due to them, and
    counted: a person gets few of these a day.
    `awaits`: what it waits for from its reader, whom the courier leaves in peace when none comes.
    `rests`: not sent while its reader has gone quiet, as nothing is that asks.
    `own_words`: what its reader wrote that it is about, for those who have chosen to see that in messages.
    `breaks_quiet`: sent all the same if it would be of no use later (a session called off at night).
    """

    name: str
    render: Render
    render_closed: RenderClosed
    may_repeat: bool = True
    is_unsolicited: bool = True
    breaks_quiet: bool = False
    awaits: Awaits | None = None
    rests: bool = False
    own_words: OwnWords | None = None

    @property
    def respects_silence(self) -> bool:
        return self.rests or self.awaits is Awaits.ANSWER
