"""Installing by OAuth in the local Slack: codes, tokens that expire, and several workspaces."""

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.oauth import AuthorizeUrlGenerator
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Sandbox, SandboxClock, Team

NORTH, EAST = Team("T0NORTH", "North", "north"), Team("T0EAST", "East", "east", "E0ORG")
BACK = "http://127.0.0.1:1/slack"


@pytest.fixture(autouse=True)
def others(sandbox: Sandbox) -> None:
    sandbox.add_workspace(NORTH)
    sandbox.add_workspace(EAST)
    sandbox.app.manifest["oauth_config"]["redirect_urls"] = [BACK]


def code(sandbox: Sandbox, place: str) -> str:
    return parse_qs(urlsplit(sandbox.oauth.decide(BACK, "s", place)).query)["code"][0]


async def access(client: AsyncWebClient, sandbox: Sandbox, **sent: Any) -> Any:
    oauth = sandbox.oauth
    given = {"client_id": oauth.client_id, "client_secret": oauth.client_secret} | sent
    return await client.oauth_v2_access(**given)


async def error(client: AsyncWebClient, sandbox: Sandbox, **sent: Any) -> str:
    with pytest.raises(SlackApiError) as refused:
        await access(client, sandbox, **sent)
    return str(refused.value.response["error"])


async def test_a_person_is_asked_and_sent_back_with_a_code(sandbox: Sandbox) -> None:
    address = AuthorizeUrlGenerator(
        client_id=sandbox.oauth.client_id,
        redirect_uri=BACK,
        scopes=["commands"],
        authorization_url=f"{sandbox.url}/oauth/v2/authorize",
    ).generate("my-state")
    async with aiohttp.ClientSession() as session:
        async with session.get(address) as page:
            text = await page.text()
        assert all(name in text for name in ("Brightwater", "North", "the whole organisation", "Cancel"))
        form = {"redirect_uri": BACK, "state": "my-state", "place": NORTH.id}
        async with session.post(
            f"{sandbox.url}/oauth/v2/authorize", data=form, allow_redirects=False
        ) as answer:
            back = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert (list(back), back["state"]) == (["code", "state"], ["my-state"])


async def test_a_code_gives_one_workspace_s_token(sandbox: Sandbox, client: AsyncWebClient) -> None:
    given = await access(client, sandbox, code=code(sandbox, NORTH.id), redirect_uri=BACK)
    assert (given["team"]["id"], given["enterprise"], given["is_enterprise_install"]) == (
        NORTH.id,
        None,
        False,
    )
    assert "refresh_token" not in given.data
    client.token = given["access_token"]
    assert (await client.auth_test())["team_id"] == NORTH.id
    await client.chat_postMessage(channel="U0BEN", text="Hello")
    assert [m.text for m in sandbox.seat("U0BEN", NORTH.id).messages] == ["Hello"]
    assert sandbox.seat("U0BEN").messages == []


async def test_a_code_works_once_soon_and_for_whoever_it_was_made(
    sandbox: Sandbox, client: AsyncWebClient, clock: SandboxClock
) -> None:
    used, late = code(sandbox, NORTH.id), code(sandbox, NORTH.id)
    assert await error(client, sandbox, code=used, client_secret="x") == "bad_client_secret"
    assert await error(client, sandbox, code=used, redirect_uri="http://else") == "bad_redirect_uri"
    await access(client, sandbox, code=used, redirect_uri=BACK)
    assert await error(client, sandbox, code=used, redirect_uri=BACK) == "code_already_used"
    clock.advance(timedelta(minutes=10))
    assert await error(client, sandbox, code=late, redirect_uri=BACK) == "invalid_code"


async def test_an_organisation_s_token_has_to_say_which_workspace(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    given = await access(client, sandbox, code=code(sandbox, "E0ORG"), redirect_uri=BACK)
    assert (given["team"], given["enterprise"]["id"], given["is_enterprise_install"]) == (None, "E0ORG", True)
    client.token = given["access_token"]
    for team, answer in (({}, "missing_argument"), ({"team_id": NORTH.id}, "team_access_not_granted")):
        with pytest.raises(SlackApiError) as refused:
            await client.users_info(user="U0BEN", **team)
        assert refused.value.response["error"] == answer
    assert (await client.users_info(user="U0BEN", team_id=EAST.id))["user"]["team_id"] == EAST.id


async def test_a_token_that_rotates_lasts_twelve_hours_and_its_refresh_token_works_once(
    sandbox: Sandbox, client: AsyncWebClient, clock: SandboxClock
) -> None:
    sandbox.app.manifest.setdefault("settings", {})["token_rotation_enabled"] = True
    given = await access(client, sandbox, code=code(sandbox, NORTH.id), redirect_uri=BACK)
    assert given["expires_in"] == 43200
    refresh = {"grant_type": "refresh_token", "refresh_token": given["refresh_token"]}
    renewed = await access(client, sandbox, **refresh)
    assert await error(client, sandbox, **refresh) == "invalid_refresh_token"
    clock.advance(timedelta(hours=11))
    client.token = given["access_token"]
    assert (await client.auth_test())["ok"]
    clock.advance(timedelta(hours=1))
    with pytest.raises(SlackApiError, match="token_expired"):
        await client.auth_test()
    assert renewed["access_token"] != given["access_token"]


async def test_removing_it_from_one_workspace_ends_that_one_s_token_only(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    tokens = []
    for place in (NORTH.id, EAST.id):
        given = await access(client, sandbox, code=code(sandbox, place), redirect_uri=BACK)
        tokens.append(given["access_token"])
    sandbox.request_url = "http://127.0.0.1:1/nobody"
    await sandbox.uninstall(NORTH.id)
    client.token = tokens[0]
    with pytest.raises(SlackApiError, match="account_inactive"):
        await client.auth_test()
    client.token = tokens[1]
    assert (await client.auth_test())["team_id"] == EAST.id
