"""What every feature hands to app.py. Adding a feature is adding its folder and its name in FEATURES."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.core.database import Reaction, Transaction
from bot.core.directory import Person
from bot.core.outbox.templates import Template
from bot.core.pages import Page
from bot.core.rights import Erasable, MakeChapter
from bot.core.slack.commands import Command
from bot.core.slack.requests import Handler, Services

HomeSection = Callable[[Transaction, Person, datetime], Sequence[Block]]
HomeView = Callable[[Transaction, Person, datetime], View]


class PlanBatch(Protocol):
    def __call__(self, db: Transaction, now: datetime) -> int: ...


@dataclass(frozen=True, slots=True)
class Plan:
    """Turns what has come due into outbox rows, by a scan over an indexed `next_…_at` column.

    `run(db, now)` plans one batch and returns how many things it dealt with; 0 when nothing is due. Running it twice, or in
    two processes at once, plans nothing twice. `next_at(db)` is the next instant at which something comes due.
    """

    name: str
    run: PlanBatch
    next_at: Callable[[Transaction], datetime | None]


@dataclass(frozen=True, slots=True)
class Chore:
    """Something to do now and then that needs Slack: not part of what a clock move waits for."""

    name: str
    every_seconds: int
    run: Callable[[Services], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Errand:
    """Calls to Slack that somebody waits for and that are no messages: at every tick, and whenever the clock is moved.

    `run(services)` returns how many things it dealt with; 0 when nothing is due.
    """

    name: str
    run: Callable[[Services], Awaitable[int]]


@dataclass(frozen=True, slots=True)
class Feature:
    """Ids are `feature.verb`. `reactions` are told of facts inside the transaction that announces them."""

    name: str
    commands: Sequence[Command] = ()
    actions: Mapping[str, Handler] = field(default_factory=dict)
    submissions: Mapping[str, Handler] = field(default_factory=dict)
    closings: Mapping[str, Handler] = field(default_factory=dict)
    shortcuts: Mapping[str, Handler] = field(default_factory=dict)
    events: Mapping[str, Handler] = field(default_factory=dict)
    templates: Sequence[Template] = ()
    plans: Sequence[Plan] = ()
    chores: Sequence[Chore] = ()
    errands: Sequence[Errand] = ()
    reactions: Mapping[type, Reaction] = field(default_factory=dict)
    erasable: Sequence[Erasable] = ()
    chapters: Sequence[MakeChapter] = ()
    """What of this feature a person takes along in their export."""
    pages: Sequence[Page] = ()
    home_section: HomeSection | None = None
    home_view: HomeView | None = None
    hub: tuple[str, HomeView] | None = None
    """The modal that shows the same as App Home, by its callback id: redrawn after whatever is done on top of it."""
