import json
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import select

from bot.core.dates import When
from bot.core.directory import Profile
from bot.core.outbox.domain import Uncertain
from bot.core.outbox.store import OutboxRow
from bot.core.slack.requests import Answer, Placement
from bot.features.commitments import service as commitments
from bot.features.commitments.domain import Draft, Outcome
from bot.features.engagements import service as engagements
from bot.features.engagements.access import AccessRow
from bot.features.people import service as people
from bot.features.people.domain import Wishes
from bot.features.people.service import People
from bot.features.prep.domain import ANSWER_LIMIT
from bot.features.prep.store import PrepAnswerRow
from bot.features.sessions import planning
from bot.features.sessions.domain import Reach, Recurrence, Session, Slot
from tests.features.sessions.door import Door, Pair, a_pair, fields, readings, shown

START = datetime(2026, 12, 1, 16, tzinfo=UTC)  # Tuesday, 4 PM in London and 11 AM in New York
DAY_BEFORE = START - timedelta(hours=24)
SECRET = "Zaphod will resign"


@pytest.fixture
def session(door: Door, pair: Pair) -> Session:
    return planned(door, pair)


def planned(door: Door, pair: Pair, at: datetime = START, how: Recurrence = Recurrence.ONCE) -> Session:
    slot = Slot(at.date(), at.time(), 60)
    with door.database.transaction() as db:
        return planning.plan(db, pair.coach, pair.engagement_id, slot, how, door.clock.now())


def move(door: Door, pair: Pair, session: Session, to: datetime) -> None:
    with door.database.transaction() as db:
        slot = Slot(to.date(), to.time(), 60)
        planning.move(db, pair.coach, session.id, slot, Reach.ONE, door.clock.now())


async def prepare(
    door: Door, pair: Pair, session: Session, *, share: bool = True, words: str = SECRET
) -> Answer:
    form = (await door.press(pair.client, "prep.open", session.id)).view
    chosen = ["share"] if share else []
    return await door.submit(pair.client, form, **{"goal.leave_with": words, "share": chosen})


# --- being asked ------------------------------------------------------------------------------------


async def test_both_sides_are_asked_a_day_before_and_only_once(
    door: Door, pair: Pair, session: Session
) -> None:
    await door.at(DAY_BEFORE - timedelta(minutes=1))
    assert door.messages(pair.client, "preparation") == []
    await door.at(DAY_BEFORE)
    await door.at(DAY_BEFORE + timedelta(hours=1))
    assert door.messages(pair.client, "Your session with") == [
        f"Your session with <@{pair.coach.identity.user_id}> is tomorrow at 11:00 AM. "
        "A few minutes of preparation make it yours."
    ]
    assert len(door.messages(pair.coach, "tomorrow at 16:00")) == 1
    assert door.buttons(pair.client) == ["prep.open", "prep.later", "prep.skip"]


async def test_the_message_holds_a_first_question_of_each_stage_for_each_side(
    door: Door, pair: Pair, session: Session
) -> None:
    await door.at(DAY_BEFORE - timedelta(minutes=1))  # what else is due has come
    await door.at(DAY_BEFORE)
    for person, question in (
        (pair.client, "*Goal – what do you want?*\\nWhat is this session about for you?"),
        (pair.coach, "*Goal – what do they want?*\\nWhat does your client want from working with you?"),
    ):
        mine = [each for each in door.slack.posted if each.to == person.identity][-1]
        said = str([block.to_dict() for block in mine.latest.blocks])
        assert question in said
        assert all(f"*{stage} – " in said for stage in ("Goal", "Reality", "Options", "Will"))


async def test_once_the_session_has_started_the_message_says_so(
    door: Door, pair: Pair, session: Session
) -> None:
    await door.at(DAY_BEFORE)
    await door.at(START)
    assert len(door.messages(pair.client, "has started, so there is nothing to prepare any more")) == 1


async def test_each_side_is_asked_when_they_wish(door: Door, pair: Pair, session: Session) -> None:
    with door.database.transaction() as db:
        wishes = Wishes(prep_lead_hours=4)
        people.set_schedule(db, pair.coach, wishes, pair.coach.rhythm, door.clock.now())
    await door.at(DAY_BEFORE)
    assert door.messages(pair.coach, "tomorrow") == []
    await door.at(START - timedelta(hours=4))
    assert len(door.messages(pair.coach, "today at 16:00")) == 1


async def test_a_session_planned_late_is_asked_about_at_once(door: Door, pair: Pair) -> None:
    door.clock.at = START - timedelta(hours=1)
    planned(door, pair)
    await door.settle()
    assert len(door.messages(pair.client, "preparation")) == 1


async def test_a_session_planned_too_late_is_not_asked_about(door: Door, pair: Pair) -> None:
    door.clock.at = START - timedelta(minutes=50)
    planned(door, pair)
    await door.settle()
    assert door.messages(pair.client, "preparation") == []


async def test_moving_the_session_moves_the_question(door: Door, pair: Pair, session: Session) -> None:
    move(door, pair, session, START + timedelta(days=1))
    await door.at(DAY_BEFORE)
    assert door.messages(pair.client, "preparation") == []
    await door.at(DAY_BEFORE + timedelta(days=1))
    assert len(door.messages(pair.client, "preparation")) == 1


async def test_a_message_already_sent_says_the_new_time_and_nobody_is_asked_twice(
    door: Door, pair: Pair, session: Session
) -> None:
    await door.at(DAY_BEFORE)
    move(door, pair, session, START + timedelta(days=2))
    await door.settle()
    await door.at(DAY_BEFORE + timedelta(days=2))
    (message,) = door.messages(pair.client, "preparation")
    assert "Thursday at 11:00 AM" in message or "tomorrow at 11:00 AM" in message


async def test_what_is_answered_already_says_the_new_time_too(
    door: Door, pair: Pair, session: Session
) -> None:
    await door.at(DAY_BEFORE)
    await prepare(door, pair, session)
    move(door, pair, session, START + timedelta(days=2))
    await door.settle()
    assert len(door.messages(pair.client, "You have prepared for your session with")) == 1
    assert "Thu, Dec 3 at 11:00 AM" in door.messages(pair.client, "You have prepared")[0]


async def test_what_was_held_back_follows_the_session(door: Door, pair: Pair, session: Session) -> None:
    with door.database.transaction() as db:
        people.pause(db, pair.client, None, door.clock.now())
    await door.at(DAY_BEFORE)
    move(door, pair, session, START + timedelta(days=2))
    with door.database.transaction() as db:
        people.resume(db, pair.client, door.clock.now())
    await door.settle()
    assert door.messages(pair.client, "preparation") == []
    await door.at(DAY_BEFORE + timedelta(days=2))
    assert len(door.messages(pair.client, "preparation")) == 1


async def test_cancelling_closes_what_was_sent_and_drops_what_was_not(
    door: Door, pair: Pair, session: Session
) -> None:
    await door.at(DAY_BEFORE)
    other = planned(door, pair, START + timedelta(days=7))
    with door.database.transaction() as db:
        for each in (session, other):
            planning.cancel(db, pair.coach, each.id, Reach.ONE, door.clock.now())
    await door.at(DAY_BEFORE + timedelta(days=7))
    assert len(door.messages(pair.client, "nothing to prepare any more")) == 1
    assert door.messages(pair.client, "preparation") == []


async def test_the_end_of_the_engagement_stops_the_questions(
    door: Door, pair: Pair, session: Session
) -> None:
    with door.database.transaction() as db:
        engagements.end(db, pair.coach, pair.engagement_id, None, door.clock.now())
    await door.at(DAY_BEFORE)
    assert door.messages(pair.client, "Your session") == []
    assert "/grow start" in ((await door.command(pair.client, "prep")).notice or "")


async def test_a_new_zone_moves_the_question(door: Door, pair: Pair) -> None:
    planned(door, pair, datetime(2026, 12, 1, 23, tzinfo=UTC))  # 6 PM in New York, night in London
    with door.database.transaction() as db:
        moved = Profile(pair.client.identity, "Ben", "Europe/London", "en-US", False, False, False)
        people.learn(db, moved, door.clock.now())
    await door.at(datetime(2026, 11, 30, 18, tzinfo=UTC))
    assert len(door.messages(pair.client, "preparation")) == 1


# --- the message's buttons --------------------------------------------------------------------------


async def test_later_asks_again_then_and_says_so(door: Door, pair: Pair, session: Session) -> None:
    await door.at(DAY_BEFORE)
    await door.press(pair.client, "prep.later", f"hour:{session.id}")
    await door.settle()
    assert len(door.messages(pair.client, "ask again Mon, Nov 30 at 12:00 PM")) == 1
    await door.at(DAY_BEFORE + timedelta(hours=1))
    assert len(door.messages(pair.client, "preparation")) == 1
    await door.press(pair.client, "prep.later", f"tomorrow:{session.id}")
    await door.at(START - timedelta(hours=3))
    assert len(door.messages(pair.client, "preparation")) == 1
    assert len(door.messages(pair.client, "ask again")) == 2


async def test_later_beneath_a_message_that_nothing_was_heard_of_asks_again_and_says_so(
    door: Door, pair: Pair, session: Session
) -> None:
    """Whoever presses it has it: another one follows at that time, and this one says so once it is found."""
    await door.settle()  # that there is a session: so the way into their direct messages is known
    door.slack.outcomes, door.slack.accepts_silently = [Uncertain("503")] * 2, True
    await door.at(DAY_BEFORE)
    await door.press(pair.client, "prep.later", f"hour:{session.id}")
    await door.at(DAY_BEFORE + timedelta(minutes=1))
    await door._courier.reconcile()
    await door.settle()
    assert len(door.messages(pair.client, "ask again Mon, Nov 30 at 12:00 PM")) == 1
    await door.at(DAY_BEFORE + timedelta(hours=2))
    assert len(door.messages(pair.client, "preparation")) == 1


async def test_what_was_put_off_comes_when_a_pause_ends_early_though_the_session_was_moved_in_it(
    door: Door, pair: Pair, session: Session
) -> None:
    await door.at(DAY_BEFORE)
    await door.press(pair.client, "prep.later", f"hour:{session.id}")
    with door.database.transaction() as db:
        people.pause(db, pair.client, When(date(2026, 12, 4)), door.clock.now())
    await door.at(DAY_BEFORE + timedelta(hours=1))
    move(door, pair, session, START + timedelta(days=2))
    await door.settle()
    with door.database.transaction() as db:
        people.resume(db, People().get(db, pair.client.id), door.clock.now())
    await door.at(DAY_BEFORE + timedelta(hours=2))
    assert len(door.messages(pair.client, "preparation")) == 1


async def test_what_no_time_is_left_for_says_what_held_it_back(door: Door, pair: Pair) -> None:
    session = planned(door, pair, datetime(2026, 12, 7, 19, tzinfo=UTC))  # a Monday, 2 PM in New York
    with door.database.transaction() as db:
        people.pause(db, pair.client, When(date(2026, 12, 8)), door.clock.now())
    await door.at(datetime(2026, 12, 4, 23, tzinfo=UTC))
    door.clock.move(hours=1)
    move(door, pair, session, datetime(2026, 12, 6, 15, tzinfo=UTC))
    await door.settle()
    await door.at(datetime(2026, 12, 7, 19, tzinfo=UTC))
    with door.database.transaction() as db:
        (row,) = db.query(OutboxRow).filter_by(person_id=pair.client.id, template="prep.ask")
        assert (row.state, row.reason) == ("stale", "paused")


async def test_later_after_the_session_is_refused(door: Door, pair: Pair, session: Session) -> None:
    await door.at(DAY_BEFORE)
    answer = await door.press(pair.client, "prep.later", f"week:{session.id}")
    assert "too late" in (answer.notice or "")
    assert "`/grow prep` opens it right now" in (answer.notice or "")


async def test_skipping_closes_the_message_and_leaves_the_door_open(
    door: Door, pair: Pair, session: Session
) -> None:
    await door.at(DAY_BEFORE)
    await door.press(pair.client, "prep.skip", session.id)
    await door.settle()
    assert len(door.messages(pair.client, "You skipped preparing")) == 1
    assert "dealt with" in ((await door.press(pair.client, "prep.skip", session.id)).notice or "")
    assert (await door.command(pair.client, "prep")).view


async def test_a_stranger_finds_nothing(door: Door, pair: Pair, session: Session) -> None:
    stranger = a_pair(door.database, door.clock.now()).client
    for action, value in (
        ("prep.open", session.id),
        ("prep.skip", session.id),
        ("prep.later", f"hour:{session.id}"),
    ):
        assert "isn't there" in ((await door.press(stranger, action, value)).notice or "")


# --- the form ---------------------------------------------------------------------------------------


async def test_what_was_typed_is_there_again_until_it_is_changed(
    door: Door, pair: Pair, session: Session
) -> None:
    answer = await prepare(door, pair, session)
    assert "can read it" in (answer.notice or "")
    form = (await door.command(pair.client, "prep")).view
    assert fields(form)["goal.leave_with"]["initial_value"] == SECRET
    await door.submit(pair.client, form, **{"goal.leave_with": "", "reality.tried": "Listening"})
    again = (await door.command(pair.client, "prep")).view
    assert "initial_value" not in fields(again)["goal.leave_with"]
    assert fields(again)["reality.tried"]["initial_value"] == "Listening"


async def test_the_words_are_not_in_the_database_in_the_clear(
    door: Door, pair: Pair, session: Session
) -> None:
    await prepare(door, pair, session)
    with door.database.transaction() as db:
        (row,) = db.scalars(select(PrepAnswerRow))
    assert row.question_key == "goal.leave_with"
    assert SECRET.encode() not in row.words
    assert b"leave with" not in row.question


async def test_who_prepared_is_not_asked_any_more(door: Door, pair: Pair, session: Session) -> None:
    await prepare(door, pair, session)
    await door.at(DAY_BEFORE)
    assert door.messages(pair.client, "preparation") == []


async def test_answering_closes_the_message(door: Door, pair: Pair, session: Session) -> None:
    await door.at(DAY_BEFORE)
    await prepare(door, pair, session)
    await door.settle()
    assert len(door.messages(pair.client, "You have prepared")) == 1
    assert SECRET not in str([each.latest for each in door.slack.posted])


async def test_the_coachs_message_says_whether_the_client_shares(
    door: Door, pair: Pair, session: Session
) -> None:
    await door.at(DAY_BEFORE)
    coachs = [each for each in door.slack.posted if each.to == pair.coach.identity][-1]

    def says() -> str:
        return str([block.to_dict() for block in coachs.latest.blocks])

    assert "shared no preparation so far" in says()
    await prepare(door, pair, session)
    await door.settle()
    assert "shares their preparation with you" in says()
    await prepare(door, pair, session, share=False)
    await door.settle()
    assert "shared no preparation so far" in says()


async def test_the_coach_sees_what_is_shared_and_that_is_on_record(
    door: Door, pair: Pair, session: Session
) -> None:
    await prepare(door, pair, session)
    form = (await door.press(pair.coach, "prep.open", session.id)).view
    assert SECRET in shown(form)
    assert "private" in shown(form)
    assert "share" not in fields(form)
    assert [(reader, kind) for reader, kind, _id in readings(door.database)] == [(pair.coach.id, "prep")]


async def test_what_is_not_shared_or_taken_back_the_coach_does_not_see(
    door: Door, pair: Pair, session: Session
) -> None:
    for share in (False, True, False):
        await prepare(door, pair, session, share=share)
        form = (await door.press(pair.coach, "prep.open", session.id)).view
        assert (SECRET in shown(form)) == share


async def test_the_coachs_own_answers_stay_private(door: Door, pair: Pair, session: Session) -> None:
    form = (await door.press(pair.coach, "prep.open", session.id)).view
    await door.submit(pair.coach, form, **{"reality.curious": SECRET})
    assert SECRET not in shown((await door.press(pair.client, "prep.open", session.id)).view)
    assert SECRET in shown((await door.press(pair.coach, "prep.open", session.id)).view)


async def test_once_the_session_has_started_answers_only_can_be_read_and_unshared(
    door: Door, pair: Pair, session: Session
) -> None:
    form = (await door.press(pair.client, "prep.open", session.id)).view
    await prepare(door, pair, session)
    door.clock.at = START + timedelta(minutes=30)
    late = await door.submit(pair.client, form, **{"goal.leave_with": "Too late"})
    assert "can't change" in str(late.fields)
    reading = (await door.press(pair.client, "prep.open", session.id)).view
    assert SECRET in shown(reading)
    assert set(fields(reading)) == {"share"}
    assert SECRET in shown((await door.press(pair.coach, "prep.open", session.id)).view)
    await door.submit(pair.client, reading, share=[])
    assert "can't change" in ((await door.press(pair.coach, "prep.open", session.id)).notice or "")


async def test_what_was_typed_while_the_session_started_is_kept_for_its_author(
    door: Door, pair: Pair, session: Session
) -> None:
    await door.at(DAY_BEFORE)
    form = (await door.press(pair.client, "prep.open", session.id)).view
    await door.at(START + timedelta(minutes=29))
    kept = (await door.submit(pair.client, form, **{"goal.leave_with": SECRET, "share": ["share"]})).view
    assert "has started meanwhile" in shown(kept)
    assert "only you see it" in shown(kept)
    assert SECRET in shown(kept)
    assert "can't change" in ((await door.press(pair.coach, "prep.open", session.id)).notice or "")
    again = (await door.command(pair.client, "prep")).view
    assert SECRET in shown(again)
    assert set(fields(again)) == {"share"}
    await door.settle()
    assert len(door.messages(pair.client, "You have prepared for your session")) == 1


async def test_what_was_typed_while_the_session_was_cancelled_is_kept_for_its_author(
    door: Door, pair: Pair, session: Session
) -> None:
    planned(door, pair, START + timedelta(days=7))
    form = (await door.press(pair.client, "prep.open", session.id)).view
    with door.database.transaction() as db:
        planning.cancel(db, pair.coach, session.id, Reach.ONE, door.clock.now())
    kept = (await door.submit(pair.client, form, **{"goal.leave_with": SECRET, "share": ["share"]})).view
    assert "was cancelled meanwhile" in shown(kept)
    listed = (await door.command(pair.client, "prep")).view
    assert "(cancelled)" in shown(listed)
    assert SECRET in shown((await door.press(pair.client, "prep.open", session.id, view=listed)).view)
    assert "can't change" in ((await door.press(pair.coach, "prep.open", session.id)).notice or "")
    assert "(cancelled)" not in shown((await door.command(pair.coach, "prep")).view)


async def test_an_empty_form_that_comes_too_late_takes_nothing_away(
    door: Door, pair: Pair, session: Session
) -> None:
    await prepare(door, pair, session)
    form = (await door.press(pair.client, "prep.open", session.id)).view
    door.clock.at = START
    late = await door.submit(pair.client, form, **{"goal.leave_with": ""})
    assert "can't change" in str(late.fields)
    assert SECRET in shown((await door.press(pair.client, "prep.open", session.id)).view)


async def test_reality_starts_with_what_was_committed_to_last_time(
    door: Door, pair: Pair, session: Session
) -> None:
    draft = Draft(
        "Ask Trillian first", date(2026, 12, 1), time(9), "When the stand-up ends", None, 8, is_shared=True
    )
    with door.database.transaction() as db:
        commitments.make(db, pair.client, pair.engagement_id, draft, door.clock.now())
    for person in (pair.client, pair.coach):
        text = shown((await door.press(person, "prep.open", session.id)).view)
        assert "Ask Trillian first" in text
        assert "When the stand-up ends" in text
        assert "committed to:" in text
        assert "committed to this last time" not in text


async def test_reality_shows_why_and_what_became_of_what_was_committed_to_last_time(
    door: Door, pair: Pair, session: Session
) -> None:
    second = planned(door, pair, START + timedelta(days=7))
    door.clock.at = START + timedelta(hours=1)
    draft = Draft(
        "Ask Trillian first",
        date(2026, 12, 4),
        None,
        "When the stand-up ends",
        "Marvin sulks",
        8,
        is_shared=True,
    )
    hidden = replace(draft, what="Tell nobody yet", is_shared=False)
    with door.database.transaction() as db:
        for each in (draft, hidden):
            made = commitments.make(
                db, pair.client, pair.engagement_id, each, door.clock.now(), session_id=session.id
            )
            commitments.answer(db, pair.client, made.id, Outcome.PARTLY, None, door.clock.now())
    for person, sees_hidden in ((pair.client, True), (pair.coach, False)):
        text = shown((await door.press(person, "prep.open", second.id)).view)
        assert text.index("Reality –") < text.index("Ask Trillian first – Partly") < text.index("Options –")
        assert "When the stand-up ends" in text
        assert "In the way: Marvin sulks" in text
        assert ("Tell nobody yet" in text) == sees_hidden
    with door.database.transaction() as db:
        read = [each.kind for each in db.scalars(select(AccessRow)) if each.reader_id == pair.coach.id]
    assert read.count("commitment") == 1


async def test_each_side_finds_their_own_notes_beside_the_questions(
    door: Door, pair: Pair, session: Session
) -> None:
    second = planned(door, pair, START + timedelta(days=7))
    door.clock.at = START + timedelta(hours=1)
    form = (await door.press(pair.coach, "wrapups.open", session.id)).view
    await door.submit(pair.coach, form, note="He looked tired")
    for number in range(4):
        form = (await door.command(pair.coach, "note")).view
        await door.submit(pair.coach, form, words=f"Thought {number}.")
        door.clock.move(seconds=1)
    coachs = shown((await door.press(pair.coach, "prep.open", second.id)).view)
    for words in ("He looked tired", "Thought 1.", "Thought 2.", "Thought 3."):
        assert words in coachs
    assert "Thought 0." not in coachs, "the latest three"
    clients = shown((await door.press(pair.client, "prep.open", second.id)).view)
    assert "Thought" not in clients
    assert "tired" not in clients


async def test_with_several_engagements_one_chooses_the_session(
    door: Door, pair: Pair, session: Session
) -> None:
    other = a_pair(door.database, door.clock.now(), coach=pair.coach)
    planned(door, other, START + timedelta(hours=3))
    listed = (await door.command(pair.coach, "prep")).view
    assert shown(listed).count("prep.open:") == 2


async def test_four_sessions_of_one_day_are_one_message_with_a_button_for_each(
    door: Door, pair: Pair, session: Session
) -> None:
    others = [a_pair(door.database, door.clock.now(), coach=pair.coach) for _each in range(3)]
    ids = [session.id]
    ids += [planned(door, each, START - timedelta(hours=hours)).id for hours, each in enumerate(others, 1)]
    await door.at(DAY_BEFORE - timedelta(hours=4))
    before = len(door.slack.posted)
    for hours in range(4, -1, -1):
        await door.at(DAY_BEFORE - timedelta(hours=hours))
    (asked,) = [each for each in door.slack.posted[before:] if each.to == pair.coach.identity]
    assert all(f"{hour}:00" in asked.latest.text for hour in (13, 14, 15, 16))
    assert door.buttons(pair.coach).count("prep.open") == 4
    assert all(each in str([block.to_dict() for block in asked.latest.blocks]) for each in ids)
    assert all(len(door.messages(each.client, "Your session with")) == 1 for each in (pair, *others))


async def test_how_sure_one_is_is_a_number(door: Door, pair: Pair, session: Session) -> None:
    form = (await door.press(pair.client, "prep.open", session.id)).view
    assert fields(form)["will.confidence"]["type"] == "number_input"
    for wrong in ("eleven", "11", "0", "7.5"):
        answer = await door.submit(pair.client, form, **{"will.confidence": wrong})
        assert "from 1 to 10" in answer.fields["will.confidence"]
    assert (await door.submit(pair.client, form, **{"will.confidence": "10"})).notice
    again = (await door.press(pair.client, "prep.open", session.id)).view
    assert fields(again)["will.confidence"]["initial_value"] == "10"


async def test_at_the_first_session_nobody_asks_about_the_last(
    door: Door, pair: Pair, session: Session
) -> None:
    await door.at(DAY_BEFORE - timedelta(minutes=1))
    await door.at(DAY_BEFORE)
    mine = [each for each in door.slack.posted if each.to == pair.coach.identity][-1]
    assert "What did you notice last time?" not in str([each.to_dict() for each in mine.latest.blocks])
    assert "reality.noticed" not in fields((await door.press(pair.coach, "prep.open", session.id)).view)
    second = planned(door, pair, START + timedelta(days=7))
    assert "reality.noticed" in fields((await door.press(pair.coach, "prep.open", second.id)).view)


async def test_the_purpose_of_the_agreement_stands_above_the_goal(
    door: Door, pair: Pair, session: Session
) -> None:
    for person in (pair.client, pair.coach):
        text = shown((await door.press(person, "prep.open", session.id)).view)
        assert text.index("Goal – ") < text.index("less firefighting") < text.index("goal.")


# --- afterwards -------------------------------------------------------------------------------------


async def test_for_two_weeks_a_preparation_can_be_read(door: Door, pair: Pair, session: Session) -> None:
    await prepare(door, pair, session)
    door.clock.at = START + timedelta(days=1)
    assert "nothing to prepare" not in str((await door.command(pair.coach, "prep")).notice)
    for person in (pair.client, pair.coach):
        listed = (await door.command(person, "prep")).view
        answer = await door.press(person, "prep.open", session.id, view=listed)
        assert SECRET in shown(answer.view)
        assert "goal.leave_with" not in fields(answer.view)
    door.clock.at = START + timedelta(days=15)
    assert "/grow session" in ((await door.command(pair.client, "prep")).notice or "")


async def test_the_next_form_leads_to_the_earlier_ones(door: Door, pair: Pair, session: Session) -> None:
    await prepare(door, pair, session)
    planned(door, pair, START + timedelta(days=7))
    door.clock.at = START + timedelta(days=1)
    form = (await door.command(pair.client, "prep")).view
    assert "prep.earlier" in shown(form)
    listed = (await door.press(pair.client, "prep.earlier", view=form)).view
    answer = await door.press(pair.client, "prep.open", session.id, view=listed)
    assert SECRET in shown(answer.view)
    assert answer.placement is Placement.REPLACE
    stranger = a_pair(door.database, door.clock.now()).client
    assert session.id not in shown((await door.press(stranger, "prep.earlier")).view)


async def test_what_is_not_shared_is_not_among_the_coachs_earlier_ones(
    door: Door, pair: Pair, session: Session
) -> None:
    await prepare(door, pair, session, share=False)
    door.clock.at = START + timedelta(days=1)
    assert "/grow session" in ((await door.command(pair.coach, "prep")).notice or "")


async def test_without_a_session_there_is_nothing_to_prepare(door: Door, pair: Pair) -> None:
    assert "/grow session" in ((await door.command(pair.client, "prep")).notice or "")


@pytest.mark.parametrize("letter", ["a", "я", "😀"])
async def test_the_longest_answers_still_fit_into_a_view(
    door: Door, pair: Pair, session: Session, letter: str
) -> None:
    for person in (pair.client, pair.coach):
        form = (await door.press(person, "prep.open", session.id)).view
        texts = [name for name, element in fields(form).items() if element["type"] == "plain_text_input"]
        longest = dict.fromkeys(texts, letter * ANSWER_LIMIT)
        await door.submit(person, form, **longest)
    for person in (pair.client, pair.coach):
        view = (await door.press(person, "prep.open", session.id)).view
        assert view is not None
        assert len(json.dumps(view.to_dict())) < 250_000
        assert len(view.to_dict()["blocks"]) <= 100
