"""Socket Mode: hello, envelopes, redelivery, refresh, cut connections."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import AppDidNotAnswer, Sandbox, SandboxClock

Socket = aiohttp.ClientWebSocketResponse


@asynccontextmanager
async def socket_to(sandbox: Sandbox) -> AsyncIterator[Socket]:
    """A bare connection that has heard the hello."""
    answer = await AsyncWebClient(base_url=sandbox.api_url).apps_connections_open(app_token=sandbox.app_token)
    async with aiohttp.ClientSession() as session, session.ws_connect(answer["url"]) as socket:
        assert (await socket.receive_json(timeout=3))["type"] == "hello"
        yield socket


async def envelope(*sockets: Socket) -> tuple[Socket, Any]:
    """The next envelope, whichever of the sockets it comes to."""
    waiting = {asyncio.create_task(s.receive_json()): s for s in sockets}
    done, rest = await asyncio.wait(waiting, timeout=3, return_when="FIRST_COMPLETED")
    for task in rest:
        task.cancel()
    (first,) = done
    return waiting[first], first.result()


async def test_an_envelope_that_was_not_acknowledged_goes_to_another_connection(sandbox: Sandbox) -> None:
    async with socket_to(sandbox) as one, socket_to(sandbox) as other:
        await sandbox.sockets.wait_connected(2)
        typing = asyncio.create_task(sandbox.seat("U0BEN").command("/grow"))
        first, sent = await envelope(one, other)
        await first.close()
        second = other if first is one else one
        again = await second.receive_json(timeout=3)
        assert again == sent
        await second.send_json({"envelope_id": again["envelope_id"], "payload": {"text": "Here"}})
        await typing
    assert [m.text for m in sandbox.seat("U0BEN").ephemerals] == ["Here"]


async def test_silence_for_too_long_is_a_failure_that_the_person_sees(sandbox: Sandbox) -> None:
    sandbox.deliveries.answer_seconds = 0.05
    async with socket_to(sandbox):
        with pytest.raises(AppDidNotAnswer, match="/grow failed because the app did not respond"):
            await sandbox.seat("U0BEN").command("/grow")
        with pytest.raises(AppDidNotAnswer, match=r"We had some trouble connecting\. Try again\?"):
            await sandbox.seat("U0BEN").shortcut("new")
    assert [e.error for e in sandbox.ledger.deliveries()] == ["http_timeout", "http_timeout"]


async def test_an_eleventh_connection_is_refused(sandbox: Sandbox) -> None:
    async with aiohttp.ClientSession() as session:
        kept = [await session.ws_connect(sandbox._socket_url()) for _ in range(10)]
        await sandbox.sockets.wait_connected(10)
        client = AsyncWebClient(base_url=sandbox.api_url)
        with pytest.raises(SlackApiError, match="too_many_websockets"):
            await client.apps_connections_open(app_token=sandbox.app_token)
        assert len(kept) == 10


async def test_a_ticket_is_good_for_one_connection(sandbox: Sandbox) -> None:
    url = sandbox._socket_url()
    async with aiohttp.ClientSession() as session, session.ws_connect(url):
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(url)


@pytest.mark.usefixtures("connected")
@pytest.mark.parametrize("how", ["refresh", "cut"])
async def test_the_sdk_comes_back_after_its_connection_went(
    sandbox: Sandbox, app: AsyncApp, how: str
) -> None:
    @app.command("/grow")
    async def grow(ack: Any) -> None:
        await ack("Still here")

    await (sandbox.sockets.refresh() if how == "refresh" else sandbox.sockets.cut())
    await sandbox.sockets.wait_connected()
    await sandbox.seat("U0BEN").command("/grow")
    assert [m.text for m in sandbox.seat("U0BEN").ephemerals] == ["Still here"]


async def test_a_warning_leaves_the_connection_up(sandbox: Sandbox) -> None:
    async with socket_to(sandbox) as socket:
        await sandbox.sockets.refresh("warning")
        assert (await socket.receive_json(timeout=3))["reason"] == "warning"
        opening = asyncio.create_task(sandbox.seat("U0BEN").open_home())
        sent = await socket.receive_json(timeout=3)
        assert (sent["type"], sent["retry_attempt"]) == ("events_api", 0)
        await socket.send_json({"envelope_id": sent["envelope_id"]})
        await opening


async def test_an_event_is_tried_again_at_once_and_after_one_and_five_minutes(
    sandbox: Sandbox, clock: SandboxClock
) -> None:
    await sandbox.seat("U0BEN").open_home()
    await sandbox.move_to(clock.now() + timedelta(minutes=10))
    seconds = [(e.at - sandbox.ledger.entries[0].at).total_seconds() for e in sandbox.ledger.deliveries()]
    assert seconds == [0, 0, 60, 360]
