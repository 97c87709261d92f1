"""A courier on a real database, with a Slack that tests decide about."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

import pytest
from slack_sdk.models.blocks import Block

from bot.core.database import Database, Transaction
from bot.core.directory import Person
from bot.core.i18n import current_locale
from bot.core.outbox import store
from bot.core.outbox.courier import Courier
from bot.core.outbox.store import OutboxRow
from bot.core.outbox.templates import Dropped, Letter, Message, Template
from bot.core.slack import blocks as b
from bot.features.people.service import People
from tests.builders import a_person
from tests.fakes import FakeSlack, MovableClock

T = TypeVar("T")

NOTE, AT_MOST_ONCE, ANSWER, NEWS = "test.note", "test.at_most_once", "test.answer", "test.news"


def _render(db: Transaction, letter: Letter, person: Person, now: datetime) -> Message | Dropped:
    if letter.subject.get("about") == "broken":
        raise ValueError("cannot be drawn")
    if letter.subject.get("about") == "gone":
        return Dropped("gone meanwhile")
    if letter.subject.get("about") == "words":
        db.vault.sealer(db, f"person:{person.id}", now, team_id=person.identity.team_id)
    if letter.subject.get("about") == "locale":
        return Message(current_locale())
    text = f"Something waits: {letter.subject.get('about', letter.key)}"
    blocks: list[Block] = [b.section(text), b.actions(b.button("Open", "test.open"))]
    return Message(text, blocks, [b.context("Fewer of these: settings")])


def _render_closed(db: Transaction, letter: Letter, person: Person, now: datetime) -> str:
    if letter.subject.get("about") == "erased":
        raise LookupError("what it tells of is not there any more")
    return f"Closed: {letter.closed} {letter.subject.get('later', '')}".strip()


TEMPLATES = {
    NOTE: Template(NOTE, _render, _render_closed),
    AT_MOST_ONCE: Template(AT_MOST_ONCE, _render, _render_closed, may_repeat=False),
    ANSWER: Template(ANSWER, _render, _render_closed, is_unsolicited=False),
    NEWS: Template(NEWS, _render, _render_closed, breaks_quiet=True),
}


@dataclass
class PostOffice:
    """One courier, and what a test needs to give it work and to look at what became of it."""

    database: Database
    clock: MovableClock
    slack: FakeSlack

    def __post_init__(self) -> None:
        self.courier = self.another_courier(self.database)

    def another_courier(self, database: Database) -> Courier:
        return Courier(database, People(), TEMPLATES, self.slack, self.clock)

    def do(self, work: Callable[[Transaction], T]) -> T:
        with self.database.transaction() as db:
            return work(db)

    def person(self, name: str = "Ben", *, zone: str = "Europe/London") -> Person:
        return self.do(lambda db: a_person(db, self.clock.at, name, zone=zone))

    def plan(
        self,
        person: Person,
        key: str = "a",
        *,
        template: str = NOTE,
        about: str | None = None,
        due_in: timedelta = timedelta(0),
        holds: timedelta = timedelta(days=7),
        engagement_id: str | None = None,
    ) -> bool:
        now = self.clock.at
        return self.do(
            lambda db: store.enqueue(
                db,
                key=key,
                template=template,
                to=person.address,
                subject={"about": about} if about else {},
                due_at=now + due_in,
                expires_at=now + due_in + holds,
                engagement_id=engagement_id,
                now=now,
            )
        )

    def row(self, key: str = "a") -> OutboxRow:
        """As the table has it now."""
        found = self.do(lambda db: store.find(db, key))
        assert found is not None
        return found

    def state(self, key: str = "a") -> tuple[str, str | None]:
        row = self.row(key)
        return row.state, row.reason

    def close(self, key: str = "a", how: str = "answered") -> None:
        self.do(lambda db: store.close(db, key, how))

    def later(self, key: str, wait: timedelta) -> None:
        def work(db: Transaction) -> None:
            row = store.find(db, key)
            assert row is not None
            store.ask_again(db, row, self.clock.at + wait, self.clock.at)

        self.do(work)

    def known_dm(self, person: Person) -> None:
        """An earlier message that arrived, by which the DM's id is known."""
        self.plan(person, "earlier")

        def arrived(db: Transaction) -> None:
            row = store.find(db, "earlier")
            assert row is not None
            row.state, row.channel, row.ts = "sent", f"D{person.identity.user_id}", "1600000000.000001"

        self.do(arrived)


@pytest.fixture
def slack() -> FakeSlack:
    return FakeSlack()


@pytest.fixture
def post(database: Database, clock: MovableClock, slack: FakeSlack) -> PostOffice:
    return PostOffice(database, clock, slack)
