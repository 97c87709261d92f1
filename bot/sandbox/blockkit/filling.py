"""What Slack adds to blocks that it accepted: missing ids and spelled-out defaults."""

import copy
from typing import Any

from bot.sandbox.fields import Json, elements_of
from bot.sandbox.ids import Ids


def filled(blocks: list[Json], ids: Ids) -> list[Json]:
    """A copy of the blocks with every block_id, action_id and default that the app left out."""
    done: list[Json] = _with_text_defaults(copy.deepcopy(blocks))  # null counts as left out
    for block in done:
        block.setdefault("block_id", ids.short())
        if block["type"] == "input":
            block.setdefault("optional", False)
            block.setdefault("dispatch_action", False)
        for element in elements_of(block):
            element.setdefault("action_id", ids.short())
    return done


def _with_text_defaults(node: Any) -> Any:
    if isinstance(node, list):
        return [_with_text_defaults(child) for child in node]
    if not isinstance(node, dict):
        return node
    done = {key: _with_text_defaults(child) for key, child in node.items() if child is not None}
    if done.get("type") == "plain_text":
        done.setdefault("emoji", True)
    if done.get("type") == "mrkdwn":
        done.setdefault("verbatim", False)
    return done
