"""Messages between the app and one person, or in a channel without the app, and what was shown only to one person."""

import copy
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.files import File
from bot.sandbox.manifest import APP_ID, BOT_ID
from bot.sandbox.people import TEAM_ID

Json = dict[str, Any]


@dataclass
class Message:
    """One message; an ephemeral one is seen by its person only and is in no history."""

    channel: str
    ts: str
    user: str
    text: str
    by_app: bool
    blocks: list[Json] | None = None
    metadata: Json | None = None
    edited_ts: str | None = None
    ephemeral: bool = False
    team_id: str = TEAM_ID
    files: list[File] = field(default_factory=list)
    unread_calls: int = 0
    """How many more reads of the history leave this message out (a fault that tests can set)."""

    def payload(self, *, with_metadata: bool = False) -> Json:
        """The message object as Slack returns it."""
        author: Json = {"bot_id": BOT_ID, "app_id": APP_ID} if self.by_app else {}
        shown: Json = {"user": self.user, "type": "message", "ts": self.ts, **author, "text": self.text}
        shown["team"] = self.team_id
        if self.blocks is not None:
            shown["blocks"] = copy.deepcopy(self.blocks)
        if self.files:
            shown |= {"upload": True, "files": [file.payload() for file in self.files]}
        if self.edited_ts:
            shown["edited"] = {"user": BOT_ID if self.by_app else self.user, "ts": self.edited_ts}
        if with_metadata and self.metadata is not None:
            shown["metadata"] = copy.deepcopy(self.metadata)
        return shown

    def seen(self) -> Json:
        """The message as the page's contract describes it."""
        shown: Json = {"ts": self.ts, "user": self.user, "text": self.text}
        if self.by_app:
            shown["bot_id"] = BOT_ID
        if self.blocks is not None:
            shown["blocks"] = copy.deepcopy(self.blocks)
        if self.files:
            shown["files"] = [file.seen() for file in self.files]
        return {**shown, "edited": self.edited_ts is not None, "ephemeral": self.ephemeral}


@dataclass
class Channel:
    """The direct messages of the app and one person; or a channel of many people as this person sees it."""

    id: str
    user: str
    created: int
    messages: list[Message] = field(default_factory=list)
    ephemerals: list[Message] = field(default_factory=list)
    read_ts: str = "0"
    name: str = "directmessage"

    def message(self, ts: str) -> Message | None:
        """The message with this ts, not counting ephemeral ones."""
        return next((m for m in self.messages if m.ts == ts), None)

    def shown(self, ts: str) -> Message | None:
        """The message with this ts, ephemeral ones included."""
        return next((m for m in (*self.messages, *self.ephemerals) if m.ts == ts), None)

    def shows(self, file: File) -> bool:
        """Whether a message here has it."""
        return any(file in message.files for message in self.messages)

    def everything(self) -> list[Message]:
        """What the person sees, oldest first."""
        return sorted((*self.messages, *self.ephemerals), key=lambda m: m.ts)

    def unread(self) -> int:
        """How many messages by the app came after the person last looked."""
        return sum(m.by_app and m.ts > self.read_ts for m in self.messages)
