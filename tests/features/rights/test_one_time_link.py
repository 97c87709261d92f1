"""An export is asked for, its message follows it, and a link that works once hands it over to whoever has it."""

import io
import re
import zipfile
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from aiohttp.test_utils import TestClient
from sqlalchemy import select

from bot.core.directory import Person
from bot.features.engagements.access import AccessRow
from bot.features.rights.store import ExportRow
from tests.features.rights.life import BEN, live
from tests.features.sessions.door import ADDRESS, Door, Pair, a_pair, shown


@pytest.fixture
async def browser(door: Door) -> AsyncIterator[TestClient[Any, Any]]:
    async with door.pages() as client:
        yield client


async def asked(door: Door, person: Person) -> str:
    """The export's id, once its message says that it is ready."""
    form = (await door.press(person, "rights.open_export")).view
    await door.submit(person, form)
    await door.settle()
    with door.database.transaction() as db:
        return str(db.scalars(select(ExportRow.id).order_by(ExportRow.asked_at.desc())).first())


async def link(door: Door, person: Person, export_id: str) -> str:
    """The path of the link."""
    view = (await door.press(person, "rights.get_export", export_id)).view
    found = re.search(rf"{ADDRESS}(/export/[\w-]+)", shown(view))
    assert found is not None
    return found[1]


async def test_its_message_says_that_it_is_being_made_and_then_that_it_is_ready(
    door: Door, pair: Pair
) -> None:
    form = (await door.press(pair.client, "rights.open_export")).view
    await door.submit(pair.client, form)
    await door._courier.deliver()
    assert door.messages(pair.client, "I am putting your export together.")
    await door.settle()
    (message,) = door.messages(pair.client, "export")
    assert message == "Your export is ready, until Wed, Dec 2, 2026."
    assert "rights.get_export" in door.buttons(pair.client)


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
async def test_its_page_is_in_the_browser_s_language(browser: TestClient[Any, Any]) -> None:
    german = {"Accept-Language": "de-AT,de;q=0.9,en;q=0.8"}
    looked = await browser.get("/export/any", headers=german)
    taken = await browser.post("/export/any", headers=german)
    said = await looked.text() + await taken.text()
    assert said.count('<html lang="de">') == 2
    assert "Herunterladen" in said
    assert "Dieser Link ist schon benutzt" in said
    assert '<html lang="en">' in await (await browser.get("/export/any")).text()


async def test_the_button_on_its_page_downloads_it_once(
    door: Door, pair: Pair, browser: TestClient[Any, Any]
) -> None:
    await live(door, pair)
    path = await link(door, pair.client, await asked(door, pair.client))
    answer = await browser.post(path)
    with zipfile.ZipFile(io.BytesIO(await answer.read())) as archive:
        assert archive.namelist() == ["growbot.html", "growbot.json", "commitments.csv"]
        assert f"{BEN}calm" in archive.read("growbot.html").decode()
    assert (answer.status, answer.headers["Cache-Control"]) == (200, "no-store")
    assert "attachment" in answer.headers["Content-Disposition"]
    again = await browser.post(path)
    assert (again.status, "used already" in await again.text()) == (410, True)
    await door.settle()
    assert door.messages(pair.client, "You have downloaded your export.")


async def test_looking_at_it_as_previews_do_uses_nothing_up(
    door: Door, pair: Pair, browser: TestClient[Any, Any]
) -> None:
    path = await link(door, pair.client, await asked(door, pair.client))
    for _look in range(2):
        assert (await browser.head(path)).status == 200
        page = await browser.get(path)
        assert "Download it" in await page.text()
    assert (await browser.post(path)).status == 200


async def test_its_page_is_kept_nowhere_and_tells_nobody_where_one_came_from(
    browser: TestClient[Any, Any],
) -> None:
    headers = (await browser.get("/export/anything")).headers
    assert (headers["Cache-Control"], headers["Referrer-Policy"]) == ("no-store", "no-referrer")
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"


async def test_a_made_up_link_looks_the_same_and_gives_nothing(browser: TestClient[Any, Any]) -> None:
    assert (await browser.get("/export/made-up")).status == 200
    assert (await browser.post("/export/made-up")).status == 410


async def test_after_an_hour_the_link_is_over_and_the_message_gives_another(
    door: Door, pair: Pair, browser: TestClient[Any, Any]
) -> None:
    export_id = await asked(door, pair.client)
    old = await link(door, pair.client, export_id)
    door.clock.at += timedelta(hours=1)
    assert (await browser.post(old)).status == 410
    assert (await browser.post(await link(door, pair.client, export_id))).status == 200


async def test_a_newer_link_ends_the_one_before(
    door: Door, pair: Pair, browser: TestClient[Any, Any]
) -> None:
    export_id = await asked(door, pair.client)
    old, new = await link(door, pair.client, export_id), await link(door, pair.client, export_id)
    assert (await browser.post(old)).status == 410
    assert (await browser.post(new)).status == 200


async def test_only_a_digest_of_the_link_is_stored(
    door: Door, pair: Pair, browser: TestClient[Any, Any]
) -> None:
    path = await link(door, pair.client, await asked(door, pair.client))
    with door.database.transaction() as db:
        row = db.scalars(select(ExportRow)).one()
        stored = str({column.key: getattr(row, column.key) for column in ExportRow.__table__.columns})
    assert path.rpartition("/")[2] not in stored
    assert path.rpartition("/")[2] not in str([each.latest for each in door.slack.posted])


async def test_what_is_taken_back_before_it_is_fetched_is_not_in_it(
    door: Door, pair: Pair, browser: TestClient[Any, Any]
) -> None:
    await live(door, pair)
    path = await link(door, pair.coach, await asked(door, pair.coach))
    chooser = (await door.press(pair.client, "rights.open_erase")).view
    form = (await door.submit(pair.client, chooser, what=f"own:{pair.engagement_id}")).view
    await door.submit(pair.client, form)
    with zipfile.ZipFile(io.BytesIO(await (await browser.post(path)).read())) as archive:
        assert BEN not in archive.read("growbot.json").decode()


async def test_the_other_one_sees_that_it_was_taken_along(
    door: Door, pair: Pair, browser: TestClient[Any, Any]
) -> None:
    await live(door, pair)
    with door.database.transaction() as db:
        before = db.query(AccessRow).count()
    path = await link(door, pair.coach, await asked(door, pair.coach))
    with door.database.transaction() as db:
        assert db.query(AccessRow).count() == before
    await browser.post(path)
    with door.database.transaction() as db:
        assert db.query(AccessRow).count() > before


async def test_nobody_else_gets_the_link(door: Door, pair: Pair, browser: TestClient[Any, Any]) -> None:
    stranger = a_pair(door.database, door.clock.at).client
    export_id = await asked(door, pair.client)
    for person in (pair.coach, stranger):
        answer = await door.press(person, "rights.get_export", export_id)
        assert (answer.view, "isn't yours" in (answer.notice or "")) == (None, True)


async def test_a_week_later_it_has_to_be_asked_for_anew(
    door: Door, pair: Pair, browser: TestClient[Any, Any]
) -> None:
    export_id = await asked(door, pair.client)
    await door.at(door.clock.at + timedelta(days=7))
    assert "time is over" in ((await door.press(pair.client, "rights.get_export", export_id)).notice or "")
    assert door.messages(pair.client, "Its time is over")


async def test_three_a_day_are_enough(door: Door, pair: Pair) -> None:
    for _ask in range(3):
        await asked(door, pair.client)
    form = (await door.press(pair.client, "rights.open_export")).view
    assert "asked for three of these in a day" in str((await door.submit(pair.client, form)).fields)
    door.clock.at += timedelta(days=1)
    assert "putting it together" in ((await door.submit(pair.client, form)).notice or "")
