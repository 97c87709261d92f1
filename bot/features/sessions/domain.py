"""Dated meetings of a pair, alone or in a series. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from bot.core.errors import InvalidFields, UserError
from bot.core.i18n import gettext as _
from bot.core.localtime import in_zone, local_date, occurrence, to_utc
from bot.features.engagements.domain import Cadence

LENGTHS = (30, 45, 60, 90)
"""Minutes."""
LONGEST = timedelta(minutes=LENGTHS[-1])
AHEAD = 4
"""So many sessions of a series are planned ahead; the rest follow as time passes."""
FARTHEST = timedelta(days=2 * 366)
GAP = "sessions.gap"
GAP_AFTER = {
    Cadence.WEEKLY: timedelta(days=8),
    Cadence.FORTNIGHTLY: timedelta(days=15),
    Cadence.MONTHLY: timedelta(days=32),
}
"""After the last session, or the start: longer than the two agreed on, by a day."""
GAP_GRACE = timedelta(days=1)
GAP_HOLDS = timedelta(days=14)
WRAP_UP_WITHIN = timedelta(days=14)
"""How long after a session its wrap-up is offered."""


class SessionState(StrEnum):
    PLANNED = "planned"
    HELD = "held"
    NOT_HELD = "not_held"
    CANCELLED = "cancelled"


class Recurrence(StrEnum):
    ONCE = "once"
    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"
    FOUR_WEEKLY = "four_weekly"

    @property
    def every_weeks(self) -> int:
        return _EVERY_WEEKS[self]

    @classmethod
    def of(cls, cadence: Cadence) -> "Recurrence":
        """How a pair that agreed to meet so often plans its sessions."""
        return {
            Cadence.WEEKLY: cls.WEEKLY,
            Cadence.FORTNIGHTLY: cls.FORTNIGHTLY,
            Cadence.MONTHLY: cls.FOUR_WEEKLY,
        }[cadence]


_EVERY_WEEKS = {
    Recurrence.ONCE: 0,
    Recurrence.WEEKLY: 1,
    Recurrence.FORTNIGHTLY: 2,
    Recurrence.FOUR_WEEKLY: 4,
}


class Reach(StrEnum):
    """What moving or cancelling a session of a series concerns."""

    ONE = "one"
    LATER = "later"  # this one and all later ones


@dataclass(frozen=True, slots=True)
class Session:
    id: str
    engagement_id: str
    starts_at: datetime
    minutes: int
    state: SessionState
    series_id: str | None

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)

    def is_upcoming(self, now: datetime) -> bool:
        return self.state is SessionState.PLANNED and self.starts_at > now


@dataclass(frozen=True, slots=True)
class Slot:
    """When to meet, as the actor says it: a date and a time in their own zone, and how long."""

    on: date
    at: time
    minutes: int


@dataclass(frozen=True, slots=True)
class Rule:
    """When the sessions of a series are: the `index`-th one keeps its wall-clock time when clocks change."""

    first_on: date
    at: time
    zone: str
    every_weeks: int

    def starts_at(self, index: int) -> datetime:
        return occurrence(self.first_on, self.at, self.zone, self.every_weeks, index)

    def moved(self, index: int, slot: Slot, zone: str) -> "Rule":
        """The rule by which the `index`-th session is in this slot, and the later ones follow it."""
        first_on = slot.on - timedelta(weeks=self.every_weeks * index)
        return Rule(first_on, slot.at, zone, self.every_weeks)


@dataclass(frozen=True, slots=True)
class SessionScheduled:
    """Fact: a new session."""

    session_id: str


@dataclass(frozen=True, slots=True)
class SessionMoved:
    """Fact: the session starts at another time, or is longer or shorter."""

    session_id: str


@dataclass(frozen=True, slots=True)
class SessionCancelled:
    """Fact: the session will not be, by somebody's wish or because the engagement has ended."""

    session_id: str


class NeedsMoment(InvalidFields):
    """A date or time is missing, or not one."""

    def __init__(self, *fields: str) -> None:
        super().__init__({field: _("Please choose one.") for field in fields})


class InThePast(InvalidFields):
    def __init__(self, field: str) -> None:
        super().__init__({field: _("That has passed already. Choose a time that is still to come.")})


class TooFarAhead(InvalidFields):
    def __init__(self) -> None:
        super().__init__({"on": _("That is more than two years ahead. Choose an earlier date.")})


class Overlaps(InvalidFields):
    """`moment` is when the other session is, as the actor reads it."""

    def __init__(self, moment: str) -> None:
        super().__init__(
            {"at": _("The two of you already have a session then: {moment}.").format(moment=moment)}
        )


class NothingMoved(InvalidFields):
    """The form was sent as it was opened."""

    def __init__(self) -> None:
        super().__init__({"at": _("That's when it is already.")})


class NotPlanned(UserError):
    """The session was cancelled, or its wrap-up says what became of it."""

    @property
    def sentence(self) -> str:
        return _("This session can't be changed any more. `/grow session` shows what is planned.")


class HeldAlready(UserError):
    """The other of the pair has written a wrap-up."""

    @property
    def sentence(self) -> str:
        return _("The other one has noted that it did take place, so it stays that way. Nothing was changed.")


class NotStarted(UserError):
    """A wrap-up comes after the session."""

    @property
    def sentence(self) -> str:
        return _("This session hasn't started yet. Its wrap-up opens once it has.")


def next_gap_ask(since: datetime, cadence: Cadence, planned: datetime | None, now: datetime) -> datetime:
    """When the two are asked that have nothing planned. `since`: the end of their last session, or when they began.

    What is due stays due; where a session was called off just now, they have a day to find another time.
    """
    asked_at = since + GAP_AFTER[cadence]
    if asked_at > now:
        return asked_at
    return planned if planned is not None and planned <= now else now + GAP_GRACE


def gap_key(engagement_id: str, since: datetime, person_id: str) -> str:
    """Of the one message that asks this person about this gap."""
    return f"{GAP}:{engagement_id}:{since:%Y%m%d%H%M}:{person_id}"


def start_of(slot: Slot, zone: str, now: datetime) -> datetime:
    """Raises InThePast, TooFarAhead."""
    starts_at = to_utc(slot.on, slot.at, zone)
    if starts_at <= now:
        raise InThePast("on" if slot.on < local_date(now, zone) else "at")
    if starts_at > now + FARTHEST:
        raise TooFarAhead
    return starts_at


def slot_of(session: Session, zone: str) -> Slot:
    """When the session is, as clocks in `zone` show it."""
    local = in_zone(session.starts_at, zone)
    return Slot(local.date(), local.time().replace(tzinfo=None), session.minutes)
