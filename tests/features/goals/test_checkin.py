import json
from datetime import date

from bot.core.slack.dumping import plain
from bot.features.commitments import service as commitments
from bot.features.commitments.domain import Draft
from bot.features.engagements.access import AccessRow
from bot.features.goals import service
from bot.features.goals.domain import Measure, Scale, Wording
from tests.features.checkins.test_handlers import FIRST, MONDAY, check_in, field, form, named
from tests.features.goals.test_handlers import goal_of, set_goal
from tests.features.sessions.door import Door, Pair, fields, shown


def rating(door: Door, pair: Pair) -> str:
    return f"goal-{goal_of(door, pair.client).goal.id}"


async def test_each_open_goal_is_rated_and_that_can_be_changed_until_the_next(door: Door, pair: Pair) -> None:
    await set_goal(door, pair)
    await door.at(FIRST)
    await check_in(door, pair, **{rating(door, pair): "4"})
    assert field(await form(door, pair), rating(door, pair))["initial_option"]["value"] == "4"
    await check_in(door, pair, **{rating(door, pair): "6"})
    assert [each.value for each in goal_of(door, pair.client).ratings] == [6]
    await check_in(door, pair, **{rating(door, pair): "none"})
    assert goal_of(door, pair.client).ratings == []


async def test_last_week_s_check_in_rates_last_week(door: Door, pair: Pair) -> None:
    await set_goal(door, pair)
    await door.at(FIRST)
    door.clock.at = MONDAY
    await check_in(door, pair, **{rating(door, pair): "4"})
    assert [(each.week, each.value) for each in goal_of(door, pair.client).ratings] == [("2026-W48", 4)]


async def test_the_coach_reads_ratings_of_goals_that_are_shared(door: Door, pair: Pair) -> None:
    await set_goal(door, pair, "Shared goal")
    shared_id = rating(door, pair)
    await set_goal(door, pair, "Private goal", shared=[])
    view = await form(door, pair)
    chosen = {name: "7" for name in fields(view) if name.startswith("goal-")}
    await door.submit(pair.client, view, **chosen)
    read = shown((await door.command(pair.coach, "checkin")).view)
    assert "Goal: Shared goal – 7 of 10" in read
    assert "Private goal" not in read
    with door.database.transaction() as db:
        kinds = {each.object_id: each.kind for each in db.query(AccessRow)}
    assert kinds[shared_id.removeprefix("goal-")] == "goal"


async def test_another_s_goal_in_a_forged_form_is_left_alone(door: Door, pair: Pair) -> None:
    await set_goal(door, pair)
    view = await form(door, pair)
    with door.database.transaction() as db:
        wording = Wording("Alone", target_on=date(2027, 3, 1))
        other = service.make(db, pair.client, None, wording, False, door.clock.now()).goal
    own = rating_name = next(name for name in fields(view) if name.startswith("goal-"))
    assert view is not None
    for block in view.blocks or []:
        if block.block_id == own:
            rating_name = own.replace(own.removeprefix("goal-").partition(":")[0], other.id)
            block.block_id = rating_name
    await door.submit(pair.client, view, **{rating_name: "7"})
    with door.database.transaction() as db:
        assert service.own_open(db, pair.client, other.id).state == "open"
    assert "7 of 10" not in shown((await door.press(pair.client, "goals.open", other.id)).view)


async def test_with_very_many_goals_and_commitments_it_says_where_the_others_are(
    door: Door, pair: Pair
) -> None:
    with door.database.transaction() as db:
        now = door.clock.now()
        for number in range(15):
            made = service.make(
                db,
                pair.client,
                pair.engagement_id,
                Wording("目" * 200, target_on=date(2027, 3, 1)),
                True,
                now,
            )
            levels = {level: "目" * 200 for level in range(-2, 3)}
            service.measure(db, pair.client, made.goal.id, Measure(Scale.LEVELS, levels, -2, 0), now)
            service.rate(db, pair.client, made.goal.id, number % 5 - 2, now)
        for _number in range(55):
            draft = Draft("目" * 500, date(2026, 12, 20), None, None, None, None, True)
            commitments.make(db, pair.client, pair.engagement_id, draft, now)
    view = await form(door, pair)
    drawn = plain(view)
    assert len(drawn["blocks"]) <= 100
    assert len(json.dumps(drawn)) <= 250_000
    assert "And 3 more, with later dates: `/grow goals` lets you rate them." in shown(view)
    assert "And 15 more, due later: `/grow commitments`." in shown(view)


async def test_without_goals_nothing_is_asked_about_them(door: Door, pair: Pair) -> None:
    view = await form(door, pair)
    assert "Your goals" not in shown(view)
    assert named(view, helped="x")
