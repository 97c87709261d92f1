"""When a commitment that recurs comes again. Pure.

An occurrence is named by its date by the rule; it is due on that date, or, where that is a day off, on the next working day.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from bot.core.localtime import Rhythm

_DAY = timedelta(days=1)


class Every(StrEnum):
    WORKING_DAY = "day"
    WEEK = "week"
    MONTH = "month"


SHOWN = {Every.WORKING_DAY: 5, Every.WEEK: 4, Every.MONTH: 3}
"""So many occurrences are looked back on."""


@dataclass(frozen=True, slots=True)
class Recurrence:
    """`first_on` holds the weekday, or the day of the month. With no `until_on` it goes on until it is let go of."""

    every: Every
    first_on: date
    until_on: date | None = None

    def on_or_after(self, on: date, rhythm: Rhythm) -> date:
        """What comes on working days does not stand on a day off."""
        return _working_day(on, rhythm) if self.every is Every.WORKING_DAY else on

    def next_after(self, on: date, rhythm: Rhythm) -> date | None:
        """None: that was the last one."""
        following = {
            Every.WORKING_DAY: lambda: _working_day(on + _DAY, rhythm),
            Every.WEEK: lambda: on + timedelta(days=(self.first_on - on).days % 7 or 7),
            Every.MONTH: lambda: _next_month(on, self.first_on.day),
        }[self.every]()
        return None if self.until_on and following > self.until_on else following

    def due_on(self, on: date, rhythm: Rhythm) -> date:
        """Who chose a day off for it, such as a Sunday, meant that; a holiday is another matter."""
        was_chosen = self.every is Every.WEEK and on.isoweekday() not in rhythm.working_days
        if was_chosen or on == self.first_on or self.every is Every.WORKING_DAY:
            return on
        moved = _working_day(on, rhythm)
        return moved if moved - on < timedelta(days=7) else on

    def is_last_of_week(self, on: date, rhythm: Rhythm) -> bool:
        following = self.next_after(on, rhythm)
        return following is None or following.isocalendar()[:2] != on.isocalendar()[:2]


def _working_day(on: date, rhythm: Rhythm) -> date:
    """This one, or the next."""
    while not rhythm.works_on(on):
        on += _DAY
    return on


def _next_month(on: date, day: int) -> date:
    """On that day of the month, or on its last one."""
    year, month = (on.year + 1, 1) if on.month == 12 else (on.year, on.month + 1)
    return date(year, month, min(day, monthrange(year, month)[1]))
