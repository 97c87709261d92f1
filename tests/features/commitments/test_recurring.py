"""When what recurs comes again: the rule alone."""

from datetime import date

import pytest

from bot.core.localtime import Rhythm
from bot.features.commitments.domain import Nudge, nudges_of
from bot.features.commitments.recurring import Every, Recurrence
from bot.features.people.domain import Intensity

WEEK = frozenset({1, 2, 3, 4, 5})
WORKING = Rhythm("Europe/Berlin", WEEK)
IN_GERMANY = Rhythm("Europe/Berlin", WEEK, country="DE")


def run(every: Every, first_on: date, rhythm: Rhythm, count: int, until: date | None = None) -> list[date]:
    recurrence = Recurrence(every, first_on, until)
    found, on = [], recurrence.on_or_after(first_on, rhythm)
    while len(found) < count:
        found.append(recurrence.due_on(on, rhythm))
        following = recurrence.next_after(on, rhythm)
        if following is None:
            break
        on = following
    return found


def days(*said: str) -> list[date]:
    return [date.fromisoformat(each) for each in said]


def test_every_working_day_leaves_out_days_off_and_holidays() -> None:
    found = run(Every.WORKING_DAY, date(2026, 12, 23), IN_GERMANY, 4)
    assert found == days("2026-12-23", "2026-12-24", "2026-12-28", "2026-12-29")
    part_time = Rhythm("Europe/Berlin", frozenset({2, 4}))
    assert run(Every.WORKING_DAY, date(2026, 12, 4), part_time, 2) == days("2026-12-08", "2026-12-10")


def test_a_weekly_one_gives_way_to_a_holiday_and_comes_back_to_its_weekday() -> None:
    found = run(Every.WEEK, date(2026, 12, 18), IN_GERMANY, 4)
    assert found == days("2026-12-18", "2026-12-28", "2027-01-04", "2027-01-08")


def test_who_chose_a_sunday_meant_it() -> None:
    assert run(Every.WEEK, date(2026, 11, 29), WORKING, 2) == days("2026-11-29", "2026-12-06")


def test_a_monthly_one_keeps_its_day_or_the_last_and_moves_off_a_weekend() -> None:
    found = run(Every.MONTH, date(2026, 12, 31), WORKING, 4)
    assert found == days("2026-12-31", "2027-02-01", "2027-03-01", "2027-03-31")


def test_it_ends_on_its_last_day() -> None:
    assert run(Every.WEEK, date(2026, 12, 1), WORKING, 9, until=date(2026, 12, 15)) == days(
        "2026-12-01", "2026-12-08", "2026-12-15"
    )


@pytest.mark.parametrize(
    ("every", "intensity", "has_checkin", "is_last", "expected"),
    [
        (Every.WORKING_DAY, Intensity.STANDARD, True, True, []),
        (Every.WORKING_DAY, Intensity.STANDARD, False, False, []),
        (Every.WORKING_DAY, Intensity.STANDARD, False, True, [Nudge.DUE]),
        (Every.WORKING_DAY, Intensity.ACTIVE, True, False, [Nudge.DUE]),
        (Every.WEEK, Intensity.STANDARD, True, True, [Nudge.DUE, Nudge.AFTER]),
        (Every.MONTH, Intensity.STANDARD, True, True, list(Nudge)),
        (None, Intensity.LIGHT, True, False, list(Nudge)),
    ],
)
def test_days_are_asked_about_once_a_week_unless_more_was_wished_for(
    every: Every | None, intensity: Intensity, has_checkin: bool, is_last: bool, expected: list[Nudge]
) -> None:
    found = nudges_of(every, intensity, has_checkin=has_checkin, is_last_of_week=is_last)
    assert list(found) == expected
