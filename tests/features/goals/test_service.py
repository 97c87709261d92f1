from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from bot.core.database import Transaction
from bot.core.errors import NotFound
from bot.features.commitments import service as commitments
from bot.features.commitments.domain import Draft, GoalElsewhere
from bot.features.engagements import service as engagements
from bot.features.engagements.access import AccessRow
from bot.features.engagements.domain import HasEnded
from bot.features.engagements.service import Membership
from bot.features.goals import reading, service, suggesting
from bot.features.goals.domain import (
    Goal,
    GoalClosed,
    GoalState,
    Measure,
    NeedsExpected,
    Scale,
    ScaleFixed,
    Wording,
)
from bot.features.strengths import service as strengths
from tests.builders import a_person, an_engagement

TARGET = date(2027, 3, 1)
FIVE = Measure(Scale.LEVELS, {0: "They decide most things"})


def set_goal(
    db: Transaction,
    client: Membership,
    now: datetime,
    title: str = "The team decides",
    *,
    shared: bool = True,
) -> Goal:
    wording = Wording(title, target_on=TARGET)
    return service.make(db, client.actor, client.engagement_id, wording, shared, now).goal


def seen_by(db: Transaction, found: Membership, now: datetime) -> list[str]:
    shown = reading.review(db, found.actor, found.engagement_id, now)
    return [each.goal.aim for each in (*shown.suggested, *shown.entries)]


def opened(db: Transaction) -> Counter[tuple[str, str]]:
    rows = db.query(AccessRow).filter(AccessRow.kind.in_(("goal", "strength")))
    return Counter((each.kind, each.object_id) for each in rows)


# --- who may see it ---------------------------------------------------------------------------------------------


def test_a_coach_sees_what_is_shared_and_that_is_on_record(db: Transaction, now: datetime) -> None:
    coach, client = an_engagement(db, now)
    shared = set_goal(db, client, now)
    private = set_goal(db, client, now, "A private one", shared=False)
    assert seen_by(db, coach, now) == ["The team decides"]
    assert opened(db) == {("goal", shared.id): 1}
    assert [each.shared for each in reading.overview(db, coach.actor, now).clients] == [1]
    with pytest.raises(NotFound):
        reading.entry(db, coach.actor, private.id, now)


def test_sharing_can_be_taken_back(db: Transaction, now: datetime) -> None:
    coach, client = an_engagement(db, now)
    goal = set_goal(db, client, now)
    service.edit(db, client.actor, goal.id, goal.wording, False, now)
    assert seen_by(db, coach, now) == []


def test_another_coach_and_a_stranger_see_nothing(db: Transaction, now: datetime) -> None:
    _coach, client = an_engagement(db, now)
    other_coach, _same_client = an_engagement(db, now, client=client.actor)
    goal = set_goal(db, client, now)
    for person in (other_coach.actor, a_person(db, now)):
        with pytest.raises(NotFound):
            reading.entry(db, person, goal.id, now)
    assert seen_by(db, other_coach, now) == []


def test_a_goal_without_a_coach_is_nobody_else_s(db: Transaction, now: datetime) -> None:
    coach, client = an_engagement(db, now)
    wording = Wording("Mine alone", target_on=TARGET)
    alone = service.make(db, client.actor, None, wording, True, now).goal
    edited = service.edit(db, client.actor, alone.id, wording, True, now).goal
    assert not edited.is_shared
    with pytest.raises(NotFound):
        reading.entry(db, coach.actor, alone.id, now)


def test_only_its_owner_changes_it(db: Transaction, now: datetime) -> None:
    coach, client = an_engagement(db, now)
    goal = set_goal(db, client, now)
    for act in (
        lambda: service.edit(db, coach.actor, goal.id, goal.wording, True, now),
        lambda: service.measure(db, coach.actor, goal.id, Measure(), now),
        lambda: service.rate(db, coach.actor, goal.id, 5, now),
        lambda: service.close(db, coach.actor, goal.id, GoalState.REACHED, None, now),
        lambda: service.reopen(db, coach.actor, goal.id, now),
        lambda: service.bring(db, coach.actor, goal.id, coach.engagement_id, True, now),
        lambda: service.make(db, coach.actor, coach.engagement_id, goal.wording, True, now),
    ):
        with pytest.raises(NotFound):
            act()


def test_after_the_end_it_is_out_of_reach_for_both(db: Transaction, now: datetime) -> None:
    coach, client = an_engagement(db, now)
    goal = set_goal(db, client, now)
    engagements.end(db, coach.actor, coach.engagement_id, None, now)
    for person in (coach.actor, client.actor):
        with pytest.raises(HasEnded):
            reading.entry(db, person, goal.id, now)
    assert reading.own_open(db, client.actor, now) == []


def test_no_more_is_on_record_than_was_shown(db: Transaction, now: datetime) -> None:
    coach, client = an_engagement(db, now)
    for number in range(10):
        set_goal(db, client, now, f"Goal {number}")
    (counted,) = reading.overview(db, coach.actor, now).clients
    assert (counted.shared, opened(db)) == (10, {})
    beside = reading.aims(db, coach, now).goals
    assert (len(beside.entries), beside.more, len(opened(db))) == (8, 2, 8)


# --- measuring and closing -----------------------------------------------------------------------------------------


def test_the_scale_stays_once_it_was_rated(db: Transaction, now: datetime) -> None:
    _coach, client = an_engagement(db, now)
    goal = set_goal(db, client, now)
    with pytest.raises(NeedsExpected):
        service.measure(db, client.actor, goal.id, Measure(Scale.LEVELS), now)
    service.measure(db, client.actor, goal.id, FIVE, now)
    service.rate(db, client.actor, goal.id, -1, now)
    service.measure(db, client.actor, goal.id, replace(FIVE, weight=2), now)
    with pytest.raises(ScaleFixed):
        service.measure(db, client.actor, goal.id, Measure(), now)


def test_a_closed_goal_changes_no_more_until_it_is_opened_again(db: Transaction, now: datetime) -> None:
    _coach, client = an_engagement(db, now)
    goal = set_goal(db, client, now)
    service.close(db, client.actor, goal.id, GoalState.LET_GO, "Not mine", now)
    with pytest.raises(GoalClosed):
        service.rate(db, client.actor, goal.id, 5, now)
    again = service.reopen(db, client.actor, goal.id, now).goal
    assert (again.state, again.learned, again.closed_at) == (GoalState.OPEN, "Not mine", None)


def test_looking_back_the_figure_counts_what_has_levels_and_was_not_let_go(
    db: Transaction, now: datetime
) -> None:
    coach, client = an_engagement(db, now)
    for minute, (title, measure, value, shared) in enumerate(
        (
            ("Levels", FIVE, 2, True),
            ("One to ten", Measure(), 9, True),
            ("Private", FIVE, -2, False),
            ("Let go", FIVE, -2, True),
        )
    ):
        goal = set_goal(db, client, now + timedelta(minutes=minute), title, shared=shared)
        service.measure(db, client.actor, goal.id, measure, now)
        service.rate(db, client.actor, goal.id, value, now)
        if title == "Let go":
            service.close(db, client.actor, goal.id, GoalState.LET_GO, None, now)
    of_coach = reading.review(db, coach.actor, coach.engagement_id, now)
    assert [each.goal.aim for each in of_coach.entries] == ["Levels", "One to ten", "Let go"]
    assert of_coach.attainment == 70
    assert reading.review(db, client.actor, None, now).attainment == 50
    with pytest.raises(NotFound):
        reading.review(db, client.actor, client.engagement_id, now)


def test_without_levels_there_is_no_figure(db: Transaction, now: datetime) -> None:
    _coach, client = an_engagement(db, now)
    service.rate(db, client.actor, set_goal(db, client, now).id, 9, now)
    assert reading.review(db, client.actor, None, now).attainment is None


# --- a coach suggests -------------------------------------------------------------------------------------------------


def suggested(db: Transaction, coach: Membership, now: datetime) -> str:
    suggesting.suggest(db, coach.actor, coach.engagement_id, Wording("Say no sooner"), now)
    (waiting,) = reading.suggested_to(db, coach.client)
    return waiting.goal_id


def test_taken_up_it_is_the_client_s_in_their_words(db: Transaction, now: datetime) -> None:
    coach, client = an_engagement(db, now)
    goal_id = suggested(db, coach, now)
    wording = Wording("Say no in the meeting", target_on=TARGET)
    taken = suggesting.accept(db, client.actor, goal_id, wording, False, now)
    assert (taken.goal.aim, taken.goal.state, taken.is_own) == (wording.aim, GoalState.OPEN, True)
    assert taken.earlier_targets == []
    assert seen_by(db, coach, now) == []


def test_left_its_coach_sees_that_and_it_is_no_goal(db: Transaction, now: datetime) -> None:
    coach, client = an_engagement(db, now)
    goal_id = suggested(db, coach, now)
    suggesting.decline(db, client.actor, goal_id, now)
    assert seen_by(db, coach, now) == ["Say no sooner"]
    shown = reading.overview(db, client.actor, now)
    assert (shown.own, shown.closed, shown.suggested) == ([], [], [])
    with pytest.raises(GoalClosed):
        suggesting.accept(db, client.actor, goal_id, Wording("x", target_on=TARGET), True, now)


def test_only_the_coach_suggests_and_takes_back_and_only_the_client_answers(
    db: Transaction, now: datetime
) -> None:
    coach, client = an_engagement(db, now)
    goal_id = suggested(db, coach, now)
    wording = Wording("x", target_on=TARGET)
    with pytest.raises(NotFound):
        suggesting.suggest(db, client.actor, client.engagement_id, wording, now)
    with pytest.raises(NotFound):
        suggesting.withdraw(db, client.actor, goal_id, now)
    with pytest.raises(NotFound):
        suggesting.accept(db, coach.actor, goal_id, wording, True, now)
    with pytest.raises(NotFound):
        suggesting.decline(db, coach.actor, goal_id, now)
    suggesting.withdraw(db, coach.actor, goal_id, now)
    with pytest.raises(NotFound):
        reading.entry(db, client.actor, goal_id, now)


def test_reading_one_s_own_suggestion_is_no_opening(db: Transaction, now: datetime) -> None:
    coach, _client = an_engagement(db, now)
    goal_id = suggested(db, coach, now)
    seen_by(db, coach, now)
    assert opened(db) == {}
    reading.entry(db, coach.client, goal_id, now)
    assert opened(db) == {("goal", goal_id): 1}, "but the other's reading it is"


# --- strengths, and steps towards a goal --------------------------------------------------------------------------------


def test_a_coach_sees_of_its_strengths_those_shared_with_them(db: Transaction, now: datetime) -> None:
    coach, client = an_engagement(db, now)
    calm, humour = strengths.save(db, client.actor, ["Calm", "Humour"], {}, now).strengths
    strengths.save(db, client.actor, [], {client.engagement_id: [calm.id]}, now)
    wording = Wording("Decide", target_on=TARGET, strengths=frozenset({calm.id, humour.id}))
    goal = service.make(db, client.actor, client.engagement_id, wording, True, now)
    assert [each.name for each in goal.strengths] == ["Calm", "Humour"]
    assert [each.name for each in reading.entry(db, coach.actor, goal.goal.id, now).strengths] == ["Calm"]


def test_another_s_strength_is_not_drawn_on(db: Transaction, now: datetime) -> None:
    _coach, client = an_engagement(db, now)
    other = a_person(db, now, "Eve")
    (hers,) = strengths.save(db, other, ["Secret"], {}, now).strengths
    wording = Wording("Decide", target_on=TARGET, strengths=frozenset({hers.id, "nothing"}))
    made = service.make(db, client.actor, client.engagement_id, wording, True, now)
    assert (made.strengths, made.goal.wording.strengths) == ([], frozenset())


def test_a_strength_taken_off_the_list_stays_with_its_goals_or_is_erased(
    db: Transaction, now: datetime
) -> None:
    _coach, client = an_engagement(db, now)
    calm, humour = strengths.save(db, client.actor, ["Calm", "Humour"], {}, now).strengths
    wording = Wording("Decide", target_on=TARGET, strengths=frozenset({calm.id}))
    goal = service.make(db, client.actor, client.engagement_id, wording, True, now)
    for each in (calm, humour):
        assert each.id not in {left.id for left in strengths.retire(db, client.actor, each.id, now).strengths}
    assert [each.name for each in reading.entry(db, client.actor, goal.goal.id, now).strengths] == ["Calm"]
    assert strengths.of_ids(db, client.actor, None, [humour.id], now) == []


def test_only_a_goal_without_a_coach_is_erased_and_by_its_owner(db: Transaction, now: datetime) -> None:
    _coach, client = an_engagement(db, now)
    in_engagement = set_goal(db, client, now)
    wording = Wording("Mine alone", target_on=TARGET)
    alone = service.make(db, client.actor, None, wording, False, now).goal
    service.rate(db, client.actor, alone.id, 5, now)
    for person, goal in ((client.actor, in_engagement), (a_person(db, now), alone)):
        with pytest.raises(NotFound):
            service.erase(db, person, goal.id, now)
    service.erase(db, client.actor, alone.id, now)
    assert [each.goal.id for each in reading.own_open(db, client.actor, now)] == [in_engagement.id]


def test_a_commitment_is_a_step_towards_a_goal_of_the_same_engagement(db: Transaction, now: datetime) -> None:
    coach, client = an_engagement(db, now)
    _other_coach, elsewhere = an_engagement(db, now, client=client.actor)
    goal, foreign = set_goal(db, client, now), set_goal(db, elsewhere, now)
    draft = Draft("Ask them", date(2026, 12, 1), None, None, None, None, True, goal.id)
    made = commitments.make(db, client.actor, client.engagement_id, draft, now)
    assert (made.goal_id, made.goal) == (goal.id, "The team decides")
    assert [each.goal for each in commitments.open_of(db, coach, client.actor.id, now)] == [None]
    for goal_id in (foreign.id, "nothing"):
        with pytest.raises(GoalElsewhere):
            commitments.make(db, client.actor, client.engagement_id, replace(draft, goal_id=goal_id), now)
