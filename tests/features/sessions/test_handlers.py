from datetime import UTC, datetime, timedelta

from bot.core.database import Database
from bot.core.outbox.domain import State
from bot.core.outbox.store import OutboxRow
from bot.features.engagements import service as engagements
from bot.features.sessions.domain import Session
from bot.features.sessions.service import upcoming
from tests.features.sessions.door import Door, Pair, a_pair, fields, shown

TUESDAY = {"on": "2026-12-01", "at": "10:00"}


def ahead(database: Database, pair: Pair, now: datetime) -> list[Session]:
    with database.transaction() as db:
        return upcoming(db, pair.engagement_id, now)


async def planned(door: Door, pair: Pair, **more: str) -> Session:
    form = (await door.press(pair.coach, "sessions.plan")).view
    answer = await door.submit(pair.coach, form, **{**TUESDAY, **more})
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
    assert "was moved" in door.messages(pair.client, "session")[-1]
    assert "has moved your session. It is now Tuesday at 11:00" in door.messages(pair.coach)[-1]


async def test_moving_back_and_forth_is_told_each_time_it_was_read(door: Door, pair: Pair) -> None:
    session = await planned(door, pair)
    await door.settle()
    for at in ("11:00", "10:00", "11:00"):
        form = (await door.press(pair.coach, "sessions.move", session.id)).view
        await door.submit(pair.coach, form, at=at)
        await door.settle()
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
    await door.submit(pair.coach, form, **{**TUESDAY, "with": other.engagement_id})
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


async def test_the_news_is_dropped_when_the_session_is_over_before_the_morning(
    door: Door, pair: Pair
) -> None:
    door.clock.at = datetime(2026, 12, 1, 4, tzinfo=UTC)  # night in New York
    await planned(door, pair, at="05:30")
    await door.settle()
    await door.at(datetime(2026, 12, 1, 14, tzinfo=UTC))
    assert door.messages(pair.client, "planned") == []
    with door.database.transaction() as db:
        rows = db.query(OutboxRow).filter_by(template="sessions.planned").all()
    assert [row.state for row in rows] == [State.STALE]


async def test_a_list_longer_than_a_view_says_how_many_more(door: Door, pair: Pair) -> None:
    for day in range(9):
        form = (await door.press(pair.coach, "sessions.plan")).view
        on = (datetime(2026, 12, 1, tzinfo=UTC) + timedelta(days=day)).date().isoformat()
        await door.submit(pair.coach, form, on=on, at="10:00", repeats="fortnightly" if day != 0 else "once")
    listed = (await door.command(pair.coach, "session")).view
    assert listed is not None
    assert len(listed.to_dict()["blocks"]) <= 100
    assert "later one" in shown(listed)
