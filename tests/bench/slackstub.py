"""The cheapest server that answers Slack's methods, in a process of its own: what is measured is the client's side."""

import asyncio
import json
import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from multiprocessing.connection import Connection
from urllib.request import urlopen

HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: application/json; charset=utf-8\r\ncontent-length: "

SAID = {
    "ok": True,
    "channel": "D0BEN",
    "team_id": "T0BENCH",
    "user_id": "U0BOT",
    "bot_id": "B0BOT",
    "view": {"id": "V0BENCH", "hash": "1700000000.bench"},
}
"""What posting, auth.test and the methods for views are answered with."""
CALLS = count(1)


class Answering(asyncio.Protocol):
    """HTTP/1.1 with keep-alive, as far as aiohttp's client needs it."""

    def __init__(self) -> None:
        self.pending = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.pending += data
        while (end := self.pending.find(b"\r\n\r\n")) >= 0:
            head = self.pending[:end].lower()
            start = head.find(b"content-length:")
            length = int(head[start + 15 :].split(b"\r\n", 1)[0]) if start >= 0 else 0
            if len(self.pending) < end + 4 + length:
                return
            self.pending = self.pending[end + 4 + length :]
            self._answer()

    def _answer(self) -> None:
        body = json.dumps({**SAID, "ts": f"1700000000.{next(CALLS):06}"}).encode()
        self.transport.write(HEAD + str(len(body)).encode() + b"\r\n\r\n" + body)


async def _serve(said: Connection) -> None:
    server = await asyncio.get_running_loop().create_server(Answering, "127.0.0.1", 0)
    said.send(server.sockets[0].getsockname()[1])
    await server.serve_forever()


def _main(said: Connection) -> None:
    asyncio.run(_serve(said))


@contextmanager
def slack() -> Iterator[str]:
    """The base address of a Web API on loopback."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_main, args=(there,), daemon=True)
    process.start()
    try:
        yield f"http://127.0.0.1:{here.recv()}/api/"
    finally:
        process.terminate()
        process.join()


def calls_so_far(url: str) -> int:
    """How often it was called, this time included."""
    with urlopen(url + "api.test", data=b"") as answer:
        return int(json.loads(answer.read())["ts"].partition(".")[2])
