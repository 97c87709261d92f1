"""What is due: planned, sent and forgotten, at every tick or at once."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

import structlog

from bot.core.database import Transaction
from bot.core.errors import TransientError
from bot.core.feature import Feature, Plan
from bot.core.limits import forget_limits
from bot.core.outbox import queue
from bot.core.outbox.courier import Courier
from bot.core.scheduling import Ticker
from bot.core.slack.installations import Installations
from bot.core.slack.requests import Services, forget_handled

log = structlog.get_logger(__name__)

TICK_SECONDS = 5
FORGET_SECONDS = 3600
ROTATE_SECONDS = 60
MOST_ROUNDS = 1000


class Agenda:
    def __init__(
        self,
        features: Sequence[Feature],
        services: Services,
        courier: Courier,
        installations: Installations,
    ) -> None:
        self._features, self._services = features, services
        self._database, self._clock = services.database, services.clock
        self._courier, self._installations = courier, installations
        self._errands = [errand for feature in features for errand in feature.errands]

    def start(self, ticker: Ticker) -> None:
        for name, job in (
            ("plan", self.plan),
            ("deliver", self._courier.deliver),
            ("repaint", self._courier.repaint),
            ("recall", self._courier.recall),
            ("reconcile", self._courier.reconcile),
        ):
            ticker.every(TICK_SECONDS, name, job)
        ticker.every(FORGET_SECONDS, "forget", self._forget)
        ticker.every(ROTATE_SECONDS, "rotate", self._installations.rotate)
        for errand in self._errands:
            ticker.every(TICK_SECONDS, errand.name, partial(errand.run, self._services))
        for feature in self._features:
            for chore in feature.chores:
                ticker.every(chore.every_seconds, chore.name, partial(chore.run, self._services))
        ticker.start()

    async def plan(self) -> int:
        """Turn everything that has come due into outbox rows. Returns how many things were dealt with.

        A plan that fails keeps no other from running: what the first one raised is raised in the end. TransientError ends it.
        """
        dealt_with, failures = 0, list[Exception]()
        for plan in (plan for feature in self._features for plan in feature.plans):
            try:
                dealt_with += await self._all_of(plan)
            except TransientError:
                raise
            except Exception as error:
                log.error("plan.failed", plan=plan.name, error=type(error).__name__)
                failures.append(error)
        if failures:
            raise failures[0]
        return dealt_with

    async def _all_of(self, plan: Plan) -> int:
        dealt_with = 0
        for _round in range(MOST_ROUNDS):
            done = await self._database.run(partial(plan.run, now=self._clock.now()))
            dealt_with += done
            if not done:
                break
        return dealt_with

    async def settle(self) -> None:
        """Do everything that is due now, and return when nothing is left to do."""
        for _round in range(MOST_ROUNDS):
            if not await self.plan() + await self._send() + await self._courier.reconcile():
                break

    async def next_due(self) -> datetime | None:
        """When the next thing comes due: what a clock that is moved by hand jumps to."""

        def earliest(db: Transaction) -> datetime | None:
            plans = [plan.next_at(db) for feature in self._features for plan in feature.plans]
            instants = [at for at in (*plans, queue.next_due_at(db)) if at is not None]
            return min(instants, default=None)

        return await self._database.run(earliest)

    async def _send(self) -> int:
        sent = await self._courier.deliver() + await self._courier.recall()
        for errand in self._errands:
            sent += await errand.run(self._services)
        return sent + await self._courier.repaint()

    async def _forget(self) -> None:
        """What is only kept to know it again goes once it says nothing any more."""
        for forget in (forget_handled, forget_limits):
            await self._database.run(partial(forget, now=self._clock.now()))
