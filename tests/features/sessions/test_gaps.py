"""When nothing is planned for longer than agreed, both are asked about it, once."""

from datetime import UTC, date, datetime, time, timedelta

from bot.core.database import Database
from bot.core.outbox.store import OutboxRow
from bot.features.engagements.domain import Cadence
from bot.features.people.service import People
from bot.features.sessions import planning
from bot.features.sessions.domain import GAP_AFTER, Reach, Recurrence, Session, Slot, next_gap_ask
from tests.features.sessions.door import Door, Pair, a_pair

NOW = datetime(2026, 11, 25, 14, 30, tzinfo=UTC)
NINTH_DAY = NOW + timedelta(days=8)
"""The builders' pairs have agreed on every week; they begin on November 25th."""


def asked(door: Door, pair: Pair) -> tuple[int, int]:
    """How often the coach and the client were asked."""
    counts = [
        sum(
            "nothing is planned" in each.message.text for each in door.slack.posted if each.to == who.identity
        )
        for who in (pair.coach, pair.client)
    ]
    return counts[0], counts[1]


def plan(door: Door, pair: Pair, on: date) -> Session:
    with door.database.transaction() as db:
        coach = People().get(db, pair.coach.id)
        slot = Slot(on, time(16), 60)
        return planning.plan(db, coach, pair.engagement_id, slot, Recurrence.ONCE, door.clock.at)


async def through(door: Door, pair: Pair, days: int) -> None:
    """Both do something each day, so that nobody goes quiet."""
    for _day in range(days):
        door.clock.move(days=1)
        await door.settle()
        for person in (pair.coach, pair.client):
            await door.command(person, "help")


async def test_both_are_asked_once_after_longer_than_agreed(door: Door, pair: Pair) -> None:
    await through(door, pair, 7)
    assert asked(door, pair) == (0, 0)
    await through(door, pair, 2)
    assert asked(door, pair) == (1, 1)
    await through(door, pair, 30)
    assert asked(door, pair) == (1, 1)


async def test_a_session_ahead_is_no_gap_and_its_end_begins_the_next(door: Door, pair: Pair) -> None:
    plan(door, pair, date(2026, 12, 9))
    await through(door, pair, 20)  # until December 15th
    assert asked(door, pair) == (0, 0)
    await through(door, pair, 4)
    assert asked(door, pair) == (1, 1)


async def test_planning_answers_it_for_both_and_the_next_gap_is_another(door: Door, pair: Pair) -> None:
    await through(door, pair, 9)
    plan(door, pair, date(2026, 12, 9))
    await door.settle()
    assert door.messages(pair.client, "There is a session with")
    assert door.messages(pair.coach, "There is a session with")
    await through(door, pair, 16)
    assert asked(door, pair) == (2, 2)


async def test_we_meet_elsewhere_holds_for_both_and_for_good(door: Door, pair: Pair) -> None:
    await through(door, pair, 9)
    await door.press(pair.client, "sessions.elsewhere", pair.engagement_id)
    await door.settle()
    for person in (pair.client, pair.coach):
        assert door.messages(person, "plan your sessions elsewhere")
    await through(door, pair, 30)
    assert asked(door, pair) == (1, 1)


async def test_later_asks_that_one_again(door: Door, pair: Pair, database: Database) -> None:
    await through(door, pair, 9)
    with database.transaction() as db:
        row = db.query(OutboxRow).filter_by(template="sessions.gap", person_id=pair.coach.id).one()
    await door.press(pair.coach, "sessions.later", f"week:{row.id}")
    await through(door, pair, 7)
    assert asked(door, pair) == (2, 1)


async def test_a_session_called_off_leaves_a_day_to_find_another(door: Door, pair: Pair) -> None:
    session = plan(door, pair, date(2026, 12, 9))
    await through(door, pair, 12)
    with door.database.transaction() as db:
        planning.cancel(db, pair.coach, session.id, Reach.ONE, door.clock.at)
    await door.settle()
    assert asked(door, pair) == (0, 0)
    await through(door, pair, 1)
    assert asked(door, pair) == (1, 1)


async def test_nobody_answers_for_somebody_else_s_pair(door: Door, pair: Pair, database: Database) -> None:
    stranger = a_pair(database, door.clock.at)
    answer = await door.press(stranger.client, "sessions.elsewhere", pair.engagement_id)
    assert "isn't yours" in (answer.notice or "")


def test_what_is_due_stays_due_and_a_new_gap_is_given_a_day() -> None:
    since = NOW - timedelta(days=30)
    assert next_gap_ask(NOW, Cadence.WEEKLY, None, NOW) == NOW + GAP_AFTER[Cadence.WEEKLY]
    assert next_gap_ask(since, Cadence.WEEKLY, NOW, NOW) == NOW
    assert next_gap_ask(since, Cadence.WEEKLY, None, NOW) == NOW + timedelta(days=1)
