"""Block Kit as Slack takes it: checked against its documented rules, then completed with what Slack adds."""

from typing import Any

from bot.sandbox.blockkit.blocks import check_blocks
from bot.sandbox.blockkit.filling import filled
from bot.sandbox.blockkit.nodes import Findings, Node
from bot.sandbox.blockkit.views import check_view
from bot.sandbox.errors import SlackError
from bot.sandbox.fields import Json
from bot.sandbox.ids import Ids

BLOCKS_IN_A_MESSAGE = 50
CHARACTERS_IN_A_MESSAGE = 13_200


def prepared_message_blocks(sent: Any, ids: Ids) -> list[Json]:
    """A message's blocks, checked and completed."""
    if not isinstance(sent, list):
        raise SlackError("invalid_blocks_format")
    findings = Findings()
    check_blocks(Node({"blocks": sent}, "", findings), BLOCKS_IN_A_MESSAGE)
    if findings.messages:
        bare = [message.removeprefix("[ERROR] ") for message in findings.messages]
        raise SlackError("invalid_blocks", findings.messages, errors=bare)
    if _characters(sent) > CHARACTERS_IN_A_MESSAGE:
        raise SlackError("msg_blocks_too_long")
    return filled(sent, ids)


def prepared_view(sent: Any, surface: str, ids: Ids) -> Json:
    """A view for "modal" or "home", checked and completed."""
    check_view(sent, surface)
    return {**sent, "blocks": filled(sent["blocks"], ids)}


def _characters(node: Any) -> int:
    if isinstance(node, list):
        return sum(_characters(child) for child in node)
    if not isinstance(node, dict):
        return 0
    own = len(node["text"]) if isinstance(node.get("text"), str) else 0
    return own + sum(_characters(child) for child in node.values())
