"""A seat in the workspace: one person's screen and hands, for tests and transcripts."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from copy import copy

from bot.sandbox.acts import Acts
from bot.sandbox.errors import NotPossible
from bot.sandbox.fields import Json, Values, all_elements, fields_of, merged
from bot.sandbox.messages import Channel, Message
from bot.sandbox.modals import Modals, Submitted
from bot.sandbox.plain import Plain, chosen_value
from bot.sandbox.reading import text_of, texts
from bot.sandbox.surfaces import View
from bot.sandbox.workspace import ROOM_ID

WAIT_SECONDS = 30.0
"""Real seconds in which what an app does of itself has to be seen: it passes only where something is wrong."""
_CHOICES = {"value", "option", "options", "date", "time", "at", "user"}


class Seat:
    """Acts exactly as the page does; every act returns once the app has acknowledged it.

    What the person would see as a failure is raised: AppDidNotAnswer when the app was silent or answered what
    Slack cannot use, NotPossible when Slack's client would not let the person do it.
    """

    def __init__(self, user: str, acts: Acts, modals: Modals) -> None:
        self.user = user
        self._acts, self._modals, self._workspace = acts, modals, acts.workspace

    # -- what the person sees

    @property
    def messages(self) -> list[Message]:
        """The direct messages with the app, both sides, oldest first, without ephemeral ones."""
        channel = self._workspace.dm_of(self.user)
        hidden = self._workspace.people[self.user].deleted
        return [] if channel is None or hidden else list(channel.messages)

    @property
    def ephemerals(self) -> list[Message]:
        """What was shown only to this person, oldest first."""
        channel = self._workspace.dm_of(self.user)
        return [] if channel is None else list(channel.ephemerals)

    @property
    def room(self) -> Channel:
        """The channel that the app is not in."""
        return self._workspace.room_of(self.user)

    @property
    def modals(self) -> list[View]:
        """The open modals, bottom first."""
        return list(self._workspace.modals.get(self.user, ()))

    @property
    def modal(self) -> View | None:
        """The modal in front."""
        return self.modals[-1] if self.modals else None

    @property
    def home(self) -> View | None:
        """The app's Home tab, once published."""
        return self._workspace.homes.get(self.user)

    def texts(self, shown: Message | View | None = None) -> list[str]:
        """The visible texts of a message or view; without one, of everything on this person's screen."""
        if shown is not None:
            return texts(shown)
        channel = self._workspace.dm_of(self.user)
        everything = [*(channel.everything() if channel else ()), self.home, *self.modals]
        return [line for one in everything for line in texts(one)]

    # -- what the person does

    async def command(self, text: str, *, in_room: bool = False) -> None:
        """Type a slash command, such as `/grow commit call by Friday`."""
        await self._acts.command(self.user, text, in_room=in_room)

    async def say(self, text: str) -> None:
        """Write a direct message to the app."""
        await self._acts.say(self.user, text)

    def say_in_room(self, text: str) -> Message:
        """Write into the channel that the app is not in."""
        return self._acts.say_in_room(self.user, text)

    async def press(
        self,
        action_id: str,
        *,
        message: Message | None = None,
        block_id: str | None = None,
        state: Values | None = None,
        **chosen: Plain,
    ) -> None:
        """Press a button in a message (the newest that has it), or choose: `option="mon"`, `date=…`."""
        message = message or self._newest_with(action_id, block_id)
        block, element = _placed(message.blocks or [], action_id, block_id)
        place = (block["block_id"], element["action_id"])
        await self._acts.press(self.user, message.ts, place, _choice(element, chosen), state or {})

    async def press_in_modal(self, action_id: str, *, block_id: str | None = None, **chosen: Plain) -> None:
        """Press or choose something in the modal in front."""
        await self._press_in(self._front(), action_id, block_id, chosen)

    async def press_in_home(self, action_id: str, *, block_id: str | None = None, **chosen: Plain) -> None:
        """Press or choose something on the Home tab."""
        if self.home is None:
            raise NotPossible("The Home tab shows nothing yet.")
        await self._press_in(self.home, action_id, block_id, chosen)

    def fill(self, values: Mapping[str, Plain]) -> None:
        """Type into the modal in front without sending it off; see `submit` for `values`."""
        view = self._front()
        view.values = merged(view.values, _entries(view, values))

    async def submit(self, values: Mapping[str, Plain] | None = None) -> Submitted:
        """Send off the modal in front. `values` maps a block_id or action_id to an entry; the rest stays."""
        view = self._front()
        return await self._modals.submit(view, _entries(view, values or {}))

    async def close(self, *, everything: bool = False) -> None:
        """Close the modal in front, or all."""
        await self._modals.close(self._front(), everything=everything)

    async def open_home(self) -> None:
        """Open the app's Home tab."""
        await self._acts.open_tab(self.user, "home")

    async def open_messages(self) -> None:
        """Open the app's Messages tab."""
        await self._acts.open_tab(self.user, "messages")

    async def shortcut(self, callback_id: str) -> None:
        """Choose a global shortcut."""
        await self._acts.shortcut(self.user, callback_id)

    async def message_shortcut(self, callback_id: str, message: Message) -> None:
        """Choose a shortcut on a message."""
        await self._acts.shortcut(self.user, callback_id, message.ts, in_room=message.channel == ROOM_ID)

    # -- waiting for what the app does after it acknowledged; TimeoutError tells what is on the screen. A view that was
    #    waited for stays as it was seen, so that "newer than this" holds though the app was quick to change it

    def wait_until(self, holds: Callable[["Seat"], bool], timeout: float = WAIT_SECONDS) -> Awaitable[None]:
        """Wait, in real seconds, until `holds(seat)`; it is asked again after every change."""
        return self._wait(lambda: holds(self), timeout)

    async def _wait(self, holds: Callable[[], bool], seconds: float) -> None:
        try:
            await asyncio.wait_for(self._workspace.changes.wait_for(holds), seconds)
        except TimeoutError:
            raise TimeoutError(f"{self.user} waited {seconds} s and sees: {self.texts()}") from None

    def wait_modal(
        self,
        callback_id: str | None = None,
        *,
        after: View | str | None = None,
        timeout: float = WAIT_SECONDS,
    ) -> Awaitable[View]:
        """Wait for a modal in front: any, or with this callback_id, or newer than `after`."""
        return self._wait_view(lambda: self.modal, callback_id, after, timeout)

    def wait_home(self, *, after: View | str | None = None, timeout: float = WAIT_SECONDS) -> Awaitable[View]:
        """Wait for a Home tab; `after` (a hash) asks for a newer content than that."""
        return self._wait_view(lambda: self.home, None, after, timeout)

    async def _wait_view(
        self,
        get: Callable[[], View | None],
        callback_id: str | None,
        after: View | str | None,
        seconds: float,
    ) -> View:
        old = after.hash if isinstance(after, View) else after

        def wanted() -> View | None:
            view = get()
            return view if view and view.hash != old and callback_id in (None, view.callback_id) else None

        await self._wait(lambda: wanted() is not None, seconds)
        view = wanted()
        assert view is not None
        return copy(view)

    def wait_message(
        self, after_ts: str = "0", timeout: float = WAIT_SECONDS, *, containing: str = ""
    ) -> Awaitable[Message]:
        """Wait for a message by the app that is newer than `after_ts` and holds this text."""
        return self._wait_shown(lambda: self.messages, after_ts, containing, timeout)

    def wait_ephemeral(
        self, after_ts: str = "0", timeout: float = WAIT_SECONDS, *, containing: str = ""
    ) -> Awaitable[Message]:
        """Wait for something shown only to this person."""
        return self._wait_shown(lambda: self.ephemerals, after_ts, containing, timeout)

    async def _wait_shown(
        self, get: Callable[[], list[Message]], after_ts: str, containing: str, seconds: float
    ) -> Message:
        def wanted() -> list[Message]:
            return [m for m in get() if m.by_app and m.ts > after_ts and containing in text_of(m)]

        await self._wait(lambda: bool(wanted()), seconds)
        return wanted()[0]

    # -- finding things

    def _front(self) -> View:
        if self.modal is None:
            raise NotPossible("No modal is open.")
        return self.modal

    def _newest_with(self, action_id: str, block_id: str | None) -> Message:
        channel = self._workspace.dm_of(self.user)
        for message in reversed(channel.everything() if channel else []):
            for block, element in all_elements(message.blocks or []):
                if element["action_id"] == action_id and block_id in (None, block["block_id"]):
                    return message
        raise NotPossible(f"No message has {action_id!r}.")

    async def _press_in(
        self, view: View, action_id: str, block_id: str | None, chosen: Mapping[str, Plain]
    ) -> None:
        block, element = _placed(view.blocks, action_id, block_id)
        place = (block["block_id"], element["action_id"])
        await self._acts.press_in_view(view, place, _choice(element, chosen), {})


def _placed(blocks: list[Json], action_id: str, block_id: str | None) -> tuple[Json, Json]:
    for block, element in all_elements(blocks):
        if element["action_id"] == action_id and block_id in (None, block["block_id"]):
            return block, element
    raise NotPossible(f"There is no {action_id!r} here.")


def _choice(element: Json, chosen: Mapping[str, Plain]) -> Json:
    if len(chosen) > 1 or not set(chosen) <= _CHOICES:
        raise TypeError(f"choose with one of {sorted(_CHOICES)}, not {sorted(chosen)}")
    return chosen_value(element, next(iter(chosen.values()), None))


def _entries(view: View, values: Mapping[str, Plain]) -> Values:
    entries: Values = {}
    for key, value in values.items():
        block_id, action_id, element = _field(view, key)
        entries.setdefault(block_id, {})[action_id] = chosen_value(element, value)
    return entries


def _field(view: View, key: str) -> tuple[str, str, Json]:
    for field in fields_of(view.blocks):
        if key in field.place:
            return *field.place, field.element
    raise NotPossible(f"This modal has no field {key!r}; it has {[f.place for f in fields_of(view.blocks)]}.")
