"""Telling those who wait or watch that something a person sees has changed."""

import asyncio
from collections.abc import Callable, Iterable
from typing import Any

Change = dict[str, Any]


class Changes:
    """Fans each change out to subscribers and wakes whoever waits for a condition."""

    def __init__(self) -> None:
        self._waiters: set[asyncio.Future[None]] = set()
        self._subscribers: set[Callable[[Change], None]] = set()

    def tell(self, users: Iterable[str] | None = None) -> None:
        """Something changed for these users; None means for everyone."""
        self.publish({"type": "changed", "users": None if users is None else sorted(set(users))})

    def publish(self, change: Change) -> None:
        """Hand a change to every subscriber and wake every waiter."""
        for subscriber in tuple(self._subscribers):
            subscriber(change)
        for waiter in self._waiters:
            if not waiter.done():
                waiter.set_result(None)

    def subscribe(self, subscriber: Callable[[Change], None]) -> Callable[[], None]:
        """Call `subscriber` for each change until the returned function is called."""
        self._subscribers.add(subscriber)
        return lambda: self._subscribers.discard(subscriber)

    async def wait_for(self, holds: Callable[[], bool]) -> None:
        """Return once `holds()` is true, looking again after every change and never in between."""
        while not holds():
            waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiters.add(waiter)
            try:
                await waiter
            finally:
                self._waiters.discard(waiter)
