"""Rows in bulk, by plain inserts: what the measurements find in the tables before they begin."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from slack_sdk.models.blocks import Block

from bot.core.clock import SystemClock
from bot.core.database import Base, Database, Transaction, new_id
from bot.core.directory import Person
from bot.core.outbox import pacing
from bot.core.outbox.store import OutboxRow
from bot.core.outbox.templates import Letter, Message, Template
from bot.core.slack import blocks as b
from bot.features.people.store import PersonRow

PLAIN = "bench.plain"
TEAM = "T0BENCH"


def message() -> Message:
    """As our messages are: a section, three buttons, a context line."""
    text = "2 commitments from your work with <@U0DANA> are due today."
    buttons = [b.button("Open", "bench.open", "1", primary=True), b.button("Later", "bench.later", "1")]
    blocks: list[Block] = [b.section(text), b.actions(*buttons)]
    return Message(text, blocks, [b.context("Fewer of these: `/grow settings`")])


def _render(db: Transaction, letter: Letter, person: Person, now: datetime) -> Message:
    return message()


def _closed(db: Transaction, letter: Letter, person: Person, now: datetime) -> str:
    return "done"


TEMPLATES: Mapping[str, Template] = {PLAIN: Template(PLAIN, _render, _closed, is_unsolicited=False)}


def insert(
    database: Database, row: type[Base], values: Sequence[Mapping[str, Any]], at_once: int = 5000
) -> None:
    for start in range(0, len(values), at_once):
        with database.transaction() as db:
            db.connection().execute(row.__table__.insert(), values[start : start + at_once])


def people(count: int, team_id: str = TEAM) -> list[dict[str, Any]]:
    now = SystemClock().now()
    return [
        {
            "id": new_id(),
            "team_id": team_id,
            "user_id": f"U{number:04}{new_id()[:8]}",
            "name": "Ben",
            "zone": "Europe/London",
            "locale": "en-GB",
            "next_refresh_at": now + timedelta(days=1),
            "created_at": now,
        }
        for number in range(count)
    ]


def outbox(of: Sequence[Mapping[str, Any]], **changes: object) -> list[dict[str, Any]]:
    """One row for each of these people, due now."""
    now = SystemClock().now()
    return [
        {
            "id": new_id(),
            "key": f"bench:{new_id()}",
            "template": PLAIN,
            "team_id": person["team_id"],
            "person_id": person["id"],
            "subject": {},
            "due_at": now,
            "not_before": now,
            "expires_at": now + timedelta(days=7),
            "created_at": now,
            **changes,
        }
        for person in of
    ]


def know(database: Database, teams: Sequence[str], at: datetime = datetime(2026, 1, 1, tzinfo=UTC)) -> None:
    with database.transaction() as db:
        for team in teams:
            pacing.know(db, team, at)


def due(database: Database, count: int, team_id: str = TEAM) -> None:
    """So many messages that are to be sent now, each to another person."""
    who = people(count, team_id)
    insert(database, PersonRow, who)
    insert(database, OutboxRow, outbox(who))
    know(database, [team_id])
