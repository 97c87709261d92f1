"""The weekly look at open commitments: when it is asked, and which week a check-in is for. Pure.

A week is an ISO week in the client's zone, such as "2026-W48"; these sort by time.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from bot.core.errors import UserError
from bot.core.i18n import gettext as _
from bot.core.localtime import Rhythm, iso_week, next_weekly
from bot.features.commitments.domain import Outcome
from bot.features.people.domain import Wishes

PROMPT = "checkins.prompt"
FIRST_AFTER = timedelta(days=2)
"""Nobody is asked how it went sooner than this after they have started."""
LATE_UNTIL = timedelta(days=3, hours=12)
"""So long before the next check-in, one that is done now is no longer a late answer to the last."""
EARLY_FROM = timedelta(days=1)
"""So long before the next check-in, who opens it means that one, and not to change the last."""


@dataclass(frozen=True, slots=True)
class Series:
    """Whose check-ins these are: a client's in an engagement, or (None) those of somebody alone."""

    engagement_id: str | None
    person_id: str


@dataclass(frozen=True, slots=True)
class Schedule:
    """`last_week`: the latest week that was asked about, or checked in for."""

    series: Series
    next_at: datetime | None
    last_week: str | None
    skipped_week: str | None


@dataclass(frozen=True, slots=True)
class Answers:
    """What is typed into a check-in; `outcomes` by commitment, None for what is still open.

    `asked_at`: when the form was drawn; None: now. `ratings` by goal, None for one that is not rated this week. Of what recurs, `kept_on` has the days that are ticked, by
    commitment; `days` the outcome of one day, by commitment and day.
    """

    outcomes: Mapping[str, Outcome | None]
    helped: str | None
    hindered: str | None
    is_shared: bool
    ratings: Mapping[str, int | None] = field(default_factory=dict)
    kept_on: Mapping[str, frozenset[date]] = field(default_factory=dict)
    days: Mapping[tuple[str, date], Outcome | None] = field(default_factory=dict)
    asked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Checkin:
    """`outcomes`: what was answered in it, by commitment."""

    id: str
    engagement_id: str | None
    week: str
    outcomes: Mapping[str, Outcome]
    helped: str | None
    hindered: str | None
    is_shared: bool
    created_at: datetime


class CheckinOver(UserError):
    """A message or form of a week that a later check-in has replaced."""

    @property
    def sentence(self) -> str:
        return _(
            "The time for this check-in has passed, and nothing counts as missed. `/grow checkin` opens this week's."
        )


class NothingToLookBackOn(UserError):
    """Somebody who works with nobody keeps nothing alone either."""

    @property
    def sentence(self) -> str:
        return _(
            "Nothing is open to look back on yet. `/grow commit` writes down a step, `/grow goal` a goal, on your own too; "
            "`/grow start @person` invites your coach or client."
        )


class AskedNoMore(UserError):
    """A button of a message that was answered, skipped or put off."""

    @property
    def sentence(self) -> str:
        return _("This is settled already. `/grow checkin` opens your check-in at any time.")


def prompt_key(series: Series, week: str) -> str:
    """Of the one message that asks about this week."""
    return f"{PROMPT}:{series.engagement_id or 'alone.' + series.person_id}:{week}"


def next_checkin(after: datetime, wishes: Wishes, rhythm: Rhythm) -> datetime:
    return next_weekly(after, wishes.checkin_weekday, wishes.checkin_at, rhythm.zone)


def is_wished(at: datetime, wishes: Wishes, rhythm: Rhythm) -> bool:
    """Whether this is a moment that the person wants to be asked at; a plan can be due to find out when that is."""
    return next_checkin(at - timedelta(seconds=1), wishes, rhythm) == at


def weeks_open(schedule: Schedule, zone: str, now: datetime) -> set[str]:
    """The weeks whose check-in can be done or changed: this one, and the last until the next one comes."""
    this_week = iso_week(now, zone)
    return {this_week, schedule.last_week} if schedule.last_week else {this_week}


def days_asked(week: str, weekday: int, today: date) -> tuple[date, date]:
    """The first and the last day that a check-in looks back on: the seven up to its weekday, as far as they have come."""
    year, _colon, number = week.partition("-W")
    last = date.fromisocalendar(int(year), int(number), weekday)
    return last - timedelta(days=6), min(last, today)


def week_meant(schedule: Schedule, is_last_done: bool, zone: str, now: datetime) -> str:
    """Which week someone means who checks in without saying.

    What was asked and not answered may come a little late; what was answered is changed, until the next one is near.
    """
    this_week, last_week = iso_week(now, zone), schedule.last_week
    if last_week is None or (schedule.skipped_week == last_week and not is_last_done):
        return this_week
    ahead = EARLY_FROM if is_last_done else LATE_UNTIL
    is_early = schedule.next_at is None or now >= schedule.next_at - ahead
    return this_week if is_early else last_week
