"""One WebSocket of Socket Mode, which knows when another one should take its place.

docs: apis/events-api/using-socket-mode
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import aiohttp

Take = Callable[["Link", Mapping[str, Any]], Awaitable[None]]
CLOSING = aiohttp.ClientWSTimeout(ws_close=1.0)
"""The other side may have fallen silent: no longer than this is waited for its good-bye."""


@dataclass(frozen=True, slots=True)
class Pace:
    """In seconds. Slack pings every few seconds and answers pings, so whoever is not heard for `deaf` is gone.

    `life`: a connection may be up, answer pings and yet be handed nothing; none is trusted for longer than this.
    """

    ping: float = 5.0
    deaf: float = 20.0
    opening: float = 10.0
    life: float = 3600.0


class Link:
    """`leaving` is set once another one should take its place: Slack said so, it fell silent, or it is gone."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse, take: Take, pace: Pace) -> None:
        self.leaving, self.reason = asyncio.Event(), "closed"
        self._greeted, self._is_greeted = asyncio.Event(), False
        self._socket, self._take, self._pace = socket, take, pace
        self._opened_at = self._heard_at = asyncio.get_running_loop().time()
        self._taken: set[asyncio.Task[None]] = set()
        self._tasks = [asyncio.create_task(each) for each in (self._listen(), self._watch())]

    @property
    def silence(self) -> float:
        """Seconds since the last frame of any kind."""
        return asyncio.get_running_loop().time() - self._heard_at

    @property
    def is_up(self) -> bool:
        """Whether Slack may still hand something to it."""
        return self._is_greeted and not self._socket.closed and self.silence < self._pace.deaf

    async def begins(self) -> bool:
        """Whether Slack has said hello, and so will hand something to it."""
        with suppress(TimeoutError):
            async with asyncio.timeout(self._pace.opening):
                await self._greeted.wait()
        return self.is_up

    async def send(self, frame: Mapping[str, Any]) -> None:
        """Raises ConnectionError."""
        await self._socket.send_str(json.dumps(frame))

    async def close(self, *, answers_within: float) -> None:
        """What it has taken in is answered first, unless nobody would hear it."""
        if self.is_up and self._taken:
            await asyncio.wait(self._taken, timeout=answers_within)
        self.leaving.set()
        await self._socket.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _listen(self) -> None:
        try:
            async for frame in self._socket:
                self._heard_at = asyncio.get_running_loop().time()
                if frame.type is aiohttp.WSMsgType.PING:
                    await self._socket.pong(frame.data)
                elif frame.type is aiohttp.WSMsgType.TEXT:
                    self._hear(frame.data)
                elif frame.type is aiohttp.WSMsgType.ERROR:
                    break
        except (OSError, aiohttp.ClientError) as error:
            self.reason = type(error).__name__
        finally:
            self._greeted.set()
            self.leaving.set()

    def _hear(self, text: str) -> None:
        message = _object(text)
        kind = message.get("type")
        if kind == "hello":
            self._is_greeted = True
            self._greeted.set()
        elif kind == "disconnect":
            self.reason = str(message.get("reason"))
            self.leaving.set()
        elif "envelope_id" in message:
            task = asyncio.ensure_future(self._take(self, message))
            self._taken.add(task)
            task.add_done_callback(self._taken.discard)

    async def _watch(self) -> None:
        loop = asyncio.get_running_loop()
        while not self.leaving.is_set():
            if self.silence >= self._pace.deaf:
                self.reason = "silent"
                break
            if loop.time() - self._opened_at >= self._pace.life:
                self.reason = "old"
                break
            await self._ping_and_wait()
        self.leaving.set()

    async def _ping_and_wait(self) -> None:
        try:
            async with asyncio.timeout(self._pace.ping):
                await self._socket.ping()
                await self.leaving.wait()
        except TimeoutError:
            pass
        except (OSError, aiohttp.ClientError):
            self.leaving.set()


def _object(text: str) -> Mapping[str, Any]:
    """Empty for what is no JSON object: no frame ends the connection."""
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
