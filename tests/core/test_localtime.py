"""What wall clocks do to schedules, over all time zones."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from bot.core.localtime import (
    Rhythm,
    earliest_allowed,
    end_of_day,
    in_zone,
    is_allowed,
    iso_week,
    latest_allowed,
    local_date,
    next_weekly,
    occurrence,
    start_of_working_day,
    to_utc,
)

WEEKDAYS = frozenset({1, 2, 3, 4, 5})
BERLIN = Rhythm("Europe/Berlin", WEEKDAYS)

zones = st.sampled_from(sorted(available_timezones() - {"localtime"}))
times = st.times().map(lambda at: at.replace(second=0, microsecond=0))
dates = st.dates(date(1900, 1, 2), date(2090, 1, 1))
instants = st.datetimes(datetime(1900, 1, 2), datetime(2090, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
windows = st.tuples(times, times).filter(lambda pair: pair[0] != pair[1]).map(sorted)
days = st.frozensets(st.integers(1, 7), min_size=1)
rhythms = st.builds(lambda zone, days, window: Rhythm(zone, days, *window), zones, days, windows)

FRIDAYS_IN_APIA = Rhythm("Pacific/Apia", frozenset({5}))
SATURDAYS_IN_KWAJALEIN = Rhythm("Pacific/Kwajalein", frozenset({6}))
NIGHTS_IN_BERLIN = Rhythm("Europe/Berlin", frozenset({7}), time(2, 15), time(2, 45))
NIGHTS_ON_LORD_HOWE = Rhythm("Australia/Lord_Howe", frozenset({7}), time(1, 45), time(2, 15))
MIDNIGHTS_IN_ST_JOHNS = Rhythm("America/St_Johns", frozenset({7}), time(0), time(12))


def at_utc(*fields: int) -> datetime:
    return datetime(*fields, tzinfo=UTC)  # type: ignore[arg-type,misc]


def local(instant: datetime, zone: str) -> str:
    return in_zone(instant, zone).strftime("%a %Y-%m-%d %H:%M")


def is_skipped(on: date, at: time, zone: str) -> bool:
    """PEP 495: the offset before a gap is the smaller one."""
    first, second = (
        datetime.combine(on, at.replace(fold=fold), ZoneInfo(zone)).utcoffset() for fold in (0, 1)
    )
    assert first is not None
    assert second is not None
    return first < second


def minutes_between(start: datetime, stop: datetime) -> list[datetime]:
    """The minutes between, without both ends: all when few, else those near the ends and some others."""
    count = int((stop - start) / timedelta(minutes=1))
    steps = range(1, count + 1)
    chosen = {*steps[:120], *steps[-120:], *steps[:: max(1, count // 300)]}
    return [at for step in sorted(chosen) if (at := start + timedelta(minutes=step)) < stop]


# Working days and quiet hours


def test_what_leads_up_to_monday_morning_comes_on_friday_evening() -> None:
    day_before = to_utc(date(2026, 11, 30), time(9), "Europe/Berlin") - timedelta(hours=24)
    assert local(latest_allowed(day_before, BERLIN), "Europe/Berlin") == "Fri 2026-11-27 18:00"


def test_what_follows_a_saturday_comes_on_monday_morning() -> None:
    saturday = to_utc(date(2026, 11, 28), time(12), "Europe/Berlin")
    assert local(earliest_allowed(saturday, BERLIN), "Europe/Berlin") == "Mon 2026-11-30 08:00"


@pytest.mark.parametrize(
    ("clock", "earlier", "later"),
    [
        (time(7, 59), "Tue 2026-11-24 18:00", "Wed 2026-11-25 08:00"),
        (time(8), "Wed 2026-11-25 08:00", "Wed 2026-11-25 08:00"),
        (time(18), "Wed 2026-11-25 18:00", "Wed 2026-11-25 18:00"),
        (time(18, 0, 1), "Wed 2026-11-25 18:00", "Thu 2026-11-26 08:00"),
    ],
)
def test_the_day_includes_its_first_and_last_instant(clock: time, earlier: str, later: str) -> None:
    instant = to_utc(date(2026, 11, 25), clock, "Europe/Berlin")
    assert local(latest_allowed(instant, BERLIN), "Europe/Berlin") == earlier
    assert local(earliest_allowed(instant, BERLIN), "Europe/Berlin") == later


def test_a_working_day_that_a_zone_skipped_is_passed_over() -> None:
    """Samoa had no Friday, 30 December 2011."""
    before, after = at_utc(2011, 12, 27, 8), at_utc(2012, 1, 3, 8)
    assert local(earliest_allowed(before, FRIDAYS_IN_APIA), "Pacific/Apia") == "Fri 2012-01-06 08:00"
    assert local(latest_allowed(after, FRIDAYS_IN_APIA), "Pacific/Apia") == "Fri 2011-12-23 18:00"


def test_hours_that_clocks_skip_are_not_awaited() -> None:
    before, after = at_utc(2027, 3, 27, 12), at_utc(2027, 3, 28, 12)
    assert local(earliest_allowed(before, NIGHTS_IN_BERLIN), "Europe/Berlin") == "Sun 2027-04-04 02:15"
    assert local(latest_allowed(after, NIGHTS_IN_BERLIN), "Europe/Berlin") == "Sun 2027-03-21 02:45"


def test_hours_that_clocks_show_twice_are_allowed_twice() -> None:
    between = at_utc(2027, 10, 31, 1)  # 02:00 for the second time
    assert latest_allowed(between, NIGHTS_IN_BERLIN) == at_utc(2027, 10, 31, 0, 45)
    assert earliest_allowed(between, NIGHTS_IN_BERLIN) == at_utc(2027, 10, 31, 1, 15)


@given(instants, rhythms)
@example(at_utc(2012, 1, 3, 8), FRIDAYS_IN_APIA)
@example(at_utc(1993, 8, 25, 8), SATURDAYS_IN_KWAJALEIN)
@example(at_utc(2027, 3, 28, 12), NIGHTS_IN_BERLIN)
@example(at_utc(2027, 10, 31, 12), NIGHTS_IN_BERLIN)
@example(at_utc(2026, 10, 4, 12), NIGHTS_ON_LORD_HOWE)
@example(at_utc(2027, 4, 4, 12), NIGHTS_ON_LORD_HOWE)
@example(at_utc(2007, 11, 4, 3), MIDNIGHTS_IN_ST_JOHNS)
@settings(max_examples=300, deadline=None)
def test_nothing_allowed_lies_between_a_moment_and_the_latest_allowed(at: datetime, rhythm: Rhythm) -> None:
    found = latest_allowed(at, rhythm)
    assert found <= at
    assert is_allowed(found, rhythm)
    assert latest_allowed(found, rhythm) == found
    assert found == at or not is_allowed(found + timedelta.resolution, rhythm)
    assert not [minute for minute in minutes_between(found, at) if is_allowed(minute, rhythm)]
    assert found == at or not is_allowed(at, rhythm)


@given(instants, rhythms)
@example(at_utc(2011, 12, 27, 8), FRIDAYS_IN_APIA)
@example(at_utc(1993, 8, 18, 8), SATURDAYS_IN_KWAJALEIN)
@example(at_utc(2027, 3, 27, 12), NIGHTS_IN_BERLIN)
@example(at_utc(2027, 10, 30, 12), NIGHTS_IN_BERLIN)
@example(at_utc(2026, 10, 3, 12), NIGHTS_ON_LORD_HOWE)
@example(at_utc(2027, 4, 3, 12), NIGHTS_ON_LORD_HOWE)
@example(at_utc(2007, 11, 4, 2, 31), MIDNIGHTS_IN_ST_JOHNS)
@settings(max_examples=300, deadline=None)
def test_nothing_allowed_lies_between_a_moment_and_the_earliest_allowed(at: datetime, rhythm: Rhythm) -> None:
    found = earliest_allowed(at, rhythm)
    assert found >= at
    assert is_allowed(found, rhythm)
    assert earliest_allowed(found, rhythm) == found
    assert found == at or not is_allowed(found - timedelta.resolution, rhythm)
    assert not [minute for minute in minutes_between(at, found) if is_allowed(minute, rhythm)]
    assert found == at or not is_allowed(at, rhythm)


# Wall times and instants


@pytest.mark.parametrize(
    ("zone", "on", "at", "shown"),
    [
        ("Europe/Berlin", date(2027, 3, 28), time(2, 30), "Sun 2027-03-28 03:30"),
        ("America/Sao_Paulo", date(2018, 11, 4), time(0), "Sun 2018-11-04 01:00"),
        ("Africa/Cairo", date(2026, 4, 24), time(0, 30), "Fri 2026-04-24 01:30"),
        ("Asia/Beirut", date(2027, 3, 28), time(0), "Sun 2027-03-28 01:00"),
        ("Australia/Lord_Howe", date(2026, 10, 4), time(2, 10), "Sun 2026-10-04 02:40"),
        ("Pacific/Apia", date(2011, 12, 30), time(9), "Sat 2011-12-31 09:00"),
    ],
)
def test_a_time_that_clocks_skip_moves_later_by_as_much(zone: str, on: date, at: time, shown: str) -> None:
    assert local(to_utc(on, at, zone), zone) == shown


@pytest.mark.parametrize(
    ("zone", "on", "at", "instant"),
    [
        ("Europe/Berlin", date(2027, 10, 31), time(2, 30), at_utc(2027, 10, 31, 0, 30)),
        ("America/Sao_Paulo", date(2018, 2, 17), time(23, 30), at_utc(2018, 2, 18, 1, 30)),
        ("Africa/Cairo", date(2026, 10, 29), time(23, 30), at_utc(2026, 10, 29, 20, 30)),
        ("Asia/Beirut", date(2027, 10, 30), time(23, 30), at_utc(2027, 10, 30, 20, 30)),
        ("Australia/Lord_Howe", date(2027, 4, 4), time(1, 45), at_utc(2027, 4, 3, 14, 45)),
    ],
)
def test_of_a_time_that_clocks_show_twice_the_first_counts(
    zone: str, on: date, at: time, instant: datetime
) -> None:
    assert to_utc(on, at, zone) == instant
    assert to_utc(on, at.replace(fold=1), zone) == instant


@given(dates, times, zones)
@settings(max_examples=300)
def test_a_wall_time_is_what_clocks_show_unless_they_skip_it(on: date, at: time, zone: str) -> None:
    shown, wanted = in_zone(to_utc(on, at, zone), zone).replace(tzinfo=None, fold=0), datetime.combine(on, at)
    assert shown > wanted if is_skipped(on, at, zone) else shown == wanted


@given(instants, zones)
def test_dates_and_weeks_are_those_of_the_zone(at: datetime, zone: str) -> None:
    shown = in_zone(at, zone)
    assert local_date(at, zone) == shown.date()
    assert iso_week(at, zone) == shown.strftime("%G-W%V")


def test_the_week_belongs_to_the_zone_and_to_its_own_year() -> None:
    new_year = at_utc(2027, 1, 3, 23, 30)
    assert iso_week(new_year, "UTC") == "2026-W53"
    assert iso_week(new_year, "Europe/Berlin") == "2027-W01"
    assert iso_week(at_utc(2026, 11, 25, 10), "Europe/Berlin") == "2026-W48"


def test_a_date_with_no_time_is_due_when_the_day_ends() -> None:
    assert end_of_day(date(2026, 11, 27), BERLIN) == at_utc(2026, 11, 27, 17)
    assert start_of_working_day(date(2026, 11, 27), BERLIN) == at_utc(2026, 11, 27, 7)


# What recurs


@given(dates, times, zones, st.integers(1, 4), st.integers(0, 60))
@settings(max_examples=300)
def test_a_series_keeps_its_wall_time(on: date, at: time, zone: str, every: int, index: int) -> None:
    day = on + timedelta(weeks=every * index)
    assume(not is_skipped(day, at, zone))
    shown = in_zone(occurrence(on, at, zone, every, index), zone)
    assert (shown.date(), shown.time()) == (day, at)


def test_a_weekly_meeting_stays_at_nine_when_clocks_change() -> None:
    met = [occurrence(date(2027, 3, 25), time(9), "Europe/Berlin", 1, index) for index in (0, 1)]
    assert [local(at, "Europe/Berlin")[-5:] for at in met] == ["09:00", "09:00"]
    assert met[1] - met[0] == timedelta(days=7, hours=-1)


@given(instants, st.integers(1, 7), times, zones)
@example(at_utc(2011, 12, 30, 12), 5, time(18), "Pacific/Apia")
@settings(max_examples=300)
def test_the_next_weekly_moment_is_later_and_none_comes_before_it(
    after: datetime, weekday: int, at: time, zone: str
) -> None:
    found = next_weekly(after, weekday, at, zone)
    near = local_date(after, zone)
    around = [near + timedelta(days=offset) for offset in range(-9, 17)]
    moments = [to_utc(on, at, zone) for on in around if on.isoweekday() == weekday]
    assert found == min(moment for moment in moments if moment > after)


def test_the_next_weekly_moment_is_not_the_present_one() -> None:
    friday = to_utc(date(2026, 11, 27), time(15), "Europe/Berlin")
    assert next_weekly(friday, 5, time(15), "Europe/Berlin") == friday + timedelta(weeks=1)
    assert next_weekly(friday - timedelta(minutes=1), 5, time(15), "Europe/Berlin") == friday


# What is refused


@pytest.mark.parametrize(
    ("zone", "working", "starts", "ends"),
    [
        ("Europe/Berlin", frozenset[int](), time(8), time(18)),
        ("Europe/Berlin", frozenset({0}), time(8), time(18)),
        ("Europe/Berlin", frozenset({8}), time(8), time(18)),
        ("Europe/Berlin", WEEKDAYS, time(18), time(8)),
        ("Europe/Berlin", WEEKDAYS, time(8), time(8)),
        *[
            (zone, WEEKDAYS, time(8), time(18))
            for zone in ("", "Europe", "Mars/Base", "../etc", "a\0b", "x" * 999)
        ],
    ],
)
def test_a_rhythm_that_allows_nothing_or_nowhere_is_refused(
    zone: str, working: frozenset[int], starts: time, ends: time
) -> None:
    with pytest.raises(ValueError):
        Rhythm(zone, working, starts, ends)


def test_an_instant_without_a_zone_is_refused() -> None:
    naive = datetime(2026, 11, 25, 10)  # noqa: DTZ001
    for ask in (is_allowed, latest_allowed, earliest_allowed):
        with pytest.raises(ValueError):
            ask(naive, BERLIN)


# --- public holidays ------------------------------------------------------------------------------------------

GERMANY = Rhythm("Europe/Berlin", WEEKDAYS, country="DE")


def test_a_public_holiday_of_the_chosen_country_is_no_working_day() -> None:
    christmas = at_utc(2026, 12, 25, 10)  # a Friday
    assert not is_allowed(christmas, GERMANY)
    assert is_allowed(christmas, BERLIN)
    assert local(latest_allowed(christmas, GERMANY), "Europe/Berlin") == "Thu 2026-12-24 18:00"
    assert local(earliest_allowed(christmas, GERMANY), "Europe/Berlin") == "Mon 2026-12-28 08:00"


def test_days_off_that_follow_each_other_are_all_passed_over() -> None:
    easter = at_utc(2027, 3, 28, 10)  # Good Friday to Easter Monday
    assert local(latest_allowed(easter, GERMANY), "Europe/Berlin") == "Thu 2027-03-25 18:00"
    assert local(earliest_allowed(easter, GERMANY), "Europe/Berlin") == "Tue 2027-03-30 08:00"


def test_of_a_country_that_is_not_known_no_day_is_a_holiday() -> None:
    assert is_allowed(at_utc(2026, 12, 25, 10), Rhythm("Europe/Berlin", WEEKDAYS, country="XX"))
