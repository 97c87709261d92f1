"""What is known for sure of a run: what people saw, what they wanted at that moment, and what the outbox says in the end."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time


@dataclass(frozen=True, slots=True)
class Part:
    """An outbox row as it stood when its message was drawn."""

    row_id: str
    key: str
    template: str
    engagement_id: str | None
    due_at: datetime
    expires_at: datetime


@dataclass(slots=True)
class Visible:
    """A message in somebody's DM. `number`: its place among all that happened; `at`: what the bot's clock showed.

    `is_told`: the bot heard that it arrived. `is_known`: it did, or can find that out from the history.
    """

    number: int
    at: datetime
    team_id: str
    user_id: str
    channel: str
    ts: str
    marker: str
    text: str
    parts: Sequence[Part]
    is_known: bool = True
    is_told: bool = True


@dataclass(frozen=True, slots=True)
class Wish:
    """What holds for a person from `number` on."""

    number: int
    at: datetime
    user_id: str
    person_id: str
    zone: str
    working_days: frozenset[int]
    day_starts: time
    day_ends: time
    paused_until: datetime | None
    is_deleted: bool
    country: str | None = None


@dataclass(frozen=True, slots=True)
class Act:
    """Somebody did something: a command, a button, a form; whether or not it took effect."""

    number: int
    at: datetime
    user_id: str


@dataclass(frozen=True, slots=True)
class Bond:
    """That two people have an engagement, or an open invitation, from `number` on; or no longer."""

    number: int
    engagement_id: str
    user_ids: frozenset[str]
    is_open: bool


@dataclass(frozen=True, slots=True)
class Row:
    """An outbox row as it is now. `sent_at`: since when growbot knows that its message arrived."""

    id: str
    key: str
    template: str
    user_id: str
    state: str
    reason: str | None
    created_at: datetime
    due_at: datetime
    expires_at: datetime
    needs_repaint: bool
    closed: str | None = None
    sent_at: datetime | None = None
    team_id: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """What a template allows."""

    is_unsolicited: bool = True
    breaks_quiet: bool = False
    may_repeat: bool = True
    asks: bool = False
    rests: bool = False


@dataclass(frozen=True, slots=True)
class Outage:
    """The bot did not run; with `team_id`, only this workspace did not let it in."""

    since: datetime
    until: datetime
    team_id: str | None = None


@dataclass
class Evidence:
    visible: list[Visible] = field(default_factory=list)
    wishes: dict[str, list[Wish]] = field(default_factory=dict)
    acts: dict[str, list[Act]] = field(default_factory=dict)
    bonds: dict[str, list[Bond]] = field(default_factory=dict)
    kinds: Mapping[str, Kind] = field(default_factory=dict)
    rows: Sequence[Row] = ()
    outages: list[Outage] = field(default_factory=list)
    owed: Sequence[tuple[str, ...]] = ()
    """What must have been planned by now: one of these keys, or what is named after it."""
    strays: list[str] = field(default_factory=list)
    """Calls that named a message or a DM which is not that person's."""
    is_over: bool = False
    """Nothing more will be sent."""

    def wish(self, user_id: str, number: int) -> Wish:
        """What held for this person at that moment."""
        theirs = self.wishes[user_id]
        return theirs[bisect_right(theirs, number, key=lambda each: each.number) - 1]

    def is_open(self, engagement_id: str, number: int) -> bool:
        before = [each for each in self.bonds.get(engagement_id, ()) if each.number <= number]
        return bool(before) and before[-1].is_open
