from bot.core.directory import Person
from bot.features.goals.feature import feature
from bot.features.people.service import People
from tests.features.goals.test_handlers import DAY, TITLE, alone, set_goal, suggest
from tests.features.sessions.door import Door, Pair


def home(door: Door, person: Person) -> str:
    assert feature.home_section is not None
    with door.database.transaction() as db:
        blocks = feature.home_section(db, People().get(db, person.id), door.clock.now())
    return str([block.to_dict() for block in blocks])


async def test_home_teaches_what_a_goal_is_for(door: Door, pair: Pair) -> None:
    shown = home(door, pair.client)
    assert "One goal is enough to begin with" in shown
    for action in ("goals.new", "goals.list", "strengths.show"):
        assert f"'{action}'" in shown


async def test_home_shows_the_next_ones_and_what_is_suggested(door: Door, pair: Pair) -> None:
    for number in range(5):
        await set_goal(door, pair, f"Goal {number}", target_on=f"2027-03-0{number + 1}")
    await suggest(door, pair)
    shown = home(door, pair.client)
    assert "Goal 2" in shown
    assert "Goal 3" not in shown
    assert "Show all (5)" in shown
    assert f"{pair.coach.mention} suggests a goal for you." in shown
    assert TITLE not in shown


async def test_a_coach_s_home_shows_nothing_that_would_be_an_opening(door: Door, pair: Pair) -> None:
    await set_goal(door, pair)
    assert TITLE not in home(door, pair.coach)
    assert "behind “Show all”" in home(door, pair.coach)


async def test_for_somebody_new_the_welcome_offers_it_and_a_goal_brings_the_section(door: Door) -> None:
    mira = alone(door)
    assert home(door, mira) == "[]"
    await door.submit(mira, (await door.command(mira, f"goal {TITLE}")).view, target_on=DAY)
    assert TITLE in home(door, mira)
