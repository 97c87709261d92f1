"""Moving the clock so that everything due on the way happens in order, at its own time."""

import asyncio
from datetime import datetime, timedelta
from typing import Protocol

from bot.sandbox.clock import SandboxClock
from bot.sandbox.retries import Retries

STEPS = 10_000
PATIENCE = timedelta(minutes=15)
MOVES = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(weeks=1)}


class Bot(Protocol):
    """What the traveller needs of the app under the clock."""

    async def next_due(self) -> datetime | None:
        """When it next has something to do by itself."""

    async def settle(self) -> None:
        """Return once it has done all that is due now."""


class Traveller:
    """Moves one clock; what the sandbox itself has to do on the way are event retries."""

    def __init__(self, clock: SandboxClock, retries: Retries) -> None:
        self._clock, self._retries = clock, retries
        self.bot: Bot | None = None
        self._moving = asyncio.Lock()

    async def next_due(self) -> datetime | None:
        """The next instant at which something happens by itself."""
        theirs = await self.bot.next_due() if self.bot else None
        return min((due for due in (theirs, self._retries.next_due()) if due), default=None)

    async def move_to(self, target: datetime) -> int:
        """Go to `target` by way of everything due before it; returns the number of stops.

        What is still due after it was settled gets another chance after a quarter of an hour, so that a bot
        which cannot do its work does not hold the clock.
        """
        stops = 0
        last: datetime | None = None
        while stops < STEPS:
            due = await self.next_due()
            if due is None or due > target:
                break
            is_stuck = last is not None and due <= last
            last = last + PATIENCE if last and is_stuck else max(due, self._clock.now())
            if last > target:
                break
            await self._stop_at(last)
            stops += 1
        await self._stop_at(target)
        return stops

    async def move(self, how: str) -> int:
        """Go on to the "next" thing due, or by an "hour", a "day" or a "week"."""
        async with self._moving:
            if how != "next":
                return await self.move_to(self._clock.now() + MOVES[how])
            due = await self.next_due()
            return await self.move_to(max(due, self._clock.now())) if due else 0

    async def _stop_at(self, at: datetime) -> None:
        self._clock.set(at)
        await self._retries.settle()
        if self.bot:
            await self.bot.settle()
