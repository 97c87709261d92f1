"""When and how much growbot writes is each person's own to say, and begins with office hours."""

import pytest

from bot.core.directory import Person
from bot.features.people import service
from bot.features.people.domain import Intensity
from tests.features.sessions.door import Door, Pair, fields

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)


def intensity_of(door: Door, person: Person) -> Intensity:
    with door.database.transaction() as db:
        return service.wishes_of(db, person.id).intensity


async def test_a_coach_who_wants_more_reminders_gets_them_alone(door: Door, pair: Pair) -> None:
    form = (await door.command(pair.coach, "settings")).view
    assert form is not None
    assert form.private_metadata == "{}", "it is about whoever sends it, and names nobody"
    assert (await door.submit(pair.coach, form, intensity="active")).notice
    assert intensity_of(door, pair.coach) is Intensity.ACTIVE
    assert intensity_of(door, pair.client) is Intensity.STANDARD


async def test_it_begins_with_office_hours_and_a_day_to_prepare(door: Door, pair: Pair) -> None:
    form = fields((await door.command(pair.client, "settings")).view)
    assert [each["value"] for each in form["working_days"]["initial_options"]] == list("12345")
    assert (form["day_starts"]["initial_time"], form["day_ends"]["initial_time"]) == ("08:00", "18:00")
    assert [each["value"] for each in form["prep_lead_hours"]["options"]] == ["48", "24", "4"]
    assert form["prep_lead_hours"]["initial_option"]["value"] == "24"
    assert [each["value"] for each in form["intensity"]["options"]] == ["light", "standard", "active"]
