"""What recurs, and what is carried over, in the weekly check-in."""

from datetime import UTC, date, datetime, timedelta

from slack_sdk.models.views import View

from bot.core.database import Database
from bot.features.checkins.domain import days_asked
from bot.features.commitments import service
from bot.features.commitments.domain import Commitment, Draft, Outcome
from bot.features.commitments.occurrence_store import OccurrenceRow
from bot.features.commitments.recurring import Every
from bot.features.commitments.store import CommitmentRow
from tests.features.checkins.test_handlers import (
    FIRST,
    SECOND,
    check_in,
    field,
    field_of,
    form,
    initial,
    named,
)
from tests.features.checkins.test_handlers import make as make_once
from tests.features.sessions.door import Door, Pair, fields, shown

# Wednesday, 25 November; Ben's check-in is on Friday at 15:00 in New York.
WEDNESDAY = date(2026, 11, 25)
MONDAY = datetime(2026, 11, 30, 15, tzinfo=UTC)


def make(door: Door, pair: Pair, every: Every = Every.WORKING_DAY, *, shared: bool = True) -> Commitment:
    draft = Draft("Plan the day", WEDNESDAY, None, None, None, None, shared, every=every)
    with door.database.transaction() as db:
        return service.make(db, pair.client, pair.engagement_id, draft, door.clock.now())


def outcomes(database: Database) -> dict[str, str | None]:
    with database.transaction() as db:
        rows = db.query(OccurrenceRow).order_by(OccurrenceRow.occurs_on)
        return {f"{row.occurs_on:%a %d}": row.outcome for row in rows}


def row(door: Door, commitment: Commitment) -> CommitmentRow:
    with door.database.transaction() as db:
        return db.get_one(CommitmentRow, commitment.id)


def hint(view: View | None, commitment: Commitment) -> str:
    assert view is not None
    (block,) = (each.to_dict() for each in view.blocks or [] if commitment.id in str(each.block_id))
    return str(block["hint"]["text"])


def test_a_check_in_looks_back_on_the_seven_days_up_to_its_own() -> None:
    today = date(2026, 12, 2)
    assert days_asked("2026-W48", 5, today) == (date(2026, 11, 21), date(2026, 11, 27))
    assert days_asked("2026-W49", 5, today) == (date(2026, 11, 28), today)


async def test_the_days_of_the_week_are_one_question_and_only_those_that_have_come(
    door: Door, pair: Pair
) -> None:
    commitment = make(door, pair)
    await door.at(FIRST)
    view = await form(door, pair)
    days = field(view, f"days-{commitment.id}")
    assert [each["value"] for each in days["options"]] == ["2026-11-25", "2026-11-26", "2026-11-27"]
    assert days["options"][-1]["text"]["text"] == "Today"
    assert hint(view, commitment) == "Tick the days on which you kept it; the rest needs no answer."
    assert field_of(commitment) not in {name.partition(":")[0] for name in fields(view)}


async def test_ticked_days_were_kept_and_the_rest_says_nothing(door: Door, pair: Pair) -> None:
    commitment = make(door, pair)
    await door.at(FIRST)
    days = {f"days-{commitment.id}": ["2026-11-25", "2026-11-27"]}
    await check_in(door, pair, **days)
    assert outcomes(door.database) == {"Wed 25": "kept", "Thu 26": None, "Fri 27": "kept"}
    assert row(door, commitment).due_on == date(2026, 11, 30)
    view = await form(door, pair)
    assert "so far 2 of 3" in hint(view, commitment)
    await check_in(door, pair, **{f"days-{commitment.id}": ["2026-11-26"]})
    assert outcomes(door.database) == {"Wed 25": None, "Thu 26": "kept", "Fri 27": None}


async def test_what_was_said_of_a_day_elsewhere_stays(door: Door, pair: Pair) -> None:
    commitment = make(door, pair)
    answer = (await door.press(pair.client, "commitments.answer", commitment.id)).view
    assert (await door.submit(pair.client, answer, outcome="partly", learned="Early is best")).notice
    await door.at(FIRST)
    assert "Wed, Nov 25 (Partly)" in str(field(await form(door, pair), f"days-{commitment.id}"))
    await check_in(door, pair)
    assert outcomes(door.database) == {"Wed 25": "partly", "Thu 26": None}


async def test_a_day_that_is_answered_elsewhere_while_the_form_is_open_stays_answered(
    door: Door, pair: Pair
) -> None:
    commitment = make(door, pair)
    await door.at(FIRST)
    view = await form(door, pair)
    door.clock.at += timedelta(minutes=1)
    answer = (await door.press(pair.client, "commitments.answer", commitment.id)).view
    assert (await door.submit(pair.client, answer, outcome="kept")).notice
    days = named(view, **{f"days-{commitment.id}": ["2026-11-26"]})
    assert (await door.submit(pair.client, view, **days)).notice
    assert outcomes(door.database) == {"Wed 25": None, "Thu 26": "kept", "Fri 27": "kept"}


async def test_ticking_a_day_of_what_was_let_go_of_does_not_begin_it_again(door: Door, pair: Pair) -> None:
    commitment = make(door, pair)
    await door.at(FIRST)
    answer = (await door.press(pair.client, "commitments.answer", commitment.id)).view
    assert (await door.submit(pair.client, answer, outcome="no_longer_right")).notice
    for ticked, friday in ((["2026-11-27"], "kept"), ([], None)):
        await check_in(door, pair, **{f"days-{commitment.id}": ticked})
        assert outcomes(door.database)["Fri 27"] == friday
        assert row(door, commitment).outcome == "no_longer_right"


async def test_a_weekly_one_is_asked_about_with_its_day_and_can_be_let_go(door: Door, pair: Pair) -> None:
    commitment = make(door, pair, Every.WEEK)
    await door.at(FIRST)
    name = f"day-{commitment.id}.2026-11-25"
    assert "It comes every week." in hint(await form(door, pair), commitment)
    await check_in(door, pair, **{name: "kept"})
    assert row(door, commitment).due_on == date(2026, 12, 2)
    await check_in(door, pair, **{name: "not_kept"})
    assert outcomes(door.database) == {"Wed 25": "not_kept"}
    await check_in(door, pair, **{name: "no_longer_right"})
    assert row(door, commitment).outcome == "no_longer_right"


async def test_letting_go_in_a_check_in_can_be_taken_back_in_it(door: Door, pair: Pair) -> None:
    commitment = make(door, pair, Every.WEEK)
    await door.at(FIRST)
    name = f"day-{commitment.id}.2026-11-25"
    await check_in(door, pair, **{name: "no_longer_right"})
    assert field(await form(door, pair), name)["initial_option"]["value"] == "no_longer_right"
    await check_in(door, pair, **{name: "kept"})
    kept = row(door, commitment)
    assert (kept.outcome, kept.due_on, outcomes(door.database)) == (
        None,
        date(2026, 12, 2),
        {"Wed 25": "kept"},
    )


async def test_the_coach_reads_how_many_were_kept_of_what_is_shared(door: Door, pair: Pair) -> None:
    shared, private = make(door, pair), make(door, pair, shared=False)
    await door.at(FIRST)
    days = ["2026-11-25", "2026-11-26"]
    await check_in(door, pair, **{f"days-{shared.id}": days, f"days-{private.id}": days})
    read = shown((await door.press(pair.coach, "checkins.read")).view)
    assert read.count("Kept 2 of 3 times: Plan the day") == 1


# --- carrying over ----------------------------------------------------------------------------------------------


async def test_what_stood_at_an_earlier_check_in_is_marked_with_its_day(door: Door, pair: Pair) -> None:
    commitment = make_once(door, pair)
    await door.at(FIRST)
    assert "Open since before" not in hint(await form(door, pair), commitment)
    await check_in(door, pair)
    newer = make_once(door, pair, "Rest")
    await door.at(SECOND)
    view = await form(door, pair)
    assert "Open since before your check-in of Fri, Nov 27" in hint(view, commitment)
    assert "Open since before" not in hint(view, newer)
    await check_in(door, pair)
    await door.at(SECOND + timedelta(weeks=1))
    assert "Open since before your check-in of Fri, Nov 27" in hint(await form(door, pair), commitment)


async def test_what_was_partly_done_stands_once_more_and_can_be_finished(door: Door, pair: Pair) -> None:
    commitment = make_once(door, pair)
    await door.at(FIRST)
    await check_in(door, pair, **{field_of(commitment): "partly"})
    await door.at(SECOND)
    view = await form(door, pair)
    assert initial(view, commitment) == "partly"
    assert "Open since before" in hint(view, commitment)
    await check_in(door, pair, **{field_of(commitment): "kept"})
    assert row(door, commitment).outcome == "kept"
    assert initial(await form(door, pair), commitment) == "kept"


async def test_what_is_left_partly_done_is_not_asked_about_a_third_time(door: Door, pair: Pair) -> None:
    commitment = make_once(door, pair)
    await door.at(FIRST)
    await check_in(door, pair, **{field_of(commitment): "partly"})
    await door.at(SECOND)
    await check_in(door, pair)
    assert initial(await form(door, pair), commitment) == "partly"
    await door.at(SECOND + timedelta(weeks=1))
    assert commitment.id not in shown(await form(door, pair))


async def test_what_was_answered_since_is_not_carried_over(door: Door, pair: Pair) -> None:
    commitment = make_once(door, pair)
    await door.at(FIRST)
    await check_in(door, pair, **{field_of(commitment): "partly"})
    await door.at(MONDAY)
    with door.database.transaction() as db:
        service.revise(db, pair.client, commitment.id, None, door.clock.now())
        service.answer(db, pair.client, commitment.id, Outcome.KEPT, None, door.clock.now())
    await door.at(SECOND)
    assert commitment.id not in shown(await form(door, pair))
