"""What a person wants to change, how it is measured, and how far it has come. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from math import sqrt

from bot.core.errors import InvalidFields, UserError
from bot.core.i18n import gettext as _

TITLE_LIMIT = 200
TEXT_LIMIT = 800
LEVEL_LIMIT = 200
FARTHEST = timedelta(days=5 * 366)
RECENT = timedelta(days=14)
"""How long a suggestion that was left, or a goal that was closed, stands in the list."""
RHO = 0.30
"""How much goals of one person go together, as Kiresuk and Sherman (1968) assume."""


class FocusArea(StrEnum):
    """The seven key areas of executive coaching."""

    STRENGTHS = "strengths"
    INSIGHT = "insight"
    CHANGE = "change"
    TEAM = "team"
    COMMUNICATION = "communication"
    FEEDBACK = "feedback"
    BUSINESS = "business"


def say_area(area: FocusArea) -> str:
    return {
        FocusArea.STRENGTHS: _("Strengths and motivation"),
        FocusArea.INSIGHT: _("Insight and solutions"),
        FocusArea.CHANGE: _("Change, technology and trends"),
        FocusArea.TEAM: _("Team and connection"),
        FocusArea.COMMUNICATION: _("Communication"),
        FocusArea.FEEDBACK: _("Feedback and development"),
        FocusArea.BUSINESS: _("Business performance and accountability"),
    }[area]


class Scale(StrEnum):
    """What a goal is rated on: 1 to 10, or five levels from −2 to +2, where 0 is as expected."""

    ONE_TO_TEN = "one_to_ten"
    LEVELS = "levels"

    @property
    def values(self) -> range:
        return range(1, 11) if self is Scale.ONE_TO_TEN else range(-2, 3)


class GoalState(StrEnum):
    """SUGGESTED and DECLINED: the coach's, not the client's goal (yet). The last three are how one is closed."""

    SUGGESTED = "suggested"
    DECLINED = "declined"
    OPEN = "open"
    REACHED = "reached"
    PARTLY = "partly"
    LET_GO = "let_go"


SUGGESTIONS = (GoalState.SUGGESTED, GoalState.DECLINED)
ENDINGS = (GoalState.REACHED, GoalState.PARTLY, GoalState.LET_GO)


@dataclass(frozen=True, slots=True)
class Wording:
    """What is typed about a goal. `target_on` is None only in a suggestion; `strengths` are ids."""

    aim: str
    why: str | None = None
    objective: str | None = None
    area: FocusArea | None = None
    target_on: date | None = None
    strengths: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Measure:
    """How progress shows. `levels`: a sentence for each level that has one; `weight`: 1 to 3, against other goals."""

    scale: Scale = Scale.ONE_TO_TEN
    levels: Mapping[int, str] | None = None
    baseline: int | None = None
    target: int | None = None
    weight: int | None = None


@dataclass(frozen=True, slots=True)
class Goal:
    """`engagement_id` is None for a goal that its owner has without a coach; only they read it."""

    id: str
    engagement_id: str | None
    owner_id: str
    suggested_by: str | None
    state: GoalState
    wording: Wording
    measure: Measure
    is_shared: bool
    learned: str | None
    created_at: datetime
    closed_at: datetime | None

    @property
    def aim(self) -> str:
        return self.wording.aim

    @property
    def is_open(self) -> bool:
        return self.state is GoalState.OPEN


@dataclass(frozen=True, slots=True)
class Rating:
    """Where it stood in one ISO week of its owner, such as "2026-W48"."""

    week: str
    value: int
    rated_at: datetime


# --- goal attainment ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Scored:
    """A level from −2 to +2, and how much the goal weighs (above 0) against the others."""

    level: float
    weight: float = 1


def attainment(scored: Sequence[Scored]) -> float:
    """T = 50 + 10·Σwx / √((1−ρ)Σw² + ρ(Σw)²), of at least one goal (Kiresuk and Sherman, 1968). 50: as expected."""
    total = sum(each.weight for each in scored)
    squares = sum(each.weight**2 for each in scored)
    reached = sum(each.weight * each.level for each in scored)
    return 50 + 10 * reached / sqrt((1 - RHO) * squares + RHO * total**2)


# --- what cannot be --------------------------------------------------------------------------------------


class NeedsTitle(InvalidFields):
    def __init__(self) -> None:
        super().__init__({"title": _("Say in a sentence what you want to be different.")})


class NeedsTarget(InvalidFields):
    def __init__(self) -> None:
        super().__init__({"target_on": _("By when? You can move it at any time.")})


class TargetInThePast(InvalidFields):
    def __init__(self) -> None:
        super().__init__({"target_on": _("That day has passed already. By when would you like to be there?")})


class TargetTooFar(InvalidFields):
    def __init__(self) -> None:
        super().__init__(
            {"target_on": _("That is more than five years ahead. What could be different sooner?")}
        )


class NeedsExpected(InvalidFields):
    def __init__(self) -> None:
        super().__init__({"level:0": _("What would be just what you expect? The other levels can wait.")})


class NeedsRating(InvalidFields):
    def __init__(self) -> None:
        super().__init__({"rating": _("Choose one; a feeling is good enough.")})


class NeedsEnding(InvalidFields):
    def __init__(self) -> None:
        super().__init__({"ending": _("Choose one; each of them is a fine end.")})


class ScaleFixed(UserError):
    """It has been rated on another scale."""

    @property
    def sentence(self) -> str:
        return _(
            "You have rated this goal already, so it keeps the way in which it is measured. To measure differently, "
            "close it and set a new one: nothing of it is lost."
        )


class GoalClosed(UserError):
    """Also a suggestion that was answered or taken back."""

    @property
    def sentence(self) -> str:
        return _("This one isn't open any more, so nothing was changed. `/grow goals` shows how it stands.")


def check_target(on: date | None, today: date, before: date | None = None) -> None:
    """A date that stays as it was may have passed. Raises NeedsTarget, TargetInThePast, TargetTooFar."""
    if on is None:
        raise NeedsTarget
    if on == before:
        return
    if on < today:
        raise TargetInThePast
    if on > today + FARTHEST:
        raise TargetTooFar
