"""The payloads that Slack builds when a person acts."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.sandbox.deliveries import VERIFICATION_TOKEN
from bot.sandbox.fields import Json, Values
from bot.sandbox.manifest import APP_ID
from bot.sandbox.messages import Channel, Message
from bot.sandbox.surfaces import View
from bot.sandbox.workspace import Workspace


class Payloads:
    """Builds payloads for one workspace; `url` tells the address that response URLs start with."""

    def __init__(self, workspace: Workspace, url: Callable[[], str]) -> None:
        self._workspace, self._url = workspace, url

    def command(self, channel: Channel, command: str, text: str) -> dict[str, str]:
        """The form fields of a slash command that was typed into this person's channel."""
        user = channel.user
        return {
            "token": VERIFICATION_TOKEN,
            "team_id": self._workspace.team.id,
            "team_domain": self._workspace.team.domain,
            **_of_enterprise(self._workspace.team.enterprise_id),
            "channel_id": channel.id,
            "channel_name": channel.name,
            "user_id": user,
            "user_name": self._workspace.people[user].name,
            "command": command,
            "text": text,
            "api_app_id": APP_ID,
            "is_enterprise_install": str(self._workspace.app.is_org_wide).lower(),
            "response_url": self._response_url("commands", channel, user),
            "trigger_id": self._workspace.new_trigger(user),
        }

    def message_action(self, user: str, message: Message, action: Json, values: Values) -> dict[str, Any]:
        """Something pressed in a message; an ephemeral message is not sent along."""
        channel = self._workspace.channels[message.channel]
        container = {
            "type": "message",
            "message_ts": message.ts,
            "channel_id": channel.id,
            "is_ephemeral": message.ephemeral,
        }
        return {
            **self._interaction("block_actions", user),
            "container": container,
            "channel": {"id": channel.id, "name": channel.name},
            **({} if message.ephemeral else {"message": message.payload(with_metadata=True)}),
            "state": {"values": values},
            "response_url": self._response_url("actions", channel, user, message),
            "actions": [action],
        }

    def view_action(self, view: View, action: Json) -> dict[str, Any]:
        """Something pressed in a modal or on the Home tab."""
        return {
            **self._interaction("block_actions", view.user, view.id),
            "container": {"type": "view", "view_id": view.id},
            "view": view.payload(),
            "actions": [action],
        }

    def submission(self, view: View) -> dict[str, Any]:
        """A modal sent off."""
        return {
            **self._interaction("view_submission", view.user, view.id),
            "view": view.payload(),
            "response_urls": [],
        }

    def closed(self, view: View, *, is_cleared: bool) -> dict[str, Any]:
        """A modal closed without being sent off; it gives no trigger."""
        payload = self._interaction("view_closed", view.user)
        del payload["trigger_id"]
        return {**payload, "view": view.payload(), "is_cleared": is_cleared}

    def shortcut(self, user: str, callback_id: str) -> dict[str, Any]:
        """A global shortcut chosen."""
        return {
            **self._interaction("shortcut", user),
            "callback_id": callback_id,
            "action_ts": self._workspace.next_ts(),
        }

    def message_shortcut(self, channel: Channel, callback_id: str, message: Message) -> dict[str, Any]:
        """A shortcut chosen on a message in this person's channel."""
        user = channel.user
        return {
            **self._interaction("message_action", user),
            "callback_id": callback_id,
            "action_ts": self._workspace.next_ts(),
            "message_ts": message.ts,
            "channel": {"id": channel.id, "name": channel.name},
            "message": message.payload(with_metadata=True),
            "response_url": self._response_url("app", channel, user),
        }

    def action(self, block: Json, element: Json, chosen: Mapping[str, Any]) -> Json:
        """One entry of `actions`: what was pressed, and what was chosen with it."""
        kept = ("type", "action_id", "text", "value", "style", "placeholder", "confirm")
        told = {key: element[key] for key in kept if key in element}
        return {**told, "block_id": block["block_id"], "action_ts": self._workspace.next_ts(), **chosen}

    def _interaction(self, kind: str, user: str, view_id: str | None = None) -> dict[str, Any]:
        person = self._workspace.people[user]
        return {
            "type": kind,
            "user": {"id": user, "username": person.name, "name": person.name, "team_id": person.team_id},
            "api_app_id": APP_ID,
            "token": VERIFICATION_TOKEN,
            "trigger_id": self._workspace.new_trigger(user, view_id),
            "team": self._team(),
            "enterprise": self._workspace.team.enterprise,
            "is_enterprise_install": self._workspace.app.is_org_wide,
        }

    def _team(self) -> Json | None:
        """Left out for an installation in a whole organisation: the person's own workspace is told instead."""
        team = self._workspace.team
        return None if self._workspace.app.is_org_wide else {"id": team.id, "domain": team.domain}

    def _response_url(self, kind: str, channel: Channel, user: str, message: Message | None = None) -> str:
        key = self._workspace.new_response_url(channel, user, message)
        return f"{self._url()}/{kind}/{self._workspace.team.id}/{key}"


def _of_enterprise(enterprise_id: str | None) -> dict[str, str]:
    return {"enterprise_id": enterprise_id, "enterprise_name": enterprise_id} if enterprise_id else {}
