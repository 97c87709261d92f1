"""What an operator's Prometheus is told: how many and how long, never of whom. Every label has a few known values."""

from collections import Counter as Tally
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from aiohttp import web
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from sqlalchemy import func, literal_column, select

from bot.core.clock import Clock
from bot.core.database import Database, DatabaseUnavailable, Transaction
from bot.core.directory import Identity
from bot.core.outbox.domain import OPEN_STATES, Limited, Lookup, Outcome, Refused, Unreached
from bot.core.outbox.sender import Sender
from bot.core.outbox.store import OutboxRow
from bot.core.outbox.templates import Message

SLACK_WAITS = 3.0
LOOK_SECONDS = 2.0
"""What hangs has to be told of before Prometheus stops waiting."""
BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, SLACK_WAITS)


class Connected(Protocol):
    @property
    def connections(self) -> int: ...


class Metrics:
    """One registry for each running bot; nothing of it is global."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.acks = Histogram(
            "growbot_ack_seconds",
            "Until Slack's request was answered.",
            ["kind"],
            buckets=BUCKETS,
            registry=self.registry,
        )
        self.sends = Counter(
            "growbot_sends",
            "Calls for messages, by what came of them.",
            ["method", "result"],
            registry=self.registry,
        )
        self.ticks = Counter("growbot_ticks", "Runs of each job.", ["job", "result"], registry=self.registry)
        self.retries = Counter(
            "growbot_retries",
            "Events that Slack, messages that growbot tries again.",
            ["what"],
            registry=self.registry,
        )
        self.rotations = Counter(
            "growbot_token_rotations", "Tokens exchanged for the next.", ["result"], registry=self.registry
        )
        self.rows = Gauge(
            "growbot_outbox_rows",
            "Messages that are still to be dealt with.",
            ["state"],
            registry=self.registry,
        )
        self.oldest = Gauge(
            "growbot_outbox_oldest_due_seconds",
            "For how long the message due first has been due; 0 if none is.",
            registry=self.registry,
        )
        self.database_up = Gauge(
            "growbot_database_up", "Whether the database could be read just now.", registry=self.registry
        )

    def watch_socket(self, socket: Connected) -> None:
        """Where requests come over Socket Mode."""
        gauge = Gauge(
            "growbot_socket_connections",
            "Connections to Slack that were heard of just now.",
            registry=self.registry,
        )
        gauge.set_function(lambda: socket.connections)

    def tick(self, job: str, result: str) -> None:
        self.ticks.labels(job, result).inc()

    def rotation(self, result: str) -> None:
        self.rotations.labels(result).inc()

    def event_retried(self) -> None:
        self.retries.labels("event").inc()


class CountedSender:
    """A Sender whose outcomes are counted by their names."""

    def __init__(self, sender: Sender, metrics: Metrics) -> None:
        self._sender, self._metrics = sender, metrics

    async def post(self, to: Identity, message: Message, marker: str) -> Outcome:
        outcome = await self._sender.post(to, message, marker)
        self._count("post", outcome)
        waits = isinstance(outcome, Refused) and outcome.by_workspace
        if waits or isinstance(outcome, Limited | Unreached):
            self._metrics.retries.labels("message").inc()
        return outcome

    async def update(self, to: Identity, channel: str, ts: str, message: Message) -> Outcome:
        outcome = await self._sender.update(to, channel, ts, message)
        self._count("update", outcome)
        return outcome

    async def delete(self, to: Identity, channel: str, ts: str) -> Outcome:
        outcome = await self._sender.delete(to, channel, ts)
        self._count("delete", outcome)
        return outcome

    async def look_up(
        self, to: Identity, channel: str, marker: str, since: datetime, until: datetime
    ) -> Lookup:
        lookup = await self._sender.look_up(to, channel, marker, since, until)
        self._count("look_up", lookup)
        return lookup

    def _count(self, method: str, outcome: Outcome | Lookup) -> None:
        self._metrics.sends.labels(method, type(outcome).__name__.lower()).inc()


@dataclass(frozen=True, slots=True)
class Depth:
    """What waits in the outbox."""

    rows: Mapping[str, int]
    oldest_due_at: datetime | None


def depth(db: Transaction, now: datetime) -> Depth:
    """By the partial indexes: finished rows cost nothing."""
    tally = Tally[str]()
    for state in OPEN_STATES:
        counted = select(func.count()).select_from(OutboxRow)
        tally[state] = db.scalar(counted.where(OutboxRow.state == literal_column(f"'{state}'"))) or 0
    due = select(func.min(OutboxRow.not_before)).where(
        OutboxRow.state == literal_column("'pending'"), OutboxRow.not_before <= now
    )
    return Depth(tally, db.scalar(due))


class MetricsPage:
    """GET /metrics, on an address of its own: it is not for the world."""

    def __init__(self, metrics: Metrics, database: Database, clock: Clock) -> None:
        self._metrics, self._database, self._clock = metrics, database, clock

    def add_to(self, router: web.UrlDispatcher) -> None:
        router.add_get("/metrics", self.handle)

    async def handle(self, _request: web.Request) -> web.Response:
        await self._look()
        body = generate_latest(self._metrics.registry)
        return web.Response(body=body, headers={"Content-Type": CONTENT_TYPE_LATEST})

    async def _look(self) -> None:
        now = self._clock.now()
        try:
            found = await self._database.run(lambda db: depth(db, now), within=LOOK_SECONDS)
        except DatabaseUnavailable:
            self._metrics.database_up.set(0)
            return
        self._metrics.database_up.set(1)
        for state, count in found.rows.items():
            self._metrics.rows.labels(state).set(count)
        late = (now - found.oldest_due_at).total_seconds() if found.oldest_due_at else 0.0
        self._metrics.oldest.set(late)
