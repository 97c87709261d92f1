"""Deliveries by signed HTTP requests to the app's request URL."""

import hashlib
import hmac
import json
from typing import Any
from urllib.parse import urlencode

import aiohttp

from bot.sandbox.clock import SandboxClock
from bot.sandbox.errors import Unanswered
from bot.sandbox.parcels import Parcel


class HttpDelivery:
    """Signs with the app's signing secret and reads the response as an acknowledgement."""

    def __init__(self, url: str, secret: str, clock: SandboxClock) -> None:
        self._url, self._secret, self._clock = url, secret, clock

    async def deliver(self, parcel: Parcel) -> Any:
        """Send one parcel; whatever is not a response of 200 is no acknowledgement."""
        body, content_type = _encoded(parcel)
        headers = {**self._signed(body), "Content-Type": content_type}
        if parcel.retry:
            headers["X-Slack-Retry-Num"] = str(parcel.retry.number)
            headers["X-Slack-Retry-Reason"] = parcel.retry.reason
        try:
            async with (
                aiohttp.ClientSession() as session,
                session.post(self._url, data=body, headers=headers, allow_redirects=False) as response,
            ):
                return await _acknowledgement(response)
        except aiohttp.ClientError:
            raise Unanswered("connection_failed") from None

    def _signed(self, body: str) -> dict[str, str]:
        timestamp = str(int(self._clock.now().timestamp()))
        base = f"v0:{timestamp}:{body}".encode()
        digest = hmac.new(self._secret.encode(), base, hashlib.sha256).hexdigest()
        return {
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": f"v0={digest}",
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
        }


def _encoded(parcel: Parcel) -> tuple[str, str]:
    if parcel.envelope == "events_api":
        return json.dumps(parcel.payload), "application/json"
    if parcel.envelope == "slash_commands":
        return urlencode(parcel.payload), "application/x-www-form-urlencoded"
    return urlencode({"payload": json.dumps(parcel.payload)}), "application/x-www-form-urlencoded"


async def _acknowledgement(response: aiohttp.ClientResponse) -> Any:
    text = await response.text()
    if response.status != 200:
        raise Unanswered("http_error", is_final=response.headers.get("X-Slack-No-Retry") == "1")
    if not text:
        return None
    if response.content_type != "application/json":
        return {"text": text}
    try:
        return json.loads(text)
    except ValueError:
        raise Unanswered("unreadable_answer") from None
