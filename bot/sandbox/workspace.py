"""The workspace as a pure model: people, direct messages, modals, App Homes, triggers and response URLs."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from bot.sandbox.changes import Changes
from bot.sandbox.clock import SandboxClock
from bot.sandbox.errors import SlackError
from bot.sandbox.fields import Json
from bot.sandbox.files import File
from bot.sandbox.ids import Ids
from bot.sandbox.manifest import App
from bot.sandbox.messages import Channel, Message
from bot.sandbox.people import BOT_USER_ID, TEAM_ID, Person, brightwater
from bot.sandbox.surfaces import View
from bot.sandbox.teams import BRIGHTWATER, Team

TRIGGER_LIFE = timedelta(seconds=3)
RESPONSE_URL_LIFE = timedelta(minutes=30)
RESPONSE_URL_USES = 5
MODALS_AT_ONCE = 3
ROOM_ID, ROOM_NAME = "C0LEADERS", "leadership"


@dataclass
class Trigger:
    """The right, given by a person's act, to open one modal for that person soon."""

    user: str
    expires_at: datetime
    view_id: str | None = None
    """The modal in which the act took place, if it was in one: only that gives the right to push another."""
    used: bool = False


@dataclass
class ResponseUrl:
    """The right to answer one act in its channel; `message` is what may be replaced, if any."""

    channel: Channel
    user: str
    message: Message | None
    expires_at: datetime
    uses: int = 0


class Workspace:
    """All that one workspace knows, Brightwater if not told otherwise; every change is told to `changes`.

    Other workspaces have the same people, under the same ids: nothing may depend on an id being used once.
    """

    def __init__(
        self, app: App, clock: SandboxClock, team: Team = BRIGHTWATER, ids: Ids | None = None
    ) -> None:
        self.app, self.clock, self.team = app, clock, team
        self.changes, self.ids = Changes(), ids or Ids()
        self.people: dict[str, Person] = {p.id: _member(p, team) for p in brightwater(app.bot_name)}
        self.channels: dict[str, Channel] = {}
        self.rooms: dict[str, Channel] = {}
        """The public channel of everybody but the app, as each person sees it."""
        self._said_in_room: list[Message] = []
        self.files: dict[str, File] = {}
        """What the app has uploaded, or said that it would."""
        self.modals: dict[str, list[View]] = {}
        """For each person the open modals, bottom first."""
        self.homes: dict[str, View] = {}
        self.triggers: dict[str, Trigger] = {}
        self.response_urls: dict[str, ResponseUrl] = {}
        self._last_ts = 0

    @property
    def name(self) -> str:
        """As people read it."""
        return self.team.name

    def next_ts(self) -> str:
        """A message ts from the clock, unique and increasing."""
        self._last_ts = max(self._last_ts + 1, int(self.clock.now().timestamp() * 1_000_000))
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    # -- conversations

    def dm_of(self, user: str) -> Channel | None:
        """The person's channel with the app, if one was opened."""
        return next((c for c in self.channels.values() if c.user == user), None)

    def open_dm(self, user: str) -> Channel:
        """The person's channel with the app, opened if need be."""
        if user not in self.people:
            raise SlackError("user_not_found")
        if found := self.dm_of(user):
            return found
        created = int(self.clock.now().timestamp())
        channel = Channel(self.ids.new("D"), user, created)
        self.channels[channel.id] = channel
        return channel

    def room_of(self, user: str) -> Channel:
        """The channel that the app is not in: what everybody says there, and what only this person sees."""
        room = Channel(ROOM_ID, user, 0, messages=self._said_in_room, name=ROOM_NAME)
        return self.rooms.setdefault(user, room)

    def place_of(self, user: str, *, in_room: bool) -> Channel:
        """Where this person types."""
        return self.room_of(user) if in_room else self.open_dm(user)

    def post(self, channel: Channel, text: str, *, by: str = BOT_USER_ID, **more: Any) -> Message:
        """Add a message; `ephemeral=True` keeps it out of the history."""
        by_app, team_id = by == BOT_USER_ID, self.team.id
        message = Message(channel.id, self.next_ts(), by, text, by_app=by_app, team_id=team_id, **more)
        (channel.ephemerals if message.ephemeral else channel.messages).append(message)
        self.changes.tell([channel.user])
        return message

    def edit(self, message: Message, text: str, blocks: list[Json] | None) -> None:
        """Replace a message's content, and mark an ordinary one as edited."""
        message.text, message.blocks = text, blocks
        if not message.ephemeral:
            message.edited_ts = self.next_ts()
        self.changes.tell([self.channels[message.channel].user])

    def remove(self, message: Message) -> None:
        """Take a message away."""
        channel = self.channels[message.channel]
        (channel.ephemerals if message.ephemeral else channel.messages).remove(message)
        self.changes.tell([channel.user])

    def new_file(self, name: str, length: int) -> File:
        """A file that is about to be uploaded."""
        created = int(self.clock.now().timestamp())
        file = File(self.ids.new("F"), secrets.token_urlsafe(24), name, length, created)
        self.files[file.id] = file
        return file

    def remove_file(self, file: File) -> None:
        """Nobody can read it any more."""
        file.is_deleted, file.content = True, None
        shown = [channel.user for channel in self.channels.values() if channel.shows(file)]
        self.changes.tell(shown)

    # -- rights that acts give

    def new_trigger(self, user: str, view_id: str | None = None) -> str:
        """A trigger_id for what this person just did, perhaps inside of this modal."""
        trigger_id = self.ids.trigger()
        self.triggers[trigger_id] = Trigger(user, self.clock.now() + TRIGGER_LIFE, view_id)
        return trigger_id

    def exchange(self, trigger_id: str) -> Trigger:
        """Use a trigger up, and learn whose it is and where it arose."""
        trigger = self.triggers.get(trigger_id)
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        if self.clock.now() >= trigger.expires_at:
            raise SlackError("expired_trigger_id")
        trigger.used = True
        return trigger

    def new_response_url(self, channel: Channel, user: str, message: Message | None = None) -> str:
        """The key of a new response URL."""
        key = self.ids.new("R") + self.ids.trigger().rpartition(".")[2]
        self.response_urls[key] = ResponseUrl(channel, user, message, self.clock.now() + RESPONSE_URL_LIFE)
        return key

    # -- modals and Home

    def open_modal(self, user: str, view: Mapping[str, Any]) -> View:
        """Show a first modal, in place of whatever this person had open."""
        self.modals[user] = []
        return self._put(user, view)

    def push_modal(self, user: str, view: Mapping[str, Any]) -> View:
        """Show a modal above the others."""
        if len(self.modals.get(user, ())) >= MODALS_AT_ONCE:
            raise SlackError("push_limit_reached")
        return self._put(user, view)

    def _put(self, user: str, view: Mapping[str, Any]) -> View:
        stack = self.modals.setdefault(user, [])
        made = View.made(self.ids.new("V"), user, view, self.team.id)
        if stack:
            made.root_view_id, made.previous_view_id = stack[0].id, stack[-1].id
        stack.append(made)
        return self._changed(made)

    def replace_view(self, old: View, view: Mapping[str, Any]) -> View:
        """Change a modal or a Home in place."""
        old.replace(view)
        return self._changed(old)

    def publish_home(self, user: str, view: Mapping[str, Any]) -> View:
        """Show a Home tab to one person."""
        if home := self.homes.get(user):
            return self.replace_view(home, view)
        self.homes[user] = View.made(self.ids.new("V"), user, view, self.team.id)
        return self._changed(self.homes[user])

    def _changed(self, view: View) -> View:
        view.stamp(self.next_ts())
        self.changes.tell([view.user])
        return view

    def open_views(self) -> list[View]:
        """Every modal that somebody has open, and every Home."""
        return [*(v for stack in self.modals.values() for v in stack), *self.homes.values()]

    def view(self, view_id: str) -> View | None:
        """An open modal or a Home by its id."""
        return next((v for v in self.open_views() if v.id == view_id), None)

    def view_by_external_id(self, external_id: str) -> View | None:
        """An open modal or a Home by the id that the app gave it."""
        return next((v for v in self.open_views() if v.external_id == external_id != ""), None)

    def close_modals(self, user: str, closed: list[View]) -> None:
        """Take these modals off the person's screen."""
        self.modals[user] = [v for v in self.modals.get(user, []) if v not in closed]
        self.changes.tell([user])


def _member(person: Person, team: Team) -> Person:
    return replace(person, team_id=team.id) if person.team_id == TEAM_ID else person
