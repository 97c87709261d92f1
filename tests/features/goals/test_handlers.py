from typing import Any

import pytest
from slack_sdk.models.views import View

from bot.core.directory import Person
from bot.core.slack.requests import Answer, Placement
from bot.features.engagements.domain import EngagementState
from bot.features.engagements.store import EngagementRow
from bot.features.goals import reading
from bot.features.goals.list_views import LIST
from bot.features.goals.reading import Entry
from bot.features.people.service import People
from tests.builders import a_person, an_engagement
from tests.features.sessions.door import Door, Pair, a_pair, fields, shown

TITLE = "My team decides without me"
DAY = "2027-03-01"


def goals_of(door: Door, person: Person) -> list[Entry]:
    with door.database.transaction() as db:
        return reading.own_open(db, People().get(db, person.id), door.clock.now())


def goal_of(door: Door, person: Person) -> Entry:
    (entry,) = goals_of(door, person)
    return entry


async def set_goal(door: Door, pair: Pair, title: str = TITLE, **filled: Any) -> Answer:
    """The answer is the second half: how it is measured."""
    form = (await door.command(pair.client, f"goal {title}")).view
    answer = await door.submit(pair.client, form, **{"target_on": DAY, **filled})
    assert answer.view is not None, answer
    return answer


async def act(door: Door, person: Person, verb: str, **filled: Any) -> Answer:
    """Open this form about one's only goal, fill it in and send it."""
    form = (await door.press(person, f"goals.{verb}", goal_of(door, person).goal.id)).view
    return await door.submit(person, form, **filled)


async def read_by_coach(door: Door, pair: Pair) -> str:
    return shown((await door.press(pair.coach, "goals.review", pair.engagement_id)).view)


def alone(door: Door) -> Person:
    with door.database.transaction() as db:
        return a_person(db, door.clock.now(), "Mira")


# --- setting one ----------------------------------------------------------------------------------------------


async def test_what_stands_behind_the_command_is_in_the_form_and_the_measure_follows(
    door: Door, pair: Pair
) -> None:
    form = (await door.command(pair.client, f"goal {TITLE}")).view
    assert fields(form)["title"]["initial_value"] == TITLE
    assert f"Let {pair.coach.name} see this" in shown(form)
    answer = await door.submit(pair.client, form, target_on=DAY)
    assert answer.view is not None
    assert answer.view.callback_id == "goals.measure"
    assert f"Saved. {pair.coach.mention} sees it too." in shown(answer.view)
    assert goal_of(door, pair.client).goal.aim == TITLE


async def test_a_goal_without_words_or_a_day_is_asked_back_beside_the_field(door: Door, pair: Pair) -> None:
    form = (await door.command(pair.client, "goal")).view
    assert list((await door.submit(pair.client, form, target_on=DAY)).fields) == ["title"]
    assert list((await door.submit(pair.client, form, title="x")).fields) == ["target_on"]
    assert list((await door.submit(pair.client, form, title="x", target_on="2026-11-24")).fields) == [
        "target_on"
    ]
    assert goals_of(door, pair.client) == []


async def test_without_the_tick_it_is_private(door: Door, pair: Pair) -> None:
    assert "Only you see it." in shown((await set_goal(door, pair, shared=[])).view)
    assert TITLE not in await read_by_coach(door, pair)


async def test_it_starts_shared_only_if_the_agreement_says_so(door: Door, pair: Pair) -> None:
    with door.database.transaction() as db:
        db.get_one(EngagementRow, pair.engagement_id).shares = "prep"
    form = (await door.command(pair.client, "goal")).view
    assert "initial_options" not in fields(form)["shared"]


async def test_alone_a_person_needs_nobody(door: Door) -> None:
    mira = alone(door)
    form = (await door.command(mira, f"goal {TITLE}")).view
    assert "Only you see it." in shown(form)
    assert set(fields(form)) & {"for", "shared"} == set()
    await door.submit(mira, form, target_on=DAY)
    assert goal_of(door, mira).membership is None
    assert TITLE in shown((await door.command(mira, "goals")).view)


async def test_a_client_can_have_one_on_their_own_too(door: Door, pair: Pair) -> None:
    await set_goal(door, pair, **{"for": "alone"})
    entry = goal_of(door, pair.client)
    assert (entry.membership, entry.goal.is_shared) == (None, False)


async def test_with_several_coaches_none_is_chosen_for_the_client(door: Door, pair: Pair) -> None:
    with door.database.transaction() as db:
        an_engagement(db, door.clock.now(), a_person(db, door.clock.now(), "Eve"), pair.client)
    form = (await door.command(pair.client, "goal")).view
    assert "initial_option" not in fields(form)["for"]
    assert "Let my coach see this" in shown(form)


async def test_brought_to_a_coach_it_is_part_of_that_work(door: Door, pair: Pair) -> None:
    await set_goal(door, pair, **{"for": "alone"})
    read = (await door.press(pair.client, "goals.open", goal_of(door, pair.client).goal.id)).view
    assert "Bring it to my coach" in shown(read)
    form = (await door.press(pair.client, "goals.bring", goal_of(door, pair.client).goal.id)).view
    assert "initial_options" not in fields(form)["shared"], "it was theirs alone until now"
    brought = await act(door, pair.client, "bring", shared=["yes"])
    assert f"{pair.coach.mention} sees it too." in shown(brought.view)
    assert TITLE in await read_by_coach(door, pair)


async def test_one_of_one_s_own_can_be_erased_for_good(door: Door) -> None:
    mira = alone(door)
    await door.submit(mira, (await door.command(mira, f"goal {TITLE}")).view, target_on=DAY)
    read = (await door.press(mira, "goals.open", goal_of(door, mira).goal.id)).view
    assert "Erase this goal?" in shown(read)
    answer = await door.press(mira, "goals.erase", goal_of(door, mira).goal.id, read)
    assert "Erased" in shown(answer.view)
    assert goals_of(door, mira) == []


# --- how it is measured, and rating ------------------------------------------------------------------------------


async def test_from_one_to_ten(door: Door, pair: Pair) -> None:
    form = (await set_goal(door, pair)).view
    filled = {"baseline:one_to_ten": "3", "target:one_to_ten": "8"}
    saved = (await door.submit(pair.client, form, **filled)).view
    assert "At the start: 3 of 10 · Wanted: 8 of 10" in shown(saved)
    rated = (await act(door, pair.client, "rate", rating="5")).view
    assert "At the start: 3 of 10 · Now: 5 of 10 · Wanted: 8 of 10" in shown(rated)


async def test_five_levels_in_one_s_own_words(door: Door, pair: Pair) -> None:
    await set_goal(door, pair)
    goal_id = goal_of(door, pair.client).goal.id
    form = (await door.press(pair.client, "goals.measure", f"{goal_id}:levels")).view
    refused = await door.submit(pair.client, form)
    assert list(refused.fields) == ["level:0"]
    saved = await door.submit(pair.client, form, **{"level:0": "Most decisions", "baseline:levels": "-2"})
    assert "0: Most decisions\\n−1: less than expected" in shown(saved.view)
    rate = (await door.press(pair.client, "goals.rate", goal_id)).view
    assert "0: Most decisions" in shown(rate)
    rated = await door.submit(pair.client, rate, rating="1")
    assert "At the start: −2 · Now: +1 · Wanted: 0" in shown(rated.view)
    assert "At the start: −2 → today: +1\\nWanted: 0" in await read_by_coach(door, pair)


async def test_whichever_scale_is_looked_at_a_new_goal_says_that_it_is_saved(door: Door, pair: Pair) -> None:
    form = (await set_goal(door, pair)).view
    goal_id = goal_of(door, pair.client).goal.id
    for scale in ("levels", "one_to_ten"):
        form = (await door.press(pair.client, "goals.measure", f"{goal_id}:{scale}", form)).view
        assert "Saved." in shown(form)
    assert "Saved." not in shown((await door.press(pair.client, "goals.measure", goal_id)).view)


async def test_once_rated_the_other_scale_is_not_offered(door: Door, pair: Pair) -> None:
    await set_goal(door, pair)
    await act(door, pair.client, "rate", rating="5")
    goal_id = goal_of(door, pair.client).goal.id
    assert "Five levels instead" not in shown((await door.press(pair.client, "goals.measure", goal_id)).view)
    form = (await door.press(pair.client, "goals.measure", f"{goal_id}:levels")).view
    assert "rated this goal already" in str((await door.submit(pair.client, form, **{"level:0": "x"})).fields)


async def test_ratings_and_dates_are_told_over_time(door: Door, pair: Pair) -> None:
    await set_goal(door, pair)
    await act(door, pair.client, "rate", rating="3")
    door.clock.move(days=7)
    await act(door, pair.client, "rate", rating="5")
    await act(door, pair.client, "edit", target_on="2027-04-01")
    for view in (
        (await door.press(pair.client, "goals.open", goal_of(door, pair.client).goal.id)).view,
        (await door.press(pair.client, "goals.review")).view,
    ):
        assert "Wed, Nov 25: 3 → today: 5" in shown(view)
        assert "Before, it was to be reached by: Mon, Mar 1, 2027" in shown(view)


# --- closing -------------------------------------------------------------------------------------------------------


async def test_it_is_closed_with_what_was_learned_and_can_be_opened_again(door: Door, pair: Pair) -> None:
    await set_goal(door, pair)
    goal_id = goal_of(door, pair.client).goal.id
    form = (await door.press(pair.client, "goals.close", goal_id)).view
    assert "no such ending" not in str((await door.submit(pair.client, form)).fields["ending"])
    closed = (await door.submit(pair.client, form, ending="partly", learned="Ask twice")).view
    assert "Part of the way counts" in shown(closed)
    assert "Ask twice" in shown(closed)
    assert goals_of(door, pair.client) == []
    late = await door.press(pair.client, "goals.rate", goal_id)
    assert "isn't open any more" in (late.notice or "")
    reopened = await door.press(pair.client, "goals.reopen", goal_id, closed)
    assert reopened.placement is Placement.REPLACE
    assert goal_of(door, pair.client).goal.learned == "Ask twice"


# --- lists ----------------------------------------------------------------------------------------------------------


async def test_the_first_screen_teaches_what_a_goal_is(door: Door, pair: Pair) -> None:
    assert "One is enough to begin with" in shown((await door.command(pair.client, "goals")).view)
    of_coach = shown((await door.command(pair.coach, "goals")).view)
    assert f"*{pair.client.mention}*: no goal shared with you so far" in of_coach
    assert "Suggest one to a client" in of_coach


async def test_the_list_below_a_form_is_drawn_anew(door: Door, pair: Pair) -> None:
    await set_goal(door, pair)
    listed = (await door.command(pair.client, "goals")).view
    goal_id = goal_of(door, pair.client).goal.id
    read = (await door.press(pair.client, "goals.open", goal_id, listed)).view
    form = (await door.press(pair.client, "goals.edit", goal_id, read)).view
    answer = await door.submit(pair.client, form, below="V1", title="Another")
    assert answer.redraw is not None
    below, redrawn = answer.redraw
    assert (below, redrawn.callback_id) == ("V1", LIST)
    assert "Another" in shown(redrawn)


async def test_a_day_that_is_over_is_no_failure(door: Door, pair: Pair) -> None:
    await set_goal(door, pair, target_on="2026-11-27")
    door.clock.move(days=7)
    assert "close it, or give it another date" in shown((await door.command(pair.client, "goals")).view)
    edited = await act(door, pair.client, "edit", title="Same day")
    assert edited.view is not None


async def test_the_figure_stands_only_where_one_looks_back(door: Door, pair: Pair) -> None:
    await set_goal(door, pair)
    goal_id = goal_of(door, pair.client).goal.id
    form = (await door.press(pair.client, "goals.measure", f"{goal_id}:levels")).view
    await door.submit(pair.client, form, **{"level:0": "Most decisions"})
    await act(door, pair.client, "rate", rating="2")
    for person, value, who in (
        (pair.client, "", "Only you and whoever these goals are shared with"),
        (pair.coach, pair.engagement_id, "nobody but the two of you"),
    ):
        back = shown((await door.press(person, "goals.review", value)).view)
        assert "Taken together: 70, where 50 is just as expected." in back
        assert who in back
        for view in (await door.command(person, "goals"), await door.press(person, "goals.open", goal_id)):
            assert "attainment" not in shown(view.view)


# --- a coach suggests --------------------------------------------------------------------------------------------------


async def suggest(door: Door, pair: Pair) -> str:
    form = (await door.command(pair.coach, f"goal {TITLE}")).view
    assert form is not None
    assert form.callback_id == "goals.suggest"
    assert (await door.submit(pair.coach, form)).notice
    await door.settle()
    with door.database.transaction() as db:
        (waiting,) = reading.suggested_to(db, pair.client)
    return waiting.goal_id


async def test_the_client_hears_of_a_suggestion_without_its_words(door: Door, pair: Pair) -> None:
    goal_id = await suggest(door, pair)
    (said,) = door.messages(pair.client, "suggests a goal for you")
    assert TITLE not in said
    assert door.buttons(pair.client) == ["goals.open", "goals.decline"]
    form = (await door.press(pair.client, "goals.open", goal_id)).view
    assert fields(form)["title"]["initial_value"] == TITLE
    taken = await door.submit(pair.client, form, title="In my words", target_on=DAY)
    assert "Saved." in shown(taken.view)
    assert goal_of(door, pair.client).goal.aim == "In my words"
    await door.settle()
    assert door.messages(pair.client, f"You took up the goal that {pair.coach.mention} suggested.")
    assert TITLE not in str([each.latest for each in door.slack.posted])


async def test_left_the_message_says_so_and_the_coach_gets_none(door: Door, pair: Pair) -> None:
    goal_id = await suggest(door, pair)
    before = len(door.messages(pair.coach))
    assert (await door.press(pair.client, "goals.decline", goal_id)).notice is None
    await door.settle()
    assert door.messages(pair.client, "You left the goal")
    assert len(door.messages(pair.coach)) == before
    assert "haven't taken it up" in await read_by_coach(door, pair)


async def test_a_suggestion_can_be_taken_back(door: Door, pair: Pair) -> None:
    goal_id = await suggest(door, pair)
    read = (await door.press(pair.coach, "goals.open", goal_id)).view
    await door.press(pair.coach, "goals.withdraw", goal_id, read)
    await door.settle()
    assert door.messages(pair.client, "has taken back the goal")
    assert "isn't yours" in ((await door.press(pair.client, "goals.open", goal_id)).notice or "")


async def test_it_is_not_sent_once_it_was_taken_back_or_the_engagement_ended(door: Door, pair: Pair) -> None:
    await suggest(door, pair)
    await door.submit(pair.coach, (await door.command(pair.coach, "end")).view)
    await door.settle()
    assert door.messages(pair.client, "and the goal they suggested with it")
    with door.database.transaction() as db:
        assert db.get_one(EngagementRow, pair.engagement_id).state == EngagementState.ENDED


async def test_who_coaches_and_is_coached_chooses_between_the_two_forms(door: Door, pair: Pair) -> None:
    of_client = a_pair(door.database, door.clock.now(), coach=pair.client)
    own = (await door.command(pair.client, "goal")).view
    assert "Suggest one to a client" in shown(own)
    other = await door.press(pair.client, "goals.suggest", view=own)
    assert other.placement is Placement.REPLACE
    assert of_client.client.mention in shown(other.view)
    back = await door.press(pair.client, "goals.new", view=other.view)
    assert (back.placement, back.view.callback_id if back.view else "") == (Placement.REPLACE, "goals.make")


# --- elsewhere ----------------------------------------------------------------------------------------------------------


async def test_a_commitment_can_be_a_step_towards_it(door: Door, pair: Pair) -> None:
    await set_goal(door, pair)
    goal_id = goal_of(door, pair.client).goal.id
    form = (await door.press(pair.client, "commitments.new", f"{pair.engagement_id}::{goal_id}")).view
    assert fields(form)["goal"]["initial_option"]["value"] == goal_id
    await door.submit(pair.client, form, what="Ask them first", by="friday")
    listed = shown((await door.command(pair.client, "commitments")).view)
    assert f"Ask them first\\nFor your goal: {TITLE}" in listed
    coach_sees = shown((await door.command(pair.coach, "commitments")).view)
    assert "Ask them first" in coach_sees
    assert "For your goal" not in coach_sees


async def test_editing_keeps_the_goal_and_can_take_it_off(door: Door, pair: Pair) -> None:
    await set_goal(door, pair)
    goal_id = goal_of(door, pair.client).goal.id
    form = (await door.command(pair.client, "commit call by friday")).view
    await door.submit(pair.client, form, goal=goal_id)
    await act(door, pair.client, "close", ending="reached")
    listed = (await door.command(pair.client, "commitments")).view
    edit_id = next(part for part in shown(listed).split("'") if part.startswith("commitments.edit:"))
    form = (await door.press(pair.client, "commitments.edit", edit_id.partition(":")[2])).view
    await door.submit(pair.client, form, what="call again")
    assert "For your goal" in shown((await door.command(pair.client, "commitments")).view)
    await door.submit(pair.client, form, goal="none")
    assert "For your goal" not in shown((await door.command(pair.client, "commitments")).view)


@pytest.mark.parametrize("value", ["", "x", "x:y", "::"])
async def test_garbage_is_a_sentence(door: Door, pair: Pair, value: str) -> None:
    for verb in (
        "open",
        "decline",
        "withdraw",
        "edit",
        "measure",
        "rate",
        "close",
        "reopen",
        "bring",
        "erase",
        "erase",
    ):
        assert (await door.press(pair.client, f"goals.{verb}", value)).notice
    assert (await door.press(pair.client, "goals.review", value or "x")).notice


async def test_a_forged_form_about_another_s_goal_changes_nothing(door: Door, pair: Pair) -> None:
    await set_goal(door, pair)
    stranger = a_pair(door.database, door.clock.now())
    await set_goal(door, stranger, "Theirs")
    form = (await door.press(pair.client, "goals.edit", goal_of(door, pair.client).goal.id)).view
    assert form is not None
    goal_id = goal_of(door, stranger.client).goal.id
    forged = View(**{**form.to_dict(), "private_metadata": f'{{"goal":"{goal_id}"}}', "blocks": form.blocks})
    assert (await door.submit(pair.client, forged, title="Mine now")).fields
    assert goal_of(door, stranger.client).goal.aim == "Theirs"
