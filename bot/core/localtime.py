"""Local time, purely: wall clocks, time zones, and when a person may be written to.

Instants are aware datetimes, results are in UTC. Weekdays are ISO: Monday is 1, Sunday is 7.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from bot.core.public_holidays import is_holiday

_DAY = timedelta(days=1)
_MOMENT = timedelta.resolution


@dataclass(frozen=True, slots=True)
class Rhythm:
    """When a person may be written to: on working days, from `day_starts` up to and including `day_ends`.

    `country`: the public holidays of this one (its ISO code) are no working days.
    """

    zone: str
    working_days: frozenset[int]
    day_starts: time = time(8)
    day_ends: time = time(18)
    country: str | None = None

    def __post_init__(self) -> None:
        if not self.working_days or not self.working_days <= set(range(1, 8)):
            raise ValueError("working days are one or more of 1 (Monday) to 7 (Sunday)")
        if self.day_starts >= self.day_ends:
            raise ValueError("the day must start before it ends")
        zone_named(self.zone)

    @property
    def tz(self) -> ZoneInfo:
        return zone_named(self.zone)

    def works_on(self, on: date) -> bool:
        return on.isoweekday() in self.working_days and not (self.country and is_holiday(self.country, on))


def zone_named(zone: str) -> ZoneInfo:
    """Raises ValueError, and nothing else, for a name that is no time zone."""
    try:
        return ZoneInfo(zone)
    except (
        KeyError,
        OSError,
    ) as unknown:  # KeyError: not found; OSError: the name of a directory, such as "Europe"
        raise ValueError(f"unknown time zone {zone!r}") from unknown


def to_utc(on: date, at: time, zone: str) -> datetime:
    """The instant at which clocks in `zone` show this.

    What clocks skip moves later by what is skipped (02:30 becomes 03:30); of what they show twice, the first
    counts. RFC 5545 reads wall times in the same way.
    """
    return datetime.combine(on, at.replace(fold=0), zone_named(zone)).astimezone(UTC)


def in_zone(instant: datetime, zone: str) -> datetime:
    return _in(instant, zone_named(zone))


def local_date(instant: datetime, zone: str) -> date:
    return in_zone(instant, zone).date()


def iso_week(instant: datetime, zone: str) -> str:
    """Such as "2026-W48". The year is the ISO week's, which near New Year is not always the date's."""
    year, week, _ = local_date(instant, zone).isocalendar()
    return f"{year}-W{week:02}"


def end_of_day(on: date, rhythm: Rhythm) -> datetime:
    """When something due on this date, with no time named, falls due."""
    return to_utc(on, rhythm.day_ends, rhythm.zone)


def start_of_working_day(on: date, rhythm: Rhythm) -> datetime:
    return to_utc(on, rhythm.day_starts, rhythm.zone)


def occurrence(first_on: date, at: time, zone: str, every_weeks: int, index: int) -> datetime:
    """The `index`-th meeting of a series, the first being 0. The wall-clock time stays when clocks change."""
    return to_utc(first_on + timedelta(weeks=every_weeks * index), at, zone)


def next_weekly(after: datetime, weekday: int, at: time, zone: str) -> datetime:
    """The first instant later than `after` at which it is this weekday and time in `zone`."""
    today = local_date(after, zone)
    # A week early, because a time on a skipped day comes on the day after it
    on = today + timedelta(days=(weekday - today.isoweekday()) % 7 - 7)
    while to_utc(on, at, zone) <= after:
        on += timedelta(weeks=1)
    return to_utc(on, at, zone)


def is_allowed(instant: datetime, rhythm: Rhythm) -> bool:
    local = _in(instant, rhythm.tz)
    return rhythm.day_starts <= local.time() <= rhythm.day_ends and rhythm.works_on(local.date())


def latest_allowed(not_after: datetime, rhythm: Rhythm) -> datetime:
    """The last allowed instant that is not after this one: for what leads up to a moment."""
    if is_allowed(not_after, rhythm):
        return not_after
    tz, instant = rhythm.tz, not_after.astimezone(UTC)
    while not is_allowed(instant, rhythm):
        wall = _wall(instant, tz)
        instant = _travel(instant, _previous_end(wall, rhythm) - wall, tz)
    return instant


def earliest_allowed(not_before: datetime, rhythm: Rhythm) -> datetime:
    """The first allowed instant that is not before this one: for what follows a moment."""
    if is_allowed(not_before, rhythm):
        return not_before
    tz, instant = rhythm.tz, not_before.astimezone(UTC)
    while not is_allowed(instant, rhythm):
        wall = _wall(instant, tz)
        instant = _travel(instant, _next_start(wall, rhythm) - wall, tz)
    return instant


def _in(instant: datetime, tz: tzinfo) -> datetime:
    if instant.tzinfo is None:
        raise ValueError("an instant knows its time zone")
    return instant.astimezone(tz)


def _wall(instant: datetime, tz: tzinfo) -> datetime:
    return instant.astimezone(tz).replace(tzinfo=None)


def _previous_end(wall: datetime, rhythm: Rhythm) -> datetime:
    """The last end of a working day before a wall time that is not allowed, as if clocks never changed."""
    on = wall.date() if wall.time() > rhythm.day_ends else wall.date() - _DAY
    while not rhythm.works_on(on):
        on -= _DAY
    return datetime.combine(on, rhythm.day_ends)


def _next_start(wall: datetime, rhythm: Rhythm) -> datetime:
    on = wall.date() if wall.time() < rhythm.day_starts else wall.date() + _DAY
    while not rhythm.works_on(on):
        on += _DAY
    return datetime.combine(on, rhythm.day_starts)


def _travel(start: datetime, way: timedelta, tz: tzinfo) -> datetime:
    """`start + way`, or, if clocks change on the way, the first instant met beyond the change.

    Only between two changes is local time plain arithmetic. Looking once a day finds every change: in
    the whole tz database no two changes of one zone are closer than six days.
    """
    offset, here, goal = _in(start, tz).utcoffset(), start, start + way
    step = _DAY if way > timedelta(0) else -_DAY
    while here != goal:
        there = here + step if abs(goal - here) > _DAY else goal
        if _in(there, tz).utcoffset() != offset:
            return _first_beyond(here, there, tz)
        here = there
    return goal


def _first_beyond(here: datetime, there: datetime, tz: tzinfo) -> datetime:
    """Halves the distance until `there` is next to `here`, across the change of clocks between them."""
    offset = _in(here, tz).utcoffset()
    while abs(there - here) > _MOMENT:
        middle = here + (there - here) // 2
        if _in(middle, tz).utcoffset() == offset:
            here = middle
        else:
            there = middle
    return there
