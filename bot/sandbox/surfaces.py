"""Modals and App Home: view objects as Slack keeps and sends them."""

import copy
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.fields import Json, Values, starting_values
from bot.sandbox.manifest import APP_ID, BOT_ID
from bot.sandbox.people import TEAM_ID


@dataclass
class View:
    """One open modal, or one person's App Home."""

    id: str
    type: str
    user: str
    blocks: list[Json]
    title: Json
    submit: Json | None = None
    close: Json | None = None
    callback_id: str = ""
    private_metadata: str = ""
    external_id: str = ""
    notify_on_close: bool = False
    clear_on_close: bool = False
    root_view_id: str = ""
    previous_view_id: str | None = None
    hash: str = ""
    team_id: str = TEAM_ID
    values: Values = field(default_factory=dict)

    @classmethod
    def made(cls, id: str, user: str, view: Mapping[str, Any], team_id: str = TEAM_ID) -> "View":
        """A new view from what the app sent, already checked, with every id filled in."""
        made = cls(id, view["type"], user, [], _DEFAULT_TITLE, root_view_id=id, team_id=team_id)
        made.replace(view)
        return made

    def replace(self, view: Mapping[str, Any]) -> None:
        """Take over another content under the same id; what was typed stays where the ids stay."""
        self.blocks = copy.deepcopy(view["blocks"])
        self.title = view.get("title") or _DEFAULT_TITLE
        self.submit, self.close = view.get("submit"), view.get("close")
        self.callback_id = view.get("callback_id") or ""
        self.private_metadata = view.get("private_metadata") or ""
        self.external_id = view.get("external_id") or ""
        self.notify_on_close = bool(view.get("notify_on_close"))
        self.clear_on_close = bool(view.get("clear_on_close"))
        self.values = starting_values(self.blocks, self.values)

    def stamp(self, ts: str) -> None:
        """Give it a new hash, as every change by the app does."""
        self.hash = f"{ts.partition('.')[0]}.{secrets.token_hex(4)}"

    def payload(self) -> Json:
        """The view object as Slack sends it."""
        return copy.deepcopy(
            {
                "id": self.id,
                "team_id": self.team_id,
                "type": self.type,
                "blocks": self.blocks,
                "private_metadata": self.private_metadata,
                "callback_id": self.callback_id,
                "state": {"values": self.values},
                "hash": self.hash,
                "title": self.title,
                "clear_on_close": self.clear_on_close,
                "notify_on_close": self.notify_on_close,
                "close": self.close,
                "submit": self.submit,
                "previous_view_id": self.previous_view_id,
                "root_view_id": self.root_view_id,
                "app_id": APP_ID,
                "external_id": self.external_id,
                "app_installed_team_id": self.team_id,
                "bot_id": BOT_ID,
            }
        )


_DEFAULT_TITLE: Json = {"type": "plain_text", "text": "View Title", "emoji": True}
