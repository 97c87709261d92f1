"""Slack's language chooses, a person's own choice overrides it, and Slack's can be had back."""

from datetime import UTC, datetime

import pytest

from bot.core.database import Database
from bot.core.directory import Person
from bot.core.i18n import gettext as _
from bot.core.i18n import in_locale
from bot.features.commitments import service as commitments
from bot.features.people import service
from bot.features.people.domain import Manner
from bot.features.rights.document import html
from bot.features.rights.exporting import put_together
from bot.registry import FEATURES
from tests.builders import a_profile
from tests.features.sessions.door import ADDRESS, Door, Pair, fields, shown

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
FRIDAY_NOON = datetime(2026, 11, 27, 17, tzinfo=UTC)
CHAPTERS = [make for feature in FEATURES for make in feature.chapters]


async def choose(door: Door, person: Person, language: str) -> str:
    """The answer's sentence."""
    answer = await door.submit(person, (await door.command(person, "settings")).view, language=language)
    return str(answer.notice)


async def commits(door: Door, person: Person) -> None:
    form = (await door.command(person, "commit")).view
    assert not (await door.submit(person, form, what="Call the CFO", by="friday")).fields


async def test_it_is_as_in_slack_at_first_and_each_language_is_offered_by_its_own_name(
    door: Door, pair: Pair
) -> None:
    field = fields((await door.command(pair.client, "settings")).view)["language"]
    assert [each["text"]["text"] for each in field["options"]] == ["As in Slack", "English", "Deutsch"]
    assert field["initial_option"]["value"] == "slack"


async def test_a_chosen_language_holds_at_once_and_can_be_put_back(door: Door, pair: Pair) -> None:
    assert "Gespeichert" in await choose(door, pair.client, "de")
    form = (await door.command(pair.client, "settings")).view
    assert fields(form)["language"]["initial_option"]["value"] == "de"
    assert "Deine Einstellungen" in shown(form)
    assert "Was growbot tut" in shown((await door.command(pair.client, "help")).view)
    assert "Your settings" in shown((await door.command(pair.coach, "settings")).view)
    assert "Saved" in await choose(door, pair.client, "slack")
    assert "Your settings" in shown((await door.command(pair.client, "settings")).view)


async def test_so_it_does_in_messages_and_in_those_that_wait_already(door: Door, pair: Pair) -> None:
    await commits(door, pair.client)
    await door.at(FRIDAY_NOON)
    assert "is due" in door.messages(pair.client)[-1]
    await choose(door, pair.client, "de")
    await door.settle()
    assert "ist fällig" in door.messages(pair.client)[-1]
    assert "is due" not in "".join(door.messages(pair.client)[-1:])


async def test_so_it_does_on_home_and_in_pictures(door: Door, pair: Pair) -> None:
    await commits(door, pair.client)
    door.is_at(ADDRESS)
    await choose(door, pair.client, "de")
    assert "Mit wem du arbeitest" in shown((await door.command(pair.client, "")).view)
    with door.database.transaction() as db:
        (made,) = commitments.own_open(db, service.People().get(db, pair.client.id), door.clock.at)
    form = (await door.press(pair.client, "commitments.kept", made.commitment.id)).view
    await door.submit(pair.client, form)
    pictured = (await door.command(pair.client, "progress")).pictured
    alt_texts = [block.to_dict()["alt_text"] for block in pictured.blocks if block.type == "image"]  # type: ignore[union-attr]
    assert alt_texts
    assert "1 umgesetzt" in "".join(alt_texts)


async def test_so_it_does_in_the_export_which_tells_of_the_choice(door: Door, pair: Pair) -> None:
    await choose(door, pair.client, "de")
    with door.database.transaction() as db:
        client = service.People().get(db, pair.client.id)
        export = put_together(db, CHAPTERS, client, door.clock.at)
    assert '<html lang="de-US">' in html(export)
    (settings,) = export.chapter("settings").records
    assert settings["chosen_language"].code == "de"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("in_slack", "chosen", "read_in"),
    [
        ("en-US", None, "en-US"),
        ("en-US", "de", "de-US"),
        ("de-AT", "en", "en-AT"),
        ("en-GB", "en", "en-GB"),
        ("nl-NL", "de", "de-NL"),
        ("de", "en", "en"),
    ],
)
def test_what_slack_tells_anew_changes_the_region_and_not_the_chosen_language(
    database: Database, pair: Pair, now: datetime, in_slack: str, chosen: str | None, read_in: str
) -> None:
    with database.transaction() as db:
        service.set_manner(db, pair.client, Manner(language=chosen))
        client = service.learn(db, a_profile(identity=pair.client.identity, locale=in_slack), now)
    assert client.locale == read_in
    with in_locale(client.locale):
        assert _("Save") == ("Speichern" if read_in.startswith("de") else "Save")
