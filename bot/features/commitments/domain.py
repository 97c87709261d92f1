"""One concrete action step of one person, and when to nudge about it. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from bot.core.errors import InvalidFields, UserError
from bot.core.i18n import gettext as _
from bot.core.localtime import (
    Rhythm,
    earliest_allowed,
    end_of_day,
    latest_allowed,
    local_date,
    start_of_working_day,
    to_utc,
)
from bot.features.commitments.recurring import Every, Recurrence
from bot.features.people.domain import Intensity

SHAKY = 7
"""A confidence below this asks for a smaller step."""
RECENT = timedelta(days=14)
"""How long a closed commitment is still shown."""
BEFORE_DUE = timedelta(hours=24)
EVENING = timedelta(hours=3)
"""So long before the day ends, one is told of what is due on that day."""
SLACK = timedelta(hours=1)
"""No nudge comes sooner than this after a commitment was made or moved."""
USEFUL_AFTER = timedelta(days=3)
FARTHEST = timedelta(days=2 * 366)


class Outcome(StrEnum):
    KEPT = "kept"
    PARTLY = "partly"
    NOT_KEPT = "not_kept"
    NO_LONGER_RIGHT = "no_longer_right"


class Nudge(StrEnum):
    BEFORE = "before"
    DUE = "due"
    AFTER = "after"


NUDGES = {
    Intensity.LIGHT: (),
    Intensity.STANDARD: (Nudge.BEFORE, Nudge.DUE),
    Intensity.ACTIVE: (Nudge.BEFORE, Nudge.DUE, Nudge.AFTER),
}


def nudges_of(
    every: Every | None, intensity: Intensity, *, has_checkin: bool, is_last_of_week: bool
) -> Collection[Nudge]:
    """Which of them make sense: what comes every week is known beforehand, and what comes every day would be nagging.

    The weekly check-in asks about the days. Who has none, as a coach, is asked on the last one of the week.
    """
    if every is None or every is Every.MONTH:
        return tuple(Nudge)
    if every is Every.WEEK:
        return (Nudge.DUE, Nudge.AFTER)
    is_wished = intensity is Intensity.ACTIVE or (not has_checkin and is_last_of_week)
    return (Nudge.DUE,) if is_wished else ()


@dataclass(frozen=True, slots=True)
class Wording:
    """What can be edited at any time: everything but the date."""

    what: str
    cue: str | None
    obstacle: str | None
    confidence: int | None
    is_shared: bool
    goal_id: str | None = None
    until_on: date | None = None
    """Of one that recurs: its end, if it has one."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What is typed into the form. With no time, it is due at the end of that person's day.

    `every`: it recurs, and `due_on` is the first time.
    """

    what: str
    due_on: date
    due_time: time | None
    cue: str | None
    obstacle: str | None
    confidence: int | None
    is_shared: bool
    goal_id: str | None = None
    every: Every | None = None
    until_on: date | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """One date that it was moved from, and to."""

    from_on: date
    from_time: time | None
    to_on: date
    to_time: time | None
    moved_at: datetime


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One date of a commitment that recurs, by its rule. `outcome` None: nothing was said of it, which is no failing."""

    commitment_id: str
    on: date
    outcome: Outcome | None
    learned: str | None
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Commitment:
    """`moved` counts how often it got another date. `outcome` is None while it is open. `engagement_id` is None for one without
    a coach.

    `goal_id`: the goal that it is a step towards; `goal`, that one's title, is there for its owner alone.
    One that recurs is due when its present occurrence is, which is `occurrence_on` by the rule; `lately` are those before.
    """

    id: str
    engagement_id: str | None
    owner_id: str
    what: str
    cue: str | None
    obstacle: str | None
    confidence: int | None
    is_shared: bool
    due_on: date
    due_time: time | None
    due_at: datetime
    outcome: Outcome | None
    learned: str | None
    session_id: str | None
    moved: int
    created_at: datetime
    closed_at: datetime | None
    goal_id: str | None = None
    goal: str | None = None
    recurrence: Recurrence | None = None
    occurrence_on: date | None = None
    moves: Sequence[Move] = ()
    lately: Sequence[Occurrence] = ()

    @property
    def is_open(self) -> bool:
        return self.outcome is None

    @property
    def is_shaky(self) -> bool:
        return self.confidence is not None and self.confidence < SHAKY


@dataclass(frozen=True, slots=True)
class CommitmentMade:
    commitment_id: str


@dataclass(frozen=True, slots=True)
class CommitmentClosed:
    """Fact: it was answered, whatever the outcome."""

    commitment_id: str


@dataclass(frozen=True, slots=True)
class CommitmentMoved:
    """Fact: it is due at another time."""

    commitment_id: str


class AlreadyAnswered(UserError):
    @property
    def sentence(self) -> str:
        return _("This one is already answered, so nothing was changed. `/grow commitments` shows it.")


class NoSuchDay(UserError):
    """A form is about an occurrence that never was, or was answered."""

    @property
    def sentence(self) -> str:
        return _(
            "That day is answered already, so nothing was changed. `/grow commitments` shows what is open."
        )


class NudgeOver(UserError):
    """A button of a reminder that was answered, put off, or overtaken by a newer one."""

    @property
    def sentence(self) -> str:
        return _("This reminder is no longer open. `/grow commitments` shows what is.")


class NeedsWords(InvalidFields):
    def __init__(self) -> None:
        super().__init__({"what": _("Say in a sentence what you will do.")})


class NeedsOutcome(InvalidFields):
    def __init__(self) -> None:
        super().__init__({"outcome": _("Choose one; there is no wrong answer.")})


class MovedWithNote(InvalidFields):
    """What was learned is kept with an outcome, and a move is none: nothing that was typed is to be lost unnoticed."""

    def __init__(self) -> None:
        text = _("Moving it keeps no note. Leave this empty, or choose what became of it.")
        super().__init__({"learned": text})


class GoalElsewhere(InvalidFields):
    """It belongs to other engagement, to no engagement, or is nobody's to choose."""

    def __init__(self) -> None:
        super().__init__(
            {"goal": _("That goal belongs elsewhere. Choose one that belongs where this does, or none.")}
        )


class DateUnclear(InvalidFields):
    """`sentence` says what was understood, in the reader's language."""

    def __init__(self, sentence: str) -> None:
        super().__init__({"by": sentence})


class DueInThePast(DateUnclear):
    def __init__(self) -> None:
        super().__init__(_("That time has passed already. When would you like to have it done?"))


class NotMoved(DateUnclear):
    def __init__(self) -> None:
        super().__init__(_("That is when it is due already. Which other date?"))


class ComesAgain(DateUnclear):
    """`day` is when the next one of it is due."""

    def __init__(self, day: str) -> None:
        super().__init__(_("It comes again {day}. Choose a date before that one.").format(day=day))


class NeverMoved(DateUnclear):
    def __init__(self) -> None:
        super().__init__(
            _("This one comes every working day, so no day of it can be moved. Skipping one is fine.")
        )


class EndUnclear(InvalidFields):
    def __init__(self, sentence: str) -> None:
        super().__init__({"until": sentence})


class RecursNot(InvalidFields):
    """It has an end, and comes once."""

    def __init__(self) -> None:
        super().__init__({"every": _("There is an end below: how often does it come until then?")})


class EndsTooSoon(EndUnclear):
    def __init__(self) -> None:
        super().__init__(
            _("That is before the time that it stands at. Choose a later date, or leave it empty.")
        )


class DueTooFarAhead(DateUnclear):
    def __init__(self) -> None:
        super().__init__(_("That is more than two years ahead. Which nearer step could have a date?"))


# --- when it is due, and when to say so -------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Deadline:
    """What the times of nudges follow from."""

    due_on: date
    due_time: time | None
    rhythm: Rhythm

    @property
    def at(self) -> datetime:
        """With no time named, the end of that day. The wall clock counts: it moves along with the person's zone."""
        if self.due_time is None:
            return end_of_day(self.due_on, self.rhythm)
        return to_utc(self.due_on, self.due_time, self.rhythm.zone)

    def is_over(self, now: datetime) -> bool:
        """Something to be done on a day may still be done in the evening."""
        return self.at <= now if self.due_time else self.due_on < local_date(now, self.rhythm.zone)

    def check(self, now: datetime) -> None:
        """Raises DueInThePast, DueTooFarAhead."""
        if self.is_over(now):
            raise DueInThePast
        if self.at > now + FARTHEST:
            raise DueTooFarAhead

    def nudge_at(self, nudge: Nudge) -> datetime:
        return {Nudge.BEFORE: self._before, Nudge.DUE: self._due, Nudge.AFTER: self._after}[nudge]()

    def _before(self) -> datetime:
        """A day ahead, and not in the last minutes of a day: sent a little late, it would slip into the next."""
        at = latest_allowed(self.at - BEFORE_DUE, self.rhythm)
        evening = end_of_day(local_date(at, self.rhythm.zone), self.rhythm) - SLACK
        return latest_allowed(min(at, evening), self.rhythm)

    def before_after_all(self) -> datetime | None:
        """A day ahead falls into quiet hours, and it is too late for the end of the day before them: when they are over.

        None: that would be hardly before it is due.
        """
        at = earliest_allowed(self.at - BEFORE_DUE, self.rhythm)
        return at if at <= self.at - EVENING and at < self._due() else None

    def _due(self) -> datetime:
        """At the time named; with none, while there is still time on that day."""
        return earliest_allowed(self.at if self.due_time else self.at - EVENING, self.rhythm)

    def _after(self) -> datetime:
        """On the next day on which the person may be written to."""
        last = max(self.at, self._due())
        morning = start_of_working_day(local_date(last, self.rhythm.zone) + timedelta(days=1), self.rhythm)
        return earliest_allowed(morning, self.rhythm)


def next_nudge(
    deadline: Deadline,
    intensity: Intensity,
    last: Nudge | None,
    *,
    not_before: datetime,
    now: datetime,
    among: Collection[Nudge] = tuple(Nudge),
) -> tuple[Nudge, datetime] | None:
    """The first nudge after `last` that can still come. One that time has overtaken is left out."""
    order = list(Nudge)
    for nudge in (each for each in NUDGES[intensity] if each in among):
        if last is None or order.index(nudge) > order.index(last):
            at = _still_to_come(nudge, deadline, not_before, now)
            if at is not None:
                return nudge, at
    return None


def _still_to_come(nudge: Nudge, deadline: Deadline, not_before: datetime, now: datetime) -> datetime | None:
    at = deadline.nudge_at(nudge)
    if at > not_before:
        return at
    if nudge is Nudge.BEFORE and (later := deadline.before_after_all()) and later > not_before:
        return later
    # Made late on the day itself: one is still told that it is due
    is_late = nudge is Nudge.DUE and not deadline.is_over(now)
    return earliest_allowed(not_before, deadline.rhythm) if is_late else None


def useful_until(nudge: Nudge, deadline_at: datetime, nudge_at: datetime) -> datetime:
    return deadline_at if nudge is Nudge.BEFORE else max(deadline_at, nudge_at) + USEFUL_AFTER
