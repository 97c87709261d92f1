"""An export comes into the direct messages only if the person chose that, once, to nobody else, and goes with what is erased."""

import io
import zipfile
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from slack_sdk.models.views import View
from sqlalchemy import select

from bot.core.directory import Person
from bot.core.outbox.domain import Failure, Limited, Refused, Uncertain, Unreached
from bot.features.engagements.access import AccessRow
from bot.features.people.domain import PersonLeft
from bot.features.people.store import PersonRow
from bot.features.rights.domain import ALONE, EVERYWHERE, FileState
from bot.features.rights.erasing import Erasing
from bot.features.rights.file_store import FileRow
from bot.features.rights.sending import LEASE, MOST_ATTEMPTS
from bot.features.rights.store import ExportRow, RequestRow
from bot.registry import FEATURES
from tests.features.rights.life import BEN, DANA, live, sealed
from tests.features.sessions.door import Door, Pair, a_pair, fields, shown

CHOSEN = ["into_slack"]


class Killed(BaseException):
    """The process is gone."""


async def form(door: Door, person: Person) -> Any:
    return (await door.press(person, "rights.open_export")).view


async def ask(door: Door, person: Person, *, as_file: bool = True) -> None:
    given = {"into_slack": CHOSEN} if as_file else {}
    assert (await door.submit(person, await form(door, person), **given)).notice
    await door.settle()


def state(door: Door) -> FileState:
    with door.database.transaction() as db:
        return FileState(db.scalars(select(FileRow)).one().state)


def words(packed: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        return archive.read("growbot.json").decode()


async def erase(door: Door, person: Person, where: str) -> None:
    chooser = (await door.press(person, "rights.open_erase")).view
    sure = (await door.submit(person, chooser, what=f"own:{where}")).view
    await door.submit(person, sure)


# --- the choice -----------------------------------------------------------------------------------------


async def test_it_says_before_that_slack_keeps_it_and_who_can_read_it_then(door: Door, pair: Pair) -> None:
    said = shown(await form(door, pair.client))
    assert "Slack keeps it then, and whoever may export this workspace's messages can read everything" in said
    assert fields(await form(door, pair.client))["into_slack"].get("initial_options") is None


async def test_without_the_choice_no_file_leaves_growbot(door: Door, pair: Pair) -> None:
    await live(door, pair)
    await ask(door, pair.client, as_file=False)
    assert door.files.calls == []
    assert "rights.get_export" in door.buttons(pair.client)


async def test_where_slack_does_not_let_growbot_it_is_not_offered(door: Door, pair: Pair) -> None:
    before = await form(door, pair.client)
    door.files.is_granted = False
    assert "into_slack" not in fields(await form(door, pair.client))
    await door.submit(pair.client, before, into_slack=CHOSEN)
    await door.settle()
    assert door.files.calls == []
    assert "rights.get_export" in door.buttons(pair.client)


# --- it comes -------------------------------------------------------------------------------------------


async def test_it_comes_into_the_direct_messages_and_the_message_says_what_it_is(
    door: Door, pair: Pair
) -> None:
    await live(door, pair)
    await ask(door, pair.client)
    (packed,) = door.files.seen_by(pair.client)
    assert f"{BEN}calm" in words(packed)
    assert door.messages(pair.client, "Your export is here, as a file.")
    assert "rights.get_export" not in door.buttons(pair.client)
    assert door.files.seen_by(pair.coach) == []


async def test_it_is_in_no_message_while_it_is_put_together(door: Door, pair: Pair) -> None:
    await live(door, pair)
    await door.submit(pair.client, await form(door, pair.client), into_slack=CHOSEN)
    await door._courier.deliver()
    assert door.messages(pair.client, "It comes here as a file, as you chose.")
    await door.settle()
    assert not [each for each in door.slack.posted if BEN in str(each.latest) or BEN in str(each.message)]


async def test_two_who_ask_at_once_get_each_their_own(door: Door, pair: Pair) -> None:
    await live(door, pair, shares=False)
    for person in (pair.client, pair.coach):
        await door.submit(person, await form(door, person), into_slack=CHOSEN)
    await door.settle()
    ((ben_s,), (dana_s,)) = (door.files.seen_by(person) for person in (pair.client, pair.coach))
    assert (f"{BEN}first what" in words(ben_s), f"{BEN}first what" in words(dana_s)) == (True, False)
    assert f"{DANA}first what" in words(dana_s)


async def test_the_other_one_sees_that_it_was_taken_along(door: Door, pair: Pair) -> None:
    await live(door, pair)
    with door.database.transaction() as db:
        before = {row.id for row in db.query(AccessRow)}
    await ask(door, pair.coach)
    with door.database.transaction() as db:
        assert {row.reader_id for row in db.query(AccessRow) if row.id not in before} == {pair.coach.id}


# --- something goes wrong --------------------------------------------------------------------------------


@pytest.mark.parametrize("failure", [Limited(30), Unreached("x"), Uncertain("503")])
async def test_what_fails_before_anybody_can_see_it_is_begun_anew(
    door: Door, pair: Pair, failure: Failure
) -> None:
    door.files.failures["upload"] = [failure]
    await ask(door, pair.client)
    assert door.files.seen_by(pair.client) == []
    await door.at(door.clock.at + timedelta(minutes=1))
    assert len(door.files.seen_by(pair.client)) == 1


@pytest.mark.parametrize("step", ["upload", "share"])
async def test_what_slack_refuses_can_be_had_the_other_ways(door: Door, pair: Pair, step: str) -> None:
    door.files.failures[step] = [Refused("file_uploads_disabled")]
    await ask(door, pair.client)
    assert door.messages(pair.client, "Slack didn't take your export as a file, so it is not here.")
    assert "rights.get_export" in door.buttons(pair.client)
    assert (await door.press(pair.client, "rights.get_export", export_id(door))).view


def export_id(door: Door) -> str:
    with door.database.transaction() as db:
        return db.scalars(select(ExportRow.id)).one()


async def test_after_some_attempts_the_other_ways_are_offered(door: Door, pair: Pair) -> None:
    door.files.failures["upload"] = [Unreached("x")] * 10
    await ask(door, pair.client)
    for _time in range(MOST_ATTEMPTS):
        await door.at(door.clock.at + timedelta(minutes=10))
    assert state(door) is FileState.REFUSED
    assert "rights.get_export" in door.buttons(pair.client)


@pytest.mark.parametrize("is_there", [True, False])
async def test_where_nothing_tells_whether_it_arrived_it_is_never_sent_twice(
    door: Door, pair: Pair, is_there: bool
) -> None:
    door.files.failures["share"], door.files.takes_effect = [Uncertain("timeout")], is_there
    await ask(door, pair.client)
    await door.at(door.clock.at + timedelta(days=1))
    assert len(door.files.seen_by(pair.client)) == int(is_there)
    assert door.files.calls == ["upload", "share"]
    assert door.messages(pair.client, "so I don't send it twice")
    assert "rights.get_export" in door.buttons(pair.client)


@pytest.mark.parametrize(("step", "arrives"), [("upload", 1), ("share", 0)])
async def test_whoever_dies_on_the_way_never_makes_it_come_twice(
    door: Door, pair: Pair, step: str, arrives: int
) -> None:
    """Before the last step it is begun anew by whoever comes next, once nobody can be at it; after it never again."""

    def kill(call: str) -> None:
        if call == step:
            raise Killed

    door.files.before = kill
    with pytest.raises(Killed):
        await ask(door, pair.client)
    door.files.before = lambda _call: None
    await door.at(door.clock.at + LEASE - timedelta(seconds=1))
    assert door.files.seen_by(pair.client) == []
    await door.at(door.clock.at + timedelta(seconds=1))
    assert len(door.files.seen_by(pair.client)) == arrives
    assert door.files.calls.count("share") == arrives


async def test_whoever_stood_still_for_too_long_leaves_it_to_who_comes_next(door: Door, pair: Pair) -> None:
    def stand_still(call: str) -> None:
        if door.files.calls == []:
            door.clock.at += LEASE

    door.files.before = stand_still
    await ask(door, pair.client)
    assert door.files.calls == ["upload", "upload", "share"]
    assert len(door.files.seen_by(pair.client)) == 1


async def test_a_week_later_it_is_not_sent_any_more(door: Door, pair: Pair) -> None:
    door.files.failures["upload"] = [Unreached("x")]
    await ask(door, pair.client)
    await door.at(door.clock.at + timedelta(days=7))
    assert (door.files.seen_by(pair.client), state(door)) == ([], FileState.REFUSED)


async def test_to_somebody_who_has_left_nothing_is_sent(door: Door, pair: Pair) -> None:
    await door.submit(pair.client, await form(door, pair.client), into_slack=CHOSEN)
    door.files.failures["upload"] = [Unreached("x")]
    await door.settle()
    with door.database.transaction() as db:
        person = db.get_one(PersonRow, pair.client.id)
        person.is_deleted = True
        db.announce(PersonLeft(pair.client.id), door.clock.at)
    await door.at(door.clock.at + timedelta(hours=1))
    assert door.files.seen_by(pair.client) == []


# --- and it goes ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("where", ["engagement", EVERYWHERE])
async def test_it_goes_with_what_is_erased_and_its_message_says_so(
    door: Door, pair: Pair, where: str
) -> None:
    await live(door, pair)
    await ask(door, pair.client)
    await erase(door, pair.client, EVERYWHERE if where == EVERYWHERE else pair.engagement_id)
    await door.settle()
    assert door.files.seen_by(pair.client) == []
    assert door.messages(pair.client, "Something in it was erased, or is shared no more, so I deleted it.")


async def test_what_the_other_took_along_of_it_goes_too(door: Door, pair: Pair) -> None:
    await live(door, pair)
    await ask(door, pair.coach)
    assert BEN in words(door.files.seen_by(pair.coach)[0])
    await erase(door, pair.client, pair.engagement_id)
    await door.settle()
    assert door.files.seen_by(pair.coach) == []


async def test_when_both_agree_it_goes_from_both(door: Door, pair: Pair) -> None:
    await live(door, pair)
    for person in (pair.client, pair.coach):
        await ask(door, person)
    chooser = (await door.press(pair.client, "rights.open_erase")).view
    sure = (await door.submit(pair.client, chooser, what=f"all:{pair.engagement_id}")).view
    await door.submit(pair.client, sure)
    await door.settle()
    assert len(door.files.seen_by(pair.coach)) == 1
    with door.database.transaction() as db:
        asked = db.scalars(select(RequestRow.id)).one()
    agree = (await door.press(pair.coach, "rights.open_agree", asked)).view
    await door.submit(pair.coach, agree)
    await door.settle()
    assert (door.files.seen_by(pair.client), door.files.seen_by(pair.coach)) == ([], [])


async def test_it_goes_with_what_belongs_to_the_person_alone_too(door: Door, pair: Pair) -> None:
    """Their strengths are in their coach's file as well."""
    await live(door, pair)
    for person in (pair.client, pair.coach):
        await ask(door, person)
    assert "Calm in a storm" in words(door.files.seen_by(pair.client)[0])
    await erase(door, pair.client, ALONE)
    await door.settle()
    assert (door.files.seen_by(pair.client), door.files.seen_by(pair.coach)) == ([], [])


async def delete_a_note(door: Door, pair: Pair) -> None:
    await door.press(pair.client, "notes.delete", row_of(door, f"{BEN}in a note"))


async def retire_a_strength(door: Door, pair: Pair) -> None:
    await door.press(pair.client, "strengths.retire", row_of(door, "Calm in a storm"))


async def withdraw_a_suggestion(door: Door, pair: Pair) -> None:
    goal_id = row_of(door, f"{DANA}suggests once more")
    await door.press(pair.coach, "goals.withdraw", goal_id, await opened(door, pair.coach, goal_id))


@pytest.mark.parametrize("take_away", [delete_a_note, retire_a_strength, withdraw_a_suggestion])
async def test_it_goes_from_both_with_any_single_thing_that_is_taken_away(
    door: Door, pair: Pair, take_away: Callable[[Door, Pair], Awaitable[None]]
) -> None:
    await live(door, pair)
    await suggest(door, pair)
    for person in (pair.client, pair.coach):
        await ask(door, person)
    await take_away(door, pair)
    await door.settle()
    assert (door.files.seen_by(pair.client), door.files.seen_by(pair.coach)) == ([], [])


async def suggest(door: Door, pair: Pair) -> None:
    form = (await door.command(pair.coach, "goal")).view
    whom = {"with": pair.engagement_id} if "with" in fields(form) else {}
    assert (await door.submit(pair.coach, form, title=f"{DANA}suggests once more", **whom)).notice


async def test_it_goes_with_a_goal_of_ones_own_that_is_erased(door: Door, pair: Pair) -> None:
    form = (await door.command(pair.client, "goal")).view
    assert (
        await door.submit(pair.client, form, title="mine alone", target_on="2027-03-01", **{"for": "alone"})
    ).view
    await ask(door, pair.client)
    goal_id = row_of(door, "mine alone")
    await door.press(pair.client, "goals.erase", goal_id, await opened(door, pair.client, goal_id))
    await door.settle()
    assert door.files.seen_by(pair.client) == []


async def test_what_is_shared_no_more_goes_from_the_other_only(door: Door, pair: Pair) -> None:
    await live(door, pair)
    for person in (pair.client, pair.coach):
        await ask(door, person)
    assert f"{BEN}in a note" in words(door.files.seen_by(pair.coach)[0])
    form = (await door.press(pair.client, "notes.edit", row_of(door, f"{BEN}in a note"))).view
    await door.submit(pair.client, form, shared=[])
    await door.settle()
    assert (len(door.files.seen_by(pair.client)), door.files.seen_by(pair.coach)) == (1, [])
    assert door.messages(pair.coach, "Something in it was erased, or is shared no more, so I deleted it.")


async def opened(door: Door, person: Person, goal_id: str) -> View | None:
    return (await door.press(person, "goals.open", goal_id)).view


def row_of(door: Door, text: str) -> str:
    with door.database.transaction() as db:
        return next(each.row_id for each in sealed(db) if each.text == text)


async def test_what_somebody_else_took_along_stays(door: Door, pair: Pair) -> None:
    other = a_pair(door.database, door.clock.at)
    await live(door, pair)
    await ask(door, other.client)
    await erase(door, pair.client, EVERYWHERE)
    await door.settle()
    assert len(door.files.seen_by(other.client)) == 1


@pytest.mark.parametrize("step", ["upload", "share"])
async def test_what_is_erased_while_it_is_on_its_way_is_not_in_it(door: Door, pair: Pair, step: str) -> None:
    await live(door, pair)
    view = await form(door, pair.client)
    await door.submit(pair.client, view, into_slack=CHOSEN)
    erasing = Erasing([each for feature in FEATURES for each in feature.erasable])

    def erase_now(call: str) -> None:
        if call == step and call not in door.files.calls:
            with door.database.transaction() as db:
                erasing.erase(db, pair.client, pair.engagement_id, door.clock.at)

    door.files.before = erase_now
    await door.settle()
    assert [each for each in door.files.seen_by(pair.client) if BEN in words(each)] == []


@pytest.mark.parametrize("failure", [Uncertain("503"), Unreached("x"), Limited(5)])
async def test_deleting_is_tried_until_it_is_done(door: Door, pair: Pair, failure: Failure) -> None:
    await live(door, pair)
    await ask(door, pair.client)
    door.files.failures["delete"] = [failure] * 3
    await erase(door, pair.client, EVERYWHERE)
    for _time in range(4):
        await door.at(door.clock.at + timedelta(hours=1))
    assert door.files.seen_by(pair.client) == []


async def test_one_that_the_person_deleted_themself_is_gone_too(door: Door, pair: Pair) -> None:
    await live(door, pair)
    await ask(door, pair.client)
    door.files.failures["delete"] = [Refused("file_deleted")]
    await erase(door, pair.client, EVERYWHERE)
    await door.settle()
    assert state(door) is FileState.DELETED


async def test_one_that_may_have_arrived_is_deleted_too(door: Door, pair: Pair) -> None:
    await live(door, pair)
    door.files.failures["share"], door.files.takes_effect = [Uncertain("timeout")], True
    await ask(door, pair.client)
    door.files.takes_effect = False
    await erase(door, pair.client, EVERYWHERE)
    await door.settle()
    assert door.files.seen_by(pair.client) == []
