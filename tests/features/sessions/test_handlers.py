from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from slack_sdk.models.views import View
from sqlalchemy import select

from bot.core.database import Database
from bot.core.dates import When
from bot.demo import Demo
from bot.features.engagements import service as engagements
from bot.features.engagements.domain import Cadence
from bot.features.people import service as people
from bot.features.people import store as people_store
from bot.features.sessions.domain import Session
from bot.features.sessions.store import SessionRow
from bot.sandbox import text_of
from tests.builders import TERMS, an_engagement
from tests.features.engagements.test_handlers import seats, signed
from tests.features.sessions.door import Door, Pair, a_pair, fields, shown, upcoming

TUESDAY = {"on": "2026-12-01", "at": "10:00"}


def ahead(database: Database, pair: Pair, now: datetime) -> list[Session]:
    with database.transaction() as db:
        return upcoming(db, pair.engagement_id, now)


async def planned(door: Door, pair: Pair, **more: str) -> Session:
    form = (await door.press(pair.coach, "sessions.plan")).view
    answer = await door.submit(pair.coach, form, **{**TUESDAY, "repeats": "once", **more})
    assert answer.notice
    assert "Planned" in answer.notice
    return ahead(door.database, pair, door.clock.now())[0]


async def test_the_phrase_behind_the_command_fills_the_form(door: Door, pair: Pair) -> None:
    form = (await door.command(pair.coach, "session next tue 3pm")).view
    assert fields(form)["on"]["initial_date"] == "2026-12-01"
    assert fields(form)["at"]["initial_time"] == "15:00"
    assert "Europe/London" in shown(form)


async def test_a_phrase_that_says_no_date_is_asked_back_and_not_repeated(door: Door, pair: Pair) -> None:
    form = (await door.command(pair.coach, "session whenever mercury rises")).view
    assert "couldn't read a date" in shown(form)
    assert "mercury" not in shown(form)


async def test_a_part_of_a_day_fills_in_the_day_and_asks_for_the_time(door: Door, pair: Pair) -> None:
    form = (await door.command(pair.coach, "session tomorrow morning")).view
    assert "In the morning, tomorrow: at what time?" in shown(form)
    assert fields(form)["on"]["initial_date"] == "2026-11-26"
    assert "initial_time" not in fields(form)["at"]


async def test_a_date_that_has_passed_is_answered_beside_its_field(door: Door, pair: Pair) -> None:
    form = (await door.command(pair.coach, "session")).view
    answer = await door.submit(pair.coach, form, on="2026-11-24", at="10:00")
    assert "passed" in answer.fields["on"]
    answer = await door.submit(pair.coach, form)
    assert set(answer.fields) == {"on", "at"}
    assert ahead(door.database, pair, door.clock.now()) == []


async def test_the_time_is_that_of_the_one_who_plans(door: Door, pair: Pair) -> None:
    form = (await door.command(pair.client, "session")).view
    await door.submit(pair.client, form, **TUESDAY)
    assert ahead(door.database, pair, door.clock.now())[0].starts_at == datetime(2026, 12, 1, 15, tzinfo=UTC)


async def test_the_other_one_is_told_once_and_in_their_own_time(door: Door, pair: Pair) -> None:
    await planned(door, pair, repeats="weekly")
    await door.settle()
    (message,) = door.messages(pair.client, "planned")
    assert f"<@{pair.coach.identity.user_id}>" in message
    assert "5:00 AM" in message
    assert "every week" in message
    assert door.messages(pair.coach, "planned") == []


async def test_several_changes_before_it_was_sent_make_one_message(door: Door, pair: Pair) -> None:
    session = await planned(door, pair)
    form = (await door.press(pair.coach, "sessions.move", session.id)).view
    await door.submit(pair.coach, form, at="16:00")
    await door.settle()
    (message,) = door.messages(pair.client, "session")
    assert "11:00 AM" in message


async def test_what_was_never_told_is_not_called_off(door: Door, pair: Pair) -> None:
    session = await planned(door, pair)
    form = (await door.press(pair.coach, "sessions.cancel", session.id)).view
    await door.submit(pair.coach, form)
    await door.settle()
    assert door.messages(pair.client, "session") == []


async def test_a_move_is_told_and_the_earlier_message_loses_its_buttons(door: Door, pair: Pair) -> None:
    session = await planned(door, pair)
    await door.settle()
    form = (await door.press(pair.client, "sessions.move", session.id)).view
    answer = await door.submit(pair.client, form, at="06:00")
    assert "Moved to Tuesday at 6:00" in (answer.notice or "")
    await door.settle()
    old = door.messages(pair.client, "session")[-1]
    assert old.endswith("was moved. `/grow session` shows when it is.")
    assert "has moved your session. It is now Tuesday at 11:00" in door.messages(pair.coach)[-1]


async def test_moving_back_and_forth_is_told_each_time_it_was_read(door: Door, pair: Pair) -> None:
    session = await planned(door, pair)
    await door.settle()
    for at in ("11:00", "10:00", "11:00"):
        form = (await door.press(pair.coach, "sessions.move", session.id)).view
        await door.submit(pair.coach, form, at=at)
        door.clock.move(minutes=1)
        await door.settle()
        door.clock.move(days=1)
    assert len(door.messages(pair.client, "session")) == 4


async def test_all_later_ones_are_called_off_with_one_message(door: Door, pair: Pair) -> None:
    session = await planned(door, pair, repeats="weekly")
    await door.settle()
    form = (await door.press(pair.coach, "sessions.cancel", session.id)).view
    await door.submit(pair.coach, form, reach="later")
    await door.settle()
    assert len(door.messages(pair.client, "has cancelled your sessions from")) == 1
    assert ahead(door.database, pair, door.clock.now()) == []


async def test_a_change_in_the_list_redraws_the_list(door: Door, pair: Pair) -> None:
    session = await planned(door, pair)
    listed = (await door.command(pair.coach, "session")).view
    assert "Tuesday at 10:00" in shown(listed)
    form = (await door.press(pair.coach, "sessions.move", session.id, view=listed)).view
    answer = await door.submit(pair.coach, form, below="VBELOW", at="12:00")
    assert answer.redraw
    assert answer.redraw[0] == "VBELOW"
    assert "Tuesday at 12:00" in shown(answer.redraw[1])


async def test_an_overlap_is_answered_beside_the_time(door: Door, pair: Pair) -> None:
    await planned(door, pair)
    form = (await door.press(pair.coach, "sessions.plan")).view
    answer = await door.submit(pair.coach, form, on="2026-12-01", at="10:30")
    assert "already have a session" in answer.fields["at"]


async def test_who_has_several_engagements_chooses_one(door: Door, pair: Pair) -> None:
    other = a_pair(door.database, door.clock.now(), coach=pair.coach)
    form = (await door.command(pair.coach, "session")).view
    await door.submit(pair.coach, form, **{**TUESDAY, "repeats": "once", "with": other.engagement_id})
    assert ahead(door.database, pair, door.clock.now()) == []
    assert len(ahead(door.database, other, door.clock.now())) == 1


async def test_old_buttons_and_foreign_ids_get_a_sentence(door: Door, pair: Pair) -> None:
    session, stranger = await planned(door, pair), a_pair(door.database, door.clock.now()).coach
    for action in ("sessions.move", "sessions.cancel"):
        assert "isn't there" in ((await door.press(stranger, action, session.id)).notice or "")
        assert "isn't there" in ((await door.press(pair.coach, action, "garbage")).notice or "")
    form = (await door.press(pair.coach, "sessions.cancel", session.id)).view
    await door.submit(pair.coach, form)
    assert "can't be changed" in ((await door.press(pair.coach, "sessions.move", session.id)).notice or "")


async def test_without_an_engagement_the_way_to_one_is_shown(door: Door, pair: Pair) -> None:
    with door.database.transaction() as db:
        engagements.end(db, pair.coach, pair.engagement_id, None, door.clock.now())
    assert "/grow start" in ((await door.command(pair.coach, "session")).notice or "")
    assert "/grow start" in ((await door.press(pair.coach, "sessions.plan", pair.engagement_id)).notice or "")


async def test_news_of_a_session_before_the_morning_comes_at_night_and_loses_its_buttons_then(
    door: Door, pair: Pair
) -> None:
    door.clock.at = datetime(2026, 12, 1, 4, tzinfo=UTC)  # night in New York
    await planned(door, pair, at="05:30")
    await door.settle()
    assert len(door.messages(pair.client, "has planned a session with you")) == 1
    await door.at(datetime(2026, 12, 1, 14, tzinfo=UTC))
    dana = f"<@{pair.coach.identity.user_id}>"
    assert door.messages(pair.client, "session")[0] == (
        f"Your session with {dana} was planned for Tue, Dec 1 at 12:30 AM."
    )


async def test_an_old_message_about_a_series_says_where_its_sessions_are(door: Door, pair: Pair) -> None:
    await planned(door, pair, repeats="weekly")
    await door.settle()
    await door.at(datetime(2026, 12, 1, 10, tzinfo=UTC))
    (message,) = door.messages(pair.client, "This was about your sessions")
    assert "/grow session" in message


async def test_a_move_to_where_it_is_already_moves_nothing_and_is_not_told(door: Door, pair: Pair) -> None:
    session = await planned(door, pair, repeats="weekly")
    await door.settle()
    form = (await door.press(pair.coach, "sessions.move", session.id)).view
    for reach in ("one", "later"):
        answer = await door.submit(pair.coach, form, reach=reach)
        assert answer.fields == {"at": "That's when it is already."}
    await door.settle()
    assert len(door.messages(pair.client, "session")) == 1
    assert (await door.submit(pair.coach, form, minutes="45")).notice


async def test_the_notice_says_when_it_is_for_the_other_one_in_another_zone(door: Door, pair: Pair) -> None:
    ben, dana = f"<@{pair.client.identity.user_id}>", f"<@{pair.coach.identity.user_id}>"
    form = (await door.press(pair.coach, "sessions.plan")).view
    notice = (await door.submit(pair.coach, form, **TUESDAY, repeats="once")).notice or ""
    assert f"Planned: Tuesday at 10:00 (05:00 for {ben}) with {ben}." in notice
    session = ahead(door.database, pair, door.clock.now())[0]
    form = (await door.press(pair.client, "sessions.move", session.id)).view
    notice = (await door.submit(pair.client, form, at="22:00")).notice or ""
    assert f"Moved to Tuesday at 10:00 PM (Wed, Dec 2 at 3:00 AM for {dana})." in notice


async def test_where_it_is_another_day_for_the_other_one_tomorrow_is_the_reader_s(
    door: Door, pair: Pair
) -> None:
    """On Monday afternoon in London it is Tuesday in Sydney."""
    door.clock.at = datetime(2026, 11, 30, 14, 30, tzinfo=UTC)
    with door.database.transaction() as db:
        people_store.changing(db, pair.client.id).zone = "Australia/Sydney"
    form = (await door.command(pair.coach, "session tomorrow 5pm")).view
    assert "that is Wednesday at 04:00, *outside" in shown(form)
    notice = (await door.submit(pair.coach, form, repeats="once")).notice or ""
    assert "Planned: tomorrow at 17:00 (Wednesday at 04:00 for " in notice


async def test_between_people_of_one_zone_a_time_is_said_once(door: Door, pair: Pair) -> None:
    with door.database.transaction() as db:
        people_store.changing(db, pair.client.id).zone = "Europe/London"
    form = (await door.press(pair.coach, "sessions.plan")).view
    assert " for <@" not in ((await door.submit(pair.coach, form, **TUESDAY)).notice or "")


@pytest.mark.parametrize(
    ("other_is", "sentence"),
    [
        ("here", "gets one message about it."),
        ("paused for a day", "is paused, and reads it when they are back."),
        ("paused", "is paused, and reads it if they are back before then."),
        ("deactivated", "account is deactivated, so they don't read it."),
    ],
)
async def test_what_is_said_of_the_other_one_is_true_of_them(
    door: Door, pair: Pair, other_is: str, sentence: str
) -> None:
    session = await planned(door, pair)
    await door.settle()
    with door.database.transaction() as db:
        row = people_store.changing(db, pair.client.id)
        row.is_deleted = other_is == "deactivated"
        if other_is == "paused for a day":
            row.paused_until = door.clock.now() + timedelta(days=1)
        if other_is == "paused":
            people.pause(db, pair.client, None, door.clock.now())
    form = (await door.press(pair.coach, "sessions.move", session.id)).view
    moved = await door.submit(pair.coach, form, at="12:00")
    form = (await door.press(pair.coach, "sessions.cancel", session.id)).view
    assert sentence in shown(form).replace("\\'", "'")
    cancelled = await door.submit(pair.coach, form)
    assert sentence in (moved.notice or "")
    assert sentence in (cancelled.notice or "")


async def test_what_was_planned_and_what_was_cancelled_are_not_said_twice(door: Door, pair: Pair) -> None:
    session = await planned(door, pair)
    await door.settle()
    form = (await door.press(pair.coach, "sessions.cancel", session.id)).view
    await door.submit(pair.coach, form)
    await door.settle()
    old, new = door.messages(pair.client)
    assert "What was planned here" in old
    assert "has cancelled your session" in new


async def test_a_list_longer_than_a_view_says_how_many_more(door: Door, pair: Pair) -> None:
    for day in range(9):
        form = (await door.press(pair.coach, "sessions.plan")).view
        on = (datetime(2026, 12, 1, tzinfo=UTC) + timedelta(days=day)).date().isoformat()
        await door.submit(pair.coach, form, on=on, at="10:00", repeats="fortnightly" if day != 0 else "once")
    listed = (await door.command(pair.coach, "session")).view
    assert listed is not None
    assert len(listed.to_dict()["blocks"]) <= 100
    assert "later one" in shown(listed)


# --- the form knows what was agreed, and who it is for ----------------------------------------------------------------


def repeats(form: View | None) -> str | None:
    chosen = fields(form)["repeats"].get("initial_option")
    return str(chosen["value"]) if chosen else None


@pytest.mark.parametrize(
    ("cadence", "recurrence"),
    [
        (Cadence.WEEKLY, "weekly"),
        (Cadence.FORTNIGHTLY, "fortnightly"),
        (Cadence.MONTHLY, "four_weekly"),
    ],
)
async def test_the_form_starts_from_what_was_agreed_and_beside_a_series_from_once(
    door: Door, now: datetime, cadence: Cadence, recurrence: str
) -> None:
    with door.database.transaction() as db:
        of_coach, of_client = an_engagement(db, now, terms=replace(TERMS, cadence=cadence))
    pair = Pair(of_coach.engagement_id, of_coach.actor, of_client.actor)
    form = (await door.command(pair.client, "session next tue 3pm")).view
    assert repeats(form) == recurrence
    await door.submit(pair.client, form)
    assert len(ahead(door.database, pair, now)) == 4
    assert repeats((await door.press(pair.client, "sessions.plan")).view) == "once"


async def test_the_form_says_by_how_much_the_other_one_s_clocks_differ(door: Door, pair: Pair) -> None:
    form = shown((await door.command(pair.coach, "session")).view)
    assert f"<@{pair.client.identity.user_id}> is 5 hours behind you." in form
    form = shown((await door.command(pair.client, "session")).view)
    assert f"<@{pair.coach.identity.user_id}> is 5 hours ahead of you." in form


async def test_a_time_that_is_known_already_is_said_for_the_other_one(door: Door, pair: Pair) -> None:
    ben = f"<@{pair.client.identity.user_id}>"
    form = (await door.command(pair.coach, "session next tue 3pm")).view
    assert f"For {ben} that is Tuesday at 10:00." in shown(form)
    session = await planned(door, pair)
    form = (await door.press(pair.coach, "sessions.move", session.id)).view
    assert f"For {ben} that is Tuesday at 05:00, *outside of their working hours*." in shown(form)


async def test_a_time_outside_of_the_other_one_s_hours_is_said_to_be_before_it_is_sent(demo: Demo) -> None:
    await signed(demo)
    dana, _ben = seats(demo)
    await dana.command("/grow session")
    form = await dana.wait_modal("sessions.plan")
    dana.fill({"minutes": "45"})
    await dana.press_in_modal("sessions.slot:at", time="22:00")
    form = await dana.wait_modal("sessions.plan", after=form)
    await dana.press_in_modal("sessions.slot:on", date="2026-12-01")
    await dana.wait_until(lambda seat: "that is Tuesday at 17:00." in text_of(seat.modal))
    await dana.press_in_modal("sessions.slot:at", time="08:00")
    await dana.wait_until(lambda seat: "03:00, *outside of their working hours*" in text_of(seat.modal))
    assert (await dana.submit({"repeats": "once"})).updated
    assert "Planned: Tuesday at 08:00" in text_of(dana.modal)
    with demo.growbot.database.transaction() as db:
        assert [row.minutes for row in db.scalars(select(SessionRow))] == [45]


@pytest.mark.parametrize(
    ("paused", "sentence"),
    [
        ((), "Both of you are asked beforehand"),
        (("client",), "You are asked beforehand whether you would like to prepare; "),
        (("coach",), "You are paused, so only "),
        (("coach", "client"), "Nobody is asked beforehand"),
    ],
)
async def test_who_is_said_to_be_asked_beforehand_is_not_paused_then(
    door: Door, pair: Pair, paused: tuple[str, ...], sentence: str
) -> None:
    with door.database.transaction() as db:
        for who in paused:
            people.pause(db, getattr(pair, who), None, door.clock.now())
    form = (await door.press(pair.coach, "sessions.plan")).view
    assert sentence in shown(form)
    answer = await door.submit(pair.coach, form, **TUESDAY)
    assert sentence in (answer.notice or "")


async def test_a_pause_that_ends_before_the_session_keeps_nobody_from_being_asked(
    door: Door, pair: Pair
) -> None:
    with door.database.transaction() as db:
        people.pause(db, pair.client, When(date(2026, 11, 27)), door.clock.now())
    form = (await door.press(pair.coach, "sessions.plan")).view
    answer = await door.submit(pair.coach, form, **TUESDAY)
    assert "Both of you are asked beforehand" in (answer.notice or "")
