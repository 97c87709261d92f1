"""Answers to an act: the text of a command's acknowledgement, and what is sent to a response URL."""

from typing import Any

from bot.sandbox.arguments import Arguments
from bot.sandbox.blockkit import prepared_message_blocks
from bot.sandbox.errors import SlackError
from bot.sandbox.workspace import RESPONSE_URL_USES, ResponseUrl, Workspace

FALLBACK_TEXT = "This content can't be displayed."


def answer_by_url(workspace: Workspace, key: str, sent: dict[str, Any]) -> None:
    """Use a response URL once."""
    url = workspace.response_urls.get(key)
    if url is None:
        raise SlackError("no_active_hooks")
    if workspace.clock.now() >= url.expires_at:
        raise SlackError("expired_url")
    if url.uses >= RESPONSE_URL_USES:
        raise SlackError("used_url")
    url.uses += 1
    show_answer(workspace, url, sent)


def show_answer(workspace: Workspace, url: ResponseUrl, sent: dict[str, Any]) -> None:
    """Show what the app answered: to the one person unless `in_channel`, or in place of the message."""
    args = Arguments(sent)
    if args.flag("delete_original"):
        if url.message is not None:
            workspace.remove(url.message)
        return
    text, blocks = args.text("text"), args.structure("blocks", "invalid_blocks_format")
    if not text and not blocks:
        raise SlackError("no_text")
    if blocks:
        text, blocks = text or FALLBACK_TEXT, prepared_message_blocks(blocks, workspace.ids)
    if args.flag("replace_original") and url.message is not None:
        workspace.edit(url.message, text, blocks or None)
        return
    ephemeral = args.text("response_type") != "in_channel"
    workspace.post(url.channel, text, blocks=blocks or None, ephemeral=ephemeral)
