import itertools
from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest

from bot.core.database import Database
from bot.core.directory import Person
from bot.core.outbox.domain import State, Uncertain, Unreadable
from bot.core.outbox.store import OutboxRow
from bot.features.checkins.store import CheckinPlanRow
from bot.features.commitments import nudges, service
from bot.features.commitments.domain import Commitment, Draft, Outcome
from bot.features.commitments.store import CommitmentRow
from bot.features.engagements import service as engagements
from bot.features.people import service as people
from bot.features.people.domain import Intensity, Manner, Wishes
from tests.builders import a_profile, an_engagement
from tests.features.sessions.door import Door, Pair

FRIDAY = date(2026, 11, 27)


@pytest.fixture(autouse=True)
def no_check_in(database: Database, pair: Pair) -> None:
    """It would fold in the nudges of its day."""
    with database.transaction() as db:
        db.get_one(CheckinPlanRow, pair.engagement_id).next_checkin_at = None


def new_york(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour + 5, minute, tzinfo=UTC)


def make(
    door: Door, pair: Pair, on: date = FRIDAY, at: time | None = None, *, engagement_id: str = ""
) -> Commitment:
    draft = Draft("Call the CFO", on, at, None, None, None, True)
    with door.database.transaction() as db:
        client = people.People().get(db, pair.client.id)
        return service.make(db, client, engagement_id or pair.engagement_id, draft, door.clock.now())


def answer(door: Door, pair: Pair, commitment: Commitment) -> None:
    with door.database.transaction() as db:
        service.answer(db, pair.client, commitment.id, Outcome.KEPT, None, door.clock.now())


def wish(door: Door, person: Person, intensity: Intensity) -> None:
    with door.database.transaction() as db:
        people.set_schedule(db, person, Wishes(intensity=intensity), person.rhythm, door.clock.now())


def rows(database: Database) -> list[OutboxRow]:
    with database.transaction() as db:
        found = db.query(OutboxRow).filter(OutboxRow.template == nudges.NUDGE)
        return list(found.order_by(OutboxRow.due_at))


OPENINGS = (
    "Just so it doesn't slip by. ",
    "A quick look ahead. ",
    "How did it go? ",
    "Whenever you have a minute. ",
)


def nudged(door: Door, pair: Pair) -> list[str]:
    """Without the sentence with which some begin."""
    said = door.messages(pair.client, "from your work with")
    for opening in OPENINGS:
        said = [each.removeprefix(opening) for each in said]
    return said


async def test_two_in_a_row_do_not_begin_alike(door: Door, pair: Pair) -> None:
    for on in (date(2026, 12, 2), date(2026, 12, 4), date(2026, 12, 8)):
        make(door, pair, on)
    for day, hour in [(day, hour) for day in (1, 2, 3, 4, 7, 8) for hour in (15, 17)]:
        await door.at(new_york(day, hour, month=12))
        await door.command(pair.client, "help")
    mine = [each.message.text for each in door.slack.posted if each.to == pair.client.identity]
    starts = [text.partition("ommitment")[0] for text in mine if "from your work with" in text]
    assert len(starts) >= 4
    assert all(one != other for one, other in itertools.pairwise(starts))


async def test_one_before_and_one_when_due_in_the_persons_own_hours(door: Door, pair: Pair) -> None:
    make(door, pair)
    await door.at(new_york(26, 16, 59))
    assert nudged(door, pair) == []
    await door.at(new_york(26, 17))
    assert nudged(door, pair) == [f"A commitment from your work with {pair.coach.mention} is due tomorrow."]
    await door.at(new_york(27, 15))
    assert nudged(door, pair) == [f"A commitment from your work with {pair.coach.mention} is due today."]
    await door.at(new_york(4, 15, month=12))
    assert len(rows(door.database)) == 2


async def test_the_earlier_message_gives_way_to_the_newer_one(door: Door, pair: Pair) -> None:
    make(door, pair)
    await door.at(new_york(26, 17))
    await door.at(new_york(27, 15))
    assert door.messages(pair.client, "newer reminder") == [
        "A commitment due Fri, Nov 27: the newer reminder below is about it. `/grow commitments` shows it too."
    ]


async def test_light_brings_none_and_active_one_more(door: Door, pair: Pair) -> None:
    wish(door, pair.client, Intensity.LIGHT)
    make(door, pair)
    await door.at(new_york(28, 12))
    assert rows(door.database) == []
    wish(door, pair.client, Intensity.ACTIVE)
    make(door, pair, date(2026, 12, 2))
    for day in (1, 2, 3, 4):
        await door.at(new_york(day, 17, month=12))
    assert len(rows(door.database)) == 3
    assert door.messages(pair.client, "was due")


async def test_what_is_due_close_together_is_one_message(door: Door, pair: Pair) -> None:
    with door.database.transaction() as db:
        other, _client = an_engagement(db, door.clock.now(), client=pair.client)
        db.get_one(CheckinPlanRow, other.engagement_id).next_checkin_at = None
    make(door, pair), make(door, pair, at=time(17)), make(door, pair, engagement_id=other.engagement_id)
    await door.at(new_york(27, 15))
    (row,) = [row for row in rows(door.database) if row.state == State.SENT]
    assert len(row.subject["commitments"].split(",")) == 3
    (message,) = nudged(door, pair)
    assert message.startswith("3 commitments from your work with")
    assert message.endswith("are due today.")
    assert other.actor.mention in message
    assert "commitments.list" in door.buttons(pair.client)
    assert "commitments.move" not in door.buttons(pair.client)


async def test_a_single_one_can_be_answered_or_moved_from_the_message(door: Door, pair: Pair) -> None:
    commitment = make(door, pair)
    await door.at(new_york(27, 15))
    assert door.buttons(pair.client)[:3] == ["commitments.answer", "commitments.kept", "commitments.move"]
    assert (await door.press(pair.client, "commitments.move", commitment.id)).view


async def test_a_nudge_whose_time_is_over_says_so(door: Door, pair: Pair) -> None:
    make(door, pair)
    await door.at(new_york(27, 15))
    await door.at(new_york(7, 15, month=12))
    assert nudged(door, pair) == []
    assert door.messages(pair.client, "not answered") == [
        "A commitment due Fri, Nov 27 was not answered; that's all right. `/grow commitments` shows it."
    ]


async def test_the_message_follows_what_is_answered_one_by_one(door: Door, pair: Pair) -> None:
    first, second = make(door, pair), make(door, pair)
    await door.at(new_york(27, 15))
    answer(door, pair, first)
    await door.settle()
    assert nudged(door, pair) == [f"A commitment from your work with {pair.coach.mention} is due today."]
    answer(door, pair, second)
    await door.settle()
    assert nudged(door, pair) == []
    assert door.messages(pair.client, "Answered") == [
        "Answered, thank you. Those were 2 commitments due by Fri, Nov 27; `/grow commitments` shows what is open."
    ]


async def test_moving_moves_the_nudges_even_within_the_day(door: Door, pair: Pair) -> None:
    commitment = make(door, pair, FRIDAY, time(10))
    await door.at(new_york(27, 10))
    with door.database.transaction() as db:
        service.move(db, pair.client, commitment.id, FRIDAY, time(14), door.clock.now())
    await door.settle()
    assert door.messages(pair.client, "Moved: a commitment, now due Fri, Nov 27.")
    await door.at(new_york(27, 14))
    assert nudged(door, pair) == [
        f"A commitment from your work with {pair.coach.mention} is due today at 2:00 PM."
    ]


async def test_an_answered_one_is_not_nudged_about(door: Door, pair: Pair) -> None:
    answer(door, pair, make(door, pair))
    await door.at(new_york(28, 12))
    assert rows(door.database) == []


async def test_ending_stops_all_nudges_at_once(door: Door, pair: Pair) -> None:
    make(door, pair)
    await door.at(new_york(26, 17))
    with door.database.transaction() as db:
        engagements.end(db, pair.coach, pair.engagement_id, None, door.clock.now())
        assert db.query(CommitmentRow.next_nudge_at).all() == [(None,)]
    await door.at(new_york(30, 12))
    assert nudged(door, pair) == []
    assert door.messages(pair.client, "This coaching has ended, and its reminders with it.")
    wish(door, pair.client, Intensity.ACTIVE)
    assert len(rows(door.database)) == 1


async def test_later_asks_again_and_says_when(door: Door, pair: Pair) -> None:
    make(door, pair)
    await door.at(new_york(27, 15))
    (row,) = [row for row in rows(door.database) if row.closed is None]
    assert (await door.press(pair.client, "commitments.later", f"hour:{row.id}")).notice is None
    await door.settle()
    assert door.messages(pair.client, "I'll remind you again today at 4:00 PM")
    assert "no longer open" in (
        (await door.press(pair.client, "commitments.later", f"hour:{row.id}")).notice or ""
    )
    await door.at(new_york(27, 16))
    assert nudged(door, pair) == [f"A commitment from your work with {pair.coach.mention} is due today."]


async def test_nobody_puts_off_somebody_elses_nudge(door: Door, pair: Pair) -> None:
    make(door, pair)
    await door.at(new_york(27, 15))
    row = rows(door.database)[-1]
    assert (await door.press(pair.coach, "commitments.later", f"hour:{row.id}")).notice
    assert len(rows(door.database)) == 2


async def test_dates_follow_the_person_to_another_zone(door: Door, pair: Pair) -> None:
    commitment = make(door, pair, at=time(10))
    with door.database.transaction() as db:
        profile = replace(a_profile("Ben", zone="Asia/Tokyo"), identity=pair.client.identity)
        people.learn(db, profile, door.clock.now())
        row = db.get_one(CommitmentRow, commitment.id)
        assert row.due_at == datetime(2026, 11, 27, 1, tzinfo=UTC)
        assert row.next_nudge_at == datetime(2026, 11, 26, 1, tzinfo=UTC)


async def test_a_change_of_wishes_repeats_no_nudge(door: Door, pair: Pair) -> None:
    make(door, pair)
    await door.at(new_york(26, 17))
    wish(door, pair.client, Intensity.ACTIVE)
    await door.settle()
    assert len(rows(door.database)) == 1
    await door.at(new_york(27, 15))
    assert len(rows(door.database)) == 2


async def test_planning_twice_plans_nothing_twice(door: Door, pair: Pair) -> None:
    make(door, pair)
    with door.database.transaction() as db:
        assert nudges.plan_batch(db, new_york(26, 17)) == 1
        assert nudges.plan_batch(db, new_york(26, 17)) == 0


async def test_what_was_missed_is_sent_if_it_is_still_of_use(door: Door, pair: Pair) -> None:
    make(door, pair)
    await door.at(new_york(30, 9))
    before, due = rows(door.database)
    assert (before.state, before.closed) == (State.CANCELLED, "newer")
    assert due.state == State.SENT
    assert nudged(door, pair) == [
        f"A commitment from your work with {pair.coach.mention} was due Fri, Nov 27."
    ]
    make(door, pair, date(2026, 12, 1))
    await door.at(new_york(14, 9, month=12))
    assert (rows(door.database)[-1].state, rows(door.database)[-1].reason) == (
        State.STALE,
        "came too late to be of use",
    )


async def test_a_nudge_that_may_have_arrived_is_not_sent_twice(door: Door, pair: Pair) -> None:
    make(door, pair)
    door.slack.outcomes = [Uncertain("timeout")]
    door.slack.lookups = [Unreadable("no scope", never=True)]
    await door.at(new_york(26, 17))
    door.clock.move(minutes=2)
    await door._courier.reconcile()
    assert rows(door.database)[0].state == State.PARKED


async def test_no_word_of_the_person_is_in_the_message(door: Door, pair: Pair) -> None:
    make(door, pair)
    await door.at(new_york(27, 15))
    for posted in door.slack.posted:
        assert "CFO" not in posted.latest.text + str([block.to_dict() for block in posted.latest.blocks])
    assert "CFO" not in str([row.subject for row in rows(door.database)])


# --- own words, where their reader is just changing their mind ----------------------------------------------


@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
async def test_a_choice_that_is_just_being_taken_back_is_not_waited_for_and_shows_no_words(
    door: Door, pair: Pair, database: Database
) -> None:
    with database.transaction() as db:
        people.set_manner(db, pair.client, Manner(shows_own_words=True))
    make(door, pair)
    with database.transaction() as db:
        people.set_manner(db, pair.client, Manner(shows_own_words=False))
        await door.at(new_york(27, 12))
        assert door.messages(pair.client)[-1].endswith("is due today.")
