"""A feature that does what a test asks for, inside a whole growbot on the local Slack."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, select

from bot import schema
from bot.app import Growbot
from bot.core.database import Database, DatabaseUnavailable, Transaction, new_id
from bot.core.directory import Person
from bot.core.errors import InvalidFields, NotFound
from bot.core.feature import Feature
from bot.core.i18n import current_locale
from bot.core.master_keys import MasterKeys
from bot.core.outbox.store import OutboxRow, enqueue
from bot.core.slack import blocks as b
from bot.core.slack.commands import Command
from bot.core.slack.requests import Answer, Context
from bot.demo import manifest
from bot.features.home import feature as home
from bot.features.people.feature import feature as people
from bot.sandbox import Sandbox, SandboxClock, Seat
from bot.settings import load
from tests.conftest import NOW

SECRET = "CANARY-what-a-person-wrote"


def take_effect(db: Transaction, actor: Person) -> None:
    """Something to be counted: an outbox row far in the future."""
    later = NOW + timedelta(days=300)
    enqueue(
        db,
        key=f"probe:{new_id()}",
        template="probe",
        to=actor.address,
        subject={},
        due_at=later,
        expires_at=later,
        now=NOW,
    )


def fail(how: str) -> None:
    match how:
        case "beside":
            raise InvalidFields({"what": "This is beside the field."})
        case "elsewhere":
            raise InvalidFields({"nowhere": "This has no field of its own."})
        case "database":
            raise DatabaseUnavailable("probe")
        case "crash":
            raise ValueError(f"a bug that quotes {SECRET}")


async def _open(context: Context) -> Answer:
    blocks = [
        b.field("what", "What?", b.text_input()),
        b.field("more", "More?", b.text_input(), optional=True),
    ]
    view = b.modal("probe.form", "Probe", blocks, submit="Save", metadata={"id": "1"})
    await context.run(lambda _db, _actor: None)
    return Answer(view=view)


async def _open_bare(context: Context) -> Answer:
    view = b.modal(
        "probe.bare", "Probe", [b.section("Sign here")], submit="Sign", metadata={"how": context.text}
    )
    await context.run(lambda _db, _actor: None)
    return Answer(view=view)


async def _open_unknown(context: Context) -> Answer:
    """Buttons, forms and shortcuts of a version that is no more."""
    view = b.modal("old.form", "Old", [b.field("what", "What?", b.text_input())], submit="Save")
    await context.run(lambda _db, _actor: None)
    return Answer(view=view)


async def _submit(context: Context) -> Answer:
    def work(db: Transaction, actor: Person) -> Answer:
        context.metadata.meta("id")
        take_effect(db, actor)
        fail(context.form.text("what") or "")
        return Answer(notice=f"Saved for {current_locale()}")

    return await context.run(work)


async def _submit_bare(context: Context) -> Answer:
    def work(db: Transaction, actor: Person) -> Answer:
        fail(context.metadata.meta("how"))
        return Answer(notice="Signed")

    return await context.run(work)


async def _command(context: Context) -> Answer:
    def work(db: Transaction, actor: Person) -> Answer:
        take_effect(db, actor)
        fail(context.text)
        return Answer(notice=f"Done for {current_locale()}")

    return await context.run(work)


async def _stranger(context: Context) -> Answer:
    raise NotFound


probe = Feature(
    name="probe",
    commands=(
        Command("probe", _command, "does what it is told"),
        Command("form", _open, "opens a form"),
        Command("bare", _open_bare, "opens a form without fields"),
        Command("old", _open_unknown, "opens a form that nobody listens to"),
    ),
    actions={"probe.open": _open, "probe.do": _command, "probe.stranger": _stranger},
    shortcuts={"probe.take": _command},
    submissions={"probe.form": _submit, "probe.bare": _submit_bare},
)
FEATURES = (home.make((probe, people)), probe, people)


@dataclass
class Bot:
    sandbox: Sandbox
    growbot: Growbot
    database: Database

    @property
    def ben(self) -> Seat:
        return self.sandbox.seat("U0BEN")

    def effects(self) -> int:
        with self.database.transaction() as db:
            return db.scalar(select(func.count()).where(OutboxRow.template == "probe")) or 0

    async def command(self, text: str) -> str:
        """What a command is answered with."""
        before = len(self.ben.ephemerals)
        await self.ben.command(text)
        await self.ben.wait_until(lambda seat: len(seat.ephemerals) > before)
        return self.ben.ephemerals[-1].text

    def calls(self, method: str) -> int:
        return len(self.sandbox.ledger.calls(method))

    @asynccontextmanager
    async def replica(self) -> AsyncIterator[Growbot]:
        """Another process on the same database; with SQLite's one, growbot started anew.

        Over HTTP, it is the one that Slack's requests reach from now on.
        """
        other = Growbot(self.growbot.settings, clock=self.sandbox.clock, features=FEATURES, ticks=False)
        first, self.growbot = self.growbot, other
        if self.database.is_sqlite:
            await first.stop()
        await other.start()
        self.receives(other)
        yield other
        if not self.database.is_sqlite:
            await first.stop()

    def receives(self, growbot: Growbot) -> None:
        if growbot.port is not None:
            self.sandbox.request_url = f"http://127.0.0.1:{growbot.port}/slack/events"


@asynccontextmanager
async def running(folder: Path, *, http: bool = False, database_url: str | None = None) -> AsyncIterator[Bot]:
    clock = SandboxClock(NOW)
    sandbox = Sandbox(manifest(), clock)
    await sandbox.start()
    url = database_url or f"sqlite:///{folder / 'growbot.db'}"
    transport = (
        {"SLACK_SIGNING_SECRET": sandbox.signing_secret, "PORT": 0}
        if http
        else {"SLACK_APP_TOKEN": sandbox.app_token}
    )
    settings = load(
        SLACK_BOT_TOKEN=sandbox.bot_token,
        SLACK_API_URL=sandbox.api_url,
        GROWBOT_DATABASE_URL=url,
        GROWBOT_MASTER_KEY=MasterKeys.generate("test"),
        **transport,
    )
    growbot = Growbot(settings, clock=clock, features=FEATURES, ticks=False)
    schema.upgrade(growbot.database.engine)
    bot = Bot(sandbox, growbot, growbot.database)
    try:
        await growbot.start()
        bot.receives(growbot)
        yield bot
    finally:
        await bot.growbot.stop()
        await sandbox.stop()
