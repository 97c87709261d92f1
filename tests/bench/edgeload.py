"""Slack's requests as they come over HTTP, signed, on connections that stay open."""

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Any
from urllib.parse import quote

from tests.bench.edgeservers import SECRET

FORM = "application/x-www-form-urlencoded"
_numbers = count(1)


@dataclass(frozen=True)
class Request:
    path: str
    body: bytes
    is_signed: bool = True

    def raw(self) -> bytes:
        """As it goes over the wire; signed now."""
        timestamp = str(int(time.time()))
        digest = hmac.new(SECRET.encode(), f"v0:{timestamp}:".encode() + self.body, hashlib.sha256)
        signature = f"v0={digest.hexdigest()}" if self.is_signed else f"v0={'0' * 64}"
        head = (
            f"POST {self.path} HTTP/1.1\r\nHost: bench\r\nUser-Agent: Slackbot 1.0 (+https://api.slack.com/robots)\r\n"
            f"Accept: application/json,*/*\r\nContent-Type: {FORM}\r\nContent-Length: {len(self.body)}\r\n"
            f"X-Slack-Request-Timestamp: {timestamp}\r\nX-Slack-Signature: {signature}\r\n\r\n"
        )
        return head.encode() + self.body


Make = Callable[[], bytes]
"""The body of one more request, unlike all before it."""


def of_command(person: dict[str, Any], text: str = "") -> Make:
    def body() -> bytes:
        fields = {
            "token": "bench",
            "team_id": person["team"],
            "team_domain": "bright",
            "channel_id": "C0GENERAL",
            "channel_name": "general",
            "user_id": person["user"],
            "user_name": "ben",
            "command": "/grow",
            "text": text,
            "api_app_id": "A0BENCH",
            "is_enterprise_install": "false",
            "response_url": "https://hooks.slack.com/commands/T0BENCH/1/bench",
            "trigger_id": f"{next(_numbers)}.{time.time_ns()}.bench",
        }
        return "&".join(f"{name}={quote(value, safe='')}" for name, value in fields.items()).encode()

    return body


def of_button(person: dict[str, Any], view: dict[str, Any], action_id: str, value: str) -> Make:
    action = {
        "action_id": action_id,
        "block_id": "bench",
        "text": {"type": "plain_text", "text": "Answer", "emoji": True},
        "value": value,
        "type": "button",
        "action_ts": "1700000000.000001",
    }
    return lambda: _payload(person, view, {"type": "block_actions", "actions": [action]})


def of_submission(person: dict[str, Any], view: dict[str, Any]) -> Make:
    """Each of another form: what is sent twice takes effect once."""

    def body() -> bytes:
        new = {**view, "id": f"V{next(_numbers)}{time.time_ns()}"}
        return _payload(person, new, {"type": "view_submission", "response_urls": []})

    return body


def _payload(person: dict[str, Any], view: dict[str, Any], about: dict[str, Any]) -> bytes:
    payload = {
        **about,
        "team": {"id": person["team"], "domain": "bright"},
        "user": {"id": person["user"], "username": "ben", "name": "ben", "team_id": person["team"]},
        "api_app_id": "A0BENCH",
        "token": "bench",
        "trigger_id": f"{next(_numbers)}.{time.time_ns()}.bench",
        "container": {"type": "view", "view_id": view["id"]},
        "enterprise": None,
        "is_enterprise_install": False,
        "view": view,
    }
    return b"payload=" + quote(json.dumps(payload), safe="").encode()


class _Line(asyncio.Protocol):
    """One connection, one request at a time."""

    def __init__(self) -> None:
        self._pending = b""
        self._answer: asyncio.Future[int] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(ConnectionError("hung up"))

    def data_received(self, data: bytes) -> None:
        self._pending += data
        end = self._pending.find(b"\r\n\r\n")
        if end < 0 or self._answer is None:
            return
        head = self._pending[:end].lower()
        start = head.find(b"content-length:")
        length = int(head[start + 15 :].split(b"\r\n", 1)[0]) if start >= 0 else 0
        if len(self._pending) >= end + 4 + length:
            status, self._pending = int(head.split(b" ", 2)[1]), b""
            self._answer.set_result(status)

    async def ask(self, raw: bytes) -> int:
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(raw)
        return await self._answer


async def _send(port: int, path: str, make: Make, number: int, at_once: int, expected: int) -> list[float]:
    loop, left, took = asyncio.get_running_loop(), iter(range(number)), []

    async def worker() -> None:
        _transport, line = await loop.create_connection(_Line, "127.0.0.1", port)
        for _each in left:
            raw = Request(path, make(), is_signed=expected != 401).raw()
            began = time.perf_counter()
            status = await line.ask(raw)
            took.append(time.perf_counter() - began)
            assert status == expected, f"{path} was answered with {status}"
        _transport.close()

    await asyncio.gather(*(worker() for _each in range(at_once)))
    return took


def send(
    port: int, path: str, make: Make, number: int, *, at_once: int = 1, expected: int = 200
) -> list[float]:
    """Seconds until each answer."""
    return asyncio.run(_send(port, path, make, number, at_once, expected))
