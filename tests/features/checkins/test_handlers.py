from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from slack_sdk.models.views import View

from bot.core.database import Database
from bot.core.outbox.domain import State
from bot.core.outbox.store import OutboxRow
from bot.core.slack.requests import Answer
from bot.features.checkins import service as checkins
from bot.features.checkins.domain import PROMPT, Answers
from bot.features.checkins.store import CheckinPlanRow
from bot.features.commitments import nudges, service
from bot.features.commitments.domain import Commitment, Draft, Outcome
from bot.features.commitments.store import CommitmentRow
from bot.features.engagements import service as engagements
from bot.features.people import service as people
from bot.features.people.domain import Intensity, Wishes
from tests.builders import a_person, an_engagement
from tests.features.sessions.door import Door, Pair, a_pair, fields, readings, shown

# The engagement starts on Wednesday, 25 November; Ben's day is Friday at 15:00 in New York.
FIRST = datetime(2026, 11, 27, 20, tzinfo=UTC)
MONDAY = datetime(2026, 11, 30, 15, tzinfo=UTC)
WEDNESDAY = datetime(2026, 12, 2, 15, tzinfo=UTC)
SECOND = datetime(2026, 12, 4, 20, tzinfo=UTC)


def make(
    door: Door, pair: Pair, what: str = "Call the CFO", *, by_coach: bool = False, shared: bool = True
) -> Commitment:
    draft = Draft(what, date(2026, 12, 20), None, None, None, None, shared)
    with door.database.transaction() as db:
        actor = pair.coach if by_coach else pair.client
        return service.make(db, actor, pair.engagement_id, draft, door.clock.now())


def due(at: datetime) -> Draft:
    local = at.astimezone(ZoneInfo("America/New_York"))
    return Draft("Call the CFO", local.date(), local.time(), None, None, None, True)


async def commit_by_friday(door: Door, pair: Pair) -> None:
    form = (await door.command(pair.client, "commit call the CFO by Friday")).view
    assert (await door.submit(pair.client, form)).notice


def outcome_of(database: Database, commitment: Commitment) -> str | None:
    with database.transaction() as db:
        return db.get_one(CommitmentRow, commitment.id).outcome


def prompts(database: Database) -> list[OutboxRow]:
    with database.transaction() as db:
        found = db.query(OutboxRow).filter(OutboxRow.template == PROMPT)
        return list(found.order_by(OutboxRow.due_at))


def field_of(commitment: Commitment) -> str:
    return f"commitment-{commitment.id}"


async def form(door: Door, pair: Pair) -> View | None:
    return (await door.command(pair.client, "checkin")).view


def named(view: View | None, **filled: object) -> dict[str, object]:
    """By the names that the fields have in the form of this week."""
    names = {each.partition(":")[0]: each for each in fields(view)}
    return {names[name]: value for name, value in filled.items()}


async def check_in(door: Door, pair: Pair, **filled: object) -> Answer:
    view = await form(door, pair)
    answer = await door.submit(pair.client, view, **named(view, **filled))
    assert answer.notice, answer.fields
    return answer


def field(view: View | None, name: str) -> Any:
    return fields(view)[str(next(iter(named(view, **{name: None}))))]


def initial(view: View | None, commitment: Commitment) -> str:
    return str(field(view, field_of(commitment))["initial_option"]["value"])


async def test_once_a_week_on_the_clients_own_day_and_hour(door: Door, pair: Pair) -> None:
    make(door, pair)
    await door.at(datetime(2026, 11, 27, 19, 59, tzinfo=UTC))
    assert door.messages(pair.client, "check-in") == []
    await door.at(FIRST)
    assert door.messages(pair.client, "check-in") == [
        f"Your weekly check-in with {pair.coach.mention}: 1 open commitment."
    ]
    await door.at(SECOND)
    assert len(door.messages(pair.client, "Your weekly check-in")) == 1
    assert len(door.messages(pair.client, "Nothing counts as missed")) == 1


async def test_the_first_one_is_at_least_two_days_away(door: Door) -> None:
    door.clock.at = datetime(2026, 11, 26, 14, 30, tzinfo=UTC)
    pair = a_pair(door.database, door.clock.now())
    with door.database.transaction() as db:
        assert db.get_one(CheckinPlanRow, pair.engagement_id).next_checkin_at == SECOND


async def test_the_coach_gets_no_message(door: Door, pair: Pair) -> None:
    before = len(door.messages(pair.coach))
    make(door, pair, by_coach=True)
    await door.at(FIRST)
    await check_in(door, pair)
    await door.settle()
    assert len(door.messages(pair.coach, "check-in")) == 0
    assert before == 0


async def test_it_asks_about_the_clients_own_open_commitments(door: Door, pair: Pair) -> None:
    commitment, promise = make(door, pair), make(door, pair, "Send the article", by_coach=True)
    view = await form(door, pair)
    assert field_of(commitment) in shown(view)
    assert field_of(promise) not in shown(view)
    assert initial(view, commitment) == "open"


async def test_outcomes_take_effect_and_the_message_closes(door: Door, pair: Pair) -> None:
    kept, open_ = make(door, pair), make(door, pair, "Rest")
    await door.at(FIRST)
    answer = await check_in(door, pair, **{field_of(kept): "kept"}, helped="Starting early")
    assert f"{pair.coach.mention} can read it" in (answer.notice or "")
    assert "Fri, Dec 4 at 3:00 PM" in (answer.notice or "")
    await door.settle()
    assert (outcome_of(door.database, kept), outcome_of(door.database, open_)) == ("kept", None)
    assert door.messages(pair.client, "You have checked in")
    assert door.messages(pair.client, "Your weekly check-in") == []


async def test_opened_again_it_shows_what_was_typed_and_can_be_changed(door: Door, pair: Pair) -> None:
    commitment = make(door, pair)
    await door.at(FIRST)
    await check_in(door, pair, **{field_of(commitment): "kept"}, helped="Luck", share=[])
    view = await form(door, pair)
    assert initial(view, commitment) == "kept"
    assert field(view, "helped")["initial_value"] == "Luck"
    assert "initial_options" not in field(view, "share")
    await check_in(door, pair, **{field_of(commitment): "open"}, helped="")
    assert outcome_of(door.database, commitment) is None
    assert "initial_value" not in field(await form(door, pair), "helped")


async def test_an_early_one_counts_and_the_message_is_not_sent(door: Door, pair: Pair) -> None:
    answer = await check_in(door, pair, helped="Quiet days")
    assert "The next one is Fri, Dec 4" in (answer.notice or "")
    await door.at(FIRST)
    assert prompts(door.database) == []
    assert field(await form(door, pair), "helped")["initial_value"] == "Quiet days"
    await door.at(SECOND)
    assert len(prompts(door.database)) == 1


async def test_a_late_one_answers_the_last_message(door: Door, pair: Pair) -> None:
    await door.at(FIRST)
    await door.at(MONDAY)
    view = await form(door, pair)
    assert "for last week" in shown(view)
    await door.submit(pair.client, view)
    await door.settle()
    assert door.messages(pair.client, "You have checked in")
    await door.at(SECOND)
    assert len(door.messages(pair.client, "Your weekly check-in")) == 1


async def test_last_weeks_can_be_changed_until_the_next_one(door: Door, pair: Pair) -> None:
    await door.at(FIRST)
    said = (await check_in(door, pair, helped="Luck")).notice or ""
    assert "Fri, Dec 4 at 3:00 PM; until then, `/grow checkin` lets you change this one" in said
    await door.at(WEDNESDAY)
    last = await form(door, pair)
    assert "for last week" in shown(last)
    assert field(last, "helped")["initial_value"] == "Luck"
    await door.at(SECOND)
    stale = await door.submit(pair.client, last)
    assert "time for this check-in has passed" in next(iter(stale.fields.values()))


async def test_on_the_last_day_before_the_next_one_that_one_is_meant(door: Door, pair: Pair) -> None:
    await door.at(FIRST)
    await check_in(door, pair, helped="Luck")
    await door.at(SECOND - timedelta(hours=23))
    early = await form(door, pair)
    assert "for this week" in shown(early)
    assert "initial_value" not in field(early, "helped")
    last = (await door.press(pair.client, "checkins.switch", f"{pair.engagement_id}:2026-W48")).view
    assert field(last, "helped")["initial_value"] == "Luck"


async def test_switching_between_the_weeks_loses_nothing(door: Door, pair: Pair) -> None:
    commitment = make(door, pair)
    await door.at(FIRST)
    await check_in(door, pair, **{field_of(commitment): "kept"}, helped="Luck", hindered="Noise")
    await door.at(MONDAY)
    switch = (pair.client, "checkins.switch")
    this, last = [(await door.press(*switch, f"{pair.engagement_id}:2026-W{week}")).view for week in (49, 48)]
    stay_empty = {name: "" for name in fields(this) if name in fields(last)}  # as Slack keeps them
    assert (await door.submit(pair.client, last, **stay_empty)).notice
    again = await form(door, pair)
    assert [field(again, name)["initial_value"] for name in ("helped", "hindered")] == ["Luck", "Noise"]
    assert outcome_of(door.database, commitment) == "kept"


async def test_skipping_lets_the_week_rest(door: Door, pair: Pair) -> None:
    await door.at(FIRST)
    value = f"{pair.engagement_id}:2026-W48"
    assert (await door.press(pair.client, "checkins.skip", value)).notice is None
    await door.settle()
    assert door.messages(pair.client, "Skipped this week's check-in")
    door.clock.at = MONDAY
    assert "for this week" in shown(await form(door, pair))
    door.clock.at = FIRST
    await check_in(door, pair)
    assert "settled already" in ((await door.press(pair.client, "checkins.skip", value)).notice or "")


async def test_later_asks_again_once(door: Door, pair: Pair) -> None:
    await door.at(FIRST)
    (row,) = prompts(door.database)
    await door.press(pair.client, "checkins.later", f"hour:{row.id}")
    assert "settled already" in (
        (await door.press(pair.client, "checkins.later", f"hour:{row.id}")).notice or ""
    )
    await door.settle()
    assert door.messages(pair.client, "I'll ask again today at 4:00 PM")
    await door.at(datetime(2026, 11, 27, 21, tzinfo=UTC))
    assert len(door.messages(pair.client, "Your weekly check-in")) == 1
    await check_in(door, pair)
    await door.settle()
    assert len(door.messages(pair.client, "Your weekly check-in")) == 0


async def test_the_coach_reads_what_is_shared_and_that_is_on_record(door: Door, pair: Pair) -> None:
    shared, private = make(door, pair, "Shared step"), make(door, pair, "Private step", shared=False)
    answers = {field_of(shared): "kept", field_of(private): "not_kept"}
    await check_in(door, pair, **answers, helped="Starting early", hindered="Noise")
    view = shown((await door.command(pair.coach, "checkin")).view)
    assert "Kept: Shared step" in view
    assert "Starting early" in view
    assert "Noise" in view
    assert "Private step" not in view
    on_record = readings(door.database)
    assert [kind for _reader, kind, _id in on_record] == ["checkin", "commitment"]
    assert (pair.coach.id, "commitment", shared.id) in on_record


async def test_a_shared_one_without_words_says_so_and_what_stays_open(door: Door, pair: Pair) -> None:
    open_, private = make(door, pair, "Shared step"), make(door, pair, "Private step", shared=False)
    await check_in(door, pair)
    view = shown((await door.command(pair.coach, "checkin")).view)
    assert "Checked in, nothing written." in view
    assert "Still open: Shared step – Due" in view
    assert "Private step" not in view
    kinds = {object_id: kind for _reader, kind, object_id in readings(door.database)}
    assert kinds[open_.id] == "commitment"
    assert private.id not in kinds


async def test_what_is_not_shared_or_no_longer_is_not_there(door: Door, pair: Pair) -> None:
    await check_in(door, pair, helped="Starting early")
    await check_in(door, pair, share=[])
    view = shown((await door.command(pair.coach, "checkin")).view)
    assert "No check-in is shared yet" in view
    assert "Starting early" not in view


async def test_with_several_coaches_one_is_asked_which(door: Door, pair: Pair) -> None:
    with door.database.transaction() as db:
        an_engagement(db, door.clock.now(), a_person(db, door.clock.now(), "Eve"), pair.client)
    view = (await door.command(pair.client, "checkin")).view
    assert view is not None
    assert view.callback_id == "checkins.list"
    assert f"checkins.open:{pair.engagement_id}" in shown(view)


async def test_only_the_client_checks_in(door: Door, pair: Pair) -> None:
    stranger = a_pair(door.database, door.clock.now()).client
    for person in (pair.coach, stranger):
        for action in ("open", "skip", "switch"):
            answer = await door.press(person, f"checkins.{action}", f"{pair.engagement_id}:2026-W48")
            assert "isn't yours" in (answer.notice or "")


async def test_garbage_is_a_sentence(door: Door, pair: Pair) -> None:
    for value in ("", "x:y", f"{pair.engagement_id}:1999-W01"):
        assert (await door.press(pair.client, "checkins.open", value)).notice
        assert (await door.press(pair.client, "checkins.later", value)).notice


async def test_what_was_answered_elsewhere_meanwhile_stays(door: Door, pair: Pair) -> None:
    commitment = make(door, pair)
    view = await form(door, pair)
    with door.database.transaction() as db:
        service.answer(db, pair.client, commitment.id, Outcome.PARTLY, None, door.clock.now())
    assert (await door.submit(pair.client, view, **named(view, **{field_of(commitment): "kept"}))).notice
    assert outcome_of(door.database, commitment) == "partly"


async def test_a_commitment_of_somebody_else_in_the_form_is_left_alone(door: Door, pair: Pair) -> None:
    own, promise = make(door, pair), make(door, pair, "Send the article", by_coach=True)
    view = await form(door, pair)
    assert view is not None
    forged = View(**{**view.to_dict(), "blocks": view.blocks})
    for block in forged.blocks or []:
        if block.block_id and block.block_id.startswith(field_of(own)):
            block.block_id = block.block_id.replace(own.id, promise.id)
    await door.submit(pair.client, forged, **named(forged, **{field_of(promise): "kept"}))
    assert outcome_of(door.database, promise) is None


async def test_another_wish_or_the_end_changes_when_it_comes(door: Door, pair: Pair) -> None:
    def next_at() -> datetime | None:
        with door.database.transaction() as db:
            return db.get_one(CheckinPlanRow, pair.engagement_id).next_checkin_at

    with door.database.transaction() as db:
        wishes = Wishes(checkin_weekday=1, intensity=Intensity.LIGHT)
        people.set_schedule(db, pair.client, wishes, pair.client.rhythm, door.clock.now())
    assert next_at() == datetime(2026, 11, 30, 20, tzinfo=UTC)
    with door.database.transaction() as db:
        engagements.end(db, pair.coach, pair.engagement_id, None, door.clock.now())
    assert next_at() is None
    await door.at(SECOND)
    assert prompts(door.database) == []


async def test_weeks_that_were_slept_through_are_dropped_with_a_reason(door: Door, pair: Pair) -> None:
    await door.at(datetime(2026, 12, 12, 15, tzinfo=UTC))  # a Saturday, two weeks on
    assert [row.state for row in prompts(door.database)] == [
        State.CANCELLED,
        State.CANCELLED,
        State.PENDING,
    ]
    assert {row.reason for row in prompts(door.database)} == {"over", "quiet hours"}


async def test_no_word_of_the_person_is_in_a_message(door: Door, pair: Pair) -> None:
    commitment = make(door, pair)
    await door.at(FIRST)
    await check_in(door, pair, **{field_of(commitment): "kept"}, helped="Starting early")
    await door.settle()
    said = " ".join(str(each.latest) for each in door.slack.posted)
    assert "CFO" not in said
    assert "Starting" not in said


async def test_what_was_opened_again_meanwhile_is_shown_as_it_is(door: Door, pair: Pair) -> None:
    commitment = make(door, pair)
    await check_in(door, pair, **{field_of(commitment): "kept"})
    await door.press(pair.client, "commitments.reopen", commitment.id)
    assert initial(await form(door, pair), commitment) == "open"
    await check_in(door, pair)
    assert outcome_of(door.database, commitment) is None
    await check_in(door, pair, **{field_of(commitment): "kept"})
    assert outcome_of(door.database, commitment) == "kept"


async def test_what_a_form_does_not_ask_about_stays_as_it_was_said(door: Door, pair: Pair) -> None:
    commitment = make(door, pair)
    await check_in(door, pair, **{field_of(commitment): "kept"})
    with door.database.transaction() as db:
        nothing_more = Answers(outcomes={}, helped=None, hindered=None, is_shared=True)
        week, at = "2026-W48", door.clock.now()
        done = checkins.save(db, pair.client, pair.engagement_id, week, nothing_more, at)
    assert done.before is not None
    assert done.before.outcomes == {commitment.id: Outcome.KEPT}
    assert outcome_of(door.database, commitment) == "kept"


async def test_a_coach_is_told_how_many_more_were_answered(door: Door, pair: Pair) -> None:
    answers = {field_of(make(door, pair, f"Step {number}")): "kept" for number in range(7)}
    await check_in(door, pair, **answers)
    assert "And 2 more." in shown((await door.command(pair.coach, "checkin")).view)


async def test_where_nothing_is_open_nothing_is_counted(door: Door, pair: Pair) -> None:
    await door.at(FIRST)
    assert door.messages(pair.client, "check-in") == [f"Your weekly check-in with {pair.coach.mention}."]


async def test_what_is_due_on_the_day_of_the_check_in_is_one_message(door: Door, pair: Pair) -> None:
    await commit_by_friday(door, pair)
    before = len(door.slack.posted)
    await door.at(FIRST)
    assert [each.latest.text for each in door.slack.posted[before:]] == [
        f"Your weekly check-in with {pair.coach.mention}: 1 open commitment. It is due."
    ]
    await door.at(SECOND)
    assert door.messages(pair.client, "A commitment from") == []


@pytest.mark.parametrize("minutes", [-30, 0, 179])
async def test_a_nudge_that_waits_or_comes_soon_is_folded_into_the_check_in(
    door: Door, pair: Pair, minutes: int
) -> None:
    at = FIRST + timedelta(minutes=minutes)
    with door.database.transaction() as db:
        commitment = service.make(db, pair.client, pair.engagement_id, due(at), door.clock.now())
        db.get_one(CommitmentRow, commitment.id).last_nudge = "before"
        nudges.plan_batch(db, at if minutes <= 0 else door.clock.now())
    before = len(door.slack.posted)
    await door.at(FIRST)
    await door.at(FIRST + timedelta(hours=3))
    assert len(door.slack.posted) - before == 1


async def test_what_is_due_later_keeps_its_nudge(door: Door, pair: Pair) -> None:
    with door.database.transaction() as db:
        draft = due(datetime(2026, 11, 30, 15, tzinfo=UTC))
        service.make(db, pair.client, pair.engagement_id, draft, door.clock.now())
    await door.at(FIRST)
    await door.at(datetime(2026, 11, 30, 15, tzinfo=UTC))
    assert door.messages(pair.client, "A commitment from") != []


async def test_a_week_that_is_done_folds_nothing_in(door: Door, pair: Pair) -> None:
    await commit_by_friday(door, pair)
    await check_in(door, pair)
    await door.at(FIRST)
    assert len(door.messages(pair.client, "is due today")) == 1
