"""files.getUploadURLExternal, files.completeUploadExternal and files.delete."""

import re
from typing import Any

from bot.sandbox.errors import SlackError
from bot.sandbox.files import File
from bot.sandbox.messages import Channel
from bot.sandbox.methods.call import Call
from bot.sandbox.workspace import ROOM_ID

CHANNEL_ID = "^[CGDZ][A-Z0-9]{8,}$"
"""Slack takes a channel's own id here, and no person's."""


def get_upload_url(call: Call) -> dict[str, Any]:
    """An address for one file of exactly so many bytes."""
    name = call.args.required("filename")
    call.args.required("length")
    length = call.args.number("length", 0)
    if length <= 0:
        raise SlackError("invalid_arguments", ["[ERROR] must be more than 0 [json-pointer:/length]"])
    file = call.workspace.new_file(name, length)
    return {
        "upload_url": f"{call.base_url}/upload/v1/{call.workspace.team.id}/{file.ticket}",
        "file_id": file.id,
    }


def complete_upload(call: Call) -> dict[str, Any]:
    """Show files that were uploaded; without a channel they stay the app's own.

    What Slack answers to one that was completed before is not documented; here it is no longer there to be completed.
    """
    files, channel = _files(call), _channel(call)
    for file, title in files:
        file.is_complete, file.title = True, title
    if channel is not None:
        shared = [file for file, _title in files]
        call.workspace.post(channel, call.args.text("initial_comment"), files=shared)
    return {"files": [{"id": file.id, "title": file.title or file.name} for file, _title in files]}


def delete(call: Call) -> dict[str, Any]:
    """Take a file away; a message that shows it stays, and says that it was deleted."""
    file = call.workspace.files.get(call.args.required("file"))
    if file is None:
        raise SlackError("file_not_found")
    if file.is_deleted:
        raise SlackError("file_deleted")
    call.workspace.remove_file(file)
    return {}


def _files(call: Call) -> list[tuple[File, str]]:
    sent = call.args.structure("files")
    if not isinstance(sent, list) or not sent or not all(isinstance(each, dict) for each in sent):
        raise SlackError("invalid_arguments", ["[ERROR] missing required field: files"])
    found = [(call.workspace.files.get(str(each.get("id"))), str(each.get("title") or "")) for each in sent]
    known = [(file, title) for file, title in found if file is not None]
    if len(known) < len(sent) or any(
        file.content is None or file.is_complete or file.is_deleted for file, _title in known
    ):
        raise SlackError("file_not_found")
    return known


def _channel(call: Call) -> Channel | None:
    sent = call.args.text("channel_id")
    if not sent:
        return None
    if not re.match(CHANNEL_ID, sent):
        raise SlackError(
            "invalid_arguments",
            [f"[ERROR] input must match regex pattern: {CHANNEL_ID} [json-pointer:/channel_id]"],
        )
    if sent == ROOM_ID:
        raise SlackError("not_in_channel")
    if sent not in call.workspace.channels:
        raise SlackError("channel_not_found")
    return call.workspace.channels[sent]
