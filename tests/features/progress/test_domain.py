from dataclasses import replace
from datetime import UTC, date, datetime

from bot.features.commitments.domain import Outcome
from bot.features.goals.domain import FocusArea, Measure, Rating, Scale
from bot.features.progress.domain import Point, Span, Way, by_area, by_week, way_of

NOW = datetime(2026, 11, 25, 14, 30, tzinfo=UTC)  # a Wednesday
SPAN = Span.until(NOW, "Europe/London")


def rated(week: str, value: int) -> Rating:
    return Rating(week, value, datetime.fromisocalendar(int(week[:4]), int(week[-2:]), 5).replace(tzinfo=UTC))


def test_twelve_weeks_end_with_the_one_that_now_is_in() -> None:
    assert (SPAN.first_on, SPAN.mondays[-1]) == (date(2026, 9, 7), date(2026, 11, 23))


def test_the_last_week_is_the_one_of_the_readers_own_calendar() -> None:
    sunday_evening = datetime(2026, 11, 29, 23, 30, tzinfo=UTC)
    assert Span.until(sunday_evening, "Europe/Berlin").mondays[-1] == date(2026, 11, 30)


def test_a_goal_starts_where_it_stood_before_the_twelve_weeks() -> None:
    ratings = [rated("2026-W30", 2), rated("2026-W36", 4), rated("2026-W37", 5), rated("2026-W48", 7)]
    way = way_of(Measure(baseline=1, target=8), ratings, SPAN)
    assert (way.start, way.begins, way.latest, way.wanted) == (4, -1, 7, 8)
    assert [(each.week, each.value) for each in way.points] == [(0, 5), (11, 7)]


def test_a_new_goal_starts_where_its_owner_said_it_stood_just_before_it_was_first_rated() -> None:
    way = way_of(Measure(baseline=3), [rated("2026-W46", 4)], SPAN)
    assert (way.start, way.begins, way.points[0].week) == (3, 8, 9)


def test_a_goal_that_nobody_said_anything_about_stands_nowhere() -> None:
    way = way_of(Measure(), [], SPAN)
    assert (way.first, way.latest) == (None, None)


def test_an_area_is_the_average_of_its_goals_each_on_its_own_scale() -> None:
    tens = Way(Scale.ONE_TO_TEN, 1, [Point(3, date(2026, 10, 1), 10)], None)
    levels = Way(Scale.LEVELS, None, [Point(3, date(2026, 10, 1), -2), Point(4, date(2026, 10, 8), 0)], None)
    team = by_area([(FocusArea.TEAM, tens), (FocusArea.TEAM, levels), (None, tens)])
    assert [(each.area, each.goals, each.first, each.latest) for each in team] == [(FocusArea.TEAM, 2, 0, 75)]
    assert by_area([(FocusArea.TEAM, replace(tens, start=None, points=[]))]) == []


def test_commitments_count_in_the_week_in_which_they_were_answered() -> None:
    answered = [(Outcome.KEPT, NOW), (Outcome.KEPT, NOW), (Outcome.NOT_KEPT, SPAN.begins_at)]
    weeks = by_week([*answered, (Outcome.KEPT, datetime(2026, 9, 6, tzinfo=UTC))], SPAN)
    assert weeks[-1].counts == (2, 0, 0, 0)
    assert weeks[0].counts == (0, 0, 1, 0)
    assert sum(each.total for each in weeks) == 3
