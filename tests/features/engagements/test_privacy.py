"""`/grow privacy`: who can read what, and who has read what of one's own."""

from datetime import datetime

import pytest
from sqlalchemy import select

from bot.core.database import Database
from bot.features.commitments.service import own_open
from bot.features.engagements.access import AccessRow
from bot.features.engagements.service import sign
from tests.builders import a_person, a_proposal
from tests.features.sessions.door import Door, Pair, a_pair, readings, shown


async def prepared(door: Door, pair: Pair) -> None:
    """Ben has committed to two things and prepared; Dana opens her preparation, which shows what he shares."""
    form = (await door.press(pair.coach, "sessions.plan", pair.engagement_id)).view
    await door.submit(pair.coach, form, on="2026-12-01", at="15:00", repeats="once")
    for what in ("Call the CFO", "Keep Thursdays free"):
        await door.submit(pair.client, (await door.command(pair.client, f"commit {what} by friday")).view)
    await door.submit(pair.client, (await door.command(pair.client, "prep")).view, **{"goal.purpose": "Calm"})
    await door.command(pair.coach, "prep")


async def test_what_the_other_one_opened_is_listed_with_kinds_and_times(door: Door, pair: Pair) -> None:
    await prepared(door, pair)
    said = shown((await door.command(pair.client, "privacy")).view)
    dana = f"<@{pair.coach.identity.user_id}>"
    assert f"today at 9:30 AM: {dana} opened your preparation" in said
    assert f"{dana} opened 2 of your commitments" in said
    assert "CFO" not in said


async def test_one_s_own_looking_is_not_listed_nor_what_concerns_others(door: Door, pair: Pair) -> None:
    other = a_pair(door.database, door.clock.now(), coach=pair.coach)
    await prepared(door, pair)
    for person in (pair.coach, other.client):
        assert "Nobody has opened anything" in shown((await door.command(person, "privacy")).view)


@pytest.mark.parametrize(
    ("who", "sentence"), [("client", "coaches you. In a new form"), ("coach", "You coach")]
)
async def test_it_says_who_can_read_what_in_each_engagement(
    door: Door, pair: Pair, who: str, sentence: str
) -> None:
    said = shown((await door.press(getattr(pair, who), "engagements.privacy")).view)
    assert sentence in said
    assert "preparation for sessions, commitments, weekly check-ins" in said
    assert "Managers, programme leads and admins: none of it. Only how many sessions" in said


async def test_it_opens_before_there_is_any_engagement(door: Door, pair: Pair) -> None:
    await door.submit(pair.client, (await door.command(pair.client, "end")).view)
    assert "Who can read what" in shown((await door.command(pair.client, "privacy")).view)


async def test_a_proposal_is_its_writer_s_until_both_have_signed(
    door: Door, database: Database, now: datetime
) -> None:
    with database.transaction() as db:
        dana, ben = a_person(db, now, "Dana"), a_person(db, now, "Ben")
        proposed = a_proposal(db, dana, ben, now)
    for reader in (dana, ben):
        await door.press(reader, "engagements.read", proposed.engagement_id)
    assert [(reader, kind) for reader, kind, _id in readings(database)] == [(ben.id, "agreement")]
    said = shown((await door.command(dana, "privacy")).view)
    assert f"<@{ben.identity.user_id}> opened the agreement that you wrote" in said
    with database.transaction() as db:
        sign(db, ben, proposed.engagement_id, 1, now)
    await door.press(ben, "engagements.read", proposed.engagement_id)
    assert len(readings(database)) == 1


async def test_the_reason_for_ending_is_on_record_when_the_other_reads_it(door: Door, pair: Pair) -> None:
    form = (await door.command(pair.client, "end")).view
    await door.submit(pair.client, form, reason="Time for something else")
    for reader in (pair.client, pair.coach):
        read = shown((await door.press(reader, "engagements.read", pair.engagement_id)).view)
        assert "Time for something else" in read
    assert readings(door.database) == [(pair.coach.id, "ending", pair.engagement_id)]
    said = shown((await door.command(pair.client, "privacy")).view)
    assert "read your reason for ending" in said


async def test_sharing_and_taking_back_are_no_reading(door: Door, pair: Pair) -> None:
    for shared in (["yes"], []):
        form = (await door.command(pair.client, "commit Call the CFO by friday")).view
        await door.submit(pair.client, form, shared=shared)
    with door.database.transaction() as db:
        kinds = list(db.scalars(select(AccessRow.kind).order_by(AccessRow.seq)))
    assert kinds == ["begun", "commitment.shared"]
    assert "Nobody has opened anything" in shown((await door.command(pair.coach, "privacy")).view)


async def test_a_list_that_is_drawn_anew_is_read_anew(door: Door, pair: Pair) -> None:
    """Done with one of her own, Dana has the list below redrawn; what Ben shared meanwhile is in it."""
    form = (await door.command(pair.coach, "commit Send the article by friday")).view
    await door.submit(pair.coach, form)
    listed = (await door.command(pair.coach, "commitments")).view
    await door.submit(pair.client, (await door.command(pair.client, "commit Call the CFO by friday")).view)
    with door.database.transaction() as db:
        (own,) = own_open(db, pair.coach, door.clock.now())
    edit = (await door.press(pair.coach, "commitments.edit", own.commitment.id, view=listed)).view
    told = await door.submit(pair.coach, edit, below="V1", what="Send the book")
    assert told.redraw is not None
    assert "Call the CFO" in shown(told.redraw[1])
    assert [kind for _reader, kind, _id in readings(door.database)] == ["commitment"]
