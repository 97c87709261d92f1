from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.localtime import Rhythm, is_allowed
from bot.features.commitments.domain import (
    SLACK,
    Deadline,
    DueInThePast,
    DueTooFarAhead,
    Nudge,
    next_nudge,
    useful_until,
)
from bot.features.people.domain import Intensity

LONDON = Rhythm("Europe/London", frozenset({1, 2, 3, 4, 5}))
NOW = datetime(2026, 11, 25, 14, 30, tzinfo=UTC)  # a Wednesday
FRIDAY, SUNDAY = date(2026, 11, 27), date(2026, 11, 29)


def utc(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def coming(
    deadline: Deadline,
    intensity: Intensity = Intensity.STANDARD,
    last: Nudge | None = None,
    now: datetime = NOW,
) -> tuple[Nudge, datetime] | None:
    return next_nudge(deadline, intensity, last, not_before=now + SLACK, now=now)


def test_without_a_time_it_is_due_at_the_end_of_the_persons_day() -> None:
    assert Deadline(FRIDAY, None, LONDON).at == utc(27, 18)
    assert Deadline(FRIDAY, time(9), Rhythm("America/New_York", LONDON.working_days)).at == utc(27, 14)


@pytest.mark.parametrize(
    ("on", "at", "nudge", "expected"),
    [
        (FRIDAY, None, Nudge.BEFORE, utc(26, 17)),
        (FRIDAY, time(10), Nudge.BEFORE, utc(26, 10)),
        (date(2026, 11, 30), time(9), Nudge.BEFORE, utc(27, 17)),  # Monday's comes on Friday
        (FRIDAY, None, Nudge.DUE, utc(27, 15)),
        (FRIDAY, time(10), Nudge.DUE, utc(27, 10)),
        (SUNDAY, None, Nudge.DUE, utc(30, 8)),
        (FRIDAY, time(10), Nudge.AFTER, utc(30, 8)),
        (SUNDAY, None, Nudge.AFTER, datetime(2026, 12, 1, 8, tzinfo=UTC)),
    ],
)
def test_nudges_come_in_working_hours(on: date, at: time | None, nudge: Nudge, expected: datetime) -> None:
    assert Deadline(on, at, LONDON).nudge_at(nudge) == expected


@pytest.mark.parametrize(
    ("intensity", "kinds"),
    [
        (Intensity.LIGHT, []),
        (Intensity.STANDARD, [Nudge.BEFORE, Nudge.DUE]),
        (Intensity.ACTIVE, [Nudge.BEFORE, Nudge.DUE, Nudge.AFTER]),
    ],
)
def test_how_many_nudges_come_is_the_persons_wish(intensity: Intensity, kinds: list[Nudge]) -> None:
    deadline, last, at, seen = Deadline(date(2026, 12, 4), None, LONDON), None, NOW, []
    while found := next_nudge(deadline, intensity, last, not_before=at, now=at):
        last, at = found
        seen.append(last)
    assert seen == kinds


def test_what_was_just_made_is_not_nudged_about_at_once() -> None:
    assert coming(Deadline(date(2026, 11, 26), time(15), LONDON)) == (Nudge.DUE, utc(26, 15))
    assert coming(Deadline(date(2026, 11, 25), time(15), LONDON)) == (Nudge.DUE, utc(25, 15, 30))


def test_made_late_on_the_day_it_is_due_it_still_gets_its_nudge() -> None:
    assert coming(Deadline(date(2026, 11, 25), None, LONDON), now=utc(25, 15, 10)) == (
        Nudge.DUE,
        utc(25, 16, 10),
    )
    assert coming(Deadline(date(2026, 11, 25), None, LONDON), now=utc(25, 20)) == (Nudge.DUE, utc(26, 8))


def test_made_in_the_evening_before_a_free_day_it_is_still_announced() -> None:
    early_friday = Deadline(FRIDAY, time(7), LONDON)
    assert coming(early_friday, now=utc(25, 18, 30)) == (Nudge.BEFORE, utc(26, 8))
    assert coming(early_friday, now=utc(25, 14)) == (Nudge.BEFORE, utc(25, 17))
    assert coming(early_friday, now=utc(26, 9)) == (Nudge.DUE, utc(27, 8))
    monday = Deadline(date(2026, 11, 30), time(9), LONDON)
    assert coming(monday, now=utc(27, 19)) == (Nudge.DUE, utc(30, 9))


def test_an_overdue_one_is_not_nudged_about_again_when_wishes_change() -> None:
    overdue = Deadline(date(2026, 11, 10), None, LONDON)
    assert coming(overdue, Intensity.ACTIVE) is None
    assert coming(overdue, Intensity.ACTIVE, last=Nudge.DUE) is None


def test_a_nudge_before_is_pointless_once_it_is_due() -> None:
    assert useful_until(Nudge.BEFORE, utc(27, 18), utc(26, 17)) == utc(27, 18)
    assert useful_until(Nudge.DUE, utc(27, 18), utc(27, 15)) == utc(30, 18)


def test_today_may_still_be_chosen_in_the_evening_but_not_a_time_that_has_passed() -> None:
    evening = utc(25, 21)
    Deadline(date(2026, 11, 25), None, LONDON).check(evening)
    with pytest.raises(DueInThePast):
        Deadline(date(2026, 11, 25), time(20), LONDON).check(evening)
    with pytest.raises(DueTooFarAhead):
        Deadline(date(2029, 11, 25), None, LONDON).check(evening)


ZONES = st.sampled_from(
    ["Europe/London", "America/New_York", "Asia/Kathmandu", "Pacific/Apia", "Africa/Cairo"]
)
DAYS = st.frozensets(st.integers(1, 7), min_size=1)


@given(
    zone=ZONES,
    days=DAYS,
    on=st.dates(date(2026, 1, 1), date(2028, 1, 1)),
    at=st.none() | st.times().map(lambda each: each.replace(second=0, microsecond=0)),
    hours=st.tuples(st.integers(0, 11), st.integers(12, 23)),
)
def test_no_nudge_comes_in_quiet_hours_and_each_on_its_side(
    zone: str, days: frozenset[int], on: date, at: time | None, hours: tuple[int, int]
) -> None:
    rhythm = Rhythm(zone, days, time(hours[0]), time(hours[1]))
    deadline = Deadline(on, at, rhythm)
    before, due, after = (deadline.nudge_at(each) for each in Nudge)
    assert all(is_allowed(each, rhythm) for each in (before, due, after))
    assert before <= deadline.at - timedelta(hours=24)
    assert before < due < after
