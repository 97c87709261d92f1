from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.core.localtime import Rhythm, in_zone
from bot.features.sessions import later
from bot.features.sessions.domain import (
    InThePast,
    Rule,
    Session,
    SessionState,
    Slot,
    TooFarAhead,
    slot_of,
    start_of,
)
from bot.features.sessions.later import Later, TooLateForLater

NOW = datetime(2026, 11, 25, 14, 30, tzinfo=UTC)  # a Wednesday
LONDON = "Europe/London"
OFFICE = Rhythm(LONDON, frozenset({1, 2, 3, 4, 5}))


def test_a_series_keeps_its_wall_clock_time_when_clocks_change() -> None:
    rule = Rule(date(2027, 3, 23), time(10), LONDON, 1)
    starts = [rule.starts_at(index) for index in range(3)]
    assert [each.hour for each in starts] == [10, 9, 9]
    assert {in_zone(each, LONDON).time() for each in starts} == {time(10)}


def test_moving_the_third_session_of_a_series_moves_the_later_ones_with_it() -> None:
    rule = Rule(date(2026, 12, 1), time(10), LONDON, 2).moved(
        2, Slot(date(2026, 12, 31), time(16), 60), LONDON
    )
    assert rule.starts_at(2) == datetime(2026, 12, 31, 16, tzinfo=UTC)
    assert rule.starts_at(3) == datetime(2027, 1, 14, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    ("on", "at", "field"), [(date(2026, 11, 24), time(10), "on"), (date(2026, 11, 25), time(14), "at")]
)
def test_the_past_is_refused_beside_the_field_that_says_it(on: date, at: time, field: str) -> None:
    with pytest.raises(InThePast) as refused:
        start_of(Slot(on, at, 60), LONDON, NOW)
    assert list(refused.value.fields) == [field]


def test_a_date_in_a_far_year_is_refused() -> None:
    with pytest.raises(TooFarAhead):
        start_of(Slot(date(2126, 11, 24), time(10), 60), LONDON, NOW)


def test_a_slot_is_read_back_in_the_readers_zone() -> None:
    session = Session("s", "e", datetime(2026, 12, 1, 1, tzinfo=UTC), 45, SessionState.PLANNED, None)
    assert slot_of(session, "America/New_York") == Slot(date(2026, 11, 30), time(20), 45)


def test_later_offers_only_what_comes_before_the_session() -> None:
    offered = later.offers(NOW, OFFICE, NOW + timedelta(hours=20))
    assert set(offered) == {Later.HOUR, Later.TOMORROW}
    assert offered[Later.TOMORROW] == datetime(2026, 11, 26, 8, tzinfo=UTC)


def test_this_afternoon_is_offered_before_noon_only() -> None:
    morning, week = NOW.replace(hour=9), timedelta(days=14)
    assert later.offers(morning, OFFICE, NOW + week)[Later.AFTERNOON] == NOW.replace(hour=15, minute=0)
    assert Later.AFTERNOON not in later.offers(NOW, OFFICE, NOW + week)


def test_tomorrow_is_not_offered_before_a_day_off() -> None:
    friday = datetime(2026, 11, 27, 10, tzinfo=UTC)
    offered = later.offers(friday, OFFICE, friday + timedelta(days=14))
    assert Later.TOMORROW not in offered
    assert offered[Later.WEEK] == datetime(2026, 11, 30, 8, tzinfo=UTC)


def test_in_an_hour_from_the_evening_is_the_next_morning() -> None:
    assert later.moment(Later.HOUR, NOW.replace(hour=17, minute=30), OFFICE) == datetime(
        2026, 11, 26, 8, tzinfo=UTC
    )


@pytest.mark.parametrize("value", ["tomorrow", "week", "garbage", ""])
def test_an_offer_that_came_too_late_is_refused(value: str) -> None:
    with pytest.raises(TooLateForLater):
        later.chosen(value, NOW, OFFICE, NOW + timedelta(hours=2))
