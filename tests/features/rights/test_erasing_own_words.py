"""Everybody can take back what they wrote, at once: it says before what goes and what stays, and leaves a receipt."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.core.database import Database
from bot.core.limits import LimitRow, spend
from bot.core.slack.requests import Answer
from bot.core.vault import DataKeyRow, person_owner
from bot.features.engagements import inviting
from bot.features.engagements import service as engagements
from bot.features.engagements.domain import EngagementState
from bot.features.engagements.store import EngagementRow
from bot.features.rights.delivering import EXPORTS
from bot.features.rights.domain import ALONE, EVERYWHERE
from tests.builders import TERMS, a_person, a_proposal
from tests.features.rights.life import BEN, DANA, Words, all_kinds, kinds, live, look_back, sealed
from tests.features.sessions.door import Door, Pair, a_pair, fields, shown


def words(database: Database) -> list[Words]:
    with database.transaction() as db:
        return list(sealed(db))


def by(says: str, database: Database) -> set[tuple[str, str]]:
    """The rows in which one of them says something."""
    return {(each.table, each.row_id) for each in words(database) if each.text.startswith(says)}


async def confirm(door: Door, pair: Pair, where: str, who: str = "client") -> Answer:
    person = getattr(pair, who)
    chooser = (await door.press(person, "rights.open_erase")).view
    return await door.submit(person, chooser, what=f"own:{where}")


async def erase(door: Door, pair: Pair, where: str, who: str = "client") -> Answer:
    return await door.submit(getattr(pair, who), (await confirm(door, pair, where, who)).view)


async def test_nothing_of_one_s_words_is_left_and_nothing_of_the_other_s_is_gone(
    door: Door, pair: Pair
) -> None:
    await live(door, pair)
    await door.submit(pair.client, (await door.command(pair.client, "end")).view, reason=f"{BEN}enough")
    await look_back(door, pair)
    before = words(door.database)
    assert kinds(before) == all_kinds()
    ben_s = by(BEN, door.database)
    await erase(door, pair, pair.engagement_id)
    after = words(door.database)
    assert [each for each in after if BEN in each.text] == []
    own = {"goal_ratings"}  # Ben's numbers, which go with his goals
    assert set(after) == {
        each for each in before if (each.table, each.row_id) not in ben_s and each.table not in own
    }
    assert any(each.text.startswith(DANA) for each in after)


async def test_a_coach_takes_back_their_own_the_same_way(door: Door, pair: Pair) -> None:
    await live(door, pair)
    ben_s = by(BEN, door.database)
    await erase(door, pair, pair.engagement_id, "coach")
    left = [each for each in words(door.database) if DANA in each.text]
    assert {each.table for each in left} == {"question_sets"}, "which are of no pair: they go with everything"
    assert by(BEN, door.database) == ben_s


async def test_what_the_other_was_shown_of_it_is_gone_from_every_view(door: Door, pair: Pair) -> None:
    await live(door, pair)
    assert sum([BEN in each for each in await screens(door, pair)]) >= 3
    await erase(door, pair, pair.engagement_id)
    assert [each for each in await screens(door, pair) if BEN in each] == []


async def screens(door: Door, pair: Pair) -> list[str]:
    answers = [
        await door.command(pair.coach, each) for each in ("commitments", "prep", "checkin", "wrapup", "")
    ]
    return [shown(each.view) if each.view else each.notice or "" for each in answers]


async def test_it_says_before_what_goes_and_what_stays_and_that_it_cannot_be_undone(
    door: Door, pair: Pair
) -> None:
    await live(door, pair)
    said = shown((await confirm(door, pair, pair.engagement_id)).view)
    assert "1 check-in, 1 preparation, 1 note, 1 wrap-up, 2 commitments" in said
    assert "the agreement that you both signed" in said
    assert "can't be undone" in said
    assert BEN in str(words(door.database))


async def test_a_receipt_without_content_is_shown_and_shown_again(door: Door, pair: Pair) -> None:
    await live(door, pair)
    done = shown((await erase(door, pair, pair.engagement_id)).view)
    again = shown((await door.press(pair.client, "rights.open_erase")).view)
    for said in (done, again):
        assert "Wed, Dec 2, 2026: you erased what you wrote with" in said
        assert "1 check-in, 1 preparation, 1 note, 1 wrap-up, 2 commitments" in said
        assert BEN not in said
    assert "you erased" not in shown((await door.press(pair.coach, "rights.open_erase")).view)


async def test_erasing_twice_says_that_there_is_nothing_left(door: Door, pair: Pair) -> None:
    await live(door, pair)
    form = (await confirm(door, pair, pair.engagement_id)).view
    assert (await door.submit(pair.client, form)).view
    assert "nothing of yours to erase" in (await door.submit(pair.client, form)).notice  # type: ignore[operator]


async def test_one_engagement_is_erased_and_another_with_somebody_else_is_not(door: Door, pair: Pair) -> None:
    other = a_pair(door.database, door.clock.at, coach=pair.coach)
    await live(door, pair)
    with door.database.transaction() as db:
        engagements.end(db, other.client, other.engagement_id, f"{BEN}too", door.clock.at)
    await erase(door, pair, pair.engagement_id)
    assert [each.text for each in words(door.database) if BEN in each.text] == [f"{BEN}too"]


async def test_everything_at_once(door: Door, pair: Pair) -> None:
    with door.database.transaction() as db:
        mira = a_person(db, door.clock.at, "Mira")
        a_proposal(db, pair.coach, mira, door.clock.at, terms=TERMS)
    await live(door, pair)
    answer = await erase(door, pair, EVERYWHERE, "coach")
    assert "1 agreement that was not signed by both" in shown(answer.view)
    assert [each for each in words(door.database) if DANA in each.text] == []


@pytest.mark.parametrize("where", [ALONE, EVERYWHERE])
async def test_what_belongs_to_no_engagement_goes_by_itself_or_with_everything(
    door: Door, pair: Pair, where: str
) -> None:
    """Ben's goal without a coach and his strength, though a goal with Dana draws on it; and Dana's own questions."""
    await live(door, pair)
    await aim_alone(door, pair)
    for who, says in (("client", BEN), ("coach", DANA)):
        said = shown((await confirm(door, pair, where, who)).view)
        assert ("1 strength" in said) == (who == "client")
        left = by(says, door.database)
        assert (await erase(door, pair, where, who)).view
        assert (by(says, door.database) < left) if where == ALONE else not by(says, door.database)
    assert {"strengths", "question_sets"} & {each.table for each in words(door.database)} == set()
    assert f"{BEN}alone" not in {each.text for each in words(door.database)}
    assert (f"{BEN}aim" in {each.text for each in words(door.database)}) == (where == ALONE)


async def aim_alone(door: Door, pair: Pair) -> None:
    chosen = {"target_on": "2027-03-01", "for": "alone"}
    form = (await door.command(pair.client, "goal")).view
    assert (await door.submit(pair.client, form, title=f"{BEN}alone", **chosen)).view
    with door.database.transaction() as db:
        (strength,) = [each.row_id for each in sealed(db) if each.table == "strengths"]
    form = (await door.command(pair.client, "goal")).view
    drawing = {"title": f"{BEN}aim", "for": pair.engagement_id, "strengths": [strength]}
    assert (await door.submit(pair.client, form, **{**chosen, **drawing})).view


async def test_who_works_with_nobody_erases_the_goals_they_have_alone(door: Door) -> None:
    with door.database.transaction() as db:
        mira = a_person(db, door.clock.at, "Mira")
    form = (await door.command(mira, "goal")).view
    await door.submit(mira, form, title="Sleep again", target_on="2027-03-01")
    chooser = (await door.press(mira, "rights.open_erase")).view
    form = (await door.submit(mira, chooser, what=f"own:{ALONE}")).view
    assert "1 goal" in shown(form)
    assert "Erased, for good." in shown((await door.submit(mira, form)).view)
    assert words(door.database) == []
    assert "nothing to erase" in (await door.press(mira, "rights.open_erase")).notice  # type: ignore[operator]


async def test_with_everything_goes_the_key_of_what_is_of_no_pair_and_another_can_begin(
    door: Door, pair: Pair
) -> None:
    await live(door, pair)

    def keys() -> list[bytes | None]:
        with door.database.transaction() as db:
            own = select(DataKeyRow.wrapped).where(DataKeyRow.owner == person_owner(pair.coach.id))
            return list(db.scalars(own))

    (before,) = keys()
    await erase(door, pair, EVERYWHERE, "coach")
    assert keys() == []
    form = (await door.press(pair.coach, "questions.new")).view
    assert (await door.submit(pair.coach, form, title=f"{DANA}anew", client="How?")).notice
    assert keys() not in ([], [before])
    assert f"{DANA}anew" in {each.text for each in words(door.database)}


async def test_with_everything_goes_what_was_counted_but_for_what_spares_others(
    door: Door, pair: Pair
) -> None:
    """Who could begin to count anew by erasing could invite somebody as often as they like."""
    await live(door, pair)
    with door.database.transaction() as db:
        mira = a_person(db, door.clock.at, "Mira")
        for person, with_ in ((pair.client, mira), (mira, pair.client), (mira, pair.coach)):
            inviting.count_invitation(db, person, with_, door.clock.at)
        spend(db, pair.client, EXPORTS, door.clock.at)
    await erase(door, pair, EVERYWHERE)
    with door.database.transaction() as db:
        left = {(row.person_id, row.what) for row in db.scalars(select(LimitRow))}
    assert left - {(pair.coach.id, "engagements.invite")} == {
        (pair.client.id, "engagements.invite"),
        (pair.client.id, f"engagements.invite:{mira.id}"),
        (mira.id, "engagements.invite"),
        (mira.id, f"engagements.invite:{pair.coach.id}"),
    }


@pytest.mark.parametrize("who", ["client", "coach"])
async def test_somebody_else_s_engagement_is_not_there_to_be_erased(door: Door, pair: Pair, who: str) -> None:
    other = a_pair(door.database, door.clock.at)
    a_pair(door.database, door.clock.at, coach=pair.coach)
    await live(door, pair)
    chooser = (await door.press(pair.client, "rights.open_erase")).view
    stranger = getattr(other, who)
    assert (
        "isn't yours to open"
        in (await door.submit(stranger, chooser, what=f"own:{pair.engagement_id}")).fields["what"]
    )
    form = (await confirm(door, pair, pair.engagement_id)).view
    assert "isn't yours to open" in (await door.submit(stranger, form)).notice  # type: ignore[operator]
    assert BEN in str(words(door.database))


async def test_who_works_with_nobody_is_told_that_nothing_is_kept(door: Door) -> None:
    with door.database.transaction() as db:
        mira = a_person(db, door.clock.at, "Mira")
    assert "nothing to erase" in (await door.press(mira, "rights.open_erase")).notice  # type: ignore[operator]


async def test_an_open_invitation_that_one_wrote_is_withdrawn_and_gone(door: Door, pair: Pair) -> None:
    with door.database.transaction() as db:
        dana, mira = (a_person(db, door.clock.at, name) for name in ("Dana", "Mira"))
        proposed = a_proposal(db, dana, mira, door.clock.at).engagement_id
    await door.settle()
    chooser = (await door.press(dana, "rights.open_erase")).view
    (option,) = fields(chooser)["what"]["options"]
    form = (await door.submit(dana, chooser, what=option["value"])).view
    assert "is withdrawn" in shown(form)
    await door.submit(dana, form)
    with door.database.transaction() as db:
        assert db.get_one(EngagementRow, proposed).state == EngagementState.ERASED
    await door.settle()
    assert door.messages(mira) == []


async def test_growbot_s_messages_about_it_that_are_dealt_with_are_deleted(door: Door, pair: Pair) -> None:
    await live(door, pair)
    await door.at(
        door.clock.at + timedelta(days=5)
    )  # the next session's preparation, and the next check-in, wait
    theirs, own = door.messages(pair.coach), door.messages(pair.client)
    await erase(door, pair, pair.engagement_id)
    await door.settle()
    left = door.messages(pair.client)
    assert set(left) < set(own)
    assert [each for each in left if "You have" in each or "Answered" in each] == []
    assert any("prepar" in each for each in left)
    assert len(door.messages(pair.coach)) == len(theirs)


async def test_what_is_erased_is_not_asked_for_again(door: Door, pair: Pair) -> None:
    await live(door, pair)
    await erase(door, pair, pair.engagement_id)
    sent = len(door.slack.posted)
    await door.settle()
    assert len(door.slack.posted) == sent
