import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.core.slack.requests import Answer, Placement
from bot.features.commitments import service as commitments
from bot.features.engagements import service as engagements
from bot.features.engagements.service import membership
from bot.features.sessions import planning, service
from bot.features.sessions.domain import Reach, Recurrence, Session, SessionState, Slot
from bot.features.wrapups.store import WrapupRow
from tests.features.sessions.door import Door, Pair, a_pair, fields, readings, shown

START = datetime(2026, 12, 1, 16, tzinfo=UTC)  # Tuesday, 4 PM in London and 11 AM in New York
END = START + timedelta(hours=1)
SECRET = "Zaphod will resign"


@pytest.fixture
def session(door: Door, pair: Pair) -> Session:
    return planned(door, pair)


def planned(door: Door, pair: Pair, at: datetime = START) -> Session:
    slot = Slot(at.date(), at.time(), 60)
    with door.database.transaction() as db:
        return planning.plan(db, pair.coach, pair.engagement_id, slot, Recurrence.ONCE, door.clock.now())


def state(door: Door, pair: Pair, session: Session) -> SessionState:
    with door.database.transaction() as db:
        return service.get(db, pair.coach, session.id).state


async def wrap_up(door: Door, pair: Pair, session: Session, **filled: object) -> Answer:
    """By the client."""
    form = (await door.press(pair.client, "wrapups.open", session.id)).view
    return await door.submit(pair.client, form, **filled)


# --- being asked ------------------------------------------------------------------------------------


async def test_both_are_asked_once_when_the_session_has_ended(
    door: Door, pair: Pair, session: Session
) -> None:
    await door.at(END - timedelta(minutes=1))
    assert door.messages(pair.client, "How did") == []
    for minutes in (0, 30):
        await door.at(END + timedelta(minutes=minutes))
        assert door.messages(pair.client, "How did") == [
            f"How did your session with <@{pair.coach.identity.user_id}> go?"
        ]
        assert len(door.messages(pair.coach, "How did")) == 1
    assert door.buttons(pair.client) == ["wrapups.open", "sessions.move", "wrapups.not_held", "wrapups.later"]


async def test_after_an_evening_session_the_question_waits_for_the_morning(door: Door, pair: Pair) -> None:
    planned(door, pair, datetime(2026, 12, 1, 17, 30, tzinfo=UTC))
    await door.at(datetime(2026, 12, 1, 18, 30, tzinfo=UTC))
    assert door.messages(pair.coach, "How did") == []
    assert len(door.messages(pair.client, "How did")) == 1
    await door.at(datetime(2026, 12, 2, 8, tzinfo=UTC))
    assert len(door.messages(pair.coach, "How did")) == 1


async def test_three_days_later_nobody_is_asked_any_more(door: Door, pair: Pair, session: Session) -> None:
    await door.at(END + timedelta(days=3))
    assert door.messages(pair.client, "How did") == []


async def test_later_asks_again(door: Door, pair: Pair, session: Session) -> None:
    await door.at(END)
    await door.press(pair.client, "wrapups.later", f"hour:{session.id}")
    await door.settle()
    assert len(door.messages(pair.client, "I'll ask again Tue, Dec 1 at 1:00 PM")) == 1
    await door.at(END + timedelta(hours=1))
    assert len(door.messages(pair.client, "How did")) == 1


@pytest.mark.parametrize("by", ["cancelling", "ending"])
async def test_nobody_is_asked_about_what_was_called_off(
    door: Door, pair: Pair, session: Session, by: str
) -> None:
    with door.database.transaction() as db:
        if by == "cancelling":
            planning.cancel(db, pair.coach, session.id, Reach.ONE, door.clock.now())
        else:
            engagements.end(db, pair.coach, pair.engagement_id, None, door.clock.now())
    await door.at(END)
    assert door.messages(pair.client, "How did") == []


async def test_later_that_comes_too_late_names_the_way_to_it(
    door: Door, pair: Pair, session: Session
) -> None:
    await door.at(END)
    answer = await door.press(pair.client, "wrapups.later", f"week:{session.id}")
    assert "`/grow wrapup` opens it right now" in (answer.notice or "")


async def test_after_some_days_the_question_loses_its_buttons_and_the_command_still_works(
    door: Door, pair: Pair, session: Session
) -> None:
    await door.at(END)
    await door.at(END + timedelta(days=3))
    (message,) = door.messages(pair.client, "a few days ago now")
    assert "Tue, Dec 1 at 11:00 AM" in message
    assert "/grow wrapup" in message
    assert (await door.command(pair.client, "wrapup")).view


async def test_who_is_not_sure_of_a_step_can_change_it_at_once(
    door: Door, pair: Pair, session: Session
) -> None:
    await door.at(END)
    said = (await wrap_up(door, pair, session, what="Call the CFO", by="Friday", confidence="4")).view
    assert "make it an 8" in shown(said)
    commitment = re.findall(r"'commitments.edit:(\w+)'", shown(said))[0]
    answer = await door.press(pair.client, "commitments.edit", commitment, said)
    assert answer.placement is Placement.REPLACE
    assert (await door.submit(pair.client, answer.view, what="Write to the CFO")).notice


async def test_what_one_prepared_to_do_stands_above_the_steps(
    door: Door, pair: Pair, session: Session
) -> None:
    form = (await door.press(pair.client, "prep.open", session.id)).view
    filled = {"will.steps": "Talk to Trillian", "goal.purpose": SECRET, "share": ["share"]}
    await door.submit(pair.client, form, **filled)
    door.clock.at = END
    text = shown((await door.press(pair.client, "wrapups.open", session.id)).view)
    assert text.index("You prepared this") < text.index("Talk to Trillian") < text.index("What will you do?'")
    assert SECRET not in text
    assert "Talk to Trillian" not in shown((await door.press(pair.coach, "wrapups.open", session.id)).view)


# --- the three answers ------------------------------------------------------------------------------


async def test_it_happened(door: Door, pair: Pair, session: Session) -> None:
    await door.at(END - timedelta(minutes=1))  # what else is due has come
    await door.at(END)
    answer = await wrap_up(door, pair, session, takeaway=SECRET)
    assert "took place" in shown(answer.view)
    await door.settle()
    assert state(door, pair, session) is SessionState.HELD
    assert len(door.messages(pair.client, "You have wrapped up")) == 1
    assert len(door.messages(pair.coach, "How did")) == 1
    assert door.buttons(pair.coach) == ["wrapups.open", "wrapups.later"]
    coachs = [each for each in door.slack.posted if each.to == pair.coach.identity][-1]
    theirs = str([each.to_dict() for each in coachs.latest.blocks])
    assert f"<@{pair.client.identity.user_id}> noted that it took place." in theirs
    assert "Wrap up" in theirs
    assert "It happened" not in theirs
    assert SECRET not in str([each.latest for each in door.slack.posted])


async def test_we_moved_it(door: Door, pair: Pair, session: Session) -> None:
    await door.at(END)
    form = (await door.press(pair.client, "sessions.move", session.id)).view
    await door.submit(pair.client, form, on="2026-12-03", at="11:00")
    await door.settle()
    assert len(door.messages(pair.client, "was moved. It is now Thu, Dec 3 at 11:00 AM")) == 1
    assert len(door.messages(pair.coach, "was moved. It is now Thu 3 Dec at 16:00")) == 1
    await door.at(END + timedelta(days=2))
    for person in (pair.client, pair.coach):
        assert len(door.messages(person, "How did")) == 1


async def test_it_did_not_take_place(door: Door, pair: Pair, session: Session) -> None:
    await door.at(END)
    answer = await door.press(pair.client, "wrapups.not_held", session.id)
    assert "Nobody is asked" in (answer.notice or "")
    await door.settle()
    assert state(door, pair, session) is SessionState.NOT_HELD
    for person in (pair.client, pair.coach):
        assert len(door.messages(person, "noted as not held")) == 1


async def test_a_slip_can_be_put_right(door: Door, pair: Pair, session: Session) -> None:
    door.clock.at = END
    await door.press(pair.client, "wrapups.not_held", session.id)
    form = (await door.command(pair.client, "wrapup")).view
    await door.submit(pair.client, form)
    assert state(door, pair, session) is SessionState.HELD


async def test_what_the_other_one_wrapped_up_cannot_be_denied(
    door: Door, pair: Pair, session: Session
) -> None:
    door.clock.at = END
    await wrap_up(door, pair, session)
    answer = await door.press(pair.coach, "wrapups.not_held", session.id)
    assert "it did take place" in (answer.notice or "")


async def test_before_the_session_and_for_strangers_there_is_nothing_to_wrap_up(
    door: Door, pair: Pair, session: Session
) -> None:
    assert "hasn't started" in ((await door.press(pair.client, "wrapups.open", session.id)).notice or "")
    door.clock.at = END
    stranger = a_pair(door.database, door.clock.now()).coach
    for action, value in (
        ("wrapups.open", session.id),
        ("wrapups.not_held", session.id),
        ("wrapups.later", f"hour:{session.id}"),
    ):
        assert "isn't there" in ((await door.press(stranger, action, value)).notice or "")


# --- the form ---------------------------------------------------------------------------------------


async def test_a_commitment_is_made_and_another_can_follow(door: Door, pair: Pair, session: Session) -> None:
    door.clock.at = END
    answer = await wrap_up(door, pair, session, what="Call the CFO", by="Friday", confidence="8")
    assert "Call the CFO" in shown(answer.view)
    assert "commitments.new" in shown(answer.view)
    with door.database.transaction() as db:
        found = membership(db, pair.client, pair.engagement_id)
        (made,) = commitments.of_session(db, found, session.id, door.clock.now())
    assert (made.what, made.due_on.isoformat(), made.confidence) == ("Call the CFO", "2026-12-04", 8)


@pytest.mark.parametrize("is_shared", [True, False])
async def test_the_summary_says_of_each_thing_who_sees_it(
    door: Door, pair: Pair, session: Session, is_shared: bool
) -> None:
    door.clock.at = END
    dana, chosen = f"<@{pair.coach.identity.user_id}>", ["share"] if is_shared else []
    said = shown(
        (
            await wrap_up(
                door,
                pair,
                session,
                takeaway=SECRET,
                takeaway_shared=chosen,
                note="Mice",
                what="Call the CFO",
                by="Friday",
                shared=["yes"] if is_shared else [],
            )
        ).view
    )
    assert (f"{dana} can read your takeaway." in said) == is_shared
    assert ("Your takeaway is only yours." in said) == (not is_shared)
    assert "Your note is only yours." in said
    assert (f"{dana} sees it too." in said) == is_shared
    assert ("Only you see it." in said) == (not is_shared)


async def test_the_summary_speaks_only_of_what_was_written(door: Door, pair: Pair, session: Session) -> None:
    door.clock.at = END
    said = shown((await wrap_up(door, pair, session)).view)
    assert "takeaway" not in said
    assert "note" not in said


async def test_a_wrap_up_can_be_opened_again_for_two_weeks(door: Door, pair: Pair, session: Session) -> None:
    planned(door, pair, START + timedelta(days=1))
    door.clock.at = END + timedelta(days=1)
    await wrap_up(door, pair, session, takeaway=SECRET, takeaway_shared=["share"])
    listed = (await door.command(pair.client, "wrapup")).view
    assert shown(listed).count("Change") == shown(listed).count("(done)") == 1
    form = (await door.press(pair.client, "wrapups.open", session.id, view=listed)).view
    await door.submit(pair.client, form, takeaway_shared=[])
    assert SECRET not in shown((await door.press(pair.coach, "wrapups.open", session.id)).view)
    door.clock.at = START + timedelta(days=14, minutes=1)
    assert fields((await door.command(pair.client, "wrapup")).view)["takeaway"]


async def test_a_date_that_cannot_be_read_saves_nothing(door: Door, pair: Pair, session: Session) -> None:
    door.clock.at = END
    answer = await wrap_up(door, pair, session, takeaway=SECRET, what="Call the CFO", by="when pigs fly")
    assert set(answer.fields) == {"by"}
    assert state(door, pair, session) is SessionState.PLANNED


async def test_coaches_make_commitments_too(door: Door, pair: Pair, session: Session) -> None:
    door.clock.at = END
    form = (await door.press(pair.coach, "wrapups.open", session.id)).view
    await door.submit(pair.coach, form, what="Send the article", by="tomorrow")
    text = shown((await door.press(pair.client, "wrapups.open", session.id)).view)
    assert "Send the article" not in text
    with door.database.transaction() as db:
        found = membership(db, pair.client, pair.engagement_id)
        assert len(commitments.of_session(db, found, session.id, door.clock.now())) == 1


async def test_a_takeaway_is_private_until_it_is_shared_and_again_when_taken_back(
    door: Door, pair: Pair, session: Session
) -> None:
    door.clock.at = END
    for chosen in ([], ["share"], []):
        await wrap_up(door, pair, session, takeaway=SECRET, takeaway_shared=chosen, note="Mice")
        theirs = shown((await door.press(pair.coach, "wrapups.open", session.id)).view)
        assert (SECRET in theirs) == bool(chosen)
        assert "Mice" not in theirs
    assert [kind for _reader, kind, _id in readings(door.database)] == ["wrapup"]


async def test_what_was_written_is_there_again_and_sealed(door: Door, pair: Pair, session: Session) -> None:
    door.clock.at = END
    await wrap_up(door, pair, session, takeaway=SECRET, note="Mice")
    form = (await door.press(pair.client, "wrapups.open", session.id)).view
    assert fields(form)["takeaway"]["initial_value"] == SECRET
    assert fields(form)["note"]["initial_value"] == "Mice"
    with door.database.transaction() as db:
        (row,) = db.scalars(select(WrapupRow).where(WrapupRow.person_id == pair.client.id))
    assert row.takeaway is not None
    assert SECRET.encode() not in row.takeaway


async def test_the_next_preparation_starts_with_the_last_takeaway(
    door: Door, pair: Pair, session: Session
) -> None:
    door.clock.at = END
    await wrap_up(door, pair, session, takeaway=SECRET, takeaway_shared=["share"])
    following = planned(door, pair, START + timedelta(days=7))
    for person in (pair.client, pair.coach):
        assert SECRET in shown((await door.press(person, "prep.open", following.id)).view)


async def test_past_sessions_without_a_wrap_up_are_listed(door: Door, pair: Pair, session: Session) -> None:
    planned(door, pair, START + timedelta(days=1))
    assert "no session of the last two weeks" in ((await door.command(pair.client, "wrapup")).notice or "")
    door.clock.at = END + timedelta(days=1)
    assert shown((await door.command(pair.client, "wrapup")).view).count("wrapups.open:") == 2
    assert shown((await door.command(pair.client, "session")).view).count("wrapups.open:") == 2
    listed = (await door.command(pair.client, "session")).view
    opened = await door.press(pair.client, "wrapups.open", session.id, view=listed)
    assert opened.placement is Placement.REPLACE
    await door.submit(pair.client, opened.view)
    assert f"wrapups.open:{session.id}" not in shown((await door.command(pair.client, "session")).view)
