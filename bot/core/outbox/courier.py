"""Claim → check again → draw → commit "sending" → send → record. The only place from which a DM leaves."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from functools import partial

import structlog

from bot.core.clock import Clock
from bot.core.database import Database
from bot.core.directory import Directory
from bot.core.outbox import queue
from bot.core.outbox.pacing import NO_PACE
from bot.core.outbox.posting import PostingLane
from bot.core.outbox.pump import PATIENCE_AT_THE_END, Pump, Waypoint, no_waypoint
from bot.core.outbox.recalling import RecallingLane
from bot.core.outbox.reconciling import ReconcilingLane
from bot.core.outbox.repainting import RepaintingLane
from bot.core.outbox.sender import Sender
from bot.core.outbox.templates import Template

log = structlog.get_logger(__name__)

EXPIRED_AT_ONCE = 100


class Courier:
    def __init__(
        self,
        database: Database,
        directory: Directory,
        templates: Mapping[str, Template],
        sender: Sender,
        clock: Clock,
        *,
        pace: timedelta = NO_PACE,
        waypoint: Waypoint = no_waypoint,
    ) -> None:
        """`pace`: the least time between two calls of one method in one workspace, over all processes; 0 for none."""
        self._database, self._clock = database, clock
        self._posting = Pump(
            database, clock, PostingLane(directory, templates, sender, clock), pace, waypoint
        )
        self._reconciling = Pump(
            database, clock, ReconcilingLane(directory, templates, sender), pace, waypoint
        )
        self._repainting = Pump(database, clock, RepaintingLane(directory, templates, sender), pace, waypoint)
        self._recalling = Pump(database, clock, RecallingLane(directory, sender), pace, waypoint)

    async def deliver(self) -> int:
        """Send everything whose turn has come. Returns how many rows were looked at."""
        return await self._posting.run()

    async def reconcile(self) -> int:
        """Find out what became of messages that may or may not have arrived. Returns how many were looked into."""
        return await self._reconciling.run()

    async def repaint(self) -> int:
        """Show anew what has changed since it was sent. Returns how many messages were redrawn."""
        await self._database.run(partial(queue.close_expired, now=self._clock.now(), limit=EXPIRED_AT_ONCE))
        return await self._repainting.run()

    async def recall(self) -> int:
        """Delete what is to be seen no longer. Returns how many rows were dealt with."""
        return await self._recalling.run()

    def nudge(self) -> None:
        """Something was planned or has changed: see to it now, without being waited for."""
        for pump in (self._posting, self._repainting, self._recalling):
            pump.nudge().add_done_callback(_tell)

    async def stop(self, within: float = PATIENCE_AT_THE_END) -> None:
        """Begin nothing more; finish what is under way, or let go of it after so many seconds."""
        pumps = (self._posting, self._reconciling, self._repainting, self._recalling)
        await asyncio.gather(*(pump.stop(within) for pump in pumps))


def _tell(run: "asyncio.Task[int]") -> None:
    """Nobody waits for this run; the next tick does what it left."""
    if not run.cancelled() and (error := run.exception()) is not None:
        log.warning("outbox.postponed", error=type(error).__name__)
