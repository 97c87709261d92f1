"""The form to prepare: one field for each question, and none that has to be filled in."""

from datetime import UTC, date, datetime, time

import pytest

from bot.features.commitments import service as commitments
from bot.features.commitments.domain import Draft
from bot.features.engagements.domain import Role
from bot.features.goals import service as goals
from bot.features.goals.domain import Wording
from bot.features.questions.built_in import stages_of
from bot.features.questions.domain import Choice, Source, questions_of
from bot.features.sessions import planning
from bot.features.sessions.domain import Recurrence, Slot
from tests.features.sessions.door import Door, Pair, shown

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)

START = datetime(2026, 12, 1, 16, tzinfo=UTC)


@pytest.fixture
def session_id(door: Door, pair: Pair) -> str:
    with door.database.transaction() as db:
        slot, now = Slot(START.date(), START.time(), 60), door.clock.now()
        return planning.plan(db, pair.coach, pair.engagement_id, slot, Recurrence.ONCE, now).id


@pytest.mark.parametrize("role", list(Role))
async def test_each_question_has_one_field_that_may_stay_empty(
    door: Door, pair: Pair, session_id: str, role: Role
) -> None:
    form = (await door.press(getattr(pair, role), "prep.open", session_id)).view
    assert form is not None
    inputs = [block for block in form.to_dict()["blocks"] if block["type"] == "input"]
    asked = [each.key for each in questions_of(stages_of(Choice(Source.GROW), role, is_first=True))]
    assert [each["block_id"] for each in inputs if each["block_id"] != "share"] == asked
    assert [each["block_id"] for each in inputs if not each.get("optional")] == []


async def test_what_was_committed_to_stands_there_with_what_it_is_for(
    door: Door, pair: Pair, session_id: str
) -> None:
    with door.database.transaction() as db:
        now = door.clock.now()
        aim = Wording("The team decides", target_on=date(2027, 3, 1))
        goal = goals.make(db, pair.client, pair.engagement_id, aim, True, now).goal
        draft = Draft("Ask Trillian first", date(2026, 12, 1), time(9), None, None, 8, True, goal.id)
        commitments.make(db, pair.client, pair.engagement_id, draft, now)
    form = shown((await door.press(pair.client, "prep.open", session_id)).view)
    assert "For your goal: The team decides" in form.partition("Ask Trillian first")[2]
