"""Commitments that recur, through the front door: made, answered, passed, moved, let go of; and what is sent about them."""

from datetime import UTC, date, datetime, time

import pytest
from slack_sdk.models.views import View

from bot.core.database import Database
from bot.core.directory import Person
from bot.core.slack.requests import Answer
from bot.features.checkins.store import CheckinPlanRow
from bot.features.commitments import nudges, service
from bot.features.commitments.domain import Commitment, Draft
from bot.features.commitments.occurrence_store import OccurrenceRow
from bot.features.commitments.recurring import Every
from bot.features.commitments.store import CommitmentRow
from bot.features.engagements import service as engagements
from bot.features.people import service as people
from bot.features.people.domain import Intensity, Wishes
from tests.features.sessions.door import Door, Pair, fields, readings, shown

# Everything begins on Wednesday, 25 November, 9:30 in New York.
THURSDAY = date(2026, 11, 26)


@pytest.fixture(autouse=True)
def no_check_in(database: Database, pair: Pair) -> None:
    with database.transaction() as db:
        db.get_one(CheckinPlanRow, pair.engagement_id).next_checkin_at = None


def new_york(day: int, hour: int, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour + 5, tzinfo=UTC)


async def made(door: Door, pair: Pair, *, by: str = "today", every: str = "day", **more: object) -> Answer:
    form = (await door.command(pair.client, "commit")).view
    return await door.submit(pair.client, form, what="Plan the day", by=by, every=every, **more)


async def one(door: Door, pair: Pair, **more: str) -> str:
    answer = await made(door, pair, **more)
    assert answer.notice, answer.fields
    return row_of(door).id


def make(
    door: Door, pair: Pair, every: Every, *, owner: Person | None = None, on: date = THURSDAY
) -> Commitment:
    draft = Draft("Plan the day", on, None, None, None, None, True, every=every)
    with door.database.transaction() as db:
        return service.make(db, owner or pair.client, pair.engagement_id, draft, door.clock.now())


def row_of(door: Door) -> CommitmentRow:
    with door.database.transaction() as db:
        return db.query(CommitmentRow).order_by(CommitmentRow.created_at.desc()).first() or CommitmentRow()


def outcomes(door: Door) -> dict[str, str | None]:
    with door.database.transaction() as db:
        rows = db.query(OccurrenceRow).order_by(OccurrenceRow.occurs_on)
        return {f"{row.occurs_on:%a %d}": row.outcome for row in rows}


async def form_of(door: Door, person: Person, commitment_id: str) -> View | None:
    return (await door.press(person, "commitments.answer", commitment_id)).view


async def answered(door: Door, pair: Pair, commitment_id: str, outcome: str, learned: str = "") -> str:
    form = await form_of(door, pair.client, commitment_id)
    answer = await door.submit(pair.client, form, outcome=outcome, learned=learned)
    return answer.notice or str(answer.fields)


def wish(door: Door, person: Person, intensity: Intensity) -> None:
    with door.database.transaction() as db:
        people.set_schedule(db, person, Wishes(intensity=intensity), person.rhythm, door.clock.now())


def nudged(door: Door, person: Person) -> list[str]:
    return door.messages(person, "from your work with")


async def test_the_form_says_what_comes_again_until_when_and_who_asks(door: Door, pair: Pair) -> None:
    said = (await made(door, pair, until="dec 18")).notice or ""
    assert "Saved. Due today, every working day until Fri, Dec 18." in said
    assert "No reminder comes for a single day; your weekly check-in asks on which days you kept it." in said


async def test_each_day_has_an_outcome_of_its_own_and_the_next_one_follows(door: Door, pair: Pair) -> None:
    commitment = await one(door, pair)
    assert "Due tomorrow, every working day." in await answered(door, pair, commitment, "kept")
    await door.at(new_york(26, 12))
    said = await answered(door, pair, commitment, "partly", "Mornings are best")
    assert "Part of the way counts" in said
    assert outcomes(door) == {"Wed 25": "kept", "Thu 26": "partly"}
    form = shown(await form_of(door, pair.client, commitment))
    assert "Kept 1 of the last 2 times." in form
    assert "Thu, Nov 26" not in form.split("Mornings are best")[1]
    assert "Move it to another date" not in form


async def test_none_kept_is_not_counted_out_and_a_count_in_the_list_has_no_stray_period(
    door: Door, pair: Pair
) -> None:
    commitment = await one(door, pair)
    for day in (25, 26):
        await door.at(new_york(day, 12))
        await answered(door, pair, commitment, "not_kept")
    assert "of the last" not in shown(await form_of(door, pair.client, commitment))
    await door.at(new_york(27, 12))
    await answered(door, pair, commitment, "kept")
    listed = shown((await door.command(pair.client, "commitments")).view)
    assert f"Kept 1 of the last 3 times · {pair.coach.mention} sees it too." in listed


async def test_what_passed_is_kept_without_an_outcome_and_a_weekend_is_not_asked(
    door: Door, pair: Pair
) -> None:
    await one(door, pair)
    await door.at(new_york(30, 12))
    assert outcomes(door) == {"Wed 25": None, "Thu 26": None, "Fri 27": None}
    assert row_of(door).due_on == date(2026, 11, 30)


async def test_paused_is_not_missed(door: Door, pair: Pair) -> None:
    await one(door, pair)
    await door.command(pair.client, "pause until nov 30")
    await door.at(new_york(30, 12))
    assert outcomes(door) == {}
    assert row_of(door).due_on == date(2026, 11, 30)


async def test_a_form_that_is_sent_after_midnight_is_about_the_day_it_was_opened_for(
    door: Door, pair: Pair
) -> None:
    commitment = await one(door, pair)
    form = await form_of(door, pair.client, commitment)
    await door.at(new_york(26, 12))
    assert (await door.submit(pair.client, form, outcome="kept")).notice
    assert outcomes(door) == {"Wed 25": "kept"}
    assert row_of(door).due_on == THURSDAY
    again = await door.submit(pair.client, form, outcome="not_kept")
    assert "answered already" in str(again.fields)
    assert outcomes(door) == {"Wed 25": "kept"}


async def test_no_longer_right_ends_it_and_opening_it_again_goes_on(door: Door, pair: Pair) -> None:
    commitment = await one(door, pair)
    form = await form_of(door, pair.client, commitment)
    assert "This ends it" in shown(form)
    assert "does not come again" in await answered(door, pair, commitment, "no_longer_right", "Too much")
    await door.at(new_york(27, 12))
    assert outcomes(door) == {}
    await door.press(pair.client, "commitments.reopen", commitment)
    assert row_of(door).due_on == date(2026, 11, 27)
    await door.at(new_york(30, 12))
    assert outcomes(door) == {"Fri 27": None}


async def test_after_its_last_day_it_is_closed_by_the_answer(door: Door, pair: Pair) -> None:
    commitment = await one(door, pair, every="week", until="dec 3")
    assert "Due Wed, Dec 2, every week until Thu, Dec 3." in await answered(door, pair, commitment, "kept")
    await door.at(new_york(2, 12, month=12))
    assert "That was the last time" in await answered(door, pair, commitment, "not_kept")
    assert row_of(door).outcome == "not_kept"
    assert outcomes(door) == {"Wed 25": "kept", "Wed 02": "not_kept"}


async def test_the_end_can_be_put_off_or_taken_away(door: Door, pair: Pair) -> None:
    commitment = await one(door, pair, every="week", until="nov 28")
    form = (await door.press(pair.client, "commitments.edit", commitment)).view
    assert fields(form)["until"]["initial_value"] == "Sat, Nov 28, 2026"
    assert (await door.submit(pair.client, form, until="")).notice
    await door.at(new_york(2, 12, month=12))
    assert outcomes(door) == {"Wed 25": None}


async def test_once_its_end_is_past_the_rest_can_still_be_changed(door: Door, pair: Pair) -> None:
    commitment = await one(door, pair, every="week", until="nov 28")
    await door.at(new_york(30, 12))
    form = (await door.press(pair.client, "commitments.edit", commitment)).view
    assert (await door.submit(pair.client, form, what="Smaller")).notice
    assert row_of(door).until_on == date(2026, 11, 28)
    typed_anew = (await door.press(pair.client, "commitments.edit", commitment)).view
    assert "has passed" in (await door.submit(pair.client, typed_anew, until="nov 27")).fields["until"]


async def test_it_does_not_end_before_the_time_that_it_stands_at(door: Door, pair: Pair) -> None:
    commitment = await one(door, pair, every="month")
    await answered(door, pair, commitment, "kept")
    form = (await door.press(pair.client, "commitments.edit", commitment)).view
    said = (await door.submit(pair.client, form, until="dec 3")).fields["until"]
    assert "before the time that it stands at" in said


@pytest.mark.parametrize(
    ("filled", "field", "said"),
    [
        ({"every": "once", "until": "dec 18"}, "every", "how often"),
        ({"until": "nov 27", "by": "nov 30"}, "until", "before the time that it stands at"),
        ({"until": "someday"}, "until", "couldn't read"),
    ],
)
async def test_what_does_not_fit_is_asked_beside_its_field(
    door: Door, pair: Pair, filled: dict[str, str], field: str, said: str
) -> None:
    assert said in (await made(door, pair, **filled)).fields[field]  # type: ignore[arg-type]


async def test_one_time_can_be_moved_but_not_past_the_next_one(door: Door, pair: Pair) -> None:
    commitment = await one(door, pair, every="week", by="tomorrow 10am")
    form = (await door.press(pair.client, "commitments.move", commitment)).view
    late = await door.submit(pair.client, form, by="dec 4")
    assert "It comes again Thu, Dec 3" in late.fields["by"]
    assert (await door.submit(pair.client, form, by="nov 30 3pm")).notice
    await answered(door, pair, commitment, "kept")
    assert (row_of(door).due_on, row_of(door).due_time) == (date(2026, 12, 3), time(10))
    assert outcomes(door) == {"Thu 26": "kept"}


async def test_a_day_of_what_comes_daily_is_not_moved(door: Door, pair: Pair) -> None:
    commitment = await one(door, pair)
    form = (await door.press(pair.client, "commitments.move", commitment)).view
    assert "no day of it can be moved" in (await door.submit(pair.client, form, by="nov 30")).fields["by"]


async def test_no_message_comes_for_a_single_day_at_standard(door: Door, pair: Pair) -> None:
    make(door, pair, Every.WORKING_DAY)
    for day in (26, 27, 30):
        await door.at(new_york(day, 17))
    assert nudged(door, pair.client) == []


async def test_active_is_asked_each_day_and_yesterdays_message_closes_with_its_own_date(
    door: Door, pair: Pair
) -> None:
    wish(door, pair.client, Intensity.ACTIVE)
    make(door, pair, Every.WORKING_DAY)
    await door.at(new_york(26, 17))
    assert len(nudged(door, pair.client)) == 1
    assert "commitments.move" not in door.buttons(pair.client)
    await door.at(new_york(27, 12))
    assert nudged(door, pair.client) == []
    assert door.messages(pair.client, "A commitment due Thu, Nov 26 was not answered; that's all right.")


async def test_who_answers_none_of_the_daily_reminders_they_wished_for_is_asked_whether_to_make_it_lighter(
    door: Door, pair: Pair
) -> None:
    wish(door, pair.client, Intensity.ACTIVE)
    make(door, pair, Every.WORKING_DAY)
    await door.at(new_york(26, 17))
    await door.at(new_york(27, 17))
    assert door.messages(pair.client, "Shall we make this lighter?") == []
    await door.at(new_york(30, 17))
    assert door.messages(pair.client, "Shall we make this lighter?")
    assert nudged(door, pair.client) == []


async def test_a_coach_who_has_no_check_in_is_asked_once_a_week(door: Door, pair: Pair) -> None:
    make(door, pair, Every.WORKING_DAY, owner=pair.coach)
    await door.at(datetime(2026, 11, 26, 17, tzinfo=UTC))
    assert nudged(door, pair.coach) == []
    await door.at(datetime(2026, 11, 27, 17, tzinfo=UTC))
    assert len(nudged(door, pair.coach)) == 1


async def test_a_weekly_one_is_told_of_when_due_and_answered_with_the_date_it_was_about(
    door: Door, pair: Pair
) -> None:
    commitment = make(door, pair, Every.WEEK)
    await door.at(new_york(25, 17))
    assert nudged(door, pair.client) == []
    await door.at(new_york(26, 15))
    assert len(nudged(door, pair.client)) == 1
    await answered(door, pair, commitment.id, "kept")
    await door.settle()
    assert door.messages(pair.client, "That was a commitment due Thu, Nov 26;")
    await door.at(new_york(3, 15, month=12))
    assert len(nudged(door, pair.client)) == 1


async def test_other_working_days_move_what_comes_on_them(door: Door, pair: Pair) -> None:
    make(door, pair, Every.WORKING_DAY)
    with door.database.transaction() as db:
        client = people.People().get(db, pair.client.id)
        without_thursdays = type(client.rhythm)(client.zone, frozenset({1, 2, 3, 5}))
        people.set_schedule(db, client, Wishes(), without_thursdays, door.clock.now())
    assert row_of(door).due_on == date(2026, 11, 27)


async def test_the_other_one_sees_what_became_of_it_and_that_is_on_record(door: Door, pair: Pair) -> None:
    commitment = await one(door, pair, every="week")
    await answered(door, pair, commitment, "partly", "Mornings are best")
    listed = shown((await door.command(pair.coach, "commitments")).view)
    assert "Last time: Partly" in listed
    assert "Mornings are best" in listed
    assert readings(door.database) == [(pair.coach.id, "commitment", commitment)]


async def test_ending_the_engagement_ends_it(door: Door, pair: Pair) -> None:
    await one(door, pair)
    with door.database.transaction() as db:
        engagements.end(db, pair.coach, pair.engagement_id, None, door.clock.now())
    await door.at(new_york(30, 12))
    assert outcomes(door) == {}


async def test_late_by_weeks_each_is_noted_once(door: Door, pair: Pair) -> None:
    make(door, pair, Every.WEEK)
    await door.at(new_york(28, 12, month=12))
    assert len(outcomes(door)) == 4
    await door.settle()
    with door.database.transaction() as db:
        assert nudges.plan_batch(db, door.clock.now()) == 0
