import pytest
from sqlalchemy import text

from bot.core.directory import Person
from bot.core.errors import NotFound
from bot.core.slack.requests import Answer, Placement
from bot.features.strengths import service
from bot.features.strengths.domain import MOST, Strength, TooLong, names_in
from tests.builders import a_person, an_engagement
from tests.features.sessions.door import Door, Pair, a_pair, fields, shown


async def add(door: Door, person: Person, *names: str) -> Answer:
    form = (await door.command(person, "strengths")).view
    return await door.submit(person, form, **{"names-0": "\n".join(names)})


def own(door: Door, person: Person) -> list[Strength]:
    with door.database.transaction() as db:
        return service.own(db, person, door.clock.now())


def names(door: Door, person: Person) -> list[str]:
    return [each.name for each in own(door, person)]


def test_one_stands_in_each_line_however_lists_are_typed() -> None:
    assert names_in(" - Calm\n\n• Humour \n* Calm\n") == ["Calm", "Humour"]
    assert names_in(None) == []
    with pytest.raises(TooLong):
        names_in("x" * 201)


async def test_several_are_named_at_once_and_the_field_is_empty_again(door: Door, pair: Pair) -> None:
    answer = await add(door, pair.client, "Calm", "Humour")
    assert names(door, pair.client) == ["Calm", "Humour"]
    assert "Saved." in shown(answer.view)
    assert "names-1" in fields(answer.view)
    await door.submit(pair.client, answer.view, **{"names-1": "Calm\nPatience"})
    assert names(door, pair.client) == ["Calm", "Humour", "Patience"]


async def test_too_many_or_too_long_is_asked_back_and_nothing_is_lost(door: Door, pair: Pair) -> None:
    refused = await add(door, pair.client, *(f"Strength {number}" for number in range(MOST + 1)))
    assert list(refused.fields) == ["names-0"]
    assert list((await add(door, pair.client, "x" * 201)).fields) == ["names-0"]
    assert names(door, pair.client) == []


async def test_one_that_is_taken_off_is_gone_from_the_list(door: Door, pair: Pair) -> None:
    await add(door, pair.client, "Calm", "Humour")
    calm = own(door, pair.client)[0]
    answer = await door.press(pair.client, "strengths.retire", calm.id)
    assert answer.placement is Placement.REPLACE
    assert names(door, pair.client) == ["Humour"]
    assert (await door.press(pair.coach, "strengths.retire", own(door, pair.client)[0].id)).notice
    assert names(door, pair.client) == ["Humour"]


async def test_each_coach_sees_what_was_chosen_for_them(door: Door, pair: Pair) -> None:
    await add(door, pair.client, "Calm", "Humour")
    with door.database.transaction() as db:
        now = door.clock.now()
        of_eve, _client = an_engagement(db, now, a_person(db, now, "Eve"), pair.client)
    calm, humour = own(door, pair.client)
    form = (await door.command(pair.client, "strengths")).view
    assert "Which of these may Dana see?" in shown(form)
    chosen = {
        f"shared-{pair.engagement_id}": [calm.id, "nothing"],
        f"shared-{of_eve.engagement_id}": [humour.id],
    }
    await door.submit(pair.client, form, **chosen)
    shared = [each.shared_with for each in own(door, pair.client)]
    assert shared == [{pair.engagement_id}, {of_eve.engagement_id}]
    again = (await door.command(pair.client, "strengths")).view
    await door.submit(pair.client, again, **{f"shared-{pair.engagement_id}": []})
    assert [each.shared_with for each in own(door, pair.client)] == [frozenset(), {of_eve.engagement_id}]


async def test_nothing_is_shared_in_somebody_else_s_engagement(door: Door, pair: Pair) -> None:
    await add(door, pair.client, "Calm")
    stranger = a_pair(door.database, door.clock.now())
    calm = own(door, pair.client)[0]
    shared = {stranger.engagement_id: [calm.id]}
    with door.database.transaction() as db, pytest.raises(NotFound):
        service.save(db, pair.client, [], shared, door.clock.now())


async def test_alone_they_are_only_one_s_own(door: Door) -> None:
    with door.database.transaction() as db:
        mira = a_person(db, door.clock.now(), "Mira")
    assert "Only you see them." in shown((await add(door, mira, "Calm")).view)


async def test_they_are_stored_sealed(door: Door, pair: Pair) -> None:
    await add(door, pair.client, "Calm in a storm")
    with door.database.transaction() as db:
        (name,) = db.execute(text("SELECT name FROM strengths")).scalars()
    assert b"storm" not in bytes(name)
