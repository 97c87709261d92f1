"""Sending at a pace, at virtual time: how much longer than the pace itself says, and whether workspaces wait for each other."""

import asyncio
from datetime import UTC, datetime, timedelta

from bot.core.database import Database
from bot.core.directory import Identity
from bot.core.outbox.courier import Courier
from bot.core.outbox.domain import Accepted, Outcome
from bot.core.outbox.store import OutboxRow
from bot.core.outbox.templates import Message
from bot.features.people.service import People
from bot.features.people.store import PersonRow
from tests.bench.rows import TEMPLATES, insert, know, outbox, people
from tests.fakes import FakeSlack, MovableClock

PACE = timedelta(seconds=1)
START = datetime(2026, 11, 25, 9, tzinfo=UTC)


class Counting(FakeSlack):
    """Accepts, and keeps only how many."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    async def post(self, to: Identity, message: Message, marker: str) -> Outcome:
        self.count += 1
        return Accepted(f"D{to.user_id}", f"1700000000.{self.count:06}")


def seconds(database: Database, workspaces: int, messages: int) -> float:
    """How long, by the virtual clock, until so many messages have gone to each of so many workspaces."""
    teams = [f"T{workspaces}X{number}" for number in range(workspaces)]
    for team in teams:
        who = people(messages, team)
        insert(database, PersonRow, who)
        insert(
            database,
            OutboxRow,
            outbox(who, due_at=START, not_before=START, expires_at=START + timedelta(days=9)),
        )
    know(database, teams, START)
    clock, slack = MovableClock(START), Counting()
    asyncio.run(Courier(database, People(), TEMPLATES, slack, clock, pace=PACE).deliver())
    assert slack.count == workspaces * messages, f"{slack.count} were sent"
    return (clock.at - START).total_seconds()
