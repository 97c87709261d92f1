"""Preparing for a session: what may be written, and when it is asked. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.core.errors import InvalidFields, UserError
from bot.core.i18n import gettext as _
from bot.core.localtime import Rhythm, earliest_allowed, latest_allowed
from bot.features.questions.domain import Question

ASK = "prep.ask"

LEAST_AHEAD = timedelta(hours=1)
"""Asked later than this before a session, nobody could prepare any more."""
ANSWER_LIMIT = 1200
ALL_ANSWERS = 16_200
"""Characters. With its questions, all answers of one person fit into one view, which Slack limits to 250 kB, whatever they
consist of."""


KEPT_AFTER_START = timedelta(minutes=30)
"""What is typed while a session starts is not lost."""


@dataclass(frozen=True, slots=True)
class Answered:
    """One answer with the question that it was given to."""

    key: str
    question: str
    words: str


def answer_limit(questions: Sequence[Question]) -> int:
    """Characters of one answer: fewer where there are many questions, or long ones."""
    room = ALL_ANSWERS - sum(len(each.text) for each in questions)
    return min(ANSWER_LIMIT, room // max(len(questions), 1))


READABLE = timedelta(days=14)
"""How long after a session its preparation is offered to read."""


class NotOneToTen(InvalidFields):
    def __init__(self, key: str) -> None:
        super().__init__({key: _("A whole number from 1 to 10, please; or leave it empty.")})


class PrepClosed(UserError):
    """The session has started, was cancelled, or its engagement has ended."""

    @property
    def sentence(self) -> str:
        return _("This session has started or is off, so its preparation can't change any more.")


class NothingToPrepare(UserError):
    @property
    def sentence(self) -> str:
        return _("No session is planned, so there is nothing to prepare yet. `/grow session` plans one.")


class AnsweredAlready(UserError):
    """A button of a message that has been dealt with."""

    @property
    def sentence(self) -> str:
        return _("That's dealt with already. `/grow prep` opens it again, until the session starts.")


def key_of(session_id: str, person_id: str) -> str:
    """Of the one message that asks this person to prepare this session."""
    return f"{ASK}:{session_id}:{person_id}"


def ask_at(starts_at: datetime, lead_hours: int, rhythm: Rhythm, now: datetime) -> datetime | None:
    """When a person is asked to prepare; None when it would be too late to be of use.

    The last allowed time that is early enough; if that has passed, the first allowed time from now on.
    """
    wanted = latest_allowed(starts_at - timedelta(hours=lead_hours), rhythm)
    if wanted > now:
        return wanted
    soonest = earliest_allowed(now, rhythm)
    return soonest if soonest <= starts_at - LEAST_AHEAD else None
