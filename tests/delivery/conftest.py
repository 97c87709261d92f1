"""An office whose courier talks to the local Slack over HTTP, at a clock that both share."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.core.database import Database
from bot.core.directory import Identity, Person
from bot.core.outbox import queue
from bot.core.outbox.courier import Courier
from bot.core.outbox.domain import OPEN_STATES
from bot.core.outbox.store import OutboxRow
from bot.core.slack.client import Clients
from bot.demo import manifest
from bot.features.people.service import learn
from bot.sandbox import Sandbox
from bot.sandbox.people import TEAM_ID
from tests.builders import a_profile
from tests.conftest import NOW
from tests.core.conftest import ANSWER, PostOffice
from tests.delivery.audit import accepted, audit
from tests.delivery.life import Token, a_courier
from tests.fakes import FakeSlack, SharedClock

ROUNDS = 200
"""More than any message needs to come to its end."""


@dataclass
class Office(PostOffice):
    """One outbox, its courier, and the local Slack."""

    sandbox: Sandbox
    clients: Clients

    def another_courier(self, database: Database) -> Courier:
        return a_courier(database, self.clients, self.sandbox.clock)

    def known(self, name: str) -> Person:
        profile = a_profile(name, identity=Identity(TEAM_ID, f"U0{name.upper()}"))
        return self.do(lambda db: learn(db, profile, self.clock.at))

    async def acquainted(self, name: str = "ben") -> Person:
        """Somebody who has had a message before: their DM is known."""
        person = self.known(name)
        self.plan(person, f"known by {name}", template=ANSWER)
        await self.courier.deliver()
        return person

    def rows(self) -> Sequence[OutboxRow]:
        return self.do(lambda db: db.scalars(select(OutboxRow)).all())

    def wrong(self) -> list[str]:
        return audit(self.rows(), accepted(self.sandbox.ledger))

    async def round(self) -> None:
        await self.courier.deliver()
        await self.courier.reconcile()
        await self.courier.repaint()
        await self.courier.recall()

    async def drain(self) -> None:
        """Until there is nothing left to do; the time goes on to whatever comes next."""
        for _round in range(ROUNDS):
            await self.round()
            due_at = self.do(queue.next_due_at)
            if due_at is None:
                return
            self.sandbox.clock.set(max(due_at, self.clock.at + timedelta(seconds=1)))
        raise AssertionError([(row.key, row.state) for row in self.rows() if row.state in OPEN_STATES])


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    sandbox = Sandbox(manifest(), SharedClock(NOW))
    await sandbox.start()
    yield sandbox
    await sandbox.stop()


@pytest.fixture
async def office(database: Database, sandbox: Sandbox) -> AsyncIterator[Office]:
    clients = Clients(Token(sandbox.bot_token), sandbox.api_url)
    yield Office(database, sandbox.clock, FakeSlack(), sandbox, clients)  # type: ignore[arg-type]
    await clients.close()
