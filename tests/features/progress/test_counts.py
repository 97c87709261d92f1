"""How many sessions were held and check-ins answered: both of a pair see it, in one quiet line, of what was asked in earnest."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.core.outbox.domain import Refused
from bot.features.checkins import service as checkins
from bot.features.checkins.domain import Answers
from bot.features.people import service as people
from bot.features.people.domain import Wishes
from bot.features.people.store import PersonRow
from bot.features.sessions import planning
from bot.features.sessions import service as sessions
from bot.features.sessions.domain import Reach, Recurrence, Session, Slot
from tests.features.sessions.door import Door, Pair, a_pair, shown

FRIDAY = datetime(2026, 11, 27, 20, tzinfo=UTC)
"""Ben is asked then, and at the same time of each week."""
SINCE = "since Wed, 25 Nov 2026: "


def week(number: int) -> datetime:
    """A little after he was asked for that time, the first being 0."""
    return FRIDAY + timedelta(weeks=number, minutes=1)


def meet(door: Door, pair: Pair, on: date) -> Session:
    with door.database.transaction() as db:
        slot = Slot(on, time(10), 60)
        return planning.plan(db, pair.coach, pair.engagement_id, slot, Recurrence.ONCE, door.clock.now())


def check_in(door: Door, pair: Pair, week: str) -> None:
    """Not shared: that there was one is a count, which both may know."""
    with door.database.transaction() as db:
        answers = Answers({}, "Ask first", None, is_shared=False)
        checkins.save(db, pair.client, pair.engagement_id, week, answers, door.clock.now())


async def to_coach(door: Door, pair: Pair) -> str:
    return shown((await door.press(pair.coach, "progress.of", pair.engagement_id)).view)


async def to_client(door: Door, pair: Pair) -> str:
    return shown((await door.command(pair.client, "progress")).view)


async def both(door: Door, pair: Pair, said: str) -> list[bool]:
    """Whether it says this to the coach, and to the client: each of the other."""
    coach, client = pair.coach.mention, pair.client.mention
    return [
        f"With {client} {SINCE}{said}. Both of you see this." in await to_coach(door, pair),
        f"With {coach} since Wed, Nov 25, 2026: {said}. Both of you see this." in await to_client(door, pair),
    ]


async def test_both_read_how_many_sessions_were_held_and_check_ins_answered(door: Door, pair: Pair) -> None:
    meet(door, pair, date(2026, 12, 1))
    await door.at(week(0))
    check_in(door, pair, "2026-W48")
    await door.at(week(1))
    await door.at(week(2))
    assert await both(door, pair, "1 session held, 1 of 2 check-ins answered") == [True, True]


async def test_a_session_counts_once_its_time_is_over_unless_it_was_called_off_or_not_held(
    door: Door, pair: Pair
) -> None:
    first, off, not_held, _last = (meet(door, pair, date(2026, 12, day)) for day in (1, 2, 3, 7))
    with door.database.transaction() as db:
        planning.cancel(db, pair.coach, off.id, Reach.ONE, door.clock.now())
    door.clock.at = first.starts_at + timedelta(minutes=30)
    assert SINCE not in await to_coach(door, pair)
    with door.database.transaction() as db:
        sessions.wrap_up(db, pair.coach, first.id, door.clock.now())
    assert await both(door, pair, "1 session held") == [True, True]
    door.clock.at = datetime(2026, 12, 14, tzinfo=UTC)
    with door.database.transaction() as db:
        sessions.not_held(db, pair.client, not_held.id, door.clock.now())
    assert await both(door, pair, "2 sessions held") == [True, True]


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
async def test_a_week_that_was_skipped_paused_or_is_still_open_was_not_left_unanswered(
    door: Door, pair: Pair
) -> None:
    await door.at(week(0))
    check_in(door, pair, "2026-W48")
    await door.at(week(1))
    await door.press(pair.client, "checkins.skip", f"{pair.engagement_id}:2026-W49")
    await door.command(pair.client, "pause until 20 December")
    await door.at(week(2))
    await door.command(pair.client, "resume")
    await door.at(week(3))
    assert await both(door, pair, "1 of 1 check-in answered") == [True, True]


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
async def test_what_is_put_off_and_runs_out_is_one_week(door: Door, pair: Pair) -> None:
    await door.at(week(0))
    check_in(door, pair, "2026-W48")
    await door.at(week(1))
    letter = door.slack.posted[-1].latest
    later = next(
        element["options"][0]["value"]
        for block in letter.blocks
        if block.to_dict()["type"] == "actions"
        for element in block.to_dict()["elements"]
        if element["action_id"] == "checkins.later"
    )
    await door.press(pair.client, "checkins.later", later)
    before = len(door.slack.posted)
    await door.at(week(1) + timedelta(days=3))
    assert len(door.slack.posted) == before + 1
    await door.at(week(2))
    assert await both(door, pair, "1 of 2 check-ins answered") == [True, True]


async def test_erasing_takes_along_what_was_counted(door: Door, pair: Pair) -> None:
    meet(door, pair, date(2026, 12, 31))  # or both would be asked for one, in the same message
    await door.at(week(0))
    check_in(door, pair, "2026-W48")
    await door.at(week(1))
    await door.at(week(2))
    assert await both(door, pair, "1 of 2 check-ins answered") == [True, True]
    chooser = (await door.press(pair.client, "rights.open_erase")).view
    confirm = (await door.submit(pair.client, chooser, what=f"own:{pair.engagement_id}")).view
    await door.submit(pair.client, confirm)
    check_in(door, pair, "2026-W50")
    assert await both(door, pair, "1 of 1 check-in answered") == [True, True]
    door.slack.outcomes = [Refused("cant_delete_message")] * 9
    await door.settle()
    assert await both(door, pair, "1 of 1 check-in answered") == [True, True], "Slack kept the messages"


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
async def test_a_late_answer_is_one_though_its_message_had_run_out(door: Door, pair: Pair) -> None:
    """The client's day has moved: the next check-in is more than a week away."""
    await door.at(week(0))
    door.clock.at = week(1) - timedelta(days=1)
    with door.database.transaction() as db:
        wishes = Wishes(checkin_weekday=3)
        people.set_schedule(db, pair.client, wishes, pair.client.rhythm, door.clock.now())
    await door.at(week(1))
    check_in(door, pair, "2026-W48")
    assert await both(door, pair, "1 of 1 check-in answered") == [True, True]


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
async def test_where_there_was_nothing_nothing_is_said(door: Door, pair: Pair) -> None:
    await door.at(week(0))
    await door.at(week(1))
    assert "answered" not in (await to_client(door, pair)).replace("commitment that you answer", "")
    assert "held" not in await to_coach(door, pair)


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
async def test_a_german_reads_it_in_german(door: Door) -> None:
    pair = a_pair(door.database, door.clock.now())
    meet(door, pair, date(2026, 12, 1))
    await door.at(week(0))
    check_in(door, pair, "2026-W48")
    with door.database.transaction() as db:
        db.get_one(PersonRow, pair.client.id).locale = "de-DE"
    door.clock.move(weeks=1)
    said = "1 Sitzung hinter euch, 1 von 1 Check-in beantwortet"
    assert said in await to_client(door, pair)
