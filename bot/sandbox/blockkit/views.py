"""Modals and Home tabs: their frame, and the blocks in it."""

import json
from typing import Any

from bot.sandbox.blockkit.blocks import check_blocks
from bot.sandbox.blockkit.nodes import Findings, Node
from bot.sandbox.blockkit.objects import check_text
from bot.sandbox.errors import SlackError

LARGEST_VIEW = 250_000
_SHARED = ("type", "blocks", "private_metadata", "callback_id", "external_id")
_MODAL = ("title", "submit", "close", "clear_on_close", "notify_on_close", "submit_disabled")


def check_view(sent: Any, surface: str) -> None:
    """Refuse a view that Slack would refuse, with everything that is wrong."""
    if not isinstance(sent, dict):
        raise SlackError("invalid_arguments", ["[ERROR] missing required field: view"])
    if len(json.dumps(sent, ensure_ascii=False).encode()) > LARGEST_VIEW:
        raise SlackError("view_too_large")
    findings = Findings()
    view = Node(sent, "/view", findings)
    if view.needs("type") and sent["type"] != surface:
        view.note(f"must be {surface}", "type")
    if view.needs("blocks"):
        check_blocks(view, 100, in_view=True)
    _check_frame(view, surface)
    if findings.messages:
        raise SlackError("invalid_arguments", findings.messages)


def _check_frame(view: Node, surface: str) -> None:
    view.only(*_SHARED, *(_MODAL if surface == "modal" else ()))
    view.string("private_metadata", 3000)
    view.string("callback_id", 255)
    view.string("external_id", 255)
    view.boolean("clear_on_close", "notify_on_close", "submit_disabled")
    if surface == "modal":
        view.needs("title")
        for part in ("title", "submit", "close"):
            check_text(view, part, 24)
        if _has_inputs(view.value.get("blocks")) and not view.has("submit"):
            view.note("missing required field: submit")


def _has_inputs(blocks: Any) -> bool:
    return isinstance(blocks, list) and any(isinstance(b, dict) and b.get("type") == "input" for b in blocks)
