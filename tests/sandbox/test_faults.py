"""Planted faults do to slack_sdk what a bad day at Slack does, and the ledger tells what took effect."""

import asyncio
import json
from datetime import timedelta

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Sandbox, SandboxClock


def texts(sandbox: Sandbox) -> list[str]:
    return [m.text for m in sandbox.seat("U0BEN").messages]


@pytest.mark.parametrize(("kind", "posted"), [("drop_before", []), ("drop_after", ["Hi"])])
async def test_a_dropped_connection_hides_whether_the_message_was_posted(
    sandbox: Sandbox, client: AsyncWebClient, kind: str, posted: list[str]
) -> None:
    sandbox.faults.add("chat.postMessage", kind)
    with pytest.raises(aiohttp.ClientError):
        await client.chat_postMessage(channel="U0BEN", text="Hi")
    assert texts(sandbox) == posted
    assert [e.accepted for e in sandbox.ledger.calls("chat.postMessage")] == [bool(posted)]


@pytest.mark.parametrize(("kind", "posted"), [("hang", []), ("hang_after", ["Hi"])])
async def test_a_hanging_call_times_out(
    sandbox: Sandbox, client: AsyncWebClient, kind: str, posted: list[str]
) -> None:
    client.timeout = 1
    sandbox.faults.add("chat.postMessage", kind)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(client.chat_postMessage(channel="U0BEN", text="Hi"), 0.1)
    assert texts(sandbox) == posted


async def test_too_many_requests_say_when_to_come_back(sandbox: Sandbox, client: AsyncWebClient) -> None:
    sandbox.faults.add("chat.postMessage", "ratelimited", seconds=7)
    with pytest.raises(SlackApiError) as refused:
        await client.chat_postMessage(channel="U0BEN", text="Hi")
    assert (refused.value.response.status_code, refused.value.response["error"]) == (429, "ratelimited")
    assert refused.value.response.headers["Retry-After"] == "7"
    assert (await client.chat_postMessage(channel="U0BEN", text="Hi"))["ok"]


@pytest.mark.parametrize("status", ["500", "503"])
async def test_a_server_error_posts_nothing(sandbox: Sandbox, client: AsyncWebClient, status: str) -> None:
    sandbox.faults.add("chat.postMessage", status)
    with pytest.raises(SlackApiError) as refused:
        await client.chat_postMessage(channel="U0BEN", text="Hi")
    assert refused.value.response.status_code == int(status)
    assert texts(sandbox) == []


async def test_an_unreadable_answer_comes_after_the_message_was_posted(sandbox: Sandbox) -> None:
    sandbox.faults.add("chat.postMessage", "unreadable")
    headers = {"Authorization": f"Bearer {sandbox.bot_token}"}
    async with aiohttp.ClientSession(headers=headers) as session:
        body = {"channel": "U0BEN", "text": "Hi"}
        async with session.post(sandbox.api_url + "chat.postMessage", data=body) as response:
            text = await response.text()
    with pytest.raises(json.JSONDecodeError):
        json.loads(text)
    assert texts(sandbox) == ["Hi"]


async def test_any_error_of_slack_s_can_be_planted(sandbox: Sandbox, client: AsyncWebClient) -> None:
    sandbox.faults.add("*", "fatal_error", times=2)
    for call in (client.auth_test, client.users_list):
        with pytest.raises(SlackApiError, match="fatal_error"):
            await call()
    assert (await client.auth_test())["ok"]


async def test_a_slow_answer_still_arrives(sandbox: Sandbox, client: AsyncWebClient) -> None:
    sandbox.faults.add("auth.test", "slow", seconds=0.05)
    before = asyncio.get_running_loop().time()
    assert (await client.auth_test())["ok"]
    assert asyncio.get_running_loop().time() - before >= 0.05


async def test_a_message_may_appear_late_in_the_history(sandbox: Sandbox, client: AsyncWebClient) -> None:
    sandbox.faults.hide_next_message(reads=2)
    dm = (await client.chat_postMessage(channel="U0BEN", text="Hi"))["channel"]
    reads = [len((await client.conversations_history(channel=dm))["messages"]) for _ in range(3)]
    assert reads == [0, 0, 1]


async def test_the_history_may_lag(sandbox: Sandbox, client: AsyncWebClient, clock: SandboxClock) -> None:
    sandbox.faults.delay_history(timedelta(seconds=60))
    dm = (await client.chat_postMessage(channel="U0BEN", text="Hi"))["channel"]
    assert (await client.conversations_history(channel=dm))["messages"] == []
    clock.advance(timedelta(seconds=60))
    assert len((await client.conversations_history(channel=dm))["messages"]) == 1


async def test_the_history_may_be_given_in_small_pieces_and_seldom(
    sandbox: Sandbox, client: AsyncWebClient, clock: SandboxClock
) -> None:
    sandbox.faults.cut_history()
    for number in range(20):
        dm = (await client.chat_postMessage(channel="U0BEN", text=str(number)))["channel"]
    first = await client.conversations_history(channel=dm, limit=100)
    assert (len(first["messages"]), first["has_more"]) == (15, True)
    clock.advance(timedelta(seconds=20))
    with pytest.raises(SlackApiError) as refused:
        await client.conversations_history(channel=dm)
    assert refused.value.response.headers["Retry-After"] == "40"
    clock.advance(timedelta(seconds=40))
    cursor = first["response_metadata"]["next_cursor"]
    assert len((await client.conversations_history(channel=dm, cursor=cursor))["messages"]) == 5
