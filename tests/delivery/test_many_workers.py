"""Two and three workers share one PostgreSQL and are killed again and again: nothing is lost, nothing is doubled.

`make soak` does this with 10,000 messages, the test run with fewer.
"""

import asyncio
import os
import random
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.core.database import Database, Transaction
from bot.core.outbox import queue, store
from bot.core.outbox.domain import State
from bot.core.outbox.pacing import POST
from bot.core.outbox.store import OutboxRow
from tests.builders import a_person
from tests.conftest import NOW
from tests.core.conftest import ANSWER, NOTE
from tests.delivery.audit import audit
from tests.delivery.crew import MOMENT, CommonClock, Crew
from tests.delivery.lean_slack import LeanSlack

MESSAGES = int(os.environ.get("GROWBOT_TEST_MESSAGES", "500"))
SEED = int(os.environ.get("GROWBOT_TEST_SEED", "20261125"))
KILLS = max(6, MESSAGES // 100)
PEOPLE = max(10, MESSAGES // 50)
LONGEST = 60 + MESSAGES / 10
"""Seconds of real time after which this is given up."""


class Deaths:
    """Seeded: the worker that asks Slack for something just then is killed, before it or before it has the answer.

    A message that is sent once more is let go through: there is no third time, an operator decides then.
    """

    def __init__(self, crew: Crew, clock: CommonClock) -> None:
        self._crew, self._clock = crew, clock
        chance = random.Random(SEED)
        self._at = sorted(chance.sample(range(1, MESSAGES), KILLS), reverse=True)
        self._later = sorted(chance.sample(range(1, 10 * KILLS), KILLS), reverse=True)
        self._passed = Counter[bool]()

    def __call__(self, method: str, token: str) -> None:
        is_later = self._clock.now() > NOW
        if is_later and method == POST:
            return
        self._passed[is_later] += 1
        deaths = self._later if is_later else self._at
        if deaths and self._passed[is_later] >= deaths[-1] and self._crew.kill(token):
            deaths.pop()


def _plan(db: Transaction) -> None:
    """Everybody has had a message before, so their DM is known; some are told of several things at once."""
    for person in (a_person(db, NOW, f"Person {number}") for number in range(PEOPLE)):
        common = {"to": person.address, "subject": {}, "expires_at": NOW + timedelta(days=7), "now": NOW}
        store.enqueue(db, key=f"known {person.id}", template=ANSWER, due_at=NOW, **common)
        known = store.find(db, f"known {person.id}")
        assert known is not None
        known.state, known.reason = State.CANCELLED, "only here to tell of the DM"
        known.channel = f"D{person.identity.user_id}"
        for number in range(MESSAGES // PEOPLE):
            template = NOTE if number < 3 else ANSWER
            store.enqueue(db, key=f"{person.id} {number}", template=template, due_at=NOW, **common)


async def _drain(crew: Crew, clock: CommonClock, database: Database) -> None:
    """The clock goes on only while nobody does anything: no stall of this machine looks like a dead sender."""
    while True:
        while not crew.is_idle:  # noqa: ASYNC110 - other processes cannot set an event
            await asyncio.sleep(MOMENT)
        with database.transaction() as db:
            due_at = queue.next_due_at(db)
        if due_at is None:
            return
        clock.set(max(due_at, clock.now() + timedelta(seconds=1)))


def _rows(database: Database) -> Sequence[OutboxRow]:
    with database.transaction() as db:
        return db.scalars(select(OutboxRow)).all()


@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
@pytest.mark.parametrize("workers", [2, 3])
async def test_workers_that_are_killed_lose_and_double_nothing(database: Database, workers: int) -> None:
    with database.transaction() as db:
        _plan(db)
    clock = CommonClock.at(NOW)
    slack = LeanSlack(clock.now)
    await slack.start()
    crew = Crew(workers, database.url.render_as_string(False), slack.api_url, clock)
    slack.passing = Deaths(crew, clock)
    try:
        crew.start()
        await asyncio.wait_for(_drain(crew, clock, database), LONGEST)
    finally:
        crew.stop()
        await slack.stop()
    rows = _rows(database)
    print(
        f"\n{len(rows)} rows, {len(slack.posts)} messages, {workers} workers, {crew.killed} killed, seed {SEED}"
    )
    assert audit(rows, slack.posts) == []
    assert {(row.state, row.reason) for row in rows if not row.key.startswith("known ")} == {
        (State.SENT, None)
    }
    assert crew.killed >= KILLS
