"""HTTP: Slack's requests, verified before they are parsed, and health for whoever runs the server."""

import asyncio
import binascii
import json
from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from urllib.parse import parse_qs, unquote_to_bytes

import structlog
from aiohttp import web
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_sdk.signature import SignatureVerifier

from bot.core.clock import Clock
from bot.core.slack.requests import SIGNATURE

log = structlog.get_logger(__name__)

JSON = "application/json"
PAYLOAD = b"payload="
MAX_BODY = 1_000_000
BODY_SECONDS = 3.0
"""Slack waits no longer for an answer, so whoever takes longer to ask is not Slack."""
HOLDS_SECONDS = 300
"""For so long a signature is taken, from the time that it names, which may be as much ahead (slack_sdk's verifier)."""


class _VerifierClock:
    """slack_sdk's verifier asks for seconds since 1970."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def now(self) -> float:
        return self._clock.now().timestamp()


class SlackEndpoint:
    """POST /slack/events: commands, interactivity and events."""

    def __init__(
        self,
        app: AsyncApp,
        signing_secret: str,
        clock: Clock,
        retried: Callable[[], None] = lambda: None,
    ) -> None:
        """`retried` is told of each event that Slack sends again."""
        self._app, self._retried = app, retried
        self._clock = _VerifierClock(clock)
        self._verifier = SignatureVerifier(signing_secret, self._clock)  # type: ignore[arg-type]
        self._seen: dict[int, set[int]] = {}
        """By the minute that they name, the beginnings of signatures, as numbers: hundreds of them may come each second."""

    async def handle(self, request: web.Request) -> web.Response:
        body = await _body(request)
        signature = request.headers.get(SIGNATURE, "")
        timestamp = request.headers.get("X-Slack-Request-Timestamp", "")
        if not self._is_signed(body, timestamp, signature):
            log.warning("slack.signature_refused")
            return web.json_response({"error": "invalid_signature"}, status=401)
        # Only events are sent again by Slack, and those take effect once; the header itself is not signed.
        is_retry = request.content_type == JSON and "X-Slack-Retry-Num" in request.headers
        if is_retry:
            self._retried()
        if self._is_replay(timestamp, signature) and not is_retry:
            log.warning("slack.replay_refused")
            return web.json_response({"error": "replayed"}, status=401)
        try:
            payload = parse(body, request.content_type)
        except (ValueError, RecursionError):
            return web.json_response({"error": "unreadable"}, status=400)
        # "socket_mode" tells Bolt that the body is parsed and its origin known.
        known_by: dict[str, str | Sequence[str]] = {SIGNATURE: signature}
        dispatched = AsyncBoltRequest(body=payload, mode="socket_mode", headers=known_by)
        answer = await self._app.async_dispatch(dispatched)
        headers = {name: values[0] for name, values in answer.headers.items()}
        return web.Response(status=answer.status, body=answer.body.encode(), headers=headers)

    def _is_signed(self, body: bytes, timestamp: str, signature: str) -> bool:
        """slack_sdk's verifier raises on headers and bodies that Slack would not send."""
        try:
            return self._verifier.is_valid(body, timestamp, signature)
        except (ValueError, TypeError, OverflowError):
            return False

    def _is_replay(self, timestamp: str, signature: str) -> bool:
        """The same signature twice, while it holds, is somebody else's copy."""
        over = self._clock.now() - HOLDS_SECONDS - 60
        for minute in [each for each in self._seen if each * 60 < over]:
            del self._seen[minute]
        seen = self._seen.setdefault(int(timestamp) // 60, set())
        beginning = int(signature.removeprefix("v0=")[:15], 16)
        if beginning in seen:
            return True
        seen.add(beginning)
        return False


async def _body(request: web.Request) -> bytes:
    """Whoever sends it too slowly keeps no place here, and who hangs up meanwhile is not waited for: raises what answers them."""
    try:
        async with asyncio.timeout(BODY_SECONDS):
            return await request.read()
    except TimeoutError:
        raise _last(web.HTTPRequestTimeout()) from None
    except ConnectionError:
        raise _last(web.HTTPBadRequest()) from None


def _last(answer: web.HTTPException) -> web.HTTPException:
    """What comes after it on this connection would be the rest of the body."""
    answer.force_close()
    return answer


def parse(body: bytes, content_type: str) -> dict[str, Any]:
    """JSON events; forms with a `payload` (interactivity); flat forms (commands). Raises ValueError."""
    if content_type == JSON:
        parsed = json.loads(body)
        if not isinstance(parsed, dict):
            raise ValueError("not an object")
        return parsed
    if body.startswith(PAYLOAD) and b"&" not in body:
        return parse(unquoted(body.removeprefix(PAYLOAD)), JSON)
    fields = {name: values[0] for name, values in parse_qs(body.decode(), keep_blank_values=True).items()}
    if "payload" in fields:
        return parse(fields["payload"].encode(), JSON)
    return dict(fields)


def unquoted(value: bytes) -> bytes:
    """As urllib.parse.unquote_plus, which looks at each escape in Python: a form with a view in it has thousands.

    binascii does the same for quoted-printable, where an escape begins with “=” instead of “%”, at once. Each escape that it
    has read makes the text shorter by two; where one was none, urllib's own is asked.
    """
    value = value.replace(b"+", b" ")
    if b"\n" not in value and b"\r" not in value:
        found = binascii.a2b_qp(value.replace(b"=", b"=3D").replace(b"%", b"="))
        if len(found) == len(value) - 2 * value.count(b"%"):
            return found
    return unquote_to_bytes(value)


Check = Callable[[], Awaitable[str | None]]


def web_app(
    endpoint: SlackEndpoint | None, ready: Check, pages: Sequence[web.RouteDef] = ()
) -> web.Application:
    """`ready` answers None, or one line that says what is missing; `pages` are served besides."""

    async def healthz(_request: web.Request) -> web.Response:
        return web.json_response({"status": "alive"})

    async def readyz(_request: web.Request) -> web.Response:
        problem = await ready()
        return web.json_response({"status": problem or "ready"}, status=503 if problem else 200)

    app = web.Application(client_max_size=MAX_BODY)
    app.router.add_get("/healthz", healthz)
    app.router.add_get("/readyz", readyz)
    if endpoint is not None:
        app.router.add_post("/slack/events", endpoint.handle)
    app.router.add_routes(pages)
    return app
