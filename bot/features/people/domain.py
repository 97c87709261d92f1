"""A person's own wishes about when and how often growbot writes. Pure."""

from dataclasses import dataclass
from datetime import UTC, datetime, time
from enum import StrEnum

from bot.core.errors import InvalidFields, UserError
from bot.core.i18n import gettext as _

FOR_EVER = datetime.max.replace(microsecond=0, tzinfo=UTC)
"""The end of a pause without an end."""
PREP_LEADS = (48, 24, 4)
"""Hours before a session."""


class Intensity(StrEnum):
    LIGHT = "light"  # check-in and prep only
    STANDARD = "standard"  # and one nudge before and one when due
    ACTIVE = "active"  # and one follow-up


def lighter(than: Intensity) -> Intensity | None:
    """One step less; None where there is none."""
    return {Intensity.ACTIVE: Intensity.STANDARD, Intensity.STANDARD: Intensity.LIGHT}.get(than)


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the client owns: day and hour of the check-in (local), prep lead time in hours, intensity.

    And the coach: day and hour of the digest.
    """

    checkin_weekday: int = 5
    checkin_at: time = time(15, 0)
    prep_lead_hours: int = 24
    intensity: Intensity = Intensity.STANDARD
    digest_weekday: int = 1
    digest_at: time = time(9, 0)


@dataclass(frozen=True, slots=True)
class Manner:
    """How growbot speaks to a person. `language`: one of ours; None for Slack's.

    `shows_own_words`: whether messages to them about what they wrote show it.
    """

    language: str | None = None
    shows_own_words: bool = False


@dataclass(frozen=True, slots=True)
class RhythmChanged:
    """Fact: the person's zone, working days or hours are different now."""

    person_id: str


@dataclass(frozen=True, slots=True)
class WishesChanged:
    """Fact: the person wants something else about when or how often."""

    person_id: str


@dataclass(frozen=True, slots=True)
class PersonResumed:
    """Fact: the person's pause is over."""

    person_id: str


@dataclass(frozen=True, slots=True)
class PersonLeft:
    """Fact: the person's Slack account was deactivated."""

    person_id: str


@dataclass(frozen=True, slots=True)
class PersonReturned:
    """Fact: the person's Slack account is active again."""

    person_id: str


class NoWorkingDay(InvalidFields):
    def __init__(self) -> None:
        super().__init__({"working_days": _("Choose at least one day.")})


class DayEndsBeforeItStarts(InvalidFields):
    def __init__(self) -> None:
        super().__init__({"day_ends": _("This needs to be later than the start of your day.")})


class CheckinOnDayOff(InvalidFields):
    def __init__(self) -> None:
        super().__init__(
            {"checkin_weekday": _("Choose one of the days below, so that it can reach you then.")}
        )


class CheckinOutsideHours(InvalidFields):
    def __init__(self) -> None:
        super().__init__({"checkin_at": _("Choose a time within your day, so that it can reach you then.")})


class DigestOnDayOff(InvalidFields):
    def __init__(self) -> None:
        super().__init__(
            {"digest_weekday": _("Choose one of the days below, so that it can reach you then.")}
        )


class DigestOutsideHours(InvalidFields):
    def __init__(self) -> None:
        super().__init__({"digest_at": _("Choose a time within your day, so that it can reach you then.")})


class PauseUnclear(UserError):
    """The date behind `/grow pause` could not be read for sure: `question` asks back."""

    def __init__(self, question: str) -> None:
        super().__init__()
        self._question = question

    @property
    def sentence(self) -> str:
        return self._question


class PauseOver(UserError):
    """What was typed behind `/grow pause` has begun already."""

    @property
    def sentence(self) -> str:
        return _(
            "That would be over already. `/grow pause until tomorrow` is the soonest, and `/grow pause` lets you choose."
        )


class PauseInThePast(InvalidFields):
    def __init__(self) -> None:
        super().__init__(
            {"until": _("Choose a day after today, or leave it empty to pause until you resume.")}
        )
