"""Socket Mode: WebSocket connections, envelopes, acknowledgements, redelivery."""

import asyncio
import contextlib
import json
import secrets
import time
import uuid
from collections.abc import Awaitable
from typing import Any

from aiohttp import WSMsgType, web

from bot.sandbox.errors import SlackError, Unanswered
from bot.sandbox.manifest import APP_ID
from bot.sandbox.parcels import Parcel

CONNECTIONS_AT_ONCE = 10
PING_SECONDS = 5.0


class Connection:
    """One WebSocket of the app, with the envelopes that it has not acknowledged."""

    def __init__(self, socket: web.WebSocketResponse, transport: asyncio.Transport | None) -> None:
        self.socket = socket
        self.transport = transport
        self.unacked: dict[str, asyncio.Future[Any]] = {}
        self.retiring = False
        """Told to go; gets no new envelopes."""
        self.frozen = False
        """Half dead: it takes everything, and nothing comes out of it."""

    async def send(self, envelope: dict[str, Any]) -> Any:
        """Send one envelope and wait for its acknowledgement; ConnectionError if the connection goes."""
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self.unacked[envelope["envelope_id"]] = answer
        try:
            if not self.frozen:
                await self.socket.send_json(envelope)
            return await answer
        finally:
            self.unacked.pop(envelope["envelope_id"], None)

    def hear(self, text: str) -> None:
        """Take in a frame from the app; anything but an acknowledgement is ignored, as Slack does."""
        with contextlib.suppress(ValueError, AttributeError):
            frame = json.loads(text)
            answer = self.unacked.get(frame.get("envelope_id", ""))
            if answer is not None and not answer.done():
                answer.set_result(frame.get("payload"))

    def lose(self) -> None:
        """The connection is gone: whatever was not acknowledged must go elsewhere."""
        for answer in self.unacked.values():
            if not answer.done():
                answer.set_exception(ConnectionError("connection closed"))


class SocketMode:
    """The app's WebSocket connections; each payload goes to any one of them."""

    def __init__(self) -> None:
        self.connections: list[Connection] = []
        self._tickets: set[str] = set()
        self._turn = 0
        self._coming = asyncio.Event()

    def ticket(self) -> str:
        """A ticket for one connection, as apps.connections.open hands out."""
        if len(self.connections) >= CONNECTIONS_AT_ONCE:
            raise SlackError("too_many_websockets")
        ticket = secrets.token_urlsafe(16)
        self._tickets.add(ticket)
        return ticket

    def wait_connected(self, count: int = 1, timeout: float = 30) -> Awaitable[None]:
        """Wait, in real seconds, until so many connections are up."""
        return asyncio.wait_for(self._connected(count), timeout)

    async def _connected(self, count: int) -> None:
        while len(self._up()) < count:
            self._coming.clear()
            await self._coming.wait()

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """Hold one connection of the app until either side ends it."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            raise web.HTTPForbidden
        self._tickets.discard(ticket)
        socket = web.WebSocketResponse(timeout=1.0, autoping=False)
        await socket.prepare(request)
        connection = Connection(socket, request.transport)
        await socket.send_json(_hello(len(self.connections) + 1))
        self.connections.append(connection)
        self._coming.set()
        pinging = asyncio.create_task(_ping(connection))
        try:
            async for frame in socket:
                if frame.type is WSMsgType.TEXT and not connection.frozen:
                    connection.hear(frame.data)
                elif frame.type is WSMsgType.PING and not connection.frozen:
                    await socket.pong(frame.data)
        finally:
            pinging.cancel()
            self.connections.remove(connection)
            connection.lose()
        return socket

    async def deliver(self, parcel: Parcel) -> Any:
        """Hand a parcel to a connection; one that goes without acknowledging is followed by another.

        Where that other is still to come it is waited for, as an app that was told to reconnect needs a moment.
        """
        envelope = _envelope(parcel)
        while connection := self._next():
            try:
                return await connection.send(envelope)
            except ConnectionError:
                connection.retiring = True
                await self._connected(1)
        raise Unanswered("no_connection")

    async def refresh(self, reason: str = "refresh_requested", *, most: int = CONNECTIONS_AT_ONCE) -> None:
        """Tell connections to go, every one unless told otherwise (`warning` leaves it up for a while; `refresh_requested` closes it)."""
        for connection in tuple(self._up())[:most]:
            await connection.socket.send_json({"type": "disconnect", "reason": reason, "debug_info": _DEBUG})
            if reason != "warning":
                connection.retiring = True
                await connection.socket.close()

    async def cut(self, *, most: int = CONNECTIONS_AT_ONCE) -> None:
        """Drop connections without a word, every one unless told otherwise, as a broken network does."""
        for connection in tuple(self._up())[:most]:
            connection.retiring = True
            if connection.transport is not None:
                connection.transport.abort()

    def freeze(self) -> None:
        """Let one connection fall silent, as behind a network device that has forgotten it: neither side is told."""
        next(each for each in self.connections if not each.frozen).frozen = True

    async def close(self) -> None:
        """End every connection politely."""
        for connection in tuple(self.connections):
            await connection.socket.close()

    def _up(self) -> list[Connection]:
        return [c for c in self.connections if not c.retiring and not c.socket.closed]

    def _next(self) -> Connection | None:
        up = self._up()
        self._turn += 1
        return up[self._turn % len(up)] if up else None


_DEBUG = {"host": "applink-sandbox", "build_number": 1}


def _hello(count: int) -> dict[str, Any]:
    return {
        "type": "hello",
        "num_connections": count,
        "debug_info": {**_DEBUG, "approximate_connection_time": 18060},
        "connection_info": {"app_id": APP_ID},
    }


def _envelope(parcel: Parcel) -> dict[str, Any]:
    envelope = {
        "envelope_id": str(uuid.uuid4()),
        "type": parcel.envelope,
        "accepts_response_payload": parcel.envelope != "events_api",
        "payload": parcel.payload,
    }
    if parcel.envelope == "events_api":
        envelope["retry_attempt"] = parcel.retry.number if parcel.retry else 0
        envelope["retry_reason"] = parcel.retry.reason if parcel.retry else ""
    return envelope


async def _ping(connection: Connection) -> None:
    with contextlib.suppress(ConnectionError):
        while True:
            await asyncio.sleep(PING_SECONDS)
            if not connection.frozen:
                await connection.socket.ping(f"Ping from applink-sandbox {time.monotonic():.3f}".encode())
