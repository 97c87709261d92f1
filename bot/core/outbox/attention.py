"""Whether anybody reads: what waits for a reader's answer, and the silence that follows when none comes.

A message that asks waits until its reader does anything at all: a command, a button, a form. Two that have waited for a day
each, and nothing that asks is sent any more (see domain.has_gone_quiet).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, literal_column, select, update

from bot.core.among import among
from bot.core.database import Transaction
from bot.core.directory import Person
from bot.core.outbox.domain import Awaits, State, has_gone_quiet
from bot.core.outbox.store import QUIET, OutboxRow, release

A_BREATH = timedelta(minutes=15)
"""Whoever comes back to pause, or to say that it is too much, does so before the next message."""


@dataclass(frozen=True, slots=True)
class WentQuiet:
    """Fact: a message was kept back because its reader has left the last ones unanswered; `since` the first of them."""

    person_id: str
    since: datetime


@dataclass(frozen=True, slots=True)
class PersonActed:
    """Fact: the person has done something, after messages that asked for it."""

    person_id: str


_AWAITED = select(OutboxRow.person_id, OutboxRow.awaits, OutboxRow.send_started_at).where(
    among(OutboxRow.person_id, "people"),
    OutboxRow.awaits.is_not(None),
    OutboxRow.state == literal_column(f"'{State.SENT}'"),
)
_WAITS = select(OutboxRow.id).where(OutboxRow.person_id == bindparam("person"), OutboxRow.awaits.is_not(None))
_NO_LONGER = (
    update(OutboxRow)
    .where(OutboxRow.person_id == bindparam("person"), OutboxRow.awaits.is_not(None))
    .values(awaits=None)
)


def quiet(db: Transaction, people: Mapping[str, Person], now: datetime) -> Mapping[str, datetime]:
    """Those of these, by id, who have gone quiet, and when they were sent the first message that waits. One statement."""
    awaited: dict[str, list[tuple[Awaits, datetime]]] = {}
    for person_id, awaits, sent_at in db.execute(_AWAITED, {"people": list(people)}):
        assert awaits is not None
        assert sent_at is not None
        awaited.setdefault(person_id, []).append((Awaits(awaits), sent_at))
    return {
        person_id: min(at for _awaits, at in found)
        for person_id, found in awaited.items()
        if has_gone_quiet(found, people[person_id].rhythm, now)
    }


def acted(db: Transaction, person_id: str, now: datetime) -> None:
    """The person did something: nothing waits for them any more, and what was kept back and is of use goes out soon."""
    who = {"person": person_id}
    if db.view_one(_WAITS, who) is not None:  # mostly nothing waits: then nothing is written
        db.core.execute(_NO_LONGER, who)
        release(db, person_id, QUIET, now + A_BREATH)
        db.announce(PersonActed(person_id), now)
