"""Whatever a command does, Home has a button for it; the hub shows the same."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from bot.core.directory import Person
from bot.registry import FEATURES, routes_of
from tests.builders import a_person
from tests.features.sessions.door import Door, Pair, door, pair, shown

__all__ = ["door", "pair"]

START = datetime(2026, 12, 1, 16, tzinfo=UTC)
BUTTONS = {
    "start": {"engagements.start"},
    "agreement": {"engagements.read"},
    "privacy": {"engagements.privacy"},
    "end": {"engagements.end"},
    "strengths": {"strengths.show"},
    "goal": {"goals.new"},
    "goals": {"goals.list"},
    "session": {"sessions.plan", "sessions.move", "sessions.cancel", "sessions.list"},
    "commit": {"commitments.new"},
    "commitments": {"commitments.list"},
    "wrapup": {"wrapups.open"},
    "note": {"notes.new"},
    "notes": {"notes.list"},
    "questions": {"questions.list"},
    "prep": {"prep.open"},
    "progress": {"progress.show"},
    "pause": {"people.pause"},
    "resume": {"people.resume"},
    "settings": {"people.settings"},
    "help": {"home.help"},
}
OF_CLIENT, OF_COACH = {"checkin": {"checkins.open"}}, {"checkin": {"checkins.read"}}


async def found(door: Door, person: Person) -> set[str]:
    view = (await door.command(person, "")).view
    return set(re.findall(r"'action_id': '([a-z_]+\.[a-z_]+)", shown(view)))


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
@pytest.mark.parametrize("kind", ["commit", "goal"])
async def test_who_keeps_something_alone_and_works_with_nobody_has_a_home_that_slack_takes(
    door: Door, kind: str
) -> None:
    """What is welcomed with a button, and what is listed with one, do not get into each other's way."""
    with door.database.transaction() as db:
        mira = a_person(db, door.clock.now(), "Mira")
    form = (await door.command(mira, f"{kind} write the letter")).view
    date = {"commit": "by", "goal": "target_on"}[kind]
    assert not (await door.submit(mira, form, **{date: "2026-12-04"})).fields
    assert await found(door, mira) > {"commitments.new", "goals.new", "engagements.start"}


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
async def test_what_waits_stands_above_what_is_there_when_one_wants_it(door: Door, pair: Pair) -> None:
    home = shown((await door.command(pair.client, "")).view)
    places = [home.index(each) for each in ("commitments.new", "goals.new", "notes.new", "engagements.read")]
    assert places == sorted(places)


async def over_time(door: Door, pair: Pair, person: Person) -> set[str]:
    """Before a session is planned, when one is, after it, and while paused."""
    seen = await found(door, person)
    form = (await door.press(pair.coach, "sessions.plan", pair.engagement_id)).view
    await door.submit(pair.coach, form, on="2026-12-01", at="16:00", repeats="once")
    seen |= await found(door, person)
    door.clock.at = START + timedelta(hours=2)
    seen |= await found(door, person)
    await door.command(person, "pause until dec 10")
    return seen | await found(door, person)


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
@pytest.mark.parametrize("who", ["client", "coach"])
async def test_whatever_a_command_does_home_has_a_button_for_it(door: Door, pair: Pair, who: str) -> None:
    wanted = {**BUTTONS, **(OF_COACH if who == "coach" else OF_CLIENT)}
    if who == "client":
        del wanted["questions"]  # a coach chooses them; a client reads which in the form to prepare
    seen = await over_time(door, pair, getattr(pair, who))
    assert {word: buttons - seen for word, buttons in wanted.items() if buttons - seen} == {}


def test_no_command_is_forgotten_here() -> None:
    assert {word for word in routes_of(FEATURES).commands if word} == {*BUTTONS, *OF_CLIENT}
