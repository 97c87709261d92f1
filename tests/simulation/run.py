"""Years in minutes: from one thing due to the next, with everything that may go wrong on the way."""

import asyncio
import shutil
import tempfile
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import TypeVar

from sqlalchemy import create_engine, event

from bot import schema
from bot.core.database import Database, Transaction
from bot.core.master_keys import MasterKeys
from bot.core.outbox.domain import REFUSED_FOR_NOW
from bot.core.vault import Vault
from bot.registry import FEATURES, reactions_of
from tests.simulation.audit import Findings
from tests.simulation.life import Life
from tests.simulation.slack import Faults
from tests.simulation.world import World, quiet_about_crashes

T = TypeVar("T")

START = datetime(2026, 9, 28, 6, tzinfo=UTC)
"""A Monday, four weeks before the clocks change in Europe."""
GRID = timedelta(minutes=30)
"""The bot looks at most so often; every five seconds in earnest."""
A_TICK = timedelta(seconds=5)
CLOSELY = 6
"""So many looks follow at their own time where it is uncertain what has arrived: there, seconds matter."""
PACES = (timedelta(0), timedelta(0), timedelta(0), timedelta(seconds=1))
REPORT_EVERY = timedelta(weeks=4)


class OneThread(Database):
    """The order of all that happens follows from the seed alone, so nothing happens in another thread."""

    async def run(self, work: Callable[[Transaction], T]) -> T:
        with self.transaction() as db:
            return work(db)


@dataclass(frozen=True, slots=True)
class Plan:
    """`begin_within`: so many days from the start, all pairs have begun."""

    seed: int
    pairs: int = 500
    weeks: int = 104
    teams: int = 6
    begin_within: float = 14.0


@dataclass(frozen=True, slots=True)
class Report:
    findings: Findings
    world: World
    life: Life
    ticks: int


def simulate(plan: Plan, tell: Callable[[str], None] = lambda _line: None) -> Report:
    """Everything is thrown away afterwards."""
    memory = Path("/dev/shm")
    folder = Path(tempfile.mkdtemp(prefix="growbot-simulation-", dir=memory if memory.is_dir() else None))
    ids, real = Random(plan.seed), uuid.uuid4
    uuid.uuid4 = lambda: uuid.UUID(
        int=ids.getrandbits(128), version=4
    )  # the same seed, the same order of rows
    try:
        database = a_database(folder / "growbot.db")
        try:
            return asyncio.run(_Run(plan, database, tell).run())
        finally:
            database.close()
    finally:
        uuid.uuid4 = real
        shutil.rmtree(folder, ignore_errors=True)


def a_database(path: Path) -> Database:
    """Migrated, and not waiting for a disk: nothing in it outlives the run."""
    engine = create_engine(f"sqlite:///{path}")
    schema.upgrade(engine)
    engine.dispose()
    keys = MasterKeys.parse(MasterKeys.generate("simulation"))
    database = OneThread(f"sqlite:///{path}", Vault(keys), reactions_of(FEATURES))
    event.listen(
        database.engine, "connect", lambda connection, _record: connection.execute("PRAGMA synchronous=OFF")
    )
    return database


class _Run:
    def __init__(self, plan: Plan, database: Database, tell: Callable[[str], None]) -> None:
        self._plan, self._tell = plan, tell
        self._random = Random(plan.seed)
        self.world = World(database, START, self._random, paces=PACES)
        self.world.slack.blind_teams = {"T001"}
        self.world.slack.faults = Faults.some()
        self.life = Life(self.world, self._random, plan.pairs, plan.teams, plan.begin_within)
        self._end = START + timedelta(weeks=plan.weeks)
        self._ticks = self._closely = 0
        self._told_at = START
        self._next_trouble_at = START + timedelta(days=5)

    async def run(self) -> Report:
        asyncio.get_running_loop().set_exception_handler(quiet_about_crashes)
        while self.world.clock.at < self._end:
            await self._step()
            if self.world.clock.at - self._told_at >= REPORT_EVERY and self._report():
                break
        else:
            self.world.audit()  # what is owed is known as long as there is something to plan
            await self.world.drain()
        return Report(self.world.audit(), self.world, self.life, self._ticks)

    async def _step(self) -> None:
        due = [await self.world.next_due(), self.life.next_at(), self._next_trouble_at]
        at = max(min(at for at in due if at is not None), self.world.clock.at + A_TICK)
        if self._closely:
            self._closely, self.world.clock.at = self._closely - 1, at
        else:
            self._go_to(at)
        self.life.live()
        if self.world.clock.at >= self._next_trouble_at:
            self._trouble()
        dice = self._random.random()
        crash_at = self._random.randint(0, 12) if dice < 0.02 else None
        for message in await self.world.tick(crash_at=crash_at, workers=2 if dice > 0.95 else 1):
            self.life.read(message)
            self._closely = self._closely if message.is_told else CLOSELY
        self._ticks += 1

    def _go_to(self, at: datetime) -> None:
        """To the next point of the grid."""
        ahead = -((START - at) // GRID)
        self.world.clock.at = START + ahead * GRID

    # --- trouble --------------------------------------------------------------------------------------------

    def _trouble(self) -> None:
        self._next_trouble_at = self.world.clock.at + timedelta(days=self._random.expovariate(1 / 9))
        trouble = self._random.choices(
            [self._sleep, self._down_for_a_week, self._clock_is_wrong, self._revoked, self._storm],
            [3, 0.5, 3, 2, 3],
        )[0]
        self.life.done[f"trouble: {trouble.__name__.strip('_')}"] = (
            self.life.done.get(f"trouble: {trouble.__name__.strip('_')}", 0) + 1
        )
        trouble()

    def _sleep(self) -> None:
        """The machine was suspended."""
        self._stop_for(timedelta(hours=self._random.uniform(0.2, 30)))

    def _down_for_a_week(self) -> None:
        self._stop_for(timedelta(days=7))

    def _stop_for(self, span: timedelta) -> None:
        since = self.world.clock.at
        self._go_to(since + span)
        self.world.was_down(since, self.world.clock.at)
        self.life.live()

    def _clock_is_wrong(self) -> None:
        """It runs ahead by minutes until somebody notices, and is set back."""
        ahead = timedelta(minutes=self._random.uniform(0.2, 5))
        self.world.slack.skew += ahead
        self.world.clock.at += ahead

        def set_right() -> None:
            self.world.slack.skew -= ahead
            self.world.clock.at -= ahead

        self.life.later(timedelta(hours=self._random.uniform(0.1, 20)), set_right)

    def _revoked(self) -> None:
        team = f"T{self._random.randrange(self._plan.teams):03d}"
        until = self.world.clock.at + timedelta(hours=self._random.uniform(0.5, 100))
        self.world.slack.faults.refuses_team[team] = until
        self.world.was_down(self.world.clock.at, until + REFUSED_FOR_NOW, team)

    def _storm(self) -> None:
        """For a while, much goes wrong."""
        calm, self.world.slack.faults = self.world.slack.faults, Faults.some(12)
        self.world.slack.faults.refuses_team = calm.refuses_team

        def over() -> None:
            refuses = self.world.slack.faults.refuses_team
            self.world.slack.faults = Faults.some()
            self.world.slack.faults.refuses_team = refuses

        self.life.later(timedelta(hours=self._random.uniform(1, 24)), over)

    # --- telling ------------------------------------------------------------------------------------------------

    def _report(self) -> bool:
        """Whether something is wrong already."""
        self._told_at = self.world.clock.at
        findings = self.world.audit()
        self._tell(
            f"{self.world.clock.at:%Y-%m-%d}: {len(self.world.evidence.visible)} messages seen, "
            f"{len(self.world.evidence.rows)} planned, {self._ticks} ticks, {self.world.crashes} crashes, "
            f"{len(findings.violations)} violations"
        )
        for violation in findings.violations:
            self._tell(f"VIOLATION {violation}")
        return bool(findings.violations)
