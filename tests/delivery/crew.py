"""Several couriers, each in a process of its own on one database, at a clock that only the test moves; any may be killed."""

import asyncio
import ctypes
import os
import signal
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from multiprocessing.sharedctypes import Synchronized
from typing import Any

from bot.core.database import Database, DatabaseUnavailable
from bot.core.master_keys import MasterKeys
from bot.core.slack.client import Clients
from bot.core.vault import Vault
from tests.delivery.life import FORKS, LONGEST, Token, a_courier

MOMENT = 0.01
"""Seconds of real time between two looks at the clock."""
PAUSE = 0.1
"""Seconds of real time for which a worker without work rests."""


class CommonClock:
    """The instant that all processes share, in microseconds since 1970."""

    def __init__(self, microseconds: "Synchronized[int]") -> None:
        self.microseconds = microseconds

    @classmethod
    def at(cls, start: datetime) -> "CommonClock":
        return cls(FORKS.Value(ctypes.c_int64, int(start.timestamp()) * 1_000_000))

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.microseconds.value / 1_000_000, UTC)

    def set(self, at: datetime) -> None:
        self.microseconds.value = round(at.timestamp() * 1_000_000)

    async def sleep(self, seconds: float) -> None:
        until = self.now() + timedelta(seconds=seconds)
        while self.now() < until:  # noqa: ASYNC110 - shared memory tells nobody that it has changed
            await asyncio.sleep(MOMENT)


@dataclass(frozen=True, slots=True)
class Desk:
    """What a worker is told."""

    database_url: str
    api_url: str
    microseconds: Any
    """The common clock."""
    idle_at: Any
    """Where it says at which instant it had nothing to do."""
    token: str
    """By this Slack knows who asks."""


def work(desk: Desk) -> None:
    """Deliver and reconcile until killed, or until whoever started this is gone."""
    asyncio.run(_work(desk, os.getppid()))


async def _work(desk: Desk, parent: int) -> None:
    clock = CommonClock(desk.microseconds)
    database = Database(desk.database_url, Vault(MasterKeys.parse(MasterKeys.generate("test"))))
    courier = a_courier(database, Clients(Token(desk.token), desk.api_url), clock)
    while os.getppid() == parent:
        at = desk.microseconds.value
        with suppress(DatabaseUnavailable):  # it did not answer in time; as the ticker, try again
            if await courier.deliver() + await courier.reconcile() == 0:
                desk.idle_at.value = at
                await asyncio.sleep(PAUSE)


class Crew:
    """So many workers; one that is killed is replaced at once."""

    def __init__(self, size: int, database_url: str, api_url: str, clock: CommonClock) -> None:
        self._clock = clock
        self._tokens = (str(number) for number in count())
        self._new_desk = partial(Desk, database_url, api_url, clock.microseconds)
        self._size = size
        self._workers: dict[str, tuple[Desk, Any]] = {}
        self.killed = 0

    def start(self) -> None:
        for _number in range(self._size):
            self._begin()

    def _begin(self) -> None:
        token = next(self._tokens)
        desk = self._new_desk(FORKS.Value(ctypes.c_int64, 0), token)
        worker = FORKS.Process(target=work, args=(desk,), daemon=True)
        worker.start()
        self._workers[token] = desk, worker

    def kill(self, token: str) -> bool:
        """Without warning; whatever it was about to do. False if it is dead: a request may arrive after its sender's end."""
        if token not in self._workers:
            return False
        _desk, worker = self._workers.pop(token)
        os.kill(worker.pid, signal.SIGKILL)
        worker.join(LONGEST)
        self.killed += 1
        self._begin()
        return True

    @property
    def is_idle(self) -> bool:
        """Every worker has found nothing to do at this very instant; so nothing happens before the clock is moved."""
        assert all(worker.is_alive() for _desk, worker in self._workers.values()), "a worker ended by itself"
        now = self._clock.microseconds.value
        return all(desk.idle_at.value == now for desk, _worker in self._workers.values())

    def stop(self) -> None:
        for _desk, worker in self._workers.values():
            worker.kill()
            worker.join(LONGEST)
