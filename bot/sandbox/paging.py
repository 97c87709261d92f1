"""Cursors: opaque strings that say where the next page begins."""

import base64
from collections.abc import Sequence
from typing import TypeVar

from bot.sandbox.arguments import Arguments
from bot.sandbox.errors import SlackError

T = TypeVar("T")


def page_of(
    items: Sequence[T], args: Arguments, *, default: int = 100, most: int = 1000, cut: int | None = None
) -> tuple[list[T], str]:
    """The page that `limit` and `cursor` ask for, and the cursor of the next one ("" at the end).

    `cut`: no page is longer, whatever was asked for.
    """
    limit = args.number("limit", default)
    if not 0 <= limit <= most:
        raise SlackError("invalid_limit")
    start = _start(args.text("cursor"))
    end = start + min(limit or default, cut or most)
    return list(items[start:end]), _cursor(end) if end < len(items) else ""


def _cursor(start: int) -> str:
    return base64.b64encode(f"next:{start}".encode()).decode()


def _start(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        return int(base64.b64decode(cursor, validate=True).decode().removeprefix("next:"))
    except ValueError:
        raise SlackError("invalid_cursor") from None
