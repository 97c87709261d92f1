"""What a person can do: type, press, choose shortcuts, open tabs. Each becomes a delivery, as in Slack."""

import re
from collections.abc import Mapping
from typing import Any

from bot.sandbox.deliveries import Deliveries
from bot.sandbox.errors import AppDidNotAnswer, NotPossible, SlackError, Unanswered
from bot.sandbox.fields import VALUE_KEYS, Json, Values, all_elements, merged, starting_values
from bot.sandbox.messages import Channel, Message
from bot.sandbox.parcels import Parcel
from bot.sandbox.payloads import Payloads
from bot.sandbox.plain import claimed_choice, claimed_values
from bot.sandbox.responses import show_answer
from bot.sandbox.surfaces import View
from bot.sandbox.workspace import Workspace

TROUBLE = "We had some trouble connecting. Try again?"
NOT_INTERACTIVE = "This app is not configured to handle interactive responses."


class Acts:
    """Everything but modals' submit and close. Raises PersonError with the sentence shown."""

    def __init__(self, workspace: Workspace, deliveries: Deliveries, payloads: Payloads) -> None:
        self.workspace, self.deliveries, self.payloads = workspace, deliveries, payloads

    async def command(self, user: str, line: str, *, in_room: bool = False) -> None:
        """Type a slash command into the direct messages with the app, or into the channel that it is not in."""
        self.acting(user)
        command, _, text = line.strip().partition(" ")
        declared = self.workspace.app.command(command)
        if declared is None:
            raise NotPossible(f"{command} is not a valid command.")
        text = escaped(text.strip())
        if declared.get("should_escape"):
            text = self._with_mentions(text)
        payload = self.payloads.command(self.workspace.place_of(user, in_room=in_room), command, text)
        try:
            answer = await self.deliveries.deliver(Parcel("slash_commands", payload))
        except Unanswered:
            raise AppDidNotAnswer(f"{command} failed because the app did not respond.") from None
        key = payload["response_url"].rpartition("/")[2]
        self._show(f'{command} failed with the error "invalid_command_response"', key, answer)

    async def say(self, user: str, text: str) -> None:
        """Write to the app; it hears of it if it subscribed to message.im and may read the history."""
        self.acting(user)
        space = self.workspace
        if not space.app.tab_is_on("messages") or space.app.messages_tab_is_read_only:
            raise NotPossible("Sending messages to this app has been turned off.")
        channel = space.open_dm(user)
        message = space.post(channel, self._with_mentions(escaped(text), named=False), by=user)
        channel.read_ts = message.ts
        if "im:history" in space.app.scopes:
            event = {**message.payload(), "channel": channel.id, "event_ts": message.ts, "channel_type": "im"}
            await self._event("message.im", event)

    def say_in_room(self, user: str, text: str) -> Message:
        """Write into the channel that the app is not in, and does not hear of."""
        self.acting(user)
        room = self.workspace.room_of(user)
        return self.workspace.post(room, self._with_mentions(escaped(text), named=False), by=user)

    async def press(
        self,
        user: str,
        message_ts: str,
        place: tuple[str, str],
        chosen: Mapping[str, Any],
        state: Mapping[str, Any],
    ) -> None:
        """Press or choose something in a message."""
        self.acting(user)
        message = _shown(self.workspace.dm_of(user), message_ts)
        block, element = found(message.blocks or [], place)
        blocks, choice = message.blocks or [], claimed_choice(element, chosen)
        values = merged(starting_values(blocks), claimed_values(blocks, state))
        values = merged(values, entered(block, element, choice))
        action = self.payloads.action(block, element, choice)
        await self.interact(self.payloads.message_action(user, message, action, values))

    async def press_in_view(
        self, view: View, place: tuple[str, str], chosen: Mapping[str, Any], state: Mapping[str, Any]
    ) -> None:
        """Press or choose something in a modal or on the Home tab."""
        self.acting(view.user)
        block, element = found(view.blocks, place)
        choice = claimed_choice(element, chosen)
        view.values = merged(view.values, claimed_values(view.blocks, state))
        view.values = merged(view.values, entered(block, element, choice))
        if block["type"] == "input" and not block["dispatch_action"]:
            return
        await self.interact(self.payloads.view_action(view, self.payloads.action(block, element, choice)))

    async def shortcut(
        self, user: str, callback_id: str, message_ts: str | None = None, *, in_room: bool = False
    ) -> None:
        """Choose a global shortcut, or with `message_ts` one on a message."""
        self.acting(user)
        kind = "global" if message_ts is None else "message"
        known = {(s["type"], s["callback_id"]) for s in self.workspace.app.shortcuts}
        if (kind, callback_id) not in known:
            raise NotPossible("There is no such shortcut.")
        if message_ts is None:
            payload = self.payloads.shortcut(user, callback_id)
        else:
            channel = self.workspace.place_of(user, in_room=in_room)
            message = _shown(channel, message_ts)
            if message.ephemeral:
                raise NotPossible("Shortcuts cannot be used on a message that only you can see.")
            payload = self.payloads.message_shortcut(channel, callback_id, message)
        await self.interact(payload)

    async def open_tab(self, user: str, tab: str) -> None:
        """Open the app's "home" or "messages" tab."""
        self.acting(user)
        channel = self.workspace.open_dm(user)
        event = {"type": "app_home_opened", "user": user, "channel": channel.id, "tab": tab}
        event["event_ts"] = self.workspace.next_ts()
        if tab == "messages":
            channel.read_ts = event["event_ts"]
        home = self.workspace.homes.get(user)
        shown = {"view": home.payload()} if home and tab == "home" else {}
        await self._event("app_home_opened", {**event, **shown})
        self.workspace.changes.tell([user])

    def acting(self, user: str) -> None:
        """Only an ordinary, active member of the workspace can act."""
        person = self.workspace.people.get(user)
        if person is None or person.deleted or person.is_bot or person.is_stranger:
            raise NotPossible("This account cannot act in this workspace.")
        if not self.workspace.app.installed:
            raise NotPossible("This app is no longer installed.")

    async def interact(self, payload: dict[str, Any]) -> dict[str, Any] | None:
        """Deliver an interaction; the person sees Slack's sentence if nobody answers."""
        if not self.workspace.app.is_interactive:
            raise NotPossible(NOT_INTERACTIVE)
        try:
            return await self.deliveries.deliver(Parcel("interactive", payload))
        except Unanswered:
            raise AppDidNotAnswer(TROUBLE) from None

    async def _event(self, subscription: str, event: dict[str, Any]) -> None:
        if self.workspace.app.subscribes(subscription):
            await self.deliveries.event(event, self.workspace)

    def _show(self, failure: str, key: str, answer: dict[str, Any] | None) -> None:
        if answer is None:
            return
        try:
            show_answer(self.workspace, self.workspace.response_urls[key], answer)
        except SlackError as error:
            self.deliveries.unusable("slash_commands", answer, error)
            raise AppDidNotAnswer(failure) from None

    def _with_mentions(self, text: str, *, named: bool = True) -> str:
        for person in self.workspace.people.values():
            mention = f"<@{person.id}|{person.name}>" if named else f"<@{person.id}>"
            for name in (person.real_name, person.name):
                text = re.sub(rf"(?<!\S)@{re.escape(name)}(?![\w-])", mention, text, flags=re.IGNORECASE)
        return text


def _shown(channel: Channel | None, ts: str) -> Message:
    message = channel.shown(ts) if channel else None
    if message is None:
        raise NotPossible("This message is no longer there.")
    return message


def escaped(text: str) -> str:
    """A person's text as Slack hands it on; mentions that were chosen from a list stay."""
    kept = re.split(r"(<[@#!][^<>\s]+>)", text)
    return "".join(
        part if i % 2 else part.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        for i, part in enumerate(kept)
    )


def found(blocks: list[Json], place: tuple[str, str]) -> tuple[Json, Json]:
    """The element with this block_id and action_id, and its block."""
    for block, element in all_elements(blocks):
        if (block["block_id"], element["action_id"]) == place:
            return block, element
    raise NotPossible("This is no longer there.")


def entered(block: Json, element: Json, chosen: Json) -> Values:
    """What was chosen, in the shape of `state.values`; nothing for a button or an overflow menu."""
    if element["type"] not in VALUE_KEYS:
        return {}
    return {block["block_id"]: {element["action_id"]: chosen}}
