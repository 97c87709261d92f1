from datetime import UTC, date, datetime

import pytest
from sqlalchemy import text

from bot.core.database import Transaction
from bot.core.vault import engagement_owner, person_owner
from bot.features.engagements import store as engagements
from bot.features.goals import reading, service, store
from bot.features.goals.domain import FocusArea, GoalState, Measure, Scale, Wording
from bot.features.goals.store import GoalRow
from bot.features.people.store import own_sealer
from bot.features.strengths import service as strengths
from bot.features.strengths.domain import Strength
from tests.builders import a_person, an_engagement

LEVELS = {level: f"Sentence for level {level}" for level in range(-2, 3)}
WORDS = ("The team decides", "I sleep again", "Fewer escalations", *LEVELS.values(), "Ask twice")


def wording(**changes: object) -> Wording:
    told = {"why": "I sleep again", "objective": "Fewer escalations", "area": FocusArea.TEAM}
    return Wording(**{"aim": "The team decides", "target_on": date(2027, 3, 1), **told, **changes})  # type: ignore[arg-type]


MEASURE = Measure(Scale.LEVELS, LEVELS, baseline=-2, target=0, weight=3)


def test_a_goal_comes_back_as_it_was_written(db: Transaction, now: datetime) -> None:
    _coach, client = an_engagement(db, now)
    made = service.make(db, client.actor, client.engagement_id, wording(), True, now).goal
    assert (made.wording, made.is_shared, made.state) == (wording(), True, GoalState.OPEN)
    measured = service.measure(db, client.actor, made.id, MEASURE, now).goal
    assert measured.measure == MEASURE
    closed = service.close(db, client.actor, made.id, GoalState.PARTLY, "Ask twice", now).goal
    assert (closed.state, closed.learned) == (GoalState.PARTLY, "Ask twice")


def test_what_was_typed_or_chosen_about_it_is_stored_sealed(db: Transaction, now: datetime) -> None:
    _coach, client = an_engagement(db, now)
    made = service.make(db, client.actor, client.engagement_id, wording(), True, now).goal
    service.measure(db, client.actor, made.id, MEASURE, now)
    service.rate(db, client.actor, made.id, -1, now)
    service.close(db, client.actor, made.id, GoalState.PARTLY, "Ask twice", now)
    rows = [*db.execute(text("SELECT * FROM goals")), *db.execute(text("SELECT * FROM goal_ratings"))]
    stored = b" ".join(
        bytes(each) if isinstance(each, bytes | memoryview) else str(each).encode()
        for row in rows
        for each in row
    )
    assert not any(words.encode() in stored for words in (*WORDS, FocusArea.TEAM.value, Scale.LEVELS.value))


def test_a_goal_without_a_coach_is_sealed_with_its_owner_s_key(db: Transaction, now: datetime) -> None:
    alone = a_person(db, now)
    made = service.make(db, alone, None, wording(), True, now)
    row = db.get_one(GoalRow, made.goal.id)
    sealer = own_sealer(db, alone.id, now)
    assert sealer.open(GoalRow.aim, row.id, row.aim) == "The team decides"
    assert not made.goal.is_shared


def test_brought_into_an_engagement_all_of_it_is_sealed_anew(db: Transaction, now: datetime) -> None:
    _coach, client = an_engagement(db, now)
    made = service.make(db, client.actor, None, wording(), False, now).goal
    service.measure(db, client.actor, made.id, MEASURE, now)
    before = service.rate(db, client.actor, made.id, -1, now)
    brought = service.bring(db, client.actor, made.id, client.engagement_id, True, now)
    assert (brought.goal.wording, brought.goal.measure) == (before.goal.wording, MEASURE)
    assert brought.ratings == before.ratings
    row = db.get_one(GoalRow, made.id)
    sealer = engagements.sealer_of(db, client.engagement_id, now)
    opened = [sealer.open_optional(each, row.id, getattr(row, each.key)) for each in store.OPTIONAL]
    assert set(LEVELS.values()) < set(opened)
    db.vault.destroy(db, person_owner(client.actor.id), now)
    assert reading.entry(db, client.actor, made.id, now).ratings == before.ratings


def test_when_the_engagement_is_erased_its_goals_are_and_others_stay(db: Transaction, now: datetime) -> None:
    _coach, client = an_engagement(db, now)
    calm = strengths.save(db, client.actor, ["Calm"], {}, now).strengths[0]
    drawing = wording(strengths=frozenset({calm.id}))
    made = service.make(db, client.actor, client.engagement_id, drawing, True, now).goal
    service.rate(db, client.actor, made.id, 4, now)
    service.edit(db, client.actor, made.id, wording(target_on=date(2027, 4, 1)), True, now)
    strengths.save(db, client.actor, [], {client.engagement_id: [calm.id]}, now)
    alone = service.make(db, client.actor, None, drawing, False, now).goal
    db.vault.destroy(db, engagement_owner(client.engagement_id), now)
    engagements.erase(db, client.engagement_id)
    assert [each.goal.id for each in reading.own_open(db, client.actor, now)] == [alone.id]
    for table in ("goal_ratings", "goal_moves", "strength_shares"):
        assert db.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() == 0
    assert strengths.own(db, client.actor, now) == [Strength(calm.id, client.actor.id, "Calm", frozenset())]


def test_one_rating_a_week_is_kept_the_last_one_said(db: Transaction, now: datetime) -> None:
    alone = a_person(db, now)
    made = service.make(db, alone, None, wording(), False, now).goal
    later = datetime(2026, 12, 2, 9, tzinfo=UTC)
    for value, at in ((3, now), (4, now), (6, later)):
        rated = service.rate(db, alone, made.id, value, at)
    assert [(each.week, each.value) for each in rated.ratings] == [("2026-W48", 4), ("2026-W49", 6)]
    service.rate_week(db, alone, made.id, "2026-W49", None, later)
    left = reading.entry(db, alone, made.id, later)
    assert left.latest is not None
    assert left.latest.value == 4


@pytest.mark.parametrize("value", [0, 11, -3])
def test_a_value_that_is_not_on_the_scale_is_none(db: Transaction, now: datetime, value: int) -> None:
    alone = a_person(db, now)
    made = service.make(db, alone, None, wording(), False, now).goal
    service.rate_week(db, alone, made.id, "2026-W48", value, now)
    assert reading.entry(db, alone, made.id, now).ratings == []


def test_every_target_date_is_kept(db: Transaction, now: datetime) -> None:
    alone = a_person(db, now)
    made = service.make(db, alone, None, wording(), False, now).goal
    for month in (4, 4, 5):
        moved = service.edit(db, alone, made.id, wording(target_on=date(2027, month, 1)), False, now)
    assert moved.earlier_targets == [date(2027, 3, 1), date(2027, 4, 1)]
