"""One call of a Web API method."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.sandbox.arguments import Arguments
from bot.sandbox.errors import SlackError
from bot.sandbox.faults import Faults
from bot.sandbox.messages import Channel
from bot.sandbox.workspace import ROOM_ID, Workspace


@dataclass(frozen=True)
class Call:
    """What a method works with."""

    args: Arguments
    workspace: Workspace
    faults: Faults
    base_url: str
    connect: Callable[[], str]
    """Makes a WebSocket address for Socket Mode."""

    of_org: str | None = None
    """The organisation whose token was used, if it was no workspace's."""

    def channel(self) -> Channel:
        """The channel that the argument `channel` names by its own id."""
        self.refuse_room()
        if not (sent := self.args.text("channel")) or sent not in self.workspace.channels:
            raise SlackError("channel_not_found")
        return self.workspace.channels[sent]

    def refuse_room(self) -> None:
        """What Slack answers for a public channel that the app is not in, without the scope chat:write.public."""
        if self.args.text("channel") == ROOM_ID:
            raise SlackError("not_in_channel")
