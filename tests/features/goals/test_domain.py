from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.features.goals.domain import (
    FARTHEST,
    NeedsTarget,
    Scale,
    Scored,
    TargetInThePast,
    TargetTooFar,
    attainment,
    check_target,
)

TODAY = date(2026, 11, 25)
levels = st.integers(-2, 2)
weights = st.floats(0.1, 10)
goals = st.builds(Scored, levels, weights)
several = st.lists(goals, min_size=1, max_size=12)


# --- goal attainment: Kiresuk and Sherman, 1968 --------------------------------------------------------------


@given(st.lists(st.builds(Scored, st.just(0), weights), min_size=1, max_size=12))
def test_all_as_expected_is_fifty(scored: list[Scored]) -> None:
    assert attainment(scored) == 50


@given(levels, weights)
def test_of_a_single_goal_each_level_counts_ten(level: int, weight: float) -> None:
    assert attainment([Scored(level, weight)]) == pytest.approx(50 + 10 * level)


@pytest.mark.parametrize(
    ("scored", "figure"),
    [
        ([Scored(2)], 70),
        ([Scored(1), Scored(1)], 62.403),  # 50 + 20 / √(0.7·2 + 0.3·4)
        ([Scored(1, 3), Scored(-1, 1)], 55.833),  # 50 + 20 / √(0.7·10 + 0.3·16)
    ],
)
def test_it_is_the_published_formula(scored: list[Scored], figure: float) -> None:
    assert attainment(scored) == pytest.approx(figure, abs=0.02)


@given(several, st.data())
def test_a_goal_that_stands_better_never_lowers_it(scored: list[Scored], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(scored) - 1))
    better = list(scored)
    better[index] = Scored(scored[index].level + 1, scored[index].weight)
    assert attainment(better) > attainment(scored)


@given(several, st.floats(0.01, 100))
def test_only_how_weights_compare_matters(scored: list[Scored], factor: float) -> None:
    scaled = [Scored(each.level, each.weight * factor) for each in scored]
    assert attainment(scaled) == pytest.approx(attainment(scored))


@given(several)
def test_it_is_as_far_above_as_the_opposite_is_below(scored: list[Scored]) -> None:
    opposite = [Scored(-each.level, each.weight) for each in scored]
    assert attainment(opposite) == pytest.approx(100 - attainment(scored))


@given(st.permutations([Scored(2, 1), Scored(-1, 2), Scored(0, 3)]))
def test_their_order_does_not_matter(scored: list[Scored]) -> None:
    assert attainment(scored) == pytest.approx(attainment(sorted(scored, key=lambda each: each.weight)))


# --- scales and dates -------------------------------------------------------------------------------------------


def test_the_two_scales() -> None:
    assert list(Scale.ONE_TO_TEN.values) == list(range(1, 11))
    assert list(Scale.LEVELS.values) == [-2, -1, 0, 1, 2]


def test_a_goal_has_a_day_that_is_not_over_and_not_out_of_sight() -> None:
    check_target(TODAY, TODAY)
    with pytest.raises(NeedsTarget):
        check_target(None, TODAY)
    with pytest.raises(TargetInThePast):
        check_target(TODAY - timedelta(days=1), TODAY)
    with pytest.raises(TargetTooFar):
        check_target(TODAY + FARTHEST + timedelta(days=1), TODAY)


def test_a_day_that_stays_as_it_was_may_be_over() -> None:
    past = TODAY - timedelta(days=3)
    check_target(past, TODAY, before=past)
