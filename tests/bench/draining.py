"""Sending without a pace, over HTTP: the outbox against a bare loop over the SDK's client."""

import asyncio
import time
from collections.abc import Callable, Coroutine

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.core.clock import SystemClock
from bot.core.database import Database
from bot.core.directory import Identity
from bot.core.outbox.courier import Courier
from bot.core.outbox.domain import State
from bot.core.outbox.pump import AT_ONCE
from bot.core.outbox.store import OutboxRow
from bot.core.slack.client import BotToken, Clients
from bot.core.slack.sender import EVENT_TYPE, SlackSender
from bot.features.people.service import People
from tests.bench.rows import TEMPLATES, due, message

COUNT = 3000


class OneToken:
    async def bot_token(self, identity: Identity, *, refused: str | None = None) -> BotToken:
        return BotToken("xoxb-bench")


async def bare(url: str) -> float:
    """Messages a second: the same messages, as many at a time, one session, nothing remembered."""
    async with aiohttp.ClientSession() as session:
        client = AsyncWebClient(token="xoxb-bench", base_url=url, session=session, retry_handlers=[])
        numbers = iter(range(COUNT))

        async def worker() -> None:
            for number in numbers:
                drawn = message()
                await client.chat_postMessage(
                    channel="U0BEN",
                    text=drawn.text,
                    blocks=[block.to_dict() for block in drawn.layout],
                    metadata={"event_type": EVENT_TYPE, "event_payload": {"id": f"{number:032}"}},
                    unfurl_links=False,
                    unfurl_media=False,
                )

        started = time.perf_counter()
        await asyncio.gather(*(worker() for _ in range(AT_ONCE)))
        return COUNT / (time.perf_counter() - started)


async def outbox(url: str, database: Database) -> float:
    """Messages a second, each claimed, drawn, committed as being sent, sent, and recorded."""
    due(database, COUNT)
    clients = Clients(OneToken(), url)
    courier = Courier(database, People(), TEMPLATES, SlackSender(clients), SystemClock())
    started = time.perf_counter()
    await courier.deliver()
    seconds = time.perf_counter() - started
    await clients.close()
    with database.transaction() as db:
        sent = db.query(OutboxRow).filter(OutboxRow.state == State.SENT).count()
    assert sent >= COUNT, f"{sent} were sent"
    return COUNT / seconds


def alternately(repeats: int, *runs: Callable[[], Coroutine[object, object, float]]) -> list[list[float]]:
    """Each run's figures; in turn, so that a busy moment meets all of them."""
    figures: list[list[float]] = [[] for _ in runs]
    for _repeat in range(repeats):
        for index, run in enumerate(runs):
            figures[index].append(asyncio.run(run()))
    return figures
