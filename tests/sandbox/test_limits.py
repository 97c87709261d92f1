"""As many calls as Slack takes, by the clock; the next one is told when to come back."""

from datetime import timedelta

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Sandbox, SandboxClock


async def _seconds_to_wait(client: AsyncWebClient, method: str, **arguments: str) -> str:
    with pytest.raises(SlackApiError) as refused:
        await client.api_call(method, json=arguments)
    assert (refused.value.response.status_code, refused.value.response["error"]) == (429, "ratelimited")
    return str(refused.value.response.headers["Retry-After"])


async def test_one_message_a_second_goes_to_each_channel(
    sandbox: Sandbox, client: AsyncWebClient, clock: SandboxClock
) -> None:
    sandbox.limits.are_on = True
    for user in ("U0BEN", "U0DANA"):
        await client.chat_postMessage(channel=user, text="Hi")
    assert await _seconds_to_wait(client, "chat.postMessage", channel="U0BEN", text="Again") == "1"
    clock.advance(timedelta(seconds=1))
    await client.chat_postMessage(channel="U0BEN", text="Again")
    assert [message.text for message in sandbox.seat("U0BEN").messages] == ["Hi", "Again"]


async def test_a_method_is_taken_as_often_in_a_minute_as_its_tier_says(
    sandbox: Sandbox, client: AsyncWebClient, clock: SandboxClock
) -> None:
    sandbox.limits.are_on = True
    for _call in range(20):
        await client.users_list()
    clock.advance(timedelta(seconds=20))
    assert await _seconds_to_wait(client, "users.list") == "40"
    await client.users_info(user="U0BEN")
    clock.advance(timedelta(seconds=40))
    await client.users_list()


async def test_nothing_is_limited_unless_asked_for(sandbox: Sandbox, client: AsyncWebClient) -> None:
    for _call in range(30):
        await client.users_list()
