"""Block Kit as Slack takes it: checked against its documented rules, then completed with what Slack adds."""

from typing import Any

from bot.sandbox.blockkit.filling import filled
from bot.sandbox.errors import SlackError
from bot.sandbox.fields import Json
from bot.sandbox.ids import Ids


def prepared_message_blocks(sent: Any, ids: Ids) -> list[Json]:
    """A message's blocks, checked and completed."""
    if not isinstance(sent, list):
        raise SlackError("invalid_blocks_format")
    return filled(sent, ids)


def prepared_view(sent: Any, surface: str, ids: Ids) -> Json:
    """A view for "modal" or "home", checked and completed."""
    if not isinstance(sent, dict):
        raise SlackError("invalid_arguments", ["[ERROR] missing required field: view"])
    return {**sent, "type": surface, "blocks": filled(sent["blocks"], ids)}
