"""A transcript of what people on the local Slack see and do, and the checks that make it more than a show."""

from bot.transcript.player import Lines, Player
from bot.transcript.printed import StoryBroke, Transcript
from bot.transcript.travel import Travel

__all__ = ["Lines", "Player", "StoryBroke", "Transcript", "Travel"]
