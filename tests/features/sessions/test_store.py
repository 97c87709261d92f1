"""What two requests at the same moment make of it: on PostgreSQL they really run side by side."""

import asyncio
from datetime import UTC, datetime

import pytest

from bot.core.database import Database
from bot.core.directory import Person
from bot.features.engagements import service as engagements
from bot.features.engagements.domain import HasEnded
from bot.features.prep import service as prep
from bot.features.prep.domain import Answered
from bot.features.sessions import planning
from bot.features.sessions.domain import Overlaps, Recurrence, Session, Slot
from tests.features.sessions.door import Pair, upcoming

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)


def plan(database: Database, pair: Pair, actor: Person, now: datetime) -> "asyncio.Future[Session]":
    at = NOON.astimezone(actor.rhythm.tz)
    slot = Slot(at.date(), at.time().replace(tzinfo=None), 60)
    return asyncio.ensure_future(
        database.run(lambda db: planning.plan(db, actor, pair.engagement_id, slot, Recurrence.WEEKLY, now))
    )


async def test_both_plan_the_same_time_at_once_and_one_is_told(
    database: Database, pair: Pair, now: datetime
) -> None:
    attempts = [plan(database, pair, actor, now) for actor in (pair.coach, pair.client)]
    outcomes = await asyncio.gather(*attempts, return_exceptions=True)
    assert {type(each) for each in outcomes} == {Overlaps, Session}


@pytest.mark.parametrize("attempt", range(3))
async def test_nothing_is_planned_in_an_engagement_that_ends_meanwhile(
    database: Database, pair: Pair, now: datetime, attempt: int
) -> None:
    planned = plan(database, pair, pair.coach, now)
    ended = database.run(lambda db: engagements.end(db, pair.client, pair.engagement_id, None, now))
    outcomes = await asyncio.gather(planned, ended, return_exceptions=True)
    assert not [each for each in outcomes if isinstance(each, Exception) and not isinstance(each, HasEnded)]
    assert await database.run(lambda db: upcoming(db, pair.engagement_id, now)) == []


async def test_the_same_answers_sent_from_two_windows_are_kept_once(
    database: Database, pair: Pair, now: datetime
) -> None:
    session = await plan(database, pair, pair.coach, now)
    given = [Answered("goal.purpose", "What for?", "Courage")]
    outcomes = await asyncio.gather(
        *(
            database.run(
                lambda db: prep.save(db, pair.client, session.id, given, ["goal.purpose"], False, now)
            )
            for _ in range(4)
        )
    )
    assert not any(each.is_shared or each.is_late for each in outcomes)
    read = await database.run(lambda db: prep.read(db, pair.client, session.id, now))
    assert [each.words for each in read.answers.values()] == ["Courage"]
