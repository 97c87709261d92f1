from datetime import UTC, datetime, timedelta

import pytest

from bot.core.localtime import Rhythm
from bot.features.prep.domain import ask_at

OFFICE = Rhythm("Europe/London", frozenset({1, 2, 3, 4, 5}))
MONDAY_9 = datetime(2026, 11, 30, 9, tzinfo=UTC)
LONG_BEFORE = MONDAY_9 - timedelta(days=10)


@pytest.mark.parametrize(
    ("lead", "asked"),
    [
        (48, datetime(2026, 11, 27, 18, tzinfo=UTC)),
        (24, datetime(2026, 11, 27, 18, tzinfo=UTC)),
        (4, datetime(2026, 11, 27, 18, tzinfo=UTC)),
    ],
)
def test_for_monday_morning_one_is_asked_on_friday(lead: int, asked: datetime) -> None:
    assert ask_at(MONDAY_9, lead, OFFICE, LONG_BEFORE) == asked


def test_within_working_hours_one_is_asked_exactly_so_long_before() -> None:
    wednesday = datetime(2026, 11, 25, 15, tzinfo=UTC)
    assert ask_at(wednesday, 24, OFFICE, LONG_BEFORE) == wednesday - timedelta(hours=24)


def test_what_is_planned_late_is_asked_at_once_if_an_hour_is_left() -> None:
    start = datetime(2026, 11, 25, 15, tzinfo=UTC)
    assert ask_at(start, 24, OFFICE, start - timedelta(hours=1)) == start - timedelta(hours=1)
    assert ask_at(start, 24, OFFICE, start - timedelta(minutes=59)) is None


def test_what_is_planned_at_the_weekend_is_asked_on_monday_if_there_is_time() -> None:
    saturday = datetime(2026, 11, 28, 12, tzinfo=UTC)
    assert ask_at(MONDAY_9, 24, OFFICE, saturday) == MONDAY_9 - timedelta(hours=1)
    assert ask_at(MONDAY_9 - timedelta(minutes=30), 24, OFFICE, saturday) is None
