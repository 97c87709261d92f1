"""Looking back, once it is over: each for themself, shared by choice, until everything is destroyed."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.features.closing.store import ReviewRow
from bot.features.engagements import service as engagements
from bot.features.engagements.access import AccessRow
from bot.features.engagements.domain import Role
from tests.builders import a_person, a_proposal
from tests.features.sessions.door import Door, Pair, a_pair, fields, shown

CHANGED, KEEP = "Zaphod listens now", "The pause before answering"


async def end(door: Door, pair: Pair) -> None:
    form = (await door.command(pair.client, "end")).view
    ended = (await door.submit(pair.client, form)).view
    assert "closing.open" in shown(ended)
    assert "rights.open_export" in shown(ended)
    await door.settle()


async def write(door: Door, pair: Pair, *, by_coach: bool = False, share: bool = False) -> str:
    person = pair.coach if by_coach else pair.client
    form = (await door.press(person, "closing.open", pair.engagement_id)).view
    chosen = ["yes"] if share else []
    answer = await door.submit(person, form, changed=CHANGED, keep=KEEP, shared=chosen)
    assert answer.notice
    return answer.notice


async def seen(door: Door, pair: Pair, *, by_coach: bool) -> str:
    person = pair.coach if by_coach else pair.client
    return shown((await door.press(person, "closing.open", pair.engagement_id)).view)


async def test_both_are_offered_to_look_back_and_to_take_along_what_they_wrote(
    door: Door, pair: Pair
) -> None:
    await end(door, pair)
    assert {"closing.open", "rights.open_export"} <= set(door.buttons(pair.coach))
    for person in (pair.coach, pair.client):
        assert "closing.open" in shown((await door.command(person, "agreement")).view)


async def test_what_is_written_is_its_authors_alone_and_can_be_changed(door: Door, pair: Pair) -> None:
    await end(door, pair)
    assert "Only you can read it" in await write(door, pair)
    form = (await door.press(pair.client, "closing.open", pair.engagement_id)).view
    assert fields(form)["changed"]["initial_value"] == CHANGED
    assert fields(form)["keep"]["initial_value"] == KEEP
    assert "less firefighting" in shown(form), "what they set out to do"
    assert CHANGED not in await seen(door, pair, by_coach=True)


@pytest.mark.parametrize("by_coach", [True, False])
async def test_the_other_one_reads_what_is_shared_on_record_until_it_is_taken_back(
    door: Door, pair: Pair, by_coach: bool
) -> None:
    await end(door, pair)
    await write(door, pair, by_coach=by_coach, share=True)
    text = await seen(door, pair, by_coach=not by_coach)
    assert CHANGED in text
    assert KEEP in text
    reader = pair.client if by_coach else pair.coach
    with door.database.transaction() as db:
        opened = [(each.kind, each.reader_id) for each in db.scalars(select(AccessRow))]
    assert ("closing", reader.id) in opened
    await write(door, pair, by_coach=by_coach, share=False)
    assert CHANGED not in await seen(door, pair, by_coach=not by_coach)


async def test_nothing_written_is_nothing_shared(door: Door, pair: Pair) -> None:
    await end(door, pair)
    form = (await door.press(pair.client, "closing.open", pair.engagement_id)).view
    assert "Nothing is written" in ((await door.submit(pair.client, form, shared=["yes"])).notice or "")
    assert "looks back too" not in await seen(door, pair, by_coach=True)


async def test_before_the_end_and_for_strangers_there_is_nothing_to_look_back_at(
    door: Door, pair: Pair
) -> None:
    assert "still working" in (
        (await door.press(pair.client, "closing.open", pair.engagement_id)).notice or ""
    )
    await end(door, pair)
    form = (await door.press(pair.client, "closing.open", pair.engagement_id)).view
    stranger = a_pair(door.database, door.clock.now()).client
    assert "isn't there" in ((await door.press(stranger, "closing.open", pair.engagement_id)).notice or "")
    assert "isn't there" in str((await door.submit(stranger, form, changed="Mine")).fields)


async def test_a_withdrawn_proposal_is_nothing_to_look_back_at(door: Door) -> None:
    now = door.clock.now()
    with door.database.transaction() as db:
        proposed = a_proposal(db, a_person(db, now, "Dana"), a_person(db, now, "Ben"), now)
        assert proposed.role is Role.COACH
        engagements.withdraw(db, proposed.actor, proposed.engagement_id, now)
    assert "isn't there" in (
        (await door.press(proposed.actor, "closing.open", proposed.engagement_id)).notice or ""
    )


async def test_it_is_sealed_and_goes_with_everything_else(door: Door, pair: Pair) -> None:
    await end(door, pair)
    await write(door, pair, share=True)
    with door.database.transaction() as db:
        (row,) = db.scalars(select(ReviewRow))
    assert CHANGED.encode() not in (row.changed or b"")
    assert KEEP.encode() not in (row.keep or b"")
    for days in (200, 210):
        await door.at(door.clock.now() + timedelta(days=days))
    with door.database.transaction() as db:
        assert db.scalars(select(ReviewRow)).all() == []
    for person in (pair.coach, pair.client):
        assert "isn't there" in ((await door.press(person, "closing.open", pair.engagement_id)).notice or "")
