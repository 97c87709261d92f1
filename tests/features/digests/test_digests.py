"""The coach's week: who checked in, who is quiet, who is paused; contents only behind a button, and on record."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.core.database import Database
from bot.features.checkins import service as checkins
from bot.features.checkins.domain import Answers
from bot.features.digests.domain import DIGEST, Standing, standing
from bot.features.engagements import service as engagements
from bot.features.engagements.access import AccessRow
from bot.features.people import service as people
from bot.features.people.domain import Wishes
from bot.features.sessions.store import GapRow
from tests.features.sessions.door import Door, Pair, a_pair, shown

MONDAY = datetime(2026, 12, 7, 9, 0, tzinfo=UTC)
"""In London, where the coach is; the first Monday that is not too soon after the start."""


def check_in(door: Door, pair: Pair, *, is_shared: bool = True) -> None:
    with door.database.transaction() as db:
        answers = Answers({}, "A walk before lunch", None, is_shared)
        checkins.save(db, pair.client, pair.engagement_id, "2026-W49", answers, door.clock.at)


def digests(door: Door, pair: Pair) -> list[str]:
    mine = [each for each in door.slack.posted if each.to == pair.coach.identity]
    return [each.message.text for each in mine if "client" in each.message.text and ":" in each.message.text]


async def at(door: Door, moment: datetime) -> None:
    """Nobody is asked why nothing is planned: that would be in the same message."""
    with door.database.transaction() as db:
        for row in db.query(GapRow):
            row.next_ask_at = None
    await door.at(moment)


def body(door: Door, pair: Pair) -> str:
    newest = [each for each in door.slack.posted if each.to == pair.coach.identity][-1]
    return str([block.to_dict() for block in newest.message.layout])


def opened(database: Database) -> list[tuple[str, str]]:
    with database.transaction() as db:
        return [(row.kind, row.reader_id) for row in db.query(AccessRow).filter_by(kind="checkin")]


async def test_it_comes_once_a_week_on_the_coach_s_own_morning(door: Door, pair: Pair) -> None:
    await at(door, MONDAY - timedelta(minutes=1))
    assert digests(door, pair) == []
    await at(door, MONDAY)
    assert digests(door, pair) == ["Your week with 1 client: 1 not yet this week."]
    await at(door, MONDAY + timedelta(days=6))
    assert len(digests(door, pair)) == 1
    await at(door, MONDAY + timedelta(days=7))
    assert len(digests(door, pair)) == 2
    assert digests(door, pair)[1].startswith("How 1 client is doing:")


async def test_the_client_gets_none(door: Door, pair: Pair) -> None:
    await at(door, MONDAY)
    assert door.messages(pair.client, "not this week") == []


async def test_another_day_and_hour_can_be_chosen(door: Door, pair: Pair) -> None:
    with door.database.transaction() as db:
        wishes = Wishes(digest_weekday=2, digest_at=MONDAY.time().replace(hour=16))
        people.set_schedule(db, pair.coach, wishes, pair.coach.rhythm, door.clock.at)
    await at(door, datetime(2026, 12, 1, 15, 59, tzinfo=UTC))
    assert digests(door, pair) == []
    await at(door, datetime(2026, 12, 1, 16, 0, tzinfo=UTC))
    assert len(digests(door, pair)) == 1


async def test_it_says_who_without_a_word_of_theirs(door: Door, pair: Pair) -> None:
    second, third = (a_pair(door.database, door.clock.at, pair.coach) for _client in range(2))
    door.clock.at = MONDAY - timedelta(days=2)
    check_in(door, pair)
    with door.database.transaction() as db:
        people.pause(db, second.client, None, door.clock.at)
    await at(door, MONDAY)
    assert digests(door, pair) == ["Your week with 3 clients: 1 checked in, 1 not yet this week, 1 paused."]
    said = body(door, pair)
    assert f"*Checked in:* {pair.client.mention}" in said
    assert f"*Not this week:* {third.client.mention}" in said
    assert f"*Paused:* {second.client.mention}" in said
    assert "walk" not in said


async def test_who_left_two_messages_alone_is_quiet(door: Door, pair: Pair) -> None:
    for week in range(3):
        await at(door, datetime(2026, 11, 27, 20, 1, tzinfo=UTC) + timedelta(weeks=week))
        await door.command(pair.coach, "help")
    await at(door, MONDAY + timedelta(days=7))
    assert digests(door, pair)[-1].endswith("1 quiet.")
    assert "they hear nothing from me" in body(door, pair)


async def test_contents_are_behind_the_button_and_on_record(door: Door, pair: Pair) -> None:
    other = a_pair(door.database, door.clock.at, pair.coach)
    door.clock.at = MONDAY - timedelta(days=2)
    check_in(door, pair)
    await at(door, MONDAY)
    listed = (await door.press(pair.coach, "digests.open")).view
    assert "walk" not in shown(listed)
    assert other.client.mention in shown(listed)
    assert shown(listed).count("Shared last: Sat 5 Dec") == 1
    assert opened(door.database) == []
    read = (await door.press(pair.coach, "digests.read", pair.engagement_id)).view
    assert "A walk before lunch" in shown(read)
    assert opened(door.database) == [("checkin", pair.coach.id)]


async def test_a_single_client_s_is_opened_at_once(door: Door, pair: Pair) -> None:
    door.clock.at = MONDAY - timedelta(days=2)
    check_in(door, pair)
    await at(door, MONDAY)
    assert "A walk before lunch" in shown((await door.press(pair.coach, "digests.open")).view)


async def test_what_is_not_shared_counts_and_is_not_shown(door: Door, pair: Pair) -> None:
    door.clock.at = MONDAY - timedelta(days=2)
    check_in(door, pair, is_shared=False)
    await at(door, MONDAY)
    assert digests(door, pair) == ["Your week with 1 client: 1 checked in."]
    assert "No check-in is shared" in shown((await door.press(pair.coach, "digests.open")).view)
    assert "walk" not in shown((await door.press(pair.coach, "digests.read", pair.engagement_id)).view)


async def test_nobody_reads_through_it_what_is_not_theirs(door: Door, pair: Pair) -> None:
    stranger = a_pair(door.database, door.clock.at)
    for person in (stranger.coach, pair.client):
        answer = await door.press(person, "digests.read", pair.engagement_id)
        assert "isn't yours to open" in (answer.notice or "")


async def test_without_an_active_client_there_is_none(door: Door, pair: Pair) -> None:
    with door.database.transaction() as db:
        engagements.end(db, pair.client, pair.engagement_id, None, door.clock.at)
    await at(door, MONDAY)
    assert digests(door, pair) == []
    assert "no clients here" in ((await door.press(pair.coach, "digests.open")).notice or "")


async def test_with_twenty_clients_it_stays_one_readable_message(door: Door, pair: Pair) -> None:
    for _client in range(19):
        a_pair(door.database, door.clock.at, pair.coach)
    await at(door, MONDAY)
    assert digests(door, pair) == ["Your week with 20 clients: 20 not yet this week."]
    newest = [each for each in door.slack.posted if each.to == pair.coach.identity][-1]
    assert len(newest.message.layout) < 8
    assert len(shown((await door.press(pair.coach, "digests.open")).view).split("Not this week")) == 21


@pytest.mark.parametrize(
    ("paused", "quiet", "checked_in", "expected"),
    [
        (True, True, True, Standing.PAUSED),
        (False, True, True, Standing.CHECKED_IN),
        (False, True, False, Standing.QUIET),
        (False, False, False, Standing.NOT_YET),
    ],
)
def test_each_client_stands_in_one_place(
    paused: bool, quiet: bool, checked_in: bool, expected: Standing
) -> None:
    assert standing(is_paused=paused, is_quiet=quiet, has_checked_in=checked_in) is expected


async def test_after_a_while_of_not_running_only_the_last_is_told(door: Door, pair: Pair) -> None:
    await at(door, MONDAY + timedelta(days=22))
    assert len([each for each in door.slack.posted if DIGEST in str(each)]) <= 1
    assert len(digests(door, pair)) <= 1
