"""Preparing for a session: the question sets, and when it is asked. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.core.errors import InvalidFields, UserError
from bot.core.i18n import gettext as _
from bot.core.localtime import Rhythm, earliest_allowed, latest_allowed
from bot.features.engagements.domain import Role

ASK = "prep.ask"

ABOUT_LAST_TIME = {"reality.noticed"}
LEAST_AHEAD = timedelta(hours=1)
"""Asked later than this before a session, nobody could prepare any more."""
ANSWER_LIMIT = 1200
"""Characters. All answers of one person fit into one view, which Slack limits to 250 kB, whatever they consist of."""


@dataclass(frozen=True, slots=True)
class Question:
    """`key` stays when the wording changes. `is_number`: answered with 1 to 10."""

    key: str
    text: str
    is_number: bool = False


class StageKind(StrEnum):
    GOAL = "goal"
    REALITY = "reality"
    OPTIONS = "options"
    WILL = "will"


@dataclass(frozen=True, slots=True)
class Stage:
    kind: StageKind
    title: str
    questions: Sequence[Question]


def grow(role: Role, *, is_first: bool = False) -> Sequence[Stage]:
    """The built-in question set, in the reader's language. `is_first`: the pair has not met before."""
    stages = _client_stages() if role is Role.CLIENT else _coach_stages()
    return [replace(each, questions=_about_now(each)) for each in stages] if is_first else stages


def _about_now(stage: Stage) -> list[Question]:
    return [each for each in stage.questions if each.key not in ABOUT_LAST_TIME]


def _client_stages() -> Sequence[Stage]:
    return (
        Stage(
            StageKind.GOAL,
            _("Goal – what do you want?"),
            (
                Question("goal.purpose", _("What is this session about for you?")),
                Question("goal.leave_with", _("What would you like to leave with?")),
                Question("goal.improvement", _("What would be better for you afterwards?")),
            ),
        ),
        Stage(
            StageKind.REALITY,
            _("Reality – where are you now?"),
            (
                Question("reality.position", _("How close are you to what you want?")),
                Question("reality.tried", _("What have you tried, and what came of it?")),
                Question("reality.strengths", _("Which of your strengths did you use?")),
                Question("reality.room", _("Where do you see room to grow?")),
            ),
        ),
        Stage(
            StageKind.OPTIONS,
            _("Options – what could you do?"),
            (
                Question(
                    "options.possibilities", _("What could you do? Try for at least three, the odd ones too.")
                ),
                Question("options.obstacles", _("What is in the way of each?")),
                Question("options.people", _("Who could help?")),
            ),
        ),
        Stage(
            StageKind.WILL,
            _("Will – what will you do?"),
            (
                Question("will.steps", _("Which steps will you take, and by when?")),
                Question(
                    "will.confidence", _("How sure are you that you will, from 1 to 10?"), is_number=True
                ),
                Question("will.support", _("What support would help?")),
            ),
        ),
    )


def _coach_stages() -> Sequence[Stage]:
    return (
        Stage(
            StageKind.GOAL,
            _("Goal – what do they want?"),
            (
                Question("goal.engagement", _("What does your client want from working with you?")),
                Question("goal.session", _("And from this session, as far as you can tell?")),
            ),
        ),
        Stage(
            StageKind.REALITY,
            _("Reality – where are they now?"),
            (
                Question("reality.noticed", _("What did you notice last time?")),
                Question("reality.curious", _("What do you want to be curious about?")),
            ),
        ),
        Stage(
            StageKind.OPTIONS,
            _("Options – what could they do?"),
            (Question("options.widen", _("How can you widen the options without supplying them?")),),
        ),
        Stage(
            StageKind.WILL,
            _("Will – what will they do?"),
            (
                Question("will.promised", _("What did you promise, and where does it stand?")),
                Question("will.accountable", _("How will you help them keep their word to themselves?")),
            ),
        ),
    )


KEPT_AFTER_START = timedelta(minutes=30)
"""What is typed while a session starts is not lost."""


@dataclass(frozen=True, slots=True)
class Answered:
    """One answer with the question that it was given to."""

    key: str
    question: str
    words: str


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
