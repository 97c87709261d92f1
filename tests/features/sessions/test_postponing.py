"""“Pick a time…” below a message, and the way to fewer of them that each one shows."""

from datetime import UTC, date, datetime, time

import pytest
from slack_sdk.models.views import View

from bot.core.outbox.store import OutboxRow
from bot.features.commitments import service as commitments
from bot.features.commitments.domain import Draft
from bot.features.sessions import planning
from bot.features.sessions.domain import Recurrence, Slot
from tests.features.sessions.door import Door, Pair, shown

CHECKIN = datetime(2026, 11, 27, 20, 1, tzinfo=UTC)
"""Friday 15:01 in New York."""


async def pick(door: Door, pair: Pair, template: str = "checkins.prompt") -> View:
    with door.database.transaction() as db:
        row = db.query(OutboxRow).filter_by(template=template, person_id=pair.client.id, closed=None).one()
    view = (await door.press(pair.client, f"{template.partition('.')[0]}.later", f"pick:{row.id}")).view
    assert view is not None
    return view


async def test_the_message_comes_again_at_the_time_that_was_picked(door: Door, pair: Pair) -> None:
    await door.at(CHECKIN)
    answer = await door.submit(pair.client, await pick(door, pair), on="2026-12-01", at="09:30")
    assert answer.notice == "I'll ask again Tuesday at 9:30 AM."
    await door.settle()
    assert door.messages(pair.client, "I'll ask again")
    before = len(door.messages(pair.client, "Your weekly check-in with"))
    await door.at(datetime(2026, 12, 1, 14, 29, tzinfo=UTC))
    assert len(door.messages(pair.client, "Your weekly check-in with")) == before
    await door.at(datetime(2026, 12, 1, 14, 30, tzinfo=UTC))
    assert len(door.messages(pair.client, "Your weekly check-in with")) == before + 1


async def test_so_do_those_about_sessions_and_commitments(door: Door, pair: Pair) -> None:
    with door.database.transaction() as db:
        draft = Draft("Call the CFO", date(2026, 11, 26), None, None, None, None, True)
        commitments.make(db, pair.client, pair.engagement_id, draft, door.clock.at)
        slot = Slot(date(2026, 11, 27), time(17), 60)
        planning.plan(db, pair.coach, pair.engagement_id, slot, Recurrence.ONCE, door.clock.at)
    await door.at(datetime(2026, 11, 26, 20, 1, tzinfo=UTC))
    for template in ("commitments.nudge", "prep.ask"):
        answer = await door.submit(pair.client, await pick(door, pair, template), on="2026-11-27", at="08:30")
        assert (answer.notice or "").startswith("I'll ask again"), template


async def test_a_time_that_cannot_be_is_refused_beside_its_field(door: Door, pair: Pair) -> None:
    await door.at(CHECKIN)
    for on, at, field in (
        ("2026-11-26", "09:00", "at"),  # over
        ("2026-11-28", "09:00", "at"),  # a Saturday
        ("2026-12-01", "19:00", "at"),  # in the evening
        ("2026-12-07", "09:00", "on"),  # after the next check-in
    ):
        answer = await door.submit(pair.client, await pick(door, pair), on=on, at=at)
        assert set(answer.fields) == {field}, (on, at)


async def test_nobody_puts_off_what_is_settled_or_somebody_else_s(door: Door, pair: Pair) -> None:
    await door.at(CHECKIN)
    view = await pick(door, pair)
    assert (await door.submit(pair.coach, view, on="2026-12-01", at="09:30")).fields
    await door.press(pair.client, "checkins.skip", f"{pair.engagement_id}:2026-W48")
    assert (await door.submit(pair.client, view, on="2026-12-01", at="09:30")).fields


async def test_each_message_shows_how_to_get_fewer_and_lets_pause(door: Door, pair: Pair) -> None:
    with door.database.transaction() as db:
        slot = Slot(date(2026, 11, 30), time(17), 60)
        planning.plan(db, pair.coach, pair.engagement_id, slot, Recurrence.ONCE, door.clock.at)
        draft = Draft("Call the CFO", date(2026, 11, 26), None, None, None, None, True)
        commitments.make(db, pair.client, pair.engagement_id, draft, door.clock.at)
    for day in range(26, 31):
        await door.at(datetime(2026, 11, day, 20, 1, tzinfo=UTC))
    mine = [each.message for each in door.slack.posted if each.to == pair.client.identity]
    assert "lighter" in mine[-1].text
    for message in mine[:-1]:
        said = str([block.to_dict() for block in message.layout])
        assert "Too many?" in said
        assert "people.quieter" in said


async def test_the_dots_below_a_message_pause_or_open_the_schedule(door: Door, pair: Pair) -> None:
    assert "Pause messages" in shown((await door.press(pair.client, "people.quieter", "pause")).view)
    assert "Your settings" in shown((await door.press(pair.client, "people.quieter", "settings")).view)


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
async def test_later_offers_what_is_still_of_use_and_always_to_pick(door: Door, pair: Pair) -> None:
    with door.database.transaction() as db:
        slot = Slot(date(2026, 11, 27), time(15), 60)  # Friday, 10:00 in New York
        planning.plan(db, pair.coach, pair.engagement_id, slot, Recurrence.ONCE, door.clock.at)
    await door.at(datetime(2026, 11, 26, 15, tzinfo=UTC))
    assert offered(door, pair, "prep.later") == [
        "In an hour",
        "This afternoon",
        "Tomorrow morning",
        "Pick a time…",
    ]
    await door.at(CHECKIN)
    assert offered(door, pair, "checkins.later") == ["In an hour", "Next week", "Pick a time…"]


def offered(door: Door, pair: Pair, action: str) -> list[str]:
    """Below the newest message to the client."""
    newest = [each for each in door.slack.posted if each.to == pair.client.identity][-1].latest
    rows = [row for block in newest.blocks for row in block.to_dict().get("elements", [])]
    (later,) = (row for row in rows if row.get("action_id") == action)
    return [each["text"]["text"] for each in later["options"]]
