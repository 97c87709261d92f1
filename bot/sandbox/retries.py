"""Events that nobody acknowledged are tried again: at once, after a minute, after five minutes of sandbox time."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from bot.sandbox.clock import SandboxClock
from bot.sandbox.errors import Unanswered
from bot.sandbox.parcels import Parcel, Retry

PAUSES = (timedelta(0), timedelta(minutes=1), timedelta(minutes=5))


@dataclass(frozen=True)
class Planned:
    """One attempt still to come."""

    at: datetime
    parcel: Parcel


class Retries:
    """Plans attempts and makes them when the clock gets there."""

    def __init__(self, clock: SandboxClock, deliver: Callable[[Parcel], Awaitable[Any]]) -> None:
        self._clock, self._deliver = clock, deliver
        self._planned: list[Planned] = []
        self._making = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()

    def plan(self, parcel: Parcel, problem: Unanswered) -> None:
        """Plan the attempt after one that failed, unless it was the last or the app wants no other."""
        number = parcel.retry.number + 1 if parcel.retry else 1
        if problem.is_final or number > len(PAUSES):
            return
        at = self._clock.now() + PAUSES[number - 1]
        self._planned.append(Planned(at, replace(parcel, retry=Retry(number, problem.reason))))
        task = asyncio.create_task(self._make_at(at))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def next_due(self) -> datetime | None:
        """When the next attempt is made."""
        return min((planned.at for planned in self._planned), default=None)

    async def settle(self) -> None:
        """Make every attempt that is due, and return once those are over."""
        async with self._making:
            while due := [p for p in self._planned if p.at <= self._clock.now()]:
                first = min(due, key=lambda p: p.at)
                self._planned.remove(first)
                try:
                    await self._deliver(first.parcel)
                except Unanswered as problem:
                    self.plan(first.parcel, problem)

    async def close(self) -> None:
        """Give up whatever is still to be tried."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _make_at(self, at: datetime) -> None:
        await self._clock.wait_until(at)
        await self.settle()
