"""What a tick costs: with nothing due, with much in the tables, and with many things due at once."""

import time
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from statistics import median
from typing import Any

from bot.core.database import Database, Transaction, new_id
from bot.core.outbox import queue
from bot.core.outbox.domain import State
from bot.core.outbox.store import OutboxRow
from bot.features.commitments.store import CommitmentRow
from bot.features.engagements.store import EngagementRow
from bot.features.people.store import PersonRow
from bot.registry import FEATURES
from tests.bench.databases import analyse
from tests.bench.rows import TEAM, insert, know, outbox, people

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
PLANS = [plan for feature in FEATURES for plan in feature.plans]


class Filled:
    """A database with so many open commitments, whose next nudges are far away."""

    def __init__(self, database: Database, commitments: int) -> None:
        self.database = database
        self.people = people(2)
        insert(database, PersonRow, self.people)
        self.engagement = new_id()
        coach, client = (person["id"] for person in self.people)
        insert(database, EngagementRow, [_engagement(self.engagement, coach, client)])
        self.add(commitments, NOW + timedelta(days=90))

    def add(self, count: int, next_nudge_at: datetime) -> None:
        for start in range(0, count, 50_000):
            rows = [self._commitment(next_nudge_at) for _ in range(min(50_000, count - start))]
            insert(self.database, CommitmentRow, rows)
        analyse(self.database)

    def _commitment(self, next_nudge_at: datetime) -> dict[str, Any]:
        return {
            "id": new_id(),
            "engagement_id": self.engagement,
            "owner_id": self.people[1]["id"],
            "what": b"sealed" * 20,
            "is_shared": True,
            "due_on": date(2027, 3, 1),
            "due_at": NOW + timedelta(days=91),
            "next_nudge": "before",
            "next_nudge_at": next_nudge_at,
            "created_at": NOW,
        }

    def tick(self) -> int:
        """As the ticker plans: every feature's scan, each in a transaction of its own."""
        done = 0
        for plan in PLANS:
            with self.database.transaction() as db:
                done += plan.run(db, now=NOW)
        return done

    def idle_seconds(self, ticks: int = 50) -> float:
        """Of one tick with nothing due: the median of many."""
        return median(_timed(self.tick) for _ in range(ticks))

    def busy_seconds(self, count: int) -> float:
        """Until so many nudges that have come due, of as many people, are planned."""
        who = people(count)
        insert(self.database, PersonRow, who)
        rows = [{**self._commitment(NOW), "owner_id": person["id"]} for person in who]
        insert(self.database, CommitmentRow, rows)
        know(self.database, [TEAM])

        def plan_all() -> int:
            while self.tick():
                pass
            return 1

        return _timed(plan_all)


def claim_seconds(database: Database, finished: int, count: int = 1000) -> float:
    """Claiming so many rows in tens, with so many finished ones in the table: only the claims are timed."""
    who = people(1)
    insert(database, PersonRow, who)
    done = {"state": State.SENT, "sent_at": NOW, "send_started_at": NOW, "closed": "answered"}
    for start in range(0, finished, 50_000):
        insert(database, OutboxRow, outbox(who * min(50_000, finished - start), **done))
    insert(database, OutboxRow, outbox(who * count, due_at=NOW, not_before=NOW))
    know(database, [TEAM], NOW)
    analyse(database)

    def claim(db: Transaction) -> None:
        rows = queue.claim(db, queue.CLAIM_DUE, TEAM, NOW, 10)
        queue.begin(db, [row.id for row in rows], False, None, NOW)

    def claim_all() -> None:
        for _ten in range(count // 10):
            with database.transaction() as db:
                claim(db)

    return _timed(claim_all)


def _timed(work: Any) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _engagement(engagement_id: str, coach: str, client: str) -> Mapping[str, Any]:
    return {
        "id": engagement_id,
        "team_id": TEAM,
        "pair": f"{coach}:{client}",
        "coach_id": coach,
        "client_id": client,
        "proposed_by": coach,
        "state": "active",
        "shares": "",
        "created_at": NOW,
    }
