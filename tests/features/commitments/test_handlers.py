import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.core.database import Database
from bot.core.slack.requests import Answer, Kind, Placement
from bot.features.commitments import service
from bot.features.commitments.domain import Commitment, Draft
from bot.features.commitments.service import open_of
from bot.features.engagements import service as engagements
from tests.builders import a_person, a_profile, an_engagement
from tests.fakes import FakeProfiles
from tests.features.sessions.door import Door, Pair, a_pair, fields, readings, shown


def open_ones(database: Database, door: Door, pair: Pair) -> list[Commitment]:
    with database.transaction() as db:
        found = engagements.membership(db, pair.client, pair.engagement_id)
        return open_of(db, found, pair.client.id, door.clock.now())


async def made(
    door: Door, pair: Pair, what: str = "Call the CFO", by: str = "Friday", **more: object
) -> Answer:
    form = (await door.command(pair.client, "commit")).view
    return await door.submit(pair.client, form, what=what, by=by, **more)


async def one(door: Door, pair: Pair, **more: object) -> Commitment:
    answer = await made(door, pair, **more)  # type: ignore[arg-type]
    assert answer.notice or answer.view, answer.fields
    return open_ones(door.database, door, pair)[-1]


async def test_the_words_and_the_date_behind_the_command_fill_the_form(door: Door, pair: Pair) -> None:
    answer = await door.command(pair.client, "commit call the CFO by next tue 3pm")
    assert answer.notice is None
    assert fields(answer.view)["what"]["initial_value"] == "call the CFO"
    assert fields(answer.view)["by"]["initial_value"] == "Tue, Dec 1, 2026, 3:00 PM"


async def test_what_was_prefilled_can_be_sent_as_it_is(door: Door, pair: Pair) -> None:
    form = (await door.command(pair.client, "commit call the CFO by next tue 3pm")).view
    assert (await door.submit(pair.client, form)).notice
    (commitment,) = open_ones(door.database, door, pair)
    assert (commitment.what, str(commitment.due_on), str(commitment.due_time)) == (
        "call the CFO",
        "2026-12-01",
        "15:00:00",
    )


async def test_an_unclear_date_is_asked_back_when_the_form_opens_and_beside_the_field(
    door: Door, pair: Pair
) -> None:
    form = (await door.command(pair.client, "commit call the CFO by 3.12.")).view
    assert fields(form)["by"]["initial_value"] == "by 3.12."
    answer = await door.submit(pair.client, form)
    assert "Thu, Dec 3, 2026" in answer.fields["by"]
    assert "Fri, Mar 12, 2027" in answer.fields["by"]
    (by,) = (each for each in (form.blocks if form else []) if each.block_id == "by")
    assert by.to_dict()["hint"]["text"].startswith(answer.fields["by"])


async def test_of_a_morning_the_hour_is_asked_and_the_example_can_be_typed(door: Door, pair: Pair) -> None:
    form = (await door.command(pair.client, "commit call the CFO tomorrow morning")).view
    assert fields(form)["what"]["initial_value"] == "call the CFO"
    said = (await door.submit(pair.client, form)).fields["by"]
    assert "by what time" in said
    assert (await door.submit(pair.client, form, by=said.split("“")[1].split("”")[0])).notice


async def test_bad_past_and_missing_fields_are_answered_beside_them(door: Door, pair: Pair) -> None:
    assert "couldn't read" in (await made(door, pair, by="when mercury rises")).fields["by"]
    assert "passed" in (await made(door, pair, by="yesterday")).fields["by"]
    assert "passed" in (await made(door, pair, by="today 9am")).fields["by"]
    assert "By when" in (await made(door, pair, by="")).fields["by"]
    assert "what" in (await made(door, pair, what="")).fields
    assert "two years" in (await made(door, pair, by="2035-01-01")).fields["by"]
    assert open_ones(door.database, door, pair) == []


async def test_everything_that_was_typed_is_kept(door: Door, pair: Pair) -> None:
    commitment = await one(
        door, pair, cue="When the meeting ends", obstacle="No time", confidence="6", shared=[]
    )
    assert (commitment.cue, commitment.obstacle) == ("When the meeting ends", "No time")
    assert (commitment.confidence, commitment.is_shared) == (6, False)


async def test_the_notice_says_who_sees_it_and_what_comes_next(door: Door, pair: Pair) -> None:
    notice = (await made(door, pair)).notice or ""
    assert "Due Friday." in notice
    assert f"{pair.coach.mention} sees it too." in notice
    assert "The next reminder comes tomorrow at 5:00 PM." in notice
    assert "Only you see it." in ((await made(door, pair, shared=[])).notice or "")
    assert "CFO" not in notice


async def test_what_a_coach_promises_is_visible_to_the_client(door: Door, pair: Pair) -> None:
    form = (await door.command(pair.coach, "commit")).view
    assert "shared" not in fields(form)
    assert "always visible" in shown(form)
    await door.submit(pair.coach, form, what="Send the article", by="Friday")
    listed = (await door.command(pair.client, "commitments")).view
    assert "Send the article" in shown(listed)
    assert "has promised you" in shown(listed)


async def test_the_coach_sees_what_is_shared_and_nothing_else(door: Door, pair: Pair) -> None:
    await made(door, pair, what="Shared step")
    await made(door, pair, what="Private step", shared=[])
    listed = shown((await door.command(pair.coach, "commitments")).view)
    assert "Shared step" in listed
    assert "Private step" not in listed
    assert "commitments.answer:" not in listed


async def from_message(door: Door, pair: Pair, text: str) -> Mapping[str, Any]:
    context = door._context(  # the shortcut's payload, which has no other way in
        Kind.SHORTCUT, pair.client, {"message": {"text": text}}
    )
    answer = await door._routes.shortcuts["commitments.from_message"](context)
    return fields(answer.view)


async def test_a_message_becomes_a_commitment_as_plain_text(door: Door, pair: Pair) -> None:
    form = await from_message(door, pair, "I'll ask <@U1|dana> &amp; read <https://x.io|this>\nsoon")
    assert form["what"]["initial_value"] == "I'll ask @dana & read this soon"


async def test_the_date_in_a_message_is_read_as_behind_the_command(door: Door, pair: Pair) -> None:
    form = await from_message(door, pair, "I'll send the numbers by Friday")
    assert form["what"]["initial_value"] == "I'll send the numbers"
    assert form["by"]["initial_value"] == "Fri, Nov 27, 2026"


async def test_who_is_mentioned_in_a_message_is_named(door: Door, pair: Pair) -> None:
    colleague = a_profile("Zoe")
    door._services.profiles = FakeProfiles(colleague)
    mentions = f"ask {pair.coach.mention}, <@{colleague.identity.user_id}> and <@U0NOBODY>"
    form = await from_message(door, pair, mentions)
    assert form["what"]["initial_value"] == "ask @Dana, @Zoe and @someone"
    form = fields((await door.command(pair.client, f"commit {mentions}")).view)
    assert form["what"]["initial_value"] == "ask @Dana, @Zoe and @someone"


async def test_with_several_engagements_one_is_chosen(door: Door, pair: Pair) -> None:
    with door.database.transaction() as db:
        other = an_engagement(db, door.clock.now(), a_person(db, door.clock.now(), "Eve"), pair.client)[0]
    form = (await door.command(pair.client, "commit")).view
    assert len(fields(form)["with"]["options"]) == 3  # and alone
    assert "initial_option" not in fields(form)["with"]
    await door.submit(pair.client, form, **{"with": other.engagement_id}, what="Rest", by="Friday")
    assert open_ones(door.database, door, pair) == []


async def test_answering_closes_it_and_redraws_the_list_below(door: Door, pair: Pair) -> None:
    commitment = await one(door, pair)
    listed = (await door.command(pair.client, "commitments")).view
    form = (await door.press(pair.client, "commitments.answer", commitment.id, listed)).view
    assert "Call the CFO" in shown(form)
    assert "outcome" in (await door.submit(pair.client, form, below="V1")).fields
    answer = await door.submit(pair.client, form, below="V1", outcome="partly", learned="Ask earlier")
    assert answer.redraw is not None
    assert answer.redraw[0] == "V1"
    assert "Ask earlier" in shown(answer.redraw[1])
    assert "commitments.answer:" not in shown(answer.redraw[1])
    assert open_ones(door.database, door, pair) == []


async def test_opened_from_elsewhere_only_the_notice_follows(door: Door, pair: Pair) -> None:
    commitment = await one(door, pair)
    form = (await door.press(pair.client, "commitments.kept", commitment.id)).view
    assert fields(form)["outcome"]["initial_option"]["value"] == "kept"
    answer = await door.submit(pair.client, form, below="V1")
    assert answer.redraw is None
    assert (answer.notice or "").startswith("Noted, thank you. There are no more")


@pytest.mark.parametrize(
    ("outcome", "said"), [("partly", "Part of the way counts"), ("not_kept", "That happens")]
)
async def test_an_answer_that_is_hard_to_give_is_taken_kindly(
    door: Door, pair: Pair, outcome: str, said: str
) -> None:
    commitment = await one(door, pair)
    form = (await door.press(pair.client, "commitments.answer", commitment.id)).view
    answer = await door.submit(pair.client, form, outcome=outcome)
    assert f"Noted, thank you. {said}" in (answer.notice or shown(answer.view))


async def test_the_answering_form_says_who_reads_what_was_learned(door: Door, pair: Pair) -> None:
    for shared, said in ((["yes"], "and so your answer and what you learned too"), ([], "Only you see")):
        commitment = await one(door, pair, what=f"Step {said}", shared=shared)
        assert said in shown((await door.press(pair.client, "commitments.answer", commitment.id)).view)


async def test_a_time_that_has_passed_is_named_and_not_its_day(door: Door, pair: Pair) -> None:
    said = (await made(door, pair, by="9am")).fields["by"]
    assert said.startswith("9:00 AM today has passed already.")


async def test_what_is_too_long_for_the_form_is_said_to_be_shortened(door: Door, pair: Pair) -> None:
    short = (await door.command(pair.client, "commit " + "x" * 500)).view
    long = (await door.command(pair.client, "commit " + "x" * 501)).view
    assert "only the beginning is here" not in shown(short)
    assert "more than 500 characters, so only the beginning is here" in shown(long)
    assert (await door.submit(pair.client, long, by="Friday")).notice


async def test_moving_keeps_the_history_and_edits_keep_the_date(door: Door, pair: Pair) -> None:
    commitment = await one(door, pair)
    form = (await door.press(pair.client, "commitments.move", commitment.id)).view
    assert "passed" in (await door.submit(pair.client, form, by="yesterday")).fields["by"]
    assert "Moved. Due Tuesday at 3:00 PM." in (
        (await door.submit(pair.client, form, by="next tue 3pm")).notice or ""
    )
    form = (await door.press(pair.client, "commitments.edit", commitment.id)).view
    assert fields(form)["what"]["initial_value"] == "Call the CFO"
    assert (await door.submit(pair.client, form, what="Write to the CFO", shared=[])).notice
    (changed,) = open_ones(door.database, door, pair)
    assert (changed.what, str(changed.due_on), changed.moved, changed.is_shared) == (
        "Write to the CFO",
        "2026-12-01",
        1,
        False,
    )


async def test_someone_elses_is_not_there_even_if_it_is_shared(door: Door, pair: Pair) -> None:
    commitment = await one(door, pair)
    stranger = a_pair(door.database, door.clock.now()).client
    for person in (pair.coach, stranger):
        for action in ("answer", "kept", "move", "edit"):
            answer = await door.press(person, f"commitments.{action}", commitment.id)
            assert "isn't yours" in (answer.notice or "")


async def test_an_answered_one_and_an_ended_engagement_are_a_sentence(door: Door, pair: Pair) -> None:
    first, second = await one(door, pair), await one(door, pair, what="Another")
    form = (await door.press(pair.client, "commitments.kept", first.id)).view
    await door.submit(pair.client, form)
    assert "already answered" in (await door.submit(pair.client, form)).fields["outcome"]
    assert "already answered" in ((await door.press(pair.client, "commitments.move", first.id)).notice or "")
    with door.database.transaction() as db:
        engagements.end(db, pair.coach, pair.engagement_id, None, door.clock.now())
    answer = await door.press(pair.client, "commitments.answer", second.id)
    assert "has ended" in (answer.notice or "")


async def test_garbage_in_a_button_is_a_sentence(door: Door, pair: Pair) -> None:
    for value in ("", "garbage", "a:b", ":x"):
        for action in ("answer", "move", "edit", "later"):
            assert (await door.press(pair.client, f"commitments.{action}", value)).notice
    assert (await door.press(pair.client, "commitments.new", "garbage:x")).notice
    assert (await door.press(pair.client, "commitments.new", ":x")).notice


async def test_what_is_made_in_a_session_of_others_is_refused(door: Door, pair: Pair) -> None:
    form = (await door.press(pair.client, "commitments.new", f"{pair.engagement_id}:nosuchsession")).view
    answer = await door.submit(pair.client, form, what="Call", by="Friday")
    assert "isn't yours" in answer.fields["what"]


async def test_a_long_list_fits_and_says_how_many_more(door: Door, pair: Pair) -> None:
    with door.database.transaction() as db:
        for number in range(50):
            draft = Draft(f"Step {number}", date(2026, 12, 1), None, None, None, None, True)
            service.make(db, pair.client, pair.engagement_id, draft, door.clock.now())
            if number % 2:
                service.make(db, pair.coach, pair.engagement_id, draft, door.clock.now())
    listed = (await door.command(pair.client, "commitments")).view
    assert listed is not None
    assert len(listed.to_dict()["blocks"]) <= 100
    assert "more, due later" in shown(listed)
    assert "has promised you" in shown(listed)


async def test_of_a_long_list_no_more_is_read_than_there_can_be_room_for(door: Door, pair: Pair) -> None:
    with door.database.transaction() as db:
        for number in range(60):
            draft = Draft(f"Step {number}", date(2026, 12, 1), None, None, None, None, True)
            service.make(db, pair.client, pair.engagement_id, draft, door.clock.now())
    listed = shown((await door.command(pair.coach, "commitments")).view)
    assert "There is more than fits here." in listed
    assert len(readings(door.database)) == service.MOST_BELOW


async def test_a_long_list_is_leafed_through_to_its_end(door: Door, pair: Pair) -> None:
    with door.database.transaction() as db:
        for number in range(71):
            draft = Draft(f"Step {number}.", date(2026, 12, 1), None, None, None, None, True)
            service.make(db, pair.client, pair.engagement_id, draft, door.clock.now())
    view, seen = (await door.command(pair.client, "commitments")).view, ""
    for _page in range(5):
        seen += shown(view)
        assert view is not None
        assert len(view.to_dict()["blocks"]) <= 100
        more = re.findall(r"'commitments.more'.*?'value': '(\d+)'", shown(view))
        if not more:
            break
        answer = await door.press(pair.client, "commitments.more", more[0], view)
        view = answer.view
        assert answer.placement is Placement.REPLACE
    assert all(f"Step {number}." in seen for number in range(71))
    commitment = re.findall(r"'commitments.answer:(\w+)'", shown(view))[0]
    form = (await door.press(pair.client, "commitments.kept", commitment, view)).view
    redrawn = (await door.submit(pair.client, form, below="V1")).redraw
    assert redrawn is not None
    assert "Back to the first ones" in shown(redrawn[1])
    for garbage in ("", "x", "-1", "999999", "9" * 30):
        assert (await door.press(pair.client, "commitments.more", garbage)).view


async def test_a_mistaken_answer_can_be_taken_back(door: Door, pair: Pair) -> None:
    commitment = await one(door, pair)
    await door.submit(pair.client, (await door.press(pair.client, "commitments.kept", commitment.id)).view)
    listed = (await door.command(pair.client, "commitments")).view
    assert f"commitments.reopen:{commitment.id}" in shown(listed)
    again = (await door.press(pair.client, "commitments.reopen", commitment.id, listed)).view
    assert f"commitments.answer:{commitment.id}" in shown(again)
    assert "isn't yours" in ((await door.press(pair.coach, "commitments.reopen", commitment.id)).notice or "")


async def test_who_is_not_sure_is_asked_for_a_smaller_step(door: Door, pair: Pair) -> None:
    said = (await made(door, pair, confidence="6")).view
    assert "make it an 8" in shown(said)
    (commitment,) = open_ones(door.database, door, pair)
    answer = await door.press(pair.client, "commitments.edit", commitment.id, said)
    assert fields(answer.view)["what"]["initial_value"] == "Call the CFO"
    assert answer.placement is Placement.REPLACE
    assert "make it an 8" not in ((await made(door, pair, confidence="7")).notice or "")


async def test_what_was_said_on_top_of_a_list_still_redraws_it(door: Door, pair: Pair) -> None:
    await one(door, pair, what="First")
    listed = (await door.command(pair.client, "commitments")).view
    form = (await door.press(pair.client, "commitments.new", view=listed)).view
    said = await door.submit(pair.client, form, below="V1", what="Rest", by="Friday", confidence="3")
    assert said.redraw is not None
    commitment = open_ones(door.database, door, pair)[-1]
    form = (await door.press(pair.client, "commitments.edit", commitment.id, said.view)).view
    answer = await door.submit(pair.client, form, below="V1", what="Rest a little")
    assert answer.redraw is not None
    assert "Rest a little" in shown(answer.redraw[1])


async def test_answering_offers_another_date_too(door: Door, pair: Pair) -> None:
    commitment = await one(door, pair)
    form = (await door.press(pair.client, "commitments.answer", commitment.id)).view
    labels = [each["text"]["text"] for each in fields(form)["outcome"]["options"]]
    assert labels[:3] == ["Kept", "Partly", "Move it to another date"]
    form = (await door.submit(pair.client, form, outcome="move")).view
    assert "Moved. Due Tuesday." in ((await door.submit(pair.client, form, by="next tue")).notice or "")


async def test_after_partly_the_rest_can_be_planned(door: Door, pair: Pair) -> None:
    commitment = await one(door, pair)
    form = (await door.press(pair.client, "commitments.answer", commitment.id)).view
    said = (await door.submit(pair.client, form, outcome="partly")).view
    assert "Part of the way counts" in shown(said)
    answer = await door.press(pair.client, "commitments.rest", commitment.id, said)
    assert answer.placement is Placement.REPLACE
    assert (await door.submit(pair.client, answer.view, by="next friday")).notice
    assert [each.what for each in open_ones(door.database, door, pair)] == ["Call the CFO"]
    assert "isn't yours" in ((await door.press(pair.coach, "commitments.rest", commitment.id)).notice or "")


async def test_what_would_not_move_is_asked_about_beside_the_field(door: Door, pair: Pair) -> None:
    commitment = await one(door, pair)
    form = (await door.press(pair.client, "commitments.move", commitment.id)).view
    assert "when it is due already" in (await door.submit(pair.client, form, by="Friday")).fields["by"]
    door.clock.at = datetime(2026, 11, 27, 15, tzinfo=UTC)
    assert "when it is due already" in (await door.submit(pair.client, form, by="today")).fields["by"]
    answer = await door.submit(pair.client, form, by="by Friday")
    assert "Moved. Due Fri, Dec 4." in (answer.notice or "")


async def test_who_is_paused_is_promised_no_reminder(door: Door, pair: Pair) -> None:
    assert (await door.command(pair.client, "pause until dec 10")).notice
    for by in ("Friday", "today"):
        notice = (await made(door, pair, by=by)).notice or ""
        assert "You are paused, so no reminder comes until you are back." in notice
        assert "next reminder" not in notice
    assert "The next reminder comes" in ((await made(door, pair, by="2026-12-15")).notice or "")


async def test_mentions_behind_the_command_are_read_as_names(door: Door, pair: Pair) -> None:
    form = (await door.command(pair.client, "commit ask <@U1|dana> about <R&D> by Friday")).view
    assert fields(form)["what"]["initial_value"] == "ask @dana about <R&D>"


async def test_what_the_other_shares_is_on_record_when_it_is_opened(door: Door, pair: Pair) -> None:
    commitment = await one(door, pair)
    await made(door, pair, what="Private", shared=[])
    await door.command(pair.coach, "commitments")
    assert readings(door.database) == [(pair.coach.id, "commitment", commitment.id)]
