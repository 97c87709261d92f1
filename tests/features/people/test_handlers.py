"""The schedule that a person owns, and pausing, through the front door."""

from datetime import UTC, datetime, time

import pytest

from bot.core.database import Database
from bot.core.directory import Person, Profile
from bot.features.people import service
from bot.features.people.domain import FOR_EVER, Intensity, Wishes
from bot.features.people.store import by_id
from tests.builders import a_person
from tests.features.sessions.door import Door, Pair, fields, shown

FULL = {
    "checkin_at": "15:00",
    "working_days": ["1", "2"],
    "checkin_weekday": "1",
    "day_starts": "09:00",
    "day_ends": "17:00",
}


@pytest.fixture
def ben(database: Database, now: datetime) -> Person:
    with database.transaction() as db:
        return a_person(db, now, "Ben", zone="America/New_York", locale="en-US")


def current(database: Database, person: Person) -> tuple[Person, Wishes]:
    with database.transaction() as db:
        return service.People().get(db, person.id), service.wishes_of(db, person.id)


# --- settings -----------------------------------------------------------------------------------------------


async def test_the_form_shows_what_is_set_and_in_which_zone(door: Door, ben: Person) -> None:
    form = (await door.command(ben, "settings")).view
    assert "America/New York" in shown(form)
    assert fields(form)["checkin_at"]["initial_time"] == "15:00"
    assert [each["value"] for each in fields(form)["working_days"]["initial_options"]] == list("12345")


async def test_what_is_saved_is_what_is_shown_next(door: Door, ben: Person, database: Database) -> None:
    form = (await door.command(ben, "settings")).view
    chosen = {**FULL, "checkin_weekday": "1", "prep_lead_hours": "48", "intensity": "light"}
    answer = await door.submit(ben, form, **chosen)
    assert answer.notice
    person, wishes = current(database, ben)
    assert wishes == Wishes(1, time(15), 48, Intensity.LIGHT)
    assert (person.rhythm.working_days, person.rhythm.day_starts, person.rhythm.day_ends) == (
        {1, 2},
        time(9),
        time(17),
    )
    shown_again = fields((await door.command(ben, "settings")).view)
    assert shown_again["prep_lead_hours"]["initial_option"]["value"] == "48"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"working_days": []}, "working_days"),
        ({"day_starts": "17:00", "day_ends": "09:00"}, "day_ends"),
        ({"day_starts": "09:00", "day_ends": "09:00"}, "day_ends"),
        ({"checkin_weekday": "5"}, "checkin_weekday"),
        ({"checkin_at": "18:00"}, "checkin_at"),
        ({"checkin_at": "08:59"}, "checkin_at"),
    ],
)
async def test_what_cannot_be_is_refused_beside_its_field(
    door: Door, ben: Person, database: Database, wrong: dict[str, object], field: str
) -> None:
    form = (await door.command(ben, "settings")).view
    answer = await door.submit(ben, form, **{**FULL, **wrong})
    assert set(answer.fields) == {field}
    assert current(database, ben) == (ben, Wishes())


async def test_public_holidays_are_kept_of_the_country_that_is_chosen_and_of_none_at_first(
    door: Door, ben: Person, database: Database
) -> None:
    form = (await door.command(ben, "settings")).view
    assert fields(form)["country"]["initial_option"]["value"] == "none"
    await door.submit(ben, form, **FULL, country="US")
    assert current(database, ben)[0].rhythm.country == "US"
    form = (await door.command(ben, "settings")).view
    assert fields(form)["country"]["initial_option"]["text"]["text"] == "United States"
    await door.submit(ben, form, **FULL, country="none")
    assert current(database, ben)[0].rhythm.country is None


async def test_only_who_coaches_is_asked_about_a_digest(door: Door, pair: Pair, database: Database) -> None:
    assert "digest_at" not in fields((await door.command(pair.client, "settings")).view)
    with database.transaction() as db:
        service.begin_coaching(db, pair.coach.id, door.clock.at)
    form = (await door.command(pair.coach, "settings")).view
    assert fields(form)["digest_at"]["initial_time"] == "09:00"
    answer = await door.submit(pair.coach, form, digest_weekday="6")
    assert set(answer.fields) == {"digest_weekday"}
    answer = await door.submit(pair.coach, form, digest_at="20:00")
    assert set(answer.fields) == {"digest_at"}
    assert (await door.submit(pair.coach, form, digest_weekday="2")).notice
    assert current(database, pair.coach)[1].digest_weekday == 2


# --- pausing --------------------------------------------------------------------------------------------------


async def test_pausing_until_a_day_ends_on_that_morning_in_the_person_s_zone(
    door: Door, ben: Person, database: Database
) -> None:
    answer = await door.command(ben, "pause until friday")
    assert answer.notice
    assert "Friday" in answer.notice
    assert current(database, ben)[0].paused_until == datetime(2026, 11, 27, 13, tzinfo=UTC)


@pytest.mark.parametrize("typed", ["whenever", "until the cows come home", "until 31 february"])
async def test_an_unclear_date_pauses_nothing_and_is_not_repeated(
    door: Door, ben: Person, database: Database, typed: str
) -> None:
    answer = await door.command(ben, f"pause {typed}")
    assert "couldn't read that date" in (answer.notice or "")
    assert typed not in (answer.notice or "")
    assert current(database, ben)[0].paused_until is None


@pytest.mark.parametrize(
    ("typed", "first", "second"),
    [
        ("until weekend", "Sat, Nov 28, 2026", "Sun, Nov 29, 2026"),
        ("until this weekend", "Sat, Nov 28, 2026", "Sun, Nov 29, 2026"),
        ("until 3.12.", "Thu, Dec 3, 2026", "Fri, Mar 12, 2027"),
    ],
)
async def test_a_date_that_may_be_either_of_two_is_asked_back(
    door: Door, ben: Person, database: Database, typed: str, first: str, second: str
) -> None:
    said = (await door.command(ben, f"pause {typed}")).notice or ""
    assert f"{first} or {second}" in said
    assert "Which one do you mean?" in said
    assert current(database, ben)[0].paused_until is None


async def test_a_time_behind_the_day_is_kept_and_said(door: Door, ben: Person, database: Database) -> None:
    said = (await door.command(ben, "pause until friday 3pm")).notice or ""
    assert "Paused until Friday at 3:00 PM." in said
    assert current(database, ben)[0].paused_until == datetime(2026, 11, 27, 20, tzinfo=UTC)


async def test_pausing_until_a_day_that_has_begun_is_refused(
    door: Door, ben: Person, database: Database
) -> None:
    for typed in ("today", "yesterday", "today 9am"):
        said = (await door.command(ben, f"pause until {typed}")).notice or ""
        assert "would be over already" in said
        assert "empty" not in said
    form = (await door.command(ben, "pause")).view
    assert set((await door.submit(ben, form, until="2026-11-24")).fields) == {"until"}
    assert current(database, ben)[0].paused_until is None


@pytest.mark.parametrize(
    ("until", "paused_until"), [(None, FOR_EVER), ("2026-12-04", datetime(2026, 12, 4, 13, tzinfo=UTC))]
)
async def test_the_form_pauses_until_a_day_or_without_an_end(
    door: Door, ben: Person, database: Database, until: str | None, paused_until: datetime
) -> None:
    form = (await door.command(ben, "pause")).view
    assert (await door.submit(ben, form, until=until)).notice
    assert current(database, ben)[0].paused_until == paused_until


async def test_resuming_ends_the_pause_and_says_so_only_when_there_was_one(
    door: Door, ben: Person, database: Database
) -> None:
    await door.submit(ben, (await door.command(ben, "pause")).view)
    assert "Welcome back" in ((await door.command(ben, "resume")).notice or "")
    assert current(database, ben)[0].paused_until is None
    assert "weren't paused" in ((await door.command(ben, "resume")).notice or "")


async def test_a_pause_that_is_over_is_no_pause(door: Door, ben: Person) -> None:
    await door.command(ben, "pause until friday")
    door.clock.move(days=3)
    assert "weren't paused" in ((await door.command(ben, "resume")).notice or "")


# --- what Slack tells -------------------------------------------------------------------------------------------


def test_somebody_met_by_two_requests_is_known_once(database: Database, ben: Person, now: datetime) -> None:
    profile = Profile(ben.identity, "Benjamin", "Europe/Paris", "fr-FR", False, False, False)
    with database.transaction() as db:
        again = service.learn(db, profile, now)
        assert (again.id, again.name, again.zone, again.locale) == (
            ben.id,
            "Benjamin",
            "Europe/Paris",
            "fr-FR",
        )


def test_a_zone_that_this_machine_does_not_know_counts_as_utc(
    database: Database, ben: Person, now: datetime
) -> None:
    profile = Profile(ben.identity, "Ben", "Mars/Olympus_Mons", "en-US", False, False, False)
    with database.transaction() as db:
        assert service.learn(db, profile, now).zone == "UTC"


def test_a_person_is_due_for_refreshing_a_day_after_they_were_learnt(
    database: Database, ben: Person, now: datetime
) -> None:
    with database.transaction() as db:
        assert by_id(db, ben.id).next_refresh_at == now + service.REFRESH_EVERY
