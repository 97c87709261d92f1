"""Socket Mode: two connections, replaced in time; whatever happens to one, every envelope is answered once."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError

from bot.core.slack.client import Clients
from bot.core.slack.installations import SingleInstallation
from bot.core.slack.link import Pace
from bot.core.slack.socket import Socket
from bot.demo import manifest
from bot.sandbox import Sandbox, SandboxClock
from tests.conftest import NOW
from tests.core.slack.probe import Bot

MANY = 20
QUICK = Pace(ping=0.05, deaf=2.0)
"""A busy machine may stand still for a second."""


class Office:
    """A local Slack, and an app that answers a command once the gate is open."""

    def __init__(self, sandbox: Sandbox, socket: Socket) -> None:
        self.sandbox, self.socket = sandbox, socket
        self.handled: Counter[str] = Counter()
        self.gate = asyncio.Event()
        self.failures = 0
        self._changed = asyncio.Event()

    async def grow(self, ack: Any, body: dict[str, Any]) -> None:
        self.handled[body["text"]] += 1
        self._changed.set()
        if self.failures:
            self.failures -= 1
            raise RuntimeError
        await self.gate.wait()
        await ack(f"Done: {body['text']}")

    def typed(self, *texts: str) -> "asyncio.Future[Any]":
        seat = self.sandbox.seat("U0BEN")
        return asyncio.gather(*(seat.command(f"/grow {text}") for text in texts))

    async def has_handled(self, count: int) -> None:
        while len(self.handled) < count:
            self._changed.clear()
            await asyncio.wait_for(self._changed.wait(), 30)

    def has_opened(self, calls: int) -> bool:
        asked = len(self.sandbox.ledger.calls("apps.connections.open"))
        return asked == calls and self.socket.connections == 2

    def answers(self) -> list[str]:
        return sorted(message.text for message in self.sandbox.seat("U0BEN").ephemerals)


@asynccontextmanager
async def connected(pace: Pace) -> AsyncIterator[Office]:
    sandbox = Sandbox(manifest(), SandboxClock(NOW))
    sandbox.deliveries.answer_seconds = 30  # a busy machine is not what this is about
    await sandbox.start()
    clients = Clients(SingleInstallation(sandbox.bot_token), sandbox.api_url)
    app = AsyncApp(
        client=clients.with_token(sandbox.bot_token), signing_secret="s", process_before_response=True
    )
    socket = Socket(app, clients.with_token(None), sandbox.app_token, pace)
    office = Office(sandbox, socket)
    app.command("/grow")(office.grow)
    try:
        await socket.open()
        await sandbox.sockets.wait_connected(2, timeout=30)
        yield office
    finally:
        await socket.close()
        await clients.close()
        await sandbox.stop()


@pytest.fixture
async def office() -> AsyncIterator[Office]:
    async with connected(QUICK) as office:
        yield office


async def happens(how: str, sandbox: Sandbox, most: int) -> None:
    match how:
        case "cut":
            await sandbox.sockets.cut(most=most)
        case "frozen":
            sandbox.sockets.freeze()
        case reason:
            await sandbox.sockets.refresh(reason, most=most)


async def until(holds: Callable[[], object]) -> None:
    for _holds in iter(lambda: bool(holds()), True):
        await asyncio.sleep(0.01)


@pytest.mark.parametrize("how", ["warning", "refresh_requested", "cut", "frozen"])
async def test_every_envelope_is_handled_and_answered_once_whatever_happens_to_its_connection(
    office: Office, how: str
) -> None:
    before, during = [f"before {n}" for n in range(MANY)], [f"during {n}" for n in range(MANY)]
    first = office.typed(*before)
    await office.has_handled(MANY)
    await happens(how, office.sandbox, most=1)
    second = office.typed(*during)
    office.gate.set()
    await asyncio.gather(first, second)
    assert office.handled == Counter([*before, *during])
    assert office.answers() == sorted(f"Done: {text}" for text in (*before, *during))
    await until(lambda: office.socket.connections == 2)


@pytest.mark.parametrize("how", ["refresh_requested", "cut"])
async def test_what_is_in_hand_when_both_connections_go_is_answered_on_the_next(
    office: Office, how: str
) -> None:
    texts = [str(number) for number in range(MANY)]
    typed = office.typed(*texts)
    await office.has_handled(MANY)
    await happens(how, office.sandbox, most=2)
    await until(lambda: office.has_opened(2 + 2))
    office.gate.set()
    await typed
    assert office.handled == Counter(texts)
    assert office.answers() == sorted(f"Done: {text}" for text in texts)


async def test_what_could_not_be_answered_is_handled_anew_when_it_comes_again(office: Office) -> None:
    office.gate.set()
    office.failures = 1
    typed = office.typed("x")
    await office.has_handled(1)
    await happens("cut", office.sandbox, most=2)
    await typed
    assert (office.handled["x"], office.answers()) == (2, ["Done: x"])


async def test_who_is_told_to_leave_answers_until_another_one_is_there(office: Office) -> None:
    office.gate.set()
    office.sandbox.faults.add("apps.connections.open", "hang", times=2)
    await office.sandbox.sockets.refresh("warning")
    await until(lambda: not office.sandbox.faults.left)
    await office.typed("x", "y")
    assert office.answers() == ["Done: x", "Done: y"]


async def test_a_connection_that_answers_pings_and_is_handed_nothing_is_not_trusted_for_ever() -> None:
    async with connected(Pace(ping=0.05, life=0.2)) as office:
        first = list(office.sandbox.sockets.connections)
        await until(lambda: not set(first) & set(office.sandbox.sockets.connections))
        office.gate.set()
        await office.typed("x")
        assert office.answers() == ["Done: x"]


@pytest.mark.parametrize("answer", ["503", "unreadable", "drop_before"])
async def test_while_slack_opens_none_it_is_tried_again_until_it_does(office: Office, answer: str) -> None:
    office.sandbox.faults.add("apps.connections.open", answer, times=3)
    await office.sandbox.sockets.cut()
    await until(lambda: office.has_opened(2 + 3 + 2))


async def test_a_token_that_slack_refuses_is_not_tried_again(office: Office) -> None:
    refused = Socket(office.socket._app, office.socket._client, "xapp-wrong", QUICK)
    with pytest.raises(SlackApiError, match="invalid_auth"):
        await refused.open()
    await refused.close()


async def test_whatever_stands_before_growbot_learns_that_it_hears_nothing_from_slack(bot: Bot) -> None:
    connections = bot.growbot.metrics.registry.get_sample_value
    # Both, or the second one may come after the cut.
    await until(lambda: connections("growbot_socket_connections") == 2)
    assert await bot.growbot.readiness.problem() is None
    bot.sandbox.faults.add("apps.connections.open", "503", times=100)
    await bot.sandbox.sockets.cut()
    await until(lambda: connections("growbot_socket_connections") == 0)
    assert await bot.growbot.readiness.problem() == "no connection to Slack by Socket Mode"
