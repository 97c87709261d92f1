"""All that a pair wrote is erased when one asks and the other agrees, and not before."""

from datetime import timedelta

import pytest
from slack_sdk.models.views import View
from sqlalchemy import select

from bot.core.limits import LimitRow
from bot.core.slack.requests import Answer
from bot.core.vault import DataKeyRow, engagement_owner
from bot.features.engagements import inviting
from bot.features.engagements.domain import EngagementState
from bot.features.engagements.store import EngagementRow
from bot.features.people.domain import PersonLeft
from bot.features.people.store import PersonRow
from bot.features.rights.store import RequestRow
from tests.builders import a_person
from tests.features.rights.life import live, sealed
from tests.features.sessions.door import Door, Pair, a_pair, shown


async def ask(door: Door, pair: Pair) -> Answer:
    """Ben asks Dana."""
    chooser = (await door.press(pair.client, "rights.open_erase")).view
    form = (await door.submit(pair.client, chooser, what=f"all:{pair.engagement_id}")).view
    answer = await door.submit(pair.client, form)
    await door.settle()
    return answer


def request(door: Door) -> str:
    with door.database.transaction() as db:
        return db.query(RequestRow.id).order_by(RequestRow.asked_at.desc()).limit(1).one()[0]


async def what_it_means(door: Door, pair: Pair) -> View | None:
    return (await door.press(pair.coach, "rights.open_agree", request(door))).view


def count(door: Door) -> int:
    """But for what belongs to no pair: a coach's own sets of questions, a person's strengths."""
    with door.database.transaction() as db:
        return sum(words.table not in {"question_sets", "strengths"} for words in sealed(db))


async def test_nothing_goes_before_the_other_agrees_and_then_all_of_it(door: Door, pair: Pair) -> None:
    await live(door, pair)
    before = count(door)
    await ask(door, pair)
    assert door.messages(pair.coach, "Nothing goes unless you agree.")
    assert count(door) == before > 0
    await door.submit(pair.coach, await what_it_means(door, pair))
    assert count(door) == 0
    with door.database.transaction() as db:
        row = db.get_one(EngagementRow, pair.engagement_id)
        key = db.query(DataKeyRow).filter(DataKeyRow.owner == engagement_owner(pair.engagement_id)).one()
    assert (row.state, row.ended_at) == (EngagementState.ERASED, door.clock.at)
    assert (key.wrapped, key.destroyed_at) == (None, door.clock.at)


async def test_how_often_one_invited_the_other_goes_with_it(door: Door, pair: Pair) -> None:
    await live(door, pair)
    with door.database.transaction() as db:
        mira = a_person(db, door.clock.at, "Mira")
        for person, with_ in ((pair.coach, pair.client), (pair.client, pair.coach), (pair.coach, mira)):
            inviting.count_invitation(db, person, with_, door.clock.at)
    await ask(door, pair)
    await door.submit(pair.coach, await what_it_means(door, pair))
    with door.database.transaction() as db:
        named = {row.what for row in db.scalars(select(LimitRow)) if ":" in row.what}
    assert named == {f"engagements.invite:{mira.id}"}


async def test_what_others_wrote_stays(door: Door, pair: Pair) -> None:
    other = a_pair(door.database, door.clock.at, coach=pair.coach)
    await live(door, pair)
    await ask(door, pair)
    await door.submit(pair.coach, await what_it_means(door, pair))
    with door.database.transaction() as db:
        assert {each.table for each in sealed(db)} == {"agreements", "question_sets", "strengths"}
    assert "Lead the new team" in shown(
        (await door.press(other.client, "engagements.read", other.engagement_id)).view
    )


async def test_it_says_how_much_of_one_s_own_goes_and_that_the_engagement_ends(
    door: Door, pair: Pair
) -> None:
    await live(door, pair)
    await ask(door, pair)
    said = shown(await what_it_means(door, pair))
    assert "the agreement, 1 preparation, 1 set of questions, 1 note, 1 wrap-up, 2 commitments" in said
    assert f"whatever {pair.client.mention} wrote" in said
    assert "Your coaching ends with it." in said
    assert "can't be undone" in said


async def test_both_hear_of_it_and_have_a_receipt(door: Door, pair: Pair) -> None:
    await live(door, pair)
    await ask(door, pair)
    await door.submit(pair.coach, await what_it_means(door, pair))
    await door.settle()
    assert door.messages(pair.client, "agreed: what the two of you wrote is erased")
    a_pair(door.database, door.clock.at, coach=pair.coach)
    said = shown((await door.press(pair.coach, "rights.open_erase")).view)
    assert "as you both agreed: the agreement, 1 preparation, 1 set of questions" in said


async def test_growbot_s_messages_about_it_are_deleted_from_both_s_direct_messages(
    door: Door, pair: Pair
) -> None:
    other = a_pair(door.database, door.clock.at, coach=pair.coach)
    await door.press(other.coach, "sessions.plan", other.engagement_id)
    await live(door, pair)
    await ask(door, pair)
    await door.submit(pair.coach, await what_it_means(door, pair))
    await door.settle()
    assert [each for each in door.messages(pair.client) if "is erased" not in each] == []
    assert [each for each in door.messages(pair.coach) if pair.client.mention in each] == []
    assert door.messages(other.client) != []


async def test_keeping_it_erases_nothing_and_is_not_asked_again_for_a_week(door: Door, pair: Pair) -> None:
    await live(door, pair)
    before = count(door)
    await ask(door, pair)
    await door.press(pair.coach, "rights.keep", request(door))
    await door.settle()
    assert count(door) == before
    assert door.messages(pair.client, "would like to keep what the two of you wrote")
    assert door.messages(pair.coach, "You keep it.")
    chooser = (await door.press(pair.client, "rights.open_erase")).view
    again = await door.submit(pair.client, chooser, what=f"all:{pair.engagement_id}")
    assert "a week after that" in again.fields["what"]
    door.clock.at += timedelta(days=7)
    assert (await door.submit(pair.client, chooser, what=f"all:{pair.engagement_id}")).view


async def test_it_can_be_taken_back_until_the_other_agrees(door: Door, pair: Pair) -> None:
    await live(door, pair)
    await ask(door, pair)
    form = await what_it_means(door, pair)
    chooser = (await door.press(pair.client, "rights.open_erase")).view
    assert "Take that back" in shown(chooser)
    await door.press(pair.client, "rights.take_back", request(door), view=chooser)
    assert "no longer asked" in ((await door.submit(pair.coach, form)).notice or "")
    await door.settle()
    assert door.messages(pair.coach, "and no longer does")
    assert count(door) > 0


async def test_after_two_weeks_it_is_no_longer_asked(door: Door, pair: Pair) -> None:
    await live(door, pair)
    await ask(door, pair)
    form = await what_it_means(door, pair)
    await door.at(door.clock.at + timedelta(days=14))
    assert "no longer asked" in ((await door.submit(pair.coach, form)).notice or "")
    assert door.messages(pair.coach, "That was a while ago; nothing was.")
    assert count(door) > 0


@pytest.mark.parametrize("who", ["client", "stranger"])
async def test_only_the_one_who_was_asked_can_agree(door: Door, pair: Pair, who: str) -> None:
    stranger = a_pair(door.database, door.clock.at).client
    await live(door, pair)
    await ask(door, pair)
    form = await what_it_means(door, pair)
    actor = pair.client if who == "client" else stranger
    assert "isn't yours" in ((await door.submit(actor, form)).notice or "")
    assert "isn't yours" in ((await door.press(actor, "rights.keep", request(door))).notice or "")
    assert count(door) > 0


async def test_both_asking_is_said_to_the_second(door: Door, pair: Pair) -> None:
    await ask(door, pair)
    for person, said in ((pair.coach, "has asked you for the same"), (pair.client, "You have asked")):
        chooser = (await door.press(person, "rights.open_erase")).view
        answer = await door.submit(person, chooser, what=f"all:{pair.engagement_id}")
        assert said in answer.fields["what"]


async def test_whoever_has_left_cannot_be_asked(door: Door, pair: Pair) -> None:
    with door.database.transaction() as db:
        db.get_one(PersonRow, pair.coach.id).is_deleted = True
        db.announce(PersonLeft(pair.coach.id), door.clock.at)
    chooser = (await door.press(pair.client, "rights.open_erase")).view
    answer = await door.submit(pair.client, chooser, what=f"all:{pair.engagement_id}")
    assert "can't agree" in answer.fields["what"]
