"""`growbot doctor` where workspaces installed growbot themselves: a line for each, with what is wrong there."""

from collections.abc import AsyncIterator, Callable
from datetime import timedelta

import pytest

from bot import doctor
from bot.core.master_keys import MasterKeys
from bot.reasons import Finding
from bot.sandbox.tokens import LIFE
from tests.scenarios.several import EAST, NORTH, PUBLIC, Several, several

Change = Callable[[Several], object]


@pytest.fixture
async def office(database_url: str) -> AsyncIterator[Several]:
    async with several(database_url, rotates=True) as office:
        for place in (NORTH.id, EAST.enterprise_id):
            assert place is not None
            assert (await office.install(place)).status == 200
        yield office


async def examined(office: Several, **changes: object) -> dict[str, Finding]:
    settings = office.growbots[0].settings.model_copy(update=changes)
    findings = await doctor.examine(settings, office.clock)
    return {finding.subject: finding for finding in findings}


async def test_each_installation_is_named_with_its_workspace(office: Several) -> None:
    found = await examined(office)
    assert found["workspace T0NORTH"] == Finding("workspace T0NORTH", "bot of North")
    assert found["organisation E0ORG"].is_fine
    assert found["client"].is_fine


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda office: office.sandbox.tokens.end(NORTH.id, None), "its token has ended (account_inactive)"),
        (
            lambda office: office.sandbox.app.scopes.discard("users:read"),
            "missing scopes: users:read",
        ),
        (lambda office: office.clock.advance(LIFE + timedelta(hours=1)), "was not exchanged"),
    ],
)
async def test_what_is_wrong_in_one_is_said_with_who_mends_it(
    office: Several, change: Change, sentence: str
) -> None:
    change(office)
    found = (await examined(office))["workspace T0NORTH"]
    assert (found.is_fine, sentence in found.line) == (False, True), found
    assert f"{PUBLIC}/slack/install again" in found.line


async def test_a_slack_that_is_unwell_is_not_taken_for_a_token_that_has_ended(office: Several) -> None:
    office.sandbox.faults.add("auth.test", "503", times=2)
    assert "Try again in a minute" in (await examined(office))["workspace T0NORTH"].line


async def test_a_wrong_client_secret_is_found(office: Several) -> None:
    other = type(office.growbots[0].settings.slack_client_secret)("c" * 32)  # type: ignore[misc]
    found = (await examined(office, slack_client_secret=other))["client"]
    assert (found.is_fine, "not that of SLACK_CLIENT_ID" in found.line) == (False, True)


async def test_where_nobody_installed_it_the_address_for_it_is_named(database_url: str) -> None:
    async with several(database_url) as office:
        note = (await examined(office))["workspaces"]
        assert (note.is_fine, f"{PUBLIC}/slack/install" in note.line) == (True, True)


async def test_tokens_are_not_asked_about_where_the_key_is_another_one(office: Several) -> None:
    other = type(office.growbots[0].settings.master_key)(MasterKeys.generate("other"))  # type: ignore[misc]
    found = await examined(office, master_key=other)
    assert "workspace T0NORTH" not in found
    assert not found["key"].is_fine
