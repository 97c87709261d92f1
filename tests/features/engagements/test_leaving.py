"""One of a pair leaves the company: what the other is told, and what becomes of what was planned."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select

from bot.core.database import Database
from bot.core.outbox.domain import State
from bot.core.outbox.store import OutboxRow
from bot.demo import Demo
from bot.features.people.service import learn
from tests.builders import a_profile
from tests.features.engagements.test_handlers import seats, signed
from tests.features.sessions.door import Door, Pair

LEFT = "account was deactivated"


def change(database: Database, pair: Pair, now: datetime, *, is_deleted: bool) -> None:
    """What Slack tells of Ben; of a deactivated account it tells no zone."""
    zone = "UTC" if is_deleted else pair.client.zone
    profile = replace(a_profile("Ben", zone=zone, locale="en-US"), identity=pair.client.identity)
    with database.transaction() as db:
        learn(db, replace(profile, is_deleted=is_deleted), now)


async def test_the_other_one_is_told_once_and_how_to_end_it(demo: Demo) -> None:
    dana, ben = seats(demo)
    await signed(demo)
    for _again in range(2):
        await demo.sandbox.change_person("U0BEN", deleted=True)
    await demo.growbot.settle()
    (told,) = [each.text for each in dana.messages if LEFT in each.text]
    assert told == (
        "<@U0BEN>'s Slack account was deactivated, so reminders about your work together to them have stopped. "
        "`/grow end` ends the coaching."
    )
    before = len(ben.messages)
    for _week in range(2):
        await demo.sandbox.move("week")
    assert len(ben.messages) == before
    assert len([each for each in dana.messages if LEFT in each.text]) == 1


async def test_a_colleague_without_an_active_engagement_is_told_nothing(
    door: Door, pair: Pair, now: datetime
) -> None:
    await door.submit(pair.client, (await door.command(pair.client, "end")).view)
    change(door.database, pair, now, is_deleted=True)
    await door.settle()
    assert door.messages(pair.coach, LEFT) == []


async def test_what_is_planned_meanwhile_is_dropped_with_a_reason_and_does_not_burst_out_later(
    door: Door, pair: Pair, now: datetime
) -> None:
    change(door.database, pair, now, is_deleted=True)
    for day in range(1, 15):
        await door.at(now + timedelta(days=day))
    assert door.messages(pair.client) == []
    with door.database.transaction() as db:
        prompts = (OutboxRow.person_id == pair.client.id, OutboxRow.template == "checkins.prompt")
        rows = db.scalars(select(OutboxRow).where(*prompts)).all()
        assert {(row.state, row.reason) for row in rows} == {
            (State.CANCELLED, "the person's account is deactivated")
        }
    change(door.database, pair, door.clock.now(), is_deleted=False)
    await door.settle()
    assert door.messages(pair.client) == []
    await door.at(door.clock.now() + timedelta(days=7))
    assert len(door.messages(pair.client, "Your weekly check-in")) == 1


async def test_an_account_that_is_back_is_said_to_be_where_it_was_said_to_be_gone(
    door: Door, pair: Pair, now: datetime
) -> None:
    change(door.database, pair, now, is_deleted=True)
    await door.settle()
    change(door.database, pair, door.clock.now(), is_deleted=False)
    await door.settle()
    (message,) = door.messages(pair.coach, LEFT)
    assert "It is active again, and so are their reminders." in message


async def test_who_leaves_for_less_time_than_it_takes_to_tell_is_not_told_of(
    door: Door, pair: Pair, now: datetime
) -> None:
    change(door.database, pair, now, is_deleted=True)
    change(door.database, pair, now, is_deleted=False)
    await door.settle()
    assert door.messages(pair.coach, LEFT) == []


def test_a_deactivated_person_keeps_zone_and_language(database: Database, pair: Pair, now: datetime) -> None:
    change(database, pair, now, is_deleted=True)
    with database.transaction() as db:
        person = learn(
            db, replace(a_profile(is_deleted=True, zone="UTC"), identity=pair.client.identity), now
        )
    assert (person.zone, person.locale, person.is_deleted) == ("America/New_York", "en-US", True)
