from datetime import UTC, date, datetime

from bot.features.checkins.feature import feature as checkins
from bot.features.commitments import service
from bot.features.commitments.domain import Draft
from bot.features.commitments.feature import feature as commitments
from bot.features.people.service import People
from tests.builders import a_person
from tests.features.checkins.test_handlers import FIRST, check_in, make
from tests.features.sessions.door import Door, Pair, a_pair


def home(door: Door, pair: Pair, *, of_coach: bool = False) -> str:
    with door.database.transaction() as db:
        person = People().get(db, (pair.coach if of_coach else pair.client).id)
        now = door.clock.now()
        sections = [
            each.home_section(db, person, now) for each in (checkins, commitments) if each.home_section
        ]
        return str([block.to_dict() for section in sections for block in section])


async def test_home_shows_what_is_due_and_the_next_check_in(door: Door, pair: Pair) -> None:
    assert "Nothing of yours is open. A commitment is one small step, with a date." in home(door, pair)
    commitment = make(door, pair)
    shown = home(door, pair)
    assert "Call the CFO" in shown
    assert f"commitments.answer:{commitment.id}" in shown
    assert "is Friday at 15:00" in shown or "is Friday at 3:00" in shown


async def test_what_can_still_be_done_in_time_comes_before_what_is_past(door: Door, pair: Pair) -> None:
    with door.database.transaction() as db:
        for what, day in (("Old", 26), ("Older", 25), ("Next", 30), ("Later", 29)):
            draft = Draft(what, date(2026, 11, day), None, None, None, None, True)
            service.make(db, pair.client, pair.engagement_id, draft, door.clock.now())
    door.clock.at = datetime(2026, 11, 28, 15, tzinfo=UTC)
    shown = home(door, pair)
    places = [shown.index(f"'{what}'") for what in ("Later", "Next", "Old", "Older")]
    assert places == sorted(places)
    assert "Show all (4)" in shown


async def test_who_is_paused_is_promised_no_question(door: Door, pair: Pair) -> None:
    await door.command(pair.client, "pause until dec 10")
    assert "You are paused, so I don't ask" in home(door, pair)
    assert "You are paused, so I don't ask" in ((await check_in(door, pair)).notice or "")


async def test_home_says_what_waits_and_what_is_done(door: Door, pair: Pair) -> None:
    await door.at(FIRST)
    assert "waits for you" in home(door, pair)
    await check_in(door, pair)
    assert "is done." in home(door, pair)
    door.clock.at = datetime(2026, 12, 3, 21, tzinfo=UTC)  # a day before the next one
    assert "You can do it now." in home(door, pair)


async def test_a_coach_finds_what_clients_share(door: Door, pair: Pair) -> None:
    make(door, pair)
    shown = home(door, pair, of_coach=True)
    assert "checkins.read" in shown
    assert "CFO" not in shown


async def test_home_says_of_each_client_whether_they_checked_in(door: Door, pair: Pair) -> None:
    other = a_pair(door.database, door.clock.now(), coach=pair.coach)
    await door.at(FIRST)
    await check_in(door, pair, helped="Luck")
    await check_in(door, other, share=[])
    shown = home(door, pair, of_coach=True)
    assert f"{pair.client.mention} checked in Fri" in shown
    assert f"{other.client.mention}: not yet" in shown
    assert "Luck" not in shown
    door.clock.move(days=8)
    assert f"{pair.client.mention}: not yet" in home(door, pair, of_coach=True)


async def test_home_is_empty_for_someone_alone(door: Door) -> None:
    with door.database.transaction() as db:
        alone = a_person(db, door.clock.now())
    assert home(door, Pair("", alone, alone)) == "[]"
