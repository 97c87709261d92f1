"""One bot under a clock and a Slack of ours, and a record of all that happens."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any, TypeVar

from slack_sdk.models.blocks import ContextBlock
from sqlalchemy import select

from bot.core.database import Database, Transaction
from bot.core.directory import Identity, Person, Profile
from bot.core.errors import TransientError, UserError
from bot.core.outbox import queue
from bot.core.outbox.attention import acted
from bot.core.outbox.courier import Courier
from bot.core.outbox.domain import Awaits
from bot.core.outbox.store import OutboxRow
from bot.core.outbox.templates import Dropped, Letter, Message, Template
from bot.core.slack import blocks as b
from bot.features.engagements.store import EngagementRow
from bot.features.people.service import People, learn
from bot.features.people.store import PersonRow
from bot.registry import FEATURES
from tests.fakes import MovableClock
from tests.simulation.audit import Findings, audit, open_rows
from tests.simulation.evidence import Act, Bond, Kind, Outage, Part, Row, Visible, Wish
from tests.simulation.owed import owed
from tests.simulation.slack import Ledger, UnreliableSlack

T = TypeVar("T")
MOST_ROUNDS = 1000


class Crash(Exception):
    """The process dies here: nothing that it knew outlives it."""


class Guillotine:
    """Kills the process at the n-th step from now on; what it still tries then is in vain."""

    def __init__(self) -> None:
        self.steps: int | None = None
        self.has_fallen = False

    def __call__(self, _name: str) -> None:
        if self.steps is not None:
            self.steps -= 1
            self.has_fallen |= self.steps < 0
        if self.has_fallen:
            raise Crash


class World:
    def __init__(
        self, database: Database, start: datetime, random: Random, *, paces: Sequence[timedelta]
    ) -> None:
        """`paces`: each process is started with one of these."""
        self.database, self.clock, self.random, self._paces = database, MovableClock(start), random, paces
        self.ledger = Ledger()
        self.evidence = self.ledger.evidence
        self.slack = UnreliableSlack(self.clock, self.ledger, random)
        templates = [template for feature in FEATURES for template in feature.templates]
        self._templates = {template.name: self._tagged(template) for template in templates}
        self.evidence.kinds = {
            each.name: Kind(
                each.is_unsolicited,
                each.breaks_quiet,
                each.may_repeat,
                asks=each.awaits is Awaits.ANSWER,
                rests=each.respects_silence,
            )
            for each in templates
        }
        self.user_ids: dict[str, str] = {}
        self.said_no: dict[str, int] = {}
        """How often a service refused what a person wanted, by the rule."""
        self.crashes = self.outages_of_database = 0
        self._due: list[datetime | None] | None = None
        """When each plan has something to do next; None when that may have changed."""
        self._couriers: dict[int, tuple[Courier, Guillotine]] = {}
        self._plans = [plan for feature in FEATURES for plan in feature.plans]

    # --- what people do ------------------------------------------------------------------------------------

    def do(self, work: Callable[[Transaction], T]) -> T | None:
        """What a handler does: one transaction, and None when the rules say no."""
        self._due = None
        try:
            with self.database.transaction() as db:
                return work(db)
        except UserError as no:
            name = type(no).__name__
            self.said_no[name] = self.said_no.get(name, 0) + 1
            return None

    def learn(
        self, user_id: str, team_id: str, zone: str, locale: str = "en-GB", *, is_deleted: bool = False
    ) -> Person:
        """What Slack says of somebody now."""
        self._due = None
        profile = Profile(Identity(team_id, user_id), user_id, zone, locale, False, is_deleted, False)
        with self.database.transaction() as db:
            person = learn(db, profile, self.clock.at)
        self.user_ids[person.id] = user_id
        self.note_person(person.id)
        return person

    def person(self, person_id: str) -> Person:
        with self.database.transaction() as db:
            return People().get(db, person_id)

    def note_person(self, person_id: str) -> None:
        """Whatever this person wishes now holds for all that they see from now on."""
        with self.database.transaction() as db:
            person = People().get(db, person_id)
        user_id, rhythm = person.identity.user_id, person.rhythm
        wish = Wish(
            number=self.ledger.next(),
            at=self.clock.at,
            user_id=user_id,
            person_id=person_id,
            zone=rhythm.zone,
            working_days=rhythm.working_days,
            day_starts=rhythm.day_starts,
            day_ends=rhythm.day_ends,
            paused_until=person.paused_until,
            is_deleted=person.is_deleted,
            country=rhythm.country,
        )
        self.evidence.wishes.setdefault(user_id, []).append(wish)

    def act(self, person_id: str) -> None:
        """As whatever they do says before it is done, and all the same when it is refused."""
        user_id = self.user_ids[person_id]
        self.evidence.acts.setdefault(user_id, []).append(Act(self.ledger.next(), self.clock.at, user_id))
        with self.database.transaction() as db:
            acted(db, person_id, self.clock.at)

    def note_engagement(self, engagement_id: str) -> None:
        with self.database.transaction() as db:
            row = db.get_one(EngagementRow, engagement_id)
            users = frozenset(self.user_ids[each] for each in (row.coach_id, row.client_id))
            is_open = row.state in ("proposed", "active")
        bond = Bond(self.ledger.next(), engagement_id, users, is_open)
        self.evidence.bonds.setdefault(engagement_id, []).append(bond)

    # --- what the bot does ----------------------------------------------------------------------------------

    async def tick(self, *, crash_at: int | None = None, workers: int = 1) -> Sequence[Visible]:
        """Plan, deliver, show anew, reconcile, as the ticker does; returns what people have got. `crash_at`: after so many steps."""
        try:
            await self._plan()
        except TransientError:
            self.outages_of_database += 1
        results = await asyncio.gather(
            *(self._work(worker, crash_at if worker == 0 else None) for worker in range(workers)),
            return_exceptions=True,
        )
        crashed = any(isinstance(each, Crash) for each in results)
        self.outages_of_database += sum(isinstance(each, TransientError) for each in results)
        for each in results:
            if isinstance(each, BaseException) and not isinstance(each, Crash | TransientError):
                raise each
        return self.slack.pass_is_over(crashed=crashed)

    async def _plan(self) -> None:
        """A plan with nothing due is left out: running it would do nothing."""
        now = self.clock.at
        if self._due is None:
            self._due = await self.database.run(lambda db: [plan.next_at(db) for plan in self._plans])
        due, self._due = self._due, None
        for plan in (plan for plan, at in zip(self._plans, due, strict=True) if at is not None and at <= now):
            for _round in range(MOST_ROUNDS):
                if not await self.database.run(lambda db, run=plan.run: run(db, now=self.clock.at)):  # type: ignore[misc]
                    break

    async def _work(self, worker: int, crash_at: int | None) -> None:
        courier, guillotine = self._courier(worker)
        guillotine.steps = crash_at
        try:
            await courier.deliver()
            await courier.repaint()
            await courier.recall()
            await courier.reconcile()
        finally:
            guillotine.steps = None
            if guillotine.has_fallen:
                self.crashes += 1
                del self._couriers[worker]

    def _courier(self, worker: int) -> tuple[Courier, Guillotine]:
        if worker not in self._couriers:
            guillotine = Guillotine()
            courier = Courier(
                self.database,
                People(),
                self._templates,
                self.slack,
                self.clock,
                pace=self.random.choice(self._paces),
                waypoint=guillotine,
            )
            self._couriers[worker] = courier, guillotine
        return self._couriers[worker]

    async def next_due(self) -> datetime | None:
        def earliest(db: Transaction) -> datetime | None:
            self._due = [plan.next_at(db) for plan in self._plans]
            return min((at for at in (*self._due, queue.next_due_at(db)) if at is not None), default=None)

        return await self.database.run(earliest)

    async def drain(self, rounds: int = 3000) -> None:
        """Plan nothing more, let nothing go wrong, and go on until nothing is left to be sent."""
        self.slack.faults = type(self.slack.faults)()
        self._plans = []
        for _round in range(rounds):
            due = await self.next_due()
            if due is None:
                break
            self.clock.at = max(due, self.clock.at + timedelta(seconds=5))
            await self.tick()
        self.evidence.is_over = True

    def was_down(self, since: datetime, until: datetime, team_id: str | None = None) -> None:
        self.evidence.outages.append(Outage(since, until, team_id))

    # --- the verdict ------------------------------------------------------------------------------------------

    def audit(self) -> Findings:
        self.evidence.rows = self._rows()
        if not self.evidence.is_over:
            with self.database.transaction() as db:
                self.evidence.owed = owed(db, self.clock.at)
        return audit(self.evidence)

    def open_rows(self) -> list[Row]:
        return open_rows(self._rows())

    def _rows(self) -> list[Row]:
        columns = (
            OutboxRow.id,
            OutboxRow.key,
            OutboxRow.template,
            PersonRow.user_id,
            OutboxRow.state,
            OutboxRow.reason,
            OutboxRow.created_at,
            OutboxRow.due_at,
            OutboxRow.expires_at,
            OutboxRow.needs_repaint,
            OutboxRow.closed,
            OutboxRow.sent_at,
            OutboxRow.team_id,
        )
        with self.database.transaction() as db:
            found = db.execute(select(*columns).join(PersonRow, PersonRow.id == OutboxRow.person_id))
            return [Row(*values) for values in found]

    # --- within ---------------------------------------------------------------------------------------------

    def _tagged(self, template: Template) -> Template:
        """Every message carries, unseen, which rows it tells of: the audit need not believe the table."""

        def render(db: Transaction, letter: Letter, person: Person, now: datetime) -> Message | Dropped:
            message = template.render(db, letter, person, now)
            if isinstance(message, Dropped):
                return message
            part = Part(
                letter.id,
                letter.key,
                letter.template,
                letter.engagement_id,
                letter.due_at,
                letter.expires_at,
            )
            tag: ContextBlock = b.context(self.ledger.tag(part))
            return replace(message, footer=[*message.footer, tag])

        return replace(template, render=render)


def quiet_about_crashes(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Tasks of a process that has died have nobody who asks what became of them."""
    with suppress(KeyError):
        if isinstance(context["exception"], Crash):
            return
    loop.default_exception_handler(context)
