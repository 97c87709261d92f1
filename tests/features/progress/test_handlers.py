from datetime import date, timedelta
from typing import Any

import pytest
from slack_sdk.models.views import View

from bot.core.slack.requests import Answer
from bot.features.commitments import service as commitments
from bot.features.commitments.domain import Draft, Outcome
from bot.features.commitments.recurring import Every
from bot.features.engagements.service import end
from bot.features.goals.domain import FocusArea
from bot.features.people.store import PersonRow
from bot.features.progress.domain import GOALS_SHOWN
from tests.builders import a_person, an_engagement
from tests.features.progress.life import BEGAN, DECIDES, HIDDEN, LISTENS, aim, live
from tests.features.sessions.door import ADDRESS, Door, Pair, a_pair, readings, shown

GOAL_1 = "At the start: 3 → Nov 4: 4 → Nov 11: 6 → Nov 18: 7, from 1 to 10. Wanted: 8."
TEAM = "Team and connection: 1 goal, from 22 to 67."
TOTAL = "In twelve weeks: 2 kept, 1 partly, 1 not kept."
WEEK = "Week of Nov 9: 1 kept, 1 partly."


def pictures(view: View | None) -> list[dict[str, Any]]:
    assert view is not None
    return [block for block in view.to_dict()["blocks"] if block["type"] == "image"]


def said(view: View | None) -> str:
    """All sentences of the form but what is read out for its pictures."""
    assert view is not None
    return str([block for block in view.to_dict()["blocks"] if block["type"] != "image"])


async def of_client(door: Door, pair: Pair) -> Answer:
    return await door.press(pair.coach, "progress.of", pair.engagement_id)


async def test_it_says_how_each_goal_moved_and_which_number_it_has(door: Door, pair: Pair) -> None:
    live(door, pair)
    form = said((await door.command(pair.client, "progress")).view)
    assert f"Goal 1: {DECIDES}" in form
    assert GOAL_1 in form
    assert f"Goal 3: {HIDDEN}" in form


async def test_it_says_how_the_areas_moved_and_where_there_is_no_goal(door: Door, pair: Pair) -> None:
    live(door, pair)
    form = said((await door.command(pair.client, "progress")).view)
    assert TEAM in form
    assert "Communication: 1 goal, from 22 to 11." in form
    assert (
        "No goal was rated here, and none needs to be: Strengths and motivation, Insight and solutions"
        in form
    )


@pytest.mark.parametrize("reader", ["client", "coach"])
async def test_an_area_counts_the_goals_too_that_are_not_shown_one_by_one(
    door: Door, pair: Pair, reader: str
) -> None:
    with door.database.transaction() as db:
        for number in range(GOALS_SHOWN + 1):
            aim(db, pair, f"Goal {'x' * number}", FocusArea.TEAM, [7])
    asked = door.command(pair.client, "progress") if reader == "client" else of_client(door, pair)
    form = said((await asked).view)
    assert f"Team and connection: {GOALS_SHOWN + 1} goals" in form
    assert "And 1 more." in form


async def test_it_says_what_became_of_commitments_week_by_week(door: Door, pair: Pair) -> None:
    live(door, pair)
    form = said((await door.command(pair.client, "progress")).view)
    assert TOTAL in form
    assert WEEK in form
    assert "Week of Oct" not in form


async def test_what_comes_again_counts_each_time_and_once_more_when_it_is_let_go_of(
    door: Door, pair: Pair
) -> None:
    with door.database.transaction() as db:
        draft = Draft("Ask first", date(2026, 11, 6), None, None, None, None, True, every=Every.WEEK)
        made = commitments.make(db, pair.client, pair.engagement_id, draft, BEGAN)
        for week, outcome in enumerate((Outcome.KEPT, Outcome.PARTLY, Outcome.NO_LONGER_RIGHT)):
            commitments.answer(db, pair.client, made.id, outcome, None, BEGAN + timedelta(weeks=week))
    form = said((await door.command(pair.client, "progress")).view)
    assert "In twelve weeks: 1 kept, 1 partly, 1 no longer right." in form
    assert "In twelve weeks: 1 kept, 1 partly, 1 no longer right." in shown(
        (await of_client(door, pair)).view
    )


async def test_without_an_address_there_is_no_picture_and_no_word_of_one(door: Door, pair: Pair) -> None:
    live(door, pair)
    answer = await door.command(pair.client, "progress")
    assert (pictures(answer.view), answer.pictured) == ([], None)
    assert "picture" not in shown(answer.view).lower()


async def test_what_is_read_out_for_a_picture_is_what_the_form_says_beside_it(door: Door, pair: Pair) -> None:
    door.is_at(ADDRESS)
    live(door, pair)
    answer = await door.command(pair.client, "progress")
    goals, areas, outcomes = (each["alt_text"] for each in pictures(answer.pictured))
    assert f"Goal 1: {GOAL_1}" in goals
    assert TEAM in areas
    assert TOTAL in outcomes
    assert WEEK in outcomes
    assert said(answer.pictured) == said(answer.view)
    assert pictures(answer.view) == [], "the form stands before Slack fetches anything"


async def test_no_words_of_anybody_are_in_a_picture_or_what_is_read_out_for_it(
    door: Door, pair: Pair
) -> None:
    door.is_at(ADDRESS)
    live(door, pair)
    of_pictures = str(pictures((await door.command(pair.client, "progress")).pictured))
    assert [each for each in (DECIDES, LISTENS, HIDDEN) if each in of_pictures] == []


async def test_before_anything_moved_it_says_how_it_begins(door: Door, pair: Pair) -> None:
    door.is_at(ADDRESS)
    answer = await door.command(pair.client, "progress")
    assert "It begins with the first goal that you rate" in shown(answer.view)
    assert answer.pictured is None


async def test_the_coach_sees_what_is_shared_and_nothing_else(door: Door, pair: Pair) -> None:
    live(door, pair)
    form = shown((await of_client(door, pair)).view)
    assert "At the start: 3 → 4 Nov: 4 → 11 Nov: 6 → 18 Nov: 7, from 1 to 10. Wanted: 8." in form
    assert "In twelve weeks: 2 kept, 1 partly." in form
    assert "not kept" not in form
    assert HIDDEN not in form


async def test_the_pictures_of_the_coach_hold_no_more(door: Door, pair: Pair) -> None:
    door.is_at(ADDRESS)
    live(door, pair)
    of_pictures = str(pictures((await of_client(door, pair)).pictured))
    assert "Goal 2" in of_pictures
    assert "Goal 3" not in of_pictures
    assert "not kept" not in of_pictures


async def test_that_the_coach_opened_it_is_on_record_for_each_thing(door: Door, pair: Pair) -> None:
    live(door, pair)
    await of_client(door, pair)
    kinds = [kind for reader, kind, _id in readings(door.database) if reader == pair.coach.id]
    assert sorted(set(kinds)) == ["commitment", "goal"]
    assert (kinds.count("goal"), kinds.count("commitment")) == (2, 3)


async def test_the_coachs_own_form_offers_their_clients_and_opens_nothing_of_theirs(
    door: Door, pair: Pair
) -> None:
    live(door, pair)
    form = shown((await door.command(pair.coach, "progress")).view)
    assert "What your clients share with you:" in form
    assert pair.engagement_id in form
    assert readings(door.database) == []


async def test_of_who_shares_nothing_it_says_just_that(door: Door, pair: Pair) -> None:
    form = shown((await of_client(door, pair)).view)
    assert f"{pair.client.mention} shares no goal and no answered commitment with you so far." in form


async def test_of_the_coach_the_client_is_shown_nothing(door: Door, pair: Pair) -> None:
    live(door, pair)
    refused = await door.press(pair.client, "progress.of", pair.engagement_id)
    assert refused.view is None
    assert refused.notice is not None


async def test_another_coach_is_told_what_is_told_of_what_does_not_exist(door: Door, pair: Pair) -> None:
    live(door, pair)
    with door.database.transaction() as db:
        eve = a_person(db, door.clock.now(), "Eve")
        an_engagement(db, door.clock.now(), eve)
    refused = await door.press(eve, "progress.of", pair.engagement_id)
    assert refused == await door.press(eve, "progress.of", "0" * 32)


async def test_once_it_has_ended_the_coach_sees_no_more_of_it(door: Door, pair: Pair) -> None:
    live(door, pair)
    with door.database.transaction() as db:
        end(db, pair.client, pair.engagement_id, None, door.clock.now())
    assert (await of_client(door, pair)).view is None


async def test_a_goal_closed_long_ago_is_no_progress_of_late(door: Door, pair: Pair) -> None:
    live(door, pair)
    door.clock.move(weeks=30)
    form = shown((await door.command(pair.client, "progress")).view)
    assert "At the start: 7, from 1 to 10." in form
    assert "In twelve weeks" not in form


async def test_home_has_a_button_for_it(door: Door, pair: Pair) -> None:
    form = (await door.command(pair.client, "")).view
    assert "progress.show" in shown(form)
    assert (await door.press(pair.client, "progress.show")).view is not None


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
async def test_a_german_is_told_in_german(door: Door) -> None:
    pair = a_pair(door.database, door.clock.now())
    live(door, pair)
    with door.database.transaction() as db:
        db.get_one(PersonRow, pair.client.id).locale = "de-DE"
    form = shown((await door.command(pair.client, "progress")).view)
    assert "Woche vom 9. Nov.: 1 umgesetzt, 1 teilweise." in form
