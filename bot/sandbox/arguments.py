"""The arguments of a Web API call, from a query, a form or a JSON body, exactly as slack_sdk sends them."""

import json
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from bot.sandbox.errors import SlackError


class Arguments:
    """Typed access to what was sent; what cannot be understood is refused as Slack refuses it."""

    def __init__(self, sent: Mapping[str, Any]) -> None:
        self.sent = {k: v for k, v in sent.items() if v is not None}

    def text(self, name: str) -> str:
        """A string, "" where none was sent."""
        value = self.sent.get(name, "")
        return value if isinstance(value, str) else json.dumps(value)

    def required(self, name: str) -> str:
        """A string that must have been sent."""
        if not (value := self.text(name)):
            raise SlackError("invalid_arguments", [f"[ERROR] missing required field: {name}"])
        return value

    def flag(self, name: str) -> bool:
        """A boolean, in any spelling that a form or JSON body gives it."""
        return str(self.sent.get(name, "")).lower() in ("1", "true")

    def number(self, name: str, default: int) -> int:
        """An integer."""
        value = self.sent.get(name, default)
        try:
            return int(value)
        except (TypeError, ValueError):
            raise SlackError(
                "invalid_arguments", [f"[ERROR] must be an integer [json-pointer:/{name}]"]
            ) from None

    def structure(self, name: str, error: str = "invalid_arguments") -> Any:
        """A JSON value, sent as such or as a string of JSON; None where none was sent."""
        value = self.sent.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value) if value else None
        except ValueError:
            raise SlackError(error, [f"[ERROR] failed to parse JSON [json-pointer:/{name}]"]) from None


async def read_arguments(request: web.Request) -> dict[str, Any]:
    """Everything that the request carries by name."""
    sent: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        try:
            body = json.loads(await request.text() or "{}")
        except ValueError:
            raise SlackError("invalid_json") from None
        if not isinstance(body, dict):
            raise SlackError("json_not_object")
        sent.update(body)
    elif request.body_exists:
        sent.update({k: v for k, v in (await request.post()).items() if isinstance(v, str)})
    return sent
