"""Who plays, when, and everything that they write."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from bot.demo import Demo
from bot.transcript import Player, Transcript, Travel


class Words(StrEnum):
    """None of these may ever stand in a message."""

    PURPOSE = "Lead without doing everything myself"
    CALL = "Call the CFO about the budget"
    CUE = "When the Friday stand-up ends, then I dial before opening mail"
    OBSTACLE = "The board wants a second opinion"
    ASKED_BETTER = "She asked better questions than I expected"
    LEAVE_WITH = "Leave with one thing I stop doing"
    TRIED = "Tried to delegate the report and took it back"
    REPORT = "Stop rewriting the weekly report"
    THURSDAYS = "Block Thursday mornings in my calendar"
    ARTICLE = "Send Ben the article on delegation"
    CALENDAR = "My calendar is still not mine"
    STEERING_GROUP = "Saying no to the steering group"
    FEWER_THINGS = "Fewer things, done by others"
    FREE_HOUR = "A free hour before the call"
    MEETINGS = "Two meetings that could have been a note"
    NOTHING_BROKE = "The steering group met without me and nothing broke"
    REASON = "I have what I came for"
    SMALLER = "Leave the weekly report to Ana, and read it once"
    SAID_YES = "I said yes too quickly, twice"
    CURIOUS = "What he fears would happen if he let go"


@dataclass(frozen=True, slots=True)
class Cast:
    transcript: Transcript
    dana: Player
    ben: Player
    travel: Travel
    demo: Demo


def at(day: int, hour: int, minute: int = 0, *, month: int = 12, year: int = 2026) -> datetime:
    """In London, where it is UTC all winter."""
    return datetime(year, month, day, hour, minute, tzinfo=UTC)
