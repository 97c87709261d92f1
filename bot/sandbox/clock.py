"""The sandbox's time: it can be moved forward, and it may also tick on by itself."""

import asyncio
import time
from datetime import UTC, datetime, timedelta


class SandboxClock:
    """Virtual time that never goes back; with `running` it also ticks with the machine's monotonic clock."""

    def __init__(self, start: datetime, running: bool = False) -> None:
        self.running = running
        self._at = start.astimezone(UTC)
        self._since = time.monotonic()
        self._sleepers: set[asyncio.Future[None]] = set()

    def now(self) -> datetime:
        """The current instant, aware, in UTC."""
        if not self.running:
            return self._at
        return self._at + timedelta(seconds=time.monotonic() - self._since)

    def set(self, at: datetime) -> None:
        """Jump forward to `at`; an instant that has passed changes nothing."""
        self._at, self._since = max(self.now(), at.astimezone(UTC)), time.monotonic()
        for sleeper in self._sleepers:
            if not sleeper.done():
                sleeper.set_result(None)

    def run(self) -> None:
        """Tick on by itself from here."""
        self._at, self._since, self.running = self.now(), time.monotonic(), True

    def advance(self, by: timedelta) -> None:
        """Jump forward by a duration."""
        self.set(self.now() + by)

    async def sleep(self, seconds: float) -> None:
        """Return when this clock shows so much later."""
        await self.wait_until(self.now() + timedelta(seconds=seconds))

    async def wait_until(self, at: datetime) -> None:
        """Return once this clock, moved or ticking, has reached `at`."""
        while (left := (at - self.now()).total_seconds()) > 0:
            sleeper: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._sleepers.add(sleeper)
            try:
                await asyncio.wait([sleeper], timeout=left if self.running else None)
            finally:
                self._sleepers.discard(sleeper)
