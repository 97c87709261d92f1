"""The loop that every kind of call to Slack goes through: claim and record in one transaction, many calls at a time.

Each workspace goes at its own pace: one that is slow, or that Slack has asked to wait, never delays another.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Generic, Protocol, TypeVar

from sqlalchemy import ColumnElement

from bot.core.clock import Clock
from bot.core.database import Database, Transaction
from bot.core.outbox import pacing, queue
from bot.core.outbox.pacing import NO_PACE

AT_ONCE = 32
"""Calls under way in one process."""
CLAIMED = 2 * AT_ONCE
"""Rows claimed in one process: the next ones are ready when a call ends."""
GATHERED_SECONDS = 0.02
"""What ends within this time is recorded together."""
AT_ONCE_PER_WORKSPACE = 2
"""Where there is a pace: more would only mean that the workspace hangs."""
PATIENCE = timedelta(seconds=2)
"""For a turn that comes within this time it is worth waiting; the next tick is soon enough for others."""
CONTENDED_SECONDS = 0.02
PATIENCE_AT_THE_END = 12.0
"""Longer than any call takes."""

Waypoint = Callable[[str], None]
"""Told of each step whose order matters; tests kill the process there."""


def no_waypoint(_name: str) -> None:
    pass


class Work(Protocol):
    @property
    def team_id(self) -> str: ...


W = TypeVar("W", bound=Work)
R = TypeVar("R")


class Lane(Protocol[W, R]):
    """One kind of call. `take` and `record` run inside the pass's transaction, `call` outside of any."""

    method: str
    has_work: ColumnElement[bool]
    """Whether there is something to do for a workspace's pace; its parameters are `queue.at(now)`."""

    def take(self, db: Transaction, team_id: str, now: datetime, limit: int) -> tuple[int, Sequence[W]]:
        """Claim up to `limit`; how many rows were dealt with, and the calls to make."""

    async def call(self, work: W) -> R: ...

    def let_go(self, work: W, *, has_begun: bool) -> R:
        """What is known of a call that was cut short because the process stops."""

    def record(
        self, db: Transaction, done: Sequence[tuple[W, R]], now: datetime
    ) -> tuple[Sequence[tuple[W, R]], Sequence[tuple[str, datetime]]]:
        """Write down what came of calls. Returns those whose rows somebody else holds just now, and pauses by workspace."""


@dataclass
class _Pass(Generic[W, R]):
    """What one transaction did. `left`: not recorded yet; `opens_at`: when the next turn comes."""

    dealt: int = 0
    works: list[W] = field(default_factory=list)
    left: Sequence[tuple[W, R]] = ()
    opens_at: datetime | None = None


class Pump(Generic[W, R]):
    def __init__(
        self,
        database: Database,
        clock: Clock,
        lane: Lane[W, R],
        pace: timedelta = NO_PACE,
        waypoint: Waypoint = no_waypoint,
    ) -> None:
        self._database, self._clock, self._lane, self._pace = database, clock, lane, pace
        self._waypoint = waypoint
        self._done: list[tuple[W, R]] = []
        self._calls: dict[asyncio.Task[tuple[W, R]], W] = {}
        self._failure: BaseException | None = None
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._changed = asyncio.Event()
        self._gathering: asyncio.TimerHandle | None = None
        self._running: asyncio.Task[int] | None = None
        self._stopping = False

    async def run(self) -> int:
        """Do everything whose turn has come. Returns how many rows were dealt with; joins a run that is under way."""
        return await asyncio.shield(self.nudge())

    def nudge(self) -> "asyncio.Task[int]":
        """The run that sees whatever is in the table now."""
        self._changed.set()
        if self._running is None or self._running.done():
            self._running = asyncio.get_running_loop().create_task(self._run())
        return self._running

    async def stop(self, within: float = PATIENCE_AT_THE_END) -> None:
        """Begin nothing more; finish and record what is under way.

        What takes longer than `within` seconds is cut short and recorded as such, so that no lease is left to run out.
        """
        self._stopping = True
        if self._running is None:
            return
        self._changed.set()
        await asyncio.wait({self._running}, timeout=within)
        for call in list(self._calls):
            call.cancel()
        with suppress(Exception):
            await self._running

    async def _run(self) -> int:
        dealt = 0
        try:
            while True:
                self._changed.clear()
                done = await self._pass()
                dealt += done.dealt
                is_idle = not (self._calls or self._done or done.dealt or self._changed.is_set())
                if is_idle and not await self._turn_comes(done):
                    return dealt
                if self._calls:
                    await self._wait(done)
                elif done.left:
                    with suppress(TimeoutError):
                        await asyncio.wait_for(self._changed.wait(), CONTENDED_SECONDS)
        finally:
            await self._finish()

    # --- the pass: one transaction ----------------------------------------------------------------------

    async def _pass(self) -> _Pass[W, R]:
        done, self._done = self._done, []
        try:
            found: _Pass[W, R] = await self._database.run(partial(self._work, done=done))
        except BaseException:
            self._done = [*done, *self._done]  # they are recorded when the database is back
            raise
        self._waypoint(f"{self._lane.method}: committed")
        self._done = [*found.left, *self._done]
        for work in found.works:
            self._start(work)
        return found

    def _work(self, db: Transaction, done: Sequence[tuple[W, R]]) -> _Pass[W, R]:
        now = self._clock.now()
        found: _Pass[W, R] = _Pass()
        if done:
            found.left, pauses = self._lane.record(db, done, now)
            for team_id, until in pauses:
                pacing.hold(db, team_id, self._lane.method, until)
            db.flush()
        if not self._stopping:
            self._take(db, now, found)
        self._waypoint(f"{self._lane.method}: before commit")
        return found

    def _take(self, db: Transaction, now: datetime, found: _Pass[W, R]) -> None:
        room, is_paced = max(CLAIMED - len(self._calls), 0), self._pace > NO_PACE
        method, has_work, times, busy = self._lane.method, self._lane.has_work, queue.at(now), self._busy()
        teams = pacing.ready(db, method, has_work, times, but=busy, limit=room, locked=is_paced)
        share = 1 if is_paced else max(1, room // max(1, len(teams)))
        for row in teams:
            dealt, works = self._lane.take(db, row.team_id, now, share)
            found.dealt += dealt
            found.works += works
            if works and is_paced:
                pacing.step(row, self._pace, now)
        if is_paced or not (found.dealt or self._calls):
            db.flush()
            found.opens_at = pacing.opens_at(db, method, has_work, times, but=busy)

    def _busy(self) -> list[str]:
        """Workspaces that have as many calls under way as one may."""
        if self._pace == NO_PACE:
            return []
        under_way = [work.team_id for work in self._calls.values()]
        return [team for team in set(under_way) if under_way.count(team) >= AT_ONCE_PER_WORKSPACE]

    # --- calls under way --------------------------------------------------------------------------------

    def _start(self, work: W) -> None:
        call = asyncio.get_running_loop().create_task(self._call(work))
        self._calls[call] = work
        call.add_done_callback(self._ended)

    async def _call(self, work: W) -> tuple[W, R]:
        has_begun = False
        try:
            async with self._slots:
                self._waypoint(f"{self._lane.method}: before the request")
                has_begun = True
                answer = await self._lane.call(work)
                self._waypoint(f"{self._lane.method}: after the request")
                return work, answer
        except asyncio.CancelledError:
            if not self._stopping:
                raise
            return work, self._lane.let_go(work, has_begun=has_begun)

    def _ended(self, call: "asyncio.Task[tuple[W, R]]") -> None:
        """What ends close together is recorded together; at once, if there is little else to do."""
        work = self._calls.pop(call)
        if call.cancelled() and self._stopping:  # before its first step
            self._done.append((work, self._lane.let_go(work, has_begun=False)))
        elif call.cancelled() or call.exception() is not None:
            self._failure = self._failure or call.exception() or asyncio.CancelledError()
        else:
            self._done.append(call.result())
        if len(self._calls) <= AT_ONCE:
            self._changed.set()
        elif self._gathering is None:
            self._gathering = asyncio.get_running_loop().call_later(GATHERED_SECONDS, self._changed.set)

    async def _wait(self, done: _Pass[W, R]) -> None:
        """Until calls have ended, something new is planned, or the next turn comes."""
        gap = done.opens_at - self._clock.now() if done.opens_at else NO_PACE
        sleeper = asyncio.create_task(self._sleep(gap)) if gap > NO_PACE else None
        await self._changed.wait()
        if sleeper is not None:
            sleeper.cancel()
        if self._gathering is not None:
            self._gathering.cancel()
            self._gathering = None
        if self._failure is not None:
            failure, self._failure = self._failure, None
            raise failure

    async def _sleep(self, gap: timedelta) -> None:
        await self._clock.sleep(gap.total_seconds())
        self._changed.set()

    async def _turn_comes(self, done: _Pass[W, R]) -> bool:
        """Wait for the next turn, if it comes soon. False when there is nothing to wait for."""
        if self._stopping or done.opens_at is None:
            return False
        gap = done.opens_at - self._clock.now()
        if gap > PATIENCE:
            return False
        await self._clock.sleep(max(gap.total_seconds(), 0.0))
        return True

    async def _finish(self) -> None:
        """Whatever ended the run: what is under way is let come to its end, and recorded if that is possible."""
        while self._calls:
            self._changed.clear()
            await self._changed.wait()
        if self._done:
            stopping, self._stopping = self._stopping, True
            with suppress(Exception):
                await self._pass()
            self._stopping = stopping
