from datetime import UTC, datetime

from bot.features.checkins.feature import feature as checkins
from bot.features.commitments.feature import feature as commitments
from tests.builders import a_person
from tests.features.checkins.test_handlers import FIRST, check_in, make
from tests.features.sessions.door import Door, Pair


def home(door: Door, pair: Pair, *, of_coach: bool = False) -> str:
    person = pair.coach if of_coach else pair.client
    with door.database.transaction() as db:
        now = door.clock.now()
        sections = [
            each.home_section(db, person, now) for each in (checkins, commitments) if each.home_section
        ]
        return str([block.to_dict() for section in sections for block in section])


async def test_home_shows_what_is_due_and_the_next_check_in(door: Door, pair: Pair) -> None:
    assert "Nothing of yours is open." in home(door, pair)
    commitment = make(door, pair)
    shown = home(door, pair)
    assert "Call the CFO" in shown
    assert f"commitments.answer:{commitment.id}" in shown
    assert "is Friday at 15:00" in shown or "is Friday at 3:00" in shown


async def test_home_says_what_waits_and_what_is_done(door: Door, pair: Pair) -> None:
    await door.at(FIRST)
    assert "waits for you" in home(door, pair)
    await check_in(door, pair)
    assert "Done with" in home(door, pair)
    door.clock.at = datetime(2026, 12, 3, 21, tzinfo=UTC)  # a day before the next one
    assert "You can do it now." in home(door, pair)


async def test_a_coach_finds_what_clients_share(door: Door, pair: Pair) -> None:
    make(door, pair)
    shown = home(door, pair, of_coach=True)
    assert "checkins.read" in shown
    assert "CFO" not in shown


async def test_home_is_empty_for_someone_alone(door: Door) -> None:
    with door.database.transaction() as db:
        alone = a_person(db, door.clock.now())
    assert home(door, Pair("", alone, alone)) == "[]"
