"""A courier in a process of its own, with the real sender, that is killed without warning at a chosen step."""

import asyncio
import multiprocessing
import os
import signal
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from multiprocessing.context import ForkServerProcess

from sqlalchemy import update
from sqlalchemy.orm import configure_mappers

from bot.core.clock import Clock
from bot.core.database import Database, Transaction
from bot.core.directory import Identity
from bot.core.master_keys import MasterKeys
from bot.core.outbox.courier import Courier
from bot.core.outbox.domain import LEASE, State
from bot.core.outbox.pacing import NO_PACE
from bot.core.outbox.posting import PostingLane
from bot.core.outbox.sender import Posting
from bot.core.outbox.store import OutboxRow
from bot.core.slack import client
from bot.core.slack.client import BotToken, Clients
from bot.core.slack.sender import SlackSender
from bot.core.vault import Vault
from bot.features.people.service import People
from bot.registry import FEATURES
from tests.core.conftest import TEMPLATES
from tests.fakes import MovableClock

assert FEATURES  # their tables belong to the mapping, which is made here once, before the fork
configure_mappers()

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload([__name__])
LONGEST = 30.0
"""Seconds of real time after which a life that has not ended is a defect."""


@dataclass(frozen=True, slots=True)
class Orders:
    """`dies_at`: the waypoint at which the process is killed when it passes it for the `nth` time."""

    database_url: str
    api_url: str
    token: str
    now: datetime
    dies_at: str
    nth: int = 1
    pace: timedelta = NO_PACE
    patience: float = 10.0
    """Seconds after which a request is given up."""
    arrange: Callable[[Courier], None] | None = None
    """What a test changes about the courier."""


@dataclass(frozen=True, slots=True)
class Token:
    """The token of the one workspace."""

    token: str

    async def bot_token(self, identity: Identity, *, refused: str | None = None) -> BotToken:
        return BotToken(self.token)


@dataclass
class Death:
    """Comes at a waypoint."""

    at: str
    nth: int

    def __post_init__(self) -> None:
        self._passed: Counter[str] = Counter()

    def __call__(self, name: str) -> None:
        self._passed[name] += 1
        if name == self.at and self._passed[name] == self.nth:
            os.kill(os.getpid(), signal.SIGKILL)


def a_courier(
    database: Database,
    clients: Clients,
    clock: Clock,
    *,
    pace: timedelta = NO_PACE,
    dies: Death | None = None,
) -> Courier:
    waypoint = {"waypoint": dies} if dies else {}
    return Courier(database, People(), TEMPLATES, SlackSender(clients), clock, pace=pace, **waypoint)


def live(orders: Orders) -> None:
    """One round of everything that a courier does."""
    asyncio.run(_live(orders))


async def _live(orders: Orders) -> None:
    client.TIMEOUT_SECONDS = orders.patience  # type: ignore[assignment]
    database = Database(orders.database_url, Vault(MasterKeys.parse(MasterKeys.generate("test"))))
    clients = Clients(Token(orders.token), orders.api_url)
    dies = Death(orders.dies_at, orders.nth)
    courier = a_courier(database, clients, MovableClock(orders.now), pace=orders.pace, dies=dies)
    if orders.arrange is not None:
        orders.arrange(courier)
    await courier.deliver()
    await courier.reconcile()
    await courier.repaint()
    await courier.recall()
    await clients.close()
    database.close()


async def until_death(orders: Orders) -> None:
    """Raises AssertionError when the process ends in any other way than by being killed at its waypoint."""
    process = FORKS.Process(target=live, args=(orders,), daemon=True)
    process.start()
    try:
        await ended(process)
    finally:
        if process.is_alive():
            process.kill()
    assert process.exitcode == -signal.SIGKILL, f"never came to {orders.dies_at!r}: {process.exitcode}"


async def ended(process: ForkServerProcess) -> None:
    """Wait for the end, without holding up the local Slack that runs in this loop."""
    loop, over = asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(process.sentinel, over.set)
    try:
        await asyncio.wait_for(over.wait(), LONGEST)
    finally:
        loop.remove_reader(process.sentinel)
    process.join(LONGEST)


class Unmarked(PostingLane):
    """Sends without having committed that it is about to; in memory it knows what it is doing."""

    def take(self, db: Transaction, team_id: str, now: datetime, limit: int) -> tuple[int, Sequence[Posting]]:
        dealt, works = super().take(db, team_id, now, limit)
        db.flush()
        mine = OutboxRow.id.in_([row_id for work in works for row_id in (work.row_id, *work.parts)])
        unmarked = update(OutboxRow).where(mine).values(state=State.PENDING, not_before=now + LEASE)
        db.execute(unmarked)
        return dealt, works


def without_marking(courier: Courier) -> None:
    courier._posting._lane.__class__ = Unmarked
