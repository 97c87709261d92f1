"""What is said before anybody signs, and the silence until both have."""

from datetime import datetime, timedelta

import pytest
from slack_sdk.models.views import View

from bot.core.directory import Person
from tests.builders import a_person, a_proposal
from tests.features.sessions.door import Door, fields, shown

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)

WHO_READS = (
    "What the client writes: the client, and the coach only where the client shares it.",
    "What the coach promises the client: both of you.",
    "This agreement: both of you. Notes to yourself: only you.",
    "How many sessions you held and check-ins were answered: both of you.",
    "Managers, programme leads and admins: none of it. Only how many sessions and check-ins there were, "
    "and only of five clients or more taken together.",
)
LIMITS = (
    "whoever runs this server and holds its key could read it",
    "owners can export messages",
    "the law, or danger to someone",
    "not therapy or counselling",
    "Either of you can end this at any time, with or without a reason.",
)
AGREED = (
    "Lead the new team with less firefighting",
    "Ask, listen, hold up a mirror",
    "Prepare, try things, say what happened",
    "*How often*: every week",
    "*Shared at first*: preparation for sessions, commitments, weekly check-ins, goals – the client chooses each time",
    "*Kept after the end*: 6 months",
)


def proposed(door: Door) -> tuple[Person, Person, str]:
    now = door.clock.now()
    with door.database.transaction() as db:
        dana, ben = a_person(db, now, "Dana"), a_person(db, now, "Ben")
        return dana, ben, a_proposal(db, dana, ben, now).engagement_id


def missing(sentences: tuple[str, ...], view: View | None) -> list[str]:
    return [each for each in sentences if each not in shown(view)]


async def test_both_read_who_can_read_what_and_its_limits_before_they_sign(door: Door) -> None:
    dana, ben, engagement_id = proposed(door)
    form = (await door.command(dana, "start")).view
    read = (await door.press(ben, "engagements.read", engagement_id)).view
    assert [missing(WHO_READS + LIMITS, each) for each in (form, read)] == [[], []]
    assert missing(AGREED, read) == []


async def test_the_form_begins_with_something_sensible_for_all_but_what_only_they_can_say(door: Door) -> None:
    dana, _ben, _id = proposed(door)
    form = fields((await door.command(dana, "start")).view)
    empty = {name for name, each in form.items() if not any(key.startswith("initial") for key in each)}
    assert empty == {"with", "role", "purpose"}
    assert set(form) - empty == {"coach_does", "client_does", "cadence", "shares", "retention_months"}


async def test_who_is_invited_and_has_never_heard_of_it_reads_what_growbot_does(door: Door) -> None:
    _dana, ben, engagement_id = proposed(door)
    await door.settle()
    (invitation,) = [each.latest for each in door.slack.posted if each.to == ben.identity]
    assert "growbot asks both of you a few questions around each session" in str(
        [each.to_dict() for each in invitation.blocks]
    )
    home = shown((await door.command(ben, "")).view)
    waits, what = "has an agreement for you to read", "growbot keeps a coach and a client in step"
    assert 0 < home.index(waits) < home.index(what)
    read = (await door.press(ben, "engagements.read", engagement_id)).view
    assert "Waits for you." in shown(read)


async def test_until_both_have_signed_there_is_one_message_and_no_other(door: Door, now: datetime) -> None:
    dana, ben, _id = proposed(door)
    await door.settle()
    assert door.buttons(ben) == ["engagements.read", "engagements.suggest", "engagements.decline"]
    for day in range(1, 60):
        await door.at(now + timedelta(days=day))
    assert [each.to for each in door.slack.posted] == [ben.identity]
    assert door.messages(dana) == []
