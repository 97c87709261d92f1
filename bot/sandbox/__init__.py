"""A local Slack: Web API, Socket Mode, signed deliveries, a page: for trying an app without Slack.

It knows nothing of the app that connects to it, and listens on loopback only.
"""

from bot.sandbox.clock import SandboxClock
from bot.sandbox.errors import AppDidNotAnswer, NotPossible, PersonError
from bot.sandbox.messages import Message
from bot.sandbox.modals import Submitted
from bot.sandbox.outline import outline
from bot.sandbox.reading import text_of, texts
from bot.sandbox.seat import Seat
from bot.sandbox.server import Sandbox
from bot.sandbox.surfaces import View
from bot.sandbox.teams import Team
from bot.sandbox.travel import Bot

__all__ = [
    "AppDidNotAnswer",
    "Bot",
    "Message",
    "NotPossible",
    "PersonError",
    "Sandbox",
    "SandboxClock",
    "Seat",
    "Submitted",
    "Team",
    "View",
    "outline",
    "text_of",
    "texts",
]
