"""Question sets: what one is made of, which one a session has, and how a coach writes their own. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.core.errors import OutdatedForm, UserError
from bot.core.i18n import gettext as _
from bot.features.engagements.domain import Role
from bot.features.goals.domain import FocusArea

TITLE_LIMIT = 60
MOST_SETS = 20
"""So many of a coach's own sets fit into their list."""


class Source(StrEnum):
    """Where a session's questions come from."""

    GROW = "grow"
    HELPER = "helper"
    OWN = "own"


class StageKind(StrEnum):
    """The first part of the keys of a stage's questions. Those of the built-in sets are in their order."""

    GOAL = "goal"
    REALITY = "reality"
    OPTIONS = "options"
    WILL = "will"
    CURRENT = "current"
    PREFERRED = "preferred"
    FORWARD = "forward"
    AREA = "area"
    OWN = "own"


ABOUT_STEPS = (StageKind.WILL, StageKind.FORWARD)
"""Where one says what one will do."""


class Beside(StrEnum):
    """What stands above a stage's questions, to be borne in mind."""

    PURPOSE = "purpose"
    LAST_TIME = "last_time"
    PROMISES = "promises"


@dataclass(frozen=True, slots=True)
class Question:
    """`key` stays when the wording changes. `is_number`: answered with 1 to 10. `about_last_time`: not for a first session."""

    key: str
    text: str
    is_number: bool = False
    about_last_time: bool = False


@dataclass(frozen=True, slots=True)
class Stage:
    kind: StageKind
    heading: str
    questions: Sequence[Question]
    beside: frozenset[Beside] = frozenset()


@dataclass(frozen=True, slots=True)
class Choice:
    """Which questions a session has. `sheet_id`: the copy of a coach's own set, as it was when it was chosen."""

    source: Source = Source.GROW
    area: FocusArea | None = None
    sheet_id: str | None = None

    @property
    def token(self) -> str:
        """What a form carries, so that its answers are kept with the questions that stood on it."""
        return f"{self.source}:{self.area or ''}:{self.sheet_id or ''}"

    @classmethod
    def parse(cls, token: str) -> "Choice":
        """Raises OutdatedForm."""
        try:
            source, area, sheet_id = token.split(":")
            return cls(Source(source), FocusArea(area) if area else None, sheet_id or None)
        except ValueError:
            raise OutdatedForm from None


@dataclass(frozen=True, slots=True)
class QuestionsChosen:
    """Fact: sessions of this engagement have other questions than before."""

    engagement_id: str


@dataclass(frozen=True, slots=True)
class OwnQuestions:
    """What a coach wrote: for the client, and for themself. A stage may have no heading."""

    client: Sequence[Stage]
    coach: Sequence[Stage]

    def of(self, role: Role) -> Sequence[Stage]:
        return self.client if role is Role.CLIENT else self.coach


@dataclass(frozen=True, slots=True)
class OwnSet:
    """A set, opened for its owner."""

    id: str
    title: str
    questions: OwnQuestions
    area: FocusArea | None
    is_retired: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """The copy of a set, opened for one of the pair."""

    id: str
    engagement_id: str
    set_id: str | None
    title: str
    questions: OwnQuestions


def count_of(stages: Iterable[Stage]) -> int:
    return sum(len(each.questions) for each in stages)


def questions_of(stages: Iterable[Stage]) -> list[Question]:
    return [question for stage in stages for question in stage.questions]


class TooManySets(UserError):
    @property
    def sentence(self) -> str:
        text = _(
            "{count} sets of your own are as many as I can list. Put one away first, then this one fits."
        )
        return text.format(count=MOST_SETS)


class OnlyForCoaches(UserError):
    @property
    def sentence(self) -> str:
        return _("Your coach chooses the questions. `/grow questions` shows you which.")


def with_beside(stages: Sequence[Stage]) -> list[Stage]:
    """Above the first of a coach's own stages stands all that there is to bear in mind."""
    return [
        replace(each, beside=frozenset(Beside) if not i else frozenset()) for i, each in enumerate(stages)
    ]


def with_area(stages: Sequence[Stage], area: Stage | None) -> list[Stage]:
    """The area's questions come before the last stage, in which one says what one will do."""
    if area is None:
        return list(stages)
    if stages[-1].kind in ABOUT_STEPS:
        return [*stages[:-1], area, stages[-1]]
    return [*stages, area]


def for_session(stages: Sequence[Stage], *, is_first: bool) -> list[Stage]:
    """`is_first`: the pair has not met before, so nothing is asked about the last time."""
    if not is_first:
        return list(stages)
    now = [
        replace(each, questions=tuple(q for q in each.questions if not q.about_last_time)) for each in stages
    ]
    return [each for each in now if each.questions]
