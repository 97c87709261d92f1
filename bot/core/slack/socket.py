"""Socket Mode: two connections at once, each replaced before it goes, and none believed that has fallen silent.

slack_sdk's client holds one connection and closes it, with what it has not answered yet, before it opens the next. Slack hands each
payload to any one of the connections, and what was not acknowledged on one that went to another (docs: apis/events-api/using-socket-mode).
"""

import asyncio
import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

import aiohttp
import structlog
from slack_bolt.adapter.socket_mode.async_internals import run_async_bolt_app
from slack_bolt.async_app import AsyncApp
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError
from slack_sdk.proxy_env_variable_loader import load_http_proxy_from_env
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient

from bot.core.slack.client import error_name
from bot.core.slack.link import CLOSING, Link, Pace
from bot.core.slack.sender import retry_seconds

log = structlog.get_logger(__name__)

CONNECTIONS = 2
ANSWERING_SECONDS = 3.0
"""Slack waits no longer for an answer."""
FIRST_WAIT, LONGEST_WAIT = 0.1, 30.0
"""Seconds between two attempts to connect; doubled each time."""
REMEMBERED = 200
"""Envelopes whose answer is at hand when they come again on another connection."""


class Socket:
    """`client` asks for addresses with the app's own token; `retried` is told of each event that Slack sends again."""

    def __init__(
        self,
        app: AsyncApp,
        client: AsyncWebClient,
        app_token: str,
        pace: Pace | None = None,
        retried: Callable[[], None] = lambda: None,
    ) -> None:
        self._retried = retried
        self._app, self._client, self._app_token, self._pace = app, client, app_token, pace or Pace()
        self._closing = asyncio.Event()
        self._session: aiohttp.ClientSession | None = None
        self._links: list[Link] = []
        self._keepers: list[asyncio.Task[None]] = []
        self._endings: set[asyncio.Task[None]] = set()
        self._under_way: set[asyncio.Task[Any]] = set()
        self._answers: dict[str, asyncio.Task[BoltResponse]] = {}

    @property
    def connections(self) -> int:
        """How many Slack may hand something to."""
        return sum(link.is_up for link in self._links)

    async def open(self) -> None:
        """Returns when the first connection is up. Raises SlackApiError where Slack opens none for this token."""
        self._session = aiohttp.ClientSession()
        first = await self._connected(await self._address()) or await self._another()
        self._keepers = [
            asyncio.create_task(self._keep(link)) for link in (first, *[None] * (CONNECTIONS - 1))
        ]

    async def answered(self) -> None:
        """Returns when nothing that came in is without its answer."""
        while self._under_way:
            await asyncio.wait(self._under_way)

    async def close(self) -> None:
        self._closing.set()
        for keeper in self._keepers:
            keeper.cancel()
        await asyncio.gather(*self._keepers, return_exceptions=True)
        await asyncio.gather(*self._endings, *(link.close(answers_within=0) for link in self._links))
        if self._session is not None:
            await self._session.close()

    # --- connections ----------------------------------------------------------------------------------

    async def _keep(self, link: Link | None) -> None:
        """One of the places: whoever leaves it stays until the next one is there."""
        while True:
            link = link or await self._another()
            await link.leaving.wait()
            log.info("socket.replaced", reason=link.reason)
            if not link.is_up:
                self._let_go(link)
            following = await self._another()
            self._let_go(link)
            link = following

    def _let_go(self, link: Link) -> None:
        if link in self._links:
            self._links.remove(link)
            ending = asyncio.create_task(link.close(answers_within=ANSWERING_SECONDS))
            self._endings.add(ending)
            ending.add_done_callback(self._endings.discard)

    async def _another(self) -> Link:
        """As soon as it can be had."""
        wait = FIRST_WAIT
        while True:
            try:
                if link := await self._connected(await self._address()):
                    return link
                problem = "no answer"
            except SlackApiError as error:
                problem = error_name(error)
                if problem == "ratelimited":
                    wait = max(wait, retry_seconds(error.response.headers))
            except Exception as error:  # a proxy answers what it likes; this place is never given up
                problem = type(error).__name__
            log.warning("socket.not_connected", error=problem)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._closing.wait(), wait)
            wait = min(2 * wait, LONGEST_WAIT)

    async def _address(self) -> str:
        return str((await self._client.apps_connections_open(app_token=self._app_token))["url"])

    async def _connected(self, address: str) -> Link | None:
        """None where nothing comes of it, or Slack does not say hello."""
        assert self._session is not None
        try:
            async with asyncio.timeout(self._pace.opening):
                opened = await self._session.ws_connect(
                    address,
                    autoping=False,
                    timeout=CLOSING,
                    proxy=load_http_proxy_from_env(),
                )
        except (OSError, aiohttp.ClientError, TimeoutError):
            return None
        link = Link(opened, self._take, self._pace)
        if await link.begins():
            self._links.append(link)
            return link
        await link.close(answers_within=0)
        return None

    # --- what comes in --------------------------------------------------------------------------------

    async def _take(self, link: Link, message: Mapping[str, Any]) -> None:
        """Answer an envelope on the connection that brought it. One that comes again gets the first one's answer."""
        request = SocketModeRequest.from_dict(dict(message))
        if request is None:
            return
        if request.retry_attempt:
            self._retried()
        task = asyncio.current_task()
        assert task is not None
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        answer = self._answers.get(request.envelope_id) or self._begin(request)
        try:
            frame = _acknowledgement(request.envelope_id, await asyncio.shield(answer))
            if frame is not None:
                await link.send(frame)
            else:
                self._forget(request)
        except (OSError, aiohttp.ClientError):
            log.warning("socket.answer_not_sent")  # Slack hands the envelope to another connection
        except Exception as error:
            log.error("socket.failed", error=type(error).__name__)
            self._forget(request)

    def _forget(self, request: SocketModeRequest) -> None:
        """It got no answer: when it comes again, it is handled anew."""
        self._answers.pop(request.envelope_id, None)

    def _begin(self, request: SocketModeRequest) -> "asyncio.Task[BoltResponse]":
        while len(self._answers) >= REMEMBERED:
            del self._answers[next(iter(self._answers))]
        task = asyncio.ensure_future(run_async_bolt_app(self._app, request))
        self._answers[request.envelope_id] = task
        return task


def _acknowledgement(envelope_id: str, response: BoltResponse) -> dict[str, Any] | None:
    """None where Slack is to take it for unanswered."""
    if response.status != 200:
        return None
    kind = str(response.headers.get("content-type", [""])[0])
    if not response.body:
        return {"envelope_id": envelope_id}
    payload = json.loads(response.body) if kind.startswith("application/json") else {"text": response.body}
    return {"envelope_id": envelope_id, "payload": payload}
