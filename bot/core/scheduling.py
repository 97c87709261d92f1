"""The ticker: APScheduler runs a few interval jobs in memory and knows nothing else. The tables hold what is due.

APScheduler's own cron triggers and job stores are not used: the first skip or repeat hours around a change of clocks,
the second lose jobs on a rename and run twice under two processes.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.core.errors import TransientError

log = structlog.get_logger(__name__)


class Ticker:
    def __init__(self, counted: Callable[[str, str], None] = lambda _job, _result: None) -> None:
        """`counted` is told of each run: the job's name, and done, postponed or failed."""
        self._counted = counted
        self._scheduler = AsyncIOScheduler(timezone=UTC)

    def every(self, seconds: float, name: str, job: Callable[[], Awaitable[object]]) -> None:
        """Late runs are not skipped, missed ones are run once, and a job never overlaps itself."""
        running = asyncio.Lock()

        async def guarded() -> None:
            if (
                running.locked()
            ):  # a run may take longer than the interval: it sees what has come due meanwhile
                return
            try:
                async with running:
                    await job()
                self._counted(name, "done")
            except TransientError as error:
                log.warning("tick.postponed", job=name, error=type(error).__name__)
                self._counted(name, "postponed")
            except Exception as error:
                log.error("tick.failed", job=name, error=type(error).__name__)
                self._counted(name, "failed")

        self._scheduler.add_job(
            guarded,
            "interval",
            seconds=seconds,
            id=name,
            misfire_grace_time=None,
            coalesce=True,
            max_instances=2,  # the second ends at once, see above; APScheduler would warn at every tick
        )

    def start(self) -> None:
        self._scheduler.start()

    def stop(self) -> None:
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
