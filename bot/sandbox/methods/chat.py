"""chat.postMessage, chat.postEphemeral, chat.update and chat.delete."""

from typing import Any

from bot.sandbox.blockkit import prepared_message_blocks
from bot.sandbox.errors import SlackError
from bot.sandbox.fields import Json
from bot.sandbox.messages import Channel, Message
from bot.sandbox.methods.call import Call

POSTED_TEXT = 40_000
UPDATED_TEXT = 4_000
FALLBACK_TEXT = "This content can't be displayed."


def post_message(call: Call) -> dict[str, Any]:
    """Post to a channel, or to a person's direct messages by the person's id."""
    channel = _destination(call)
    text, blocks = _content(call, POSTED_TEXT)
    metadata = _metadata(call)
    late = call.faults.reads_without_next_message()
    message = call.workspace.post(channel, text, blocks=blocks, metadata=metadata, unread_calls=late)
    return {"channel": channel.id, "ts": message.ts, "message": message.payload(with_metadata=True)}


def post_ephemeral(call: Call) -> dict[str, Any]:
    """Show something to one person only; it is in no history and cannot be updated."""
    channel, user = _destination(call), call.args.required("user")
    if user not in call.workspace.people:
        raise SlackError("user_not_found")
    if channel.user != user:
        raise SlackError("user_not_in_channel")
    text, blocks = _content(call, POSTED_TEXT)
    return {"message_ts": call.workspace.post(channel, text, blocks=blocks, ephemeral=True).ts}


def update(call: Call) -> dict[str, Any]:
    """Replace one of the app's own messages; the channel must be named by its own id."""
    message = _own_message(call, "cant_update_message")
    text, blocks = _content(call, UPDATED_TEXT)
    if call.args.structure("blocks") is None:
        blocks = message.blocks  # kept unless others, or an empty list, are sent
    if (metadata := _metadata(call)) is not None:
        message.metadata = metadata
    call.workspace.edit(message, text, blocks)
    return {"channel": message.channel, "ts": message.ts, "text": text, "message": message.payload()}


def delete(call: Call) -> dict[str, Any]:
    """Take back one of the app's own messages."""
    message = _own_message(call, "cant_delete_message")
    call.workspace.remove(message)
    return {"channel": message.channel, "ts": message.ts}


def _destination(call: Call) -> Channel:
    sent = call.args.text("channel")
    call.refuse_room()
    if not sent:
        raise SlackError("channel_not_found")
    if not call.workspace.app.tab_is_on("messages"):
        raise SlackError("messages_tab_disabled")
    if sent in call.workspace.channels:
        return call.workspace.channels[sent]
    person = call.workspace.people.get(sent)
    if person is None or person.is_stranger:
        raise SlackError("channel_not_found")
    if person.is_bot:
        raise SlackError("cannot_dm_bot")
    return call.workspace.open_dm(person.id)


def _content(call: Call, longest: int) -> tuple[str, list[Json] | None]:
    text = call.args.text("text")
    sent = call.args.structure("blocks", "invalid_blocks_format")
    if call.args.structure("attachments"):
        raise SlackError(
            "invalid_arguments", ["[ERROR] attachments are unknown here [json-pointer:/attachments]"]
        )
    if len(text) > longest:
        raise SlackError("msg_too_long")
    if not sent:
        if not text.strip():
            raise SlackError("no_text")
        return text, None
    return text or FALLBACK_TEXT, prepared_message_blocks(sent, call.workspace.ids)


def _metadata(call: Call) -> Json | None:
    metadata = call.args.structure("metadata", "invalid_metadata_format")
    if metadata is None:
        return None
    if not isinstance(metadata, dict) or not isinstance(metadata.get("event_type"), str):
        raise SlackError("invalid_metadata_schema")
    if not isinstance(metadata.get("event_payload"), dict):
        raise SlackError("invalid_metadata_schema")
    return metadata


def _own_message(call: Call, error: str) -> Message:
    message = call.channel().message(call.args.required("ts"))
    if message is None:
        raise SlackError("message_not_found")
    if not message.by_app:
        raise SlackError(error)
    return message
