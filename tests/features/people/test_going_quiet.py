"""Two messages unanswered: one question, whether to make it lighter; then silence until the person does anything."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.core.database import Database
from bot.core.outbox.domain import Uncertain
from bot.core.outbox.store import OutboxRow
from bot.features.commitments import service as commitments
from bot.features.commitments.domain import Draft
from bot.features.people import service
from bot.features.people.domain import Intensity
from bot.features.sessions import planning
from bot.features.sessions.domain import Reach, Recurrence, Slot
from tests.features.sessions.door import Door, Pair, a_pair


def friday(week: int, hour: int = 15, minute: int = 1) -> datetime:
    """In New York; the first is November 27th, and the client's check-in is at 15:00 on Fridays."""
    return datetime(2026, 11, 27, hour + 5, minute, tzinfo=UTC) + timedelta(weeks=week)


async def left_alone(door: Door, pair: Pair) -> list[str]:
    """Ben gets two check-ins and answers neither; what he is asked in place of the third."""
    for week in range(3):
        await door.at(friday(week))
    return door.messages(pair.client, "lighter")


def asked(door: Door, pair: Pair) -> int:
    """How many check-ins Ben was asked for."""
    mine = [each for each in door.slack.posted if each.to == pair.client.identity]
    return sum("weekly check-in with" in each.message.text for each in mine)


async def a_breath_later(door: Door) -> None:
    door.clock.move(minutes=15)
    await door.settle()


async def test_in_place_of_the_third_comes_one_question(door: Door, pair: Pair) -> None:
    (offered,) = await left_alone(door, pair)
    assert offered.startswith("Shall we make this lighter?")
    assert asked(door, pair) == 2
    assert door.buttons(pair.client) == ["people.lighten", "people.pause", "people.keep", "people.talk"]


async def test_then_there_is_silence_for_as_long_as_it_takes(door: Door, pair: Pair) -> None:
    await left_alone(door, pair)
    before = len(door.slack.posted)
    for week in range(3, 12):
        await door.at(friday(week))
    assert len([each for each in door.slack.posted[before:] if each.to == pair.client.identity]) == 0
    with door.database.transaction() as db:
        (waits,) = db.query(OutboxRow).filter(
            OutboxRow.person_id == pair.client.id, OutboxRow.state == "pending"
        )
        assert waits.reason == "its reader has gone quiet"


async def test_what_came_on_friday_may_be_answered_all_monday(door: Door, pair: Pair) -> None:
    await door.at(friday(0))
    await door.at(friday(1))
    with door.database.transaction() as db:
        draft = Draft("Call", date(2026, 12, 7), time(10), None, None, None, True)
        commitments.make(db, pair.client, pair.engagement_id, draft, door.clock.at)
    await door.at(datetime(2026, 12, 7, 15, tzinfo=UTC))
    assert door.messages(pair.client, "lighter") == []
    assert door.messages(pair.client, "is due today at 10:00")


async def test_any_command_ends_it_and_what_waited_comes(door: Door, pair: Pair) -> None:
    await left_alone(door, pair)
    await door.command(pair.client, "help")
    await door.settle()
    assert asked(door, pair) == 2  # time for a pause, if that is what they came for
    await a_breath_later(door)
    assert asked(door, pair) == 3
    assert door.messages(pair.client, "Good to have you here")
    await door.at(friday(3))
    assert asked(door, pair) == 4


async def test_so_does_a_button_that_came_too_late(door: Door, pair: Pair) -> None:
    await left_alone(door, pair)
    answer = await door.press(pair.client, "checkins.skip", f"{pair.engagement_id}:2026-W48")
    assert answer.notice
    await a_breath_later(door)
    assert asked(door, pair) == 3


async def test_an_answer_begins_the_count_anew(door: Door, pair: Pair) -> None:
    await door.at(friday(0))
    await door.at(friday(1))
    await door.press(pair.client, "checkins.skip", f"{pair.engagement_id}:2026-W49")
    for week in (2, 3):
        await door.at(friday(week))
    assert asked(door, pair) == 4
    assert door.messages(pair.client, "lighter") == []
    await door.at(friday(4))
    assert len(door.messages(pair.client, "lighter")) == 1


async def test_what_may_be_lost_was_not_left_unanswered(door: Door, pair: Pair) -> None:
    door.slack.outcomes, door.slack.accepts_silently = [Uncertain("TimeoutError")], True
    assert await left_alone(door, pair) == []
    assert asked(door, pair) == 3
    await door.at(friday(3))
    assert len(door.messages(pair.client, "lighter")) == 1


async def test_what_was_kept_back_until_it_was_of_no_use_says_so(door: Door, pair: Pair) -> None:
    slot = Slot(date(2026, 12, 16), time(9), 60)
    with door.database.transaction() as db:
        planning.plan(db, pair.coach, pair.engagement_id, slot, Recurrence.ONCE, door.clock.at)
    await left_alone(door, pair)
    await door.at(datetime(2026, 12, 15, 14, tzinfo=UTC))
    door.clock.at = datetime(2026, 12, 16, 13, 50, tzinfo=UTC)
    await door.command(pair.client, "help")
    await a_breath_later(door)
    with door.database.transaction() as db:
        (row,) = db.query(OutboxRow).filter_by(person_id=pair.client.id, template="prep.ask")
        assert (row.state, row.reason) == ("stale", "its reader has gone quiet")


async def test_fewer_reminders_is_one_step_less(door: Door, pair: Pair, database: Database) -> None:
    await left_alone(door, pair)
    answer = await door.press(pair.client, "people.lighten")
    assert "only write about preparing for sessions and the weekly check-in" in (answer.notice or "")
    with database.transaction() as db:
        assert service.wishes_of(db, pair.client.id).intensity is Intensity.LIGHT
    for week in range(3, 6):
        await door.at(friday(week))
    assert door.buttons(pair.client) == ["people.pause", "people.keep", "people.talk"]


async def test_keep_as_is_keeps_it(door: Door, pair: Pair, database: Database) -> None:
    await left_alone(door, pair)
    assert "stays as it is" in ((await door.press(pair.client, "people.keep")).notice or "")
    with database.transaction() as db:
        assert service.wishes_of(db, pair.client.id).intensity is Intensity.STANDARD
    await a_breath_later(door)
    assert asked(door, pair) == 3


async def test_who_comes_back_to_pause_is_asked_nothing_first(door: Door, pair: Pair) -> None:
    await left_alone(door, pair)
    view = (await door.press(pair.client, "people.pause")).view
    await door.settle()
    await door.submit(pair.client, view)
    await a_breath_later(door)
    assert asked(door, pair) == 2


async def test_talking_about_it_is_between_the_two(door: Door, pair: Pair) -> None:
    await left_alone(door, pair)
    view = (await door.press(pair.client, "people.talk")).view
    assert "Nobody is told" in str(view and view.to_dict())


async def test_nobody_else_is_told(door: Door, pair: Pair) -> None:
    await left_alone(door, pair)
    assert door.messages(pair.coach, "lighter") == door.messages(pair.coach, "quiet") == []


async def test_that_a_session_is_off_is_said_all_the_same(door: Door, pair: Pair) -> None:
    slot = Slot(friday(3).date(), friday(3).time(), 60)
    with door.database.transaction() as db:
        session = planning.plan(db, pair.coach, pair.engagement_id, slot, Recurrence.ONCE, door.clock.at)
    await left_alone(door, pair)
    with door.database.transaction() as db:
        planning.cancel(db, pair.coach, session.id, Reach.ONE, door.clock.at)
    await door.settle()
    assert door.messages(pair.client, "has cancelled your session")


async def test_it_is_one_question_though_what_began_the_silence_is_taken_back(door: Door, pair: Pair) -> None:
    a_pair(door.database, door.clock.at + timedelta(days=1), coach=pair.coach)
    for day in range(12):  # no session is planned with either of her clients, and she lets it be
        await door.at(friday(0, 10) + timedelta(days=day))
    assert len(door.messages(pair.coach, "lighter")) == 1
    slot = Slot(friday(3).date(), friday(3, 10).time(), 60)
    with door.database.transaction() as db:
        planning.plan(db, pair.client, pair.engagement_id, slot, Recurrence.ONCE, door.clock.at)
    for day in range(12, 26):
        await door.at(friday(0, 10) + timedelta(days=day))
    assert len(door.messages(pair.coach, "lighter")) == 1


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
async def test_what_was_called_off_asks_nothing_any_more(door: Door, pair: Pair) -> None:
    slot = Slot(friday(0).date(), friday(0, 12).time(), 60)
    with door.database.transaction() as db:
        session = planning.plan(db, pair.coach, pair.engagement_id, slot, Recurrence.ONCE, door.clock.at)
    await door.at(datetime(2026, 11, 26, 17, tzinfo=UTC))
    with door.database.transaction() as db:
        planning.cancel(db, pair.coach, session.id, Reach.ONE, door.clock.at)
        left = [row for row in db.query(OutboxRow) if row.awaits and row.person_id == pair.client.id]
    assert left == []
