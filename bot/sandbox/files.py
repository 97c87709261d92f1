"""Files that the app puts into direct messages: an address to upload to, then the bytes, then where they are to be seen.

docs: messaging/working-with-files, methods/files.getUploadURLExternal
"""

import mimetypes
from dataclasses import dataclass

from bot.sandbox.fields import Json
from bot.sandbox.people import BOT_USER_ID


@dataclass
class File:
    """One file; `length` is the number of bytes that was announced."""

    id: str
    ticket: str
    """What makes its upload address hard to guess."""
    name: str
    length: int
    created: int
    title: str = ""
    content: bytes | None = None
    is_complete: bool = False
    is_deleted: bool = False

    def payload(self) -> Json:
        """The file object in a message, as Slack returns it; of one that was deleted, what stays in its place."""
        if self.is_deleted:
            return {"id": self.id, "mode": "tombstone"}
        kind = self.name.rpartition(".")[2]
        return {
            "id": self.id,
            "created": self.created,
            "timestamp": self.created,
            "name": self.name,
            "title": self.title or self.name,
            "mimetype": mimetypes.guess_type(self.name)[0] or "application/octet-stream",
            "filetype": kind,
            "user": BOT_USER_ID,
            "mode": "hosted",
            "size": self.length,
            "is_external": False,
            "is_public": False,
        }

    def seen(self) -> Json:
        """The file as the page's contract describes it."""
        if self.is_deleted:
            return {"id": self.id, "deleted": True}
        return {
            "id": self.id,
            "name": self.name,
            "title": self.title or self.name,
            "size": self.length,
            "deleted": False,
        }
