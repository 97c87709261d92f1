"""Installing by OAuth: once, soon, in one browser, with a clear page for whatever goes wrong, and nothing half-saved."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import func, select, text

from bot.core.slack import oauth_states
from bot.core.slack.installation_store import InstallationRow
from bot.core.slack.oauth import COOKIE, SCOPES
from bot.core.slack.oauth_states import StateRow
from bot.demo import manifest
from tests.scenarios.several import BEN, BRIGHTWATER, EAST, NORTH, PUBLIC, WEST, Browser, Several, several


@pytest.fixture
async def office(database_url: str) -> AsyncIterator[Several]:
    async with several(database_url, replicas=2) as office:
        yield office


def kept(office: Several) -> int:
    with office.growbots[0].database.transaction() as db:
        return db.scalar(select(func.count()).select_from(InstallationRow)) or 0


async def test_installed_in_a_browser_it_answers_and_writes_there(office: Several) -> None:
    page = await office.install(NORTH.id)
    assert (page.status, "growbot is in North" in page.text) == (200, True)
    ben = office.sandbox.seat(BEN, NORTH.id)
    await ben.command("/grow commitments")
    await ben.wait_modal("commitments.list")


async def test_it_asks_slack_for_what_the_manifest_says(office: Several) -> None:
    to_slack = await office.browser().get(office.growbots[0], "/slack/install")
    asked = parse_qs(urlsplit(to_slack.headers["Location"]).query)
    assert asked["scope"][0].split(",") == list(SCOPES) == manifest()["oauth_config"]["scopes"]["bot"]
    assert asked["redirect_uri"] == [f"{PUBLIC}/slack/oauth_redirect"]
    async with office.session.get(to_slack.headers["Location"]) as page:
        assert page.status == 200


async def test_the_cookie_is_for_this_host_and_out_of_reach_of_scripts(office: Several) -> None:
    browser = office.browser()
    await office.begin(browser)
    assert browser.set_cookie.startswith(f"{COOKIE}=")
    assert COOKIE.startswith("__Host-")
    for part in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=600"):
        assert part in browser.set_cookie


@pytest.mark.parametrize("made_up", ["x", "é" * 43, '"a\\015\\012Location: //evil.example"'])
@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
async def test_a_cookie_that_growbot_did_not_make_is_not_given_back(office: Several, made_up: str) -> None:
    browser = Browser(office.session, {COOKIE: made_up})
    await office.begin(browser)
    assert len(browser.cookies[COOKIE]) == 43


async def test_neither_state_nor_cookie_stands_in_the_database(office: Several) -> None:
    browser = office.browser()
    state = await office.begin(browser)
    with office.growbots[0].database.transaction() as db:
        stored = repr(db.execute(text("SELECT * FROM oauth_states")).all())
    assert state not in stored
    assert browser.cookies[COOKIE] not in stored


async def test_who_cancels_is_told_that_nothing_was_installed(office: Several) -> None:
    page = await office.install("")
    assert (page.status, kept(office)) == (200, 0)
    assert "Nothing was installed" in page.text


async def test_a_link_works_once(office: Several) -> None:
    browser = office.browser()
    state = await office.begin(browser)
    backs = [office.allowed(NORTH.id, state) for _each in range(2)]  # Slack's own code works once by itself
    at = office.growbots[0], office.growbots[-1]
    pages = await asyncio.gather(
        *(browser.get(growbot, back) for growbot, back in zip(at, backs, strict=True))
    )
    assert sorted(page.status for page in pages) == [200, 400]
    assert kept(office) == 1


async def test_a_link_works_for_ten_minutes(office: Several) -> None:
    browser = office.browser()
    state = await office.begin(browser)
    office.clock.advance(timedelta(minutes=10))
    page = await browser.get(office.growbots[0], office.allowed(NORTH.id, state))  # with a code of just now
    assert (page.status, kept(office)) == (400, 0)
    assert "Begin anew" in page.text


async def test_a_link_works_in_the_browser_in_which_it_was_begun(office: Several) -> None:
    browser, other = office.browser(), office.browser()
    back = office.allowed(NORTH.id, await office.begin(browser))
    assert (await other.get(office.growbots[0], back)).status == 400
    await office.begin(other)
    assert (await other.get(office.growbots[0], back)).status == 400
    assert kept(office) == 0
    assert (await browser.get(office.growbots[0], back)).status == 200


async def test_a_page_speaks_the_browser_s_language(office: Several) -> None:
    for language, sentence in (("de-AT,de;q=0.9", "nicht mehr"), ("../../x", "any more"), ("en", "any more")):
        page = await office.browser().get(office.growbots[0], "/slack/oauth_redirect", language)
        assert sentence in page.text


async def test_two_tabs_of_one_browser_do_not_disturb_each_other(office: Several) -> None:
    browser = office.browser()
    backs = [office.allowed(place, await office.begin(browser)) for place in (NORTH.id, BRIGHTWATER)]
    assert [(await browser.get(office.growbots[0], back)).status for back in backs] == [200, 200]


@pytest.mark.parametrize(
    "query", ["", "?code=x", "?state=x", "?error=access_denied_not", "?code=%00&state=%00"]
)
async def test_an_address_made_up_saves_nothing(office: Several, query: str) -> None:
    page = await office.browser().get(office.growbots[0], f"/slack/oauth_redirect{query}")
    assert (page.status, kept(office)) == (400, 0)


async def test_a_code_that_slack_refuses_saves_nothing(office: Several) -> None:
    browser = office.browser()
    state = await office.begin(browser)
    page = await browser.get(office.growbots[0], f"/slack/oauth_redirect?code=invented&state={state}")
    assert (page.status, kept(office)) == (400, 0)
    assert "Slack didn't accept this" in page.text


@pytest.mark.parametrize("method", ["oauth.v2.access", "auth.test"])
@pytest.mark.parametrize("fault", ["drop_before", "drop_after", "status", "unreadable", "internal_error"])
async def test_a_slack_that_does_not_answer_saves_nothing(office: Several, method: str, fault: str) -> None:
    office.sandbox.faults.add(method, fault)
    page = await office.install(NORTH.id)
    assert (page.status, kept(office)) == (502, 0)
    assert (await office.install(NORTH.id)).status == 200


async def test_without_the_scopes_it_needs_nothing_is_saved(office: Several) -> None:
    office.sandbox.app.scopes -= {"chat:write"}
    page = await office.install(NORTH.id)
    assert (page.status, kept(office)) == (400, 0)
    assert "chat:write" in page.text


async def test_a_database_that_is_down_is_said_and_beginning_anew_helps(office: Several) -> None:
    engine = office.growbots[0].database.engine
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE installations RENAME TO away"))
    page = await office.install(NORTH.id)
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE away RENAME TO installations"))
    assert (page.status, kept(office)) == (503, 0)
    assert "Nothing was saved" in page.text
    assert (await office.install(NORTH.id)).status == 200


@pytest.mark.parametrize("path", ["/slack/install", "/slack/oauth_redirect"])
async def test_no_page_runs_scripts_is_framed_or_tells_where_it_was(office: Several, path: str) -> None:
    page = await office.browser().get(office.growbots[0], path)
    assert page.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
    assert (page.headers["Referrer-Policy"], page.headers["Cache-Control"]) == ("no-referrer", "no-store")
    assert "<script" not in page.text


async def test_a_workspace_s_name_is_shown_as_text(office: Several) -> None:
    office.sandbox.add_workspace(type(NORTH)("T0EVIL", "<script>alert(1)</script>", "evil"))
    page = await office.install("T0EVIL")
    assert "&lt;script&gt;" in page.text
    assert "<script" not in page.text


async def test_an_organisation_s_installation_serves_all_of_its_workspaces(office: Several) -> None:
    assert (await office.install("E0ORG")).status == 200
    for team in (EAST, WEST):
        ben = office.sandbox.seat(BEN, team.id)
        await ben.command("/grow settings")
        await ben.wait_modal("people.settings")
    assert office.sandbox.workspace.app.installed is False


async def test_begun_but_not_ended_ones_are_forgotten(office: Several) -> None:
    for _each in range(3):
        await office.begin(office.browser())
    office.clock.advance(timedelta(minutes=10))
    await office.begin(office.browser())
    with office.growbots[0].database.transaction() as db:
        assert db.scalar(select(func.count()).select_from(StateRow)) == 1


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
async def test_whoever_begins_over_and_over_keeps_nobody_from_installing(
    office: Several, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(oauth_states, "MOST", 3)
    for _each in range(5):
        await office.begin(office.browser())
        office.clock.advance(timedelta(seconds=1))
    with office.growbots[0].database.transaction() as db:
        assert db.scalar(select(func.count()).select_from(StateRow)) == 3
    assert (await office.install(NORTH.id)).status == 200


async def test_it_waits_for_its_first_workspace(office: Several, tmp_path: Path) -> None:
    assert (await office.browser().get(office.growbots[0], "/readyz")).status == 200
