"""The agreement says where each of the client's forms starts: shared or not, one kind by one; the client decides in each."""

from dataclasses import replace
from datetime import date, datetime, time

import pytest

from bot.features.engagements.domain import Shared
from bot.features.sessions import planning
from bot.features.sessions.domain import Recurrence, Slot
from tests.builders import TERMS, an_engagement
from tests.features.sessions.door import Door, Pair, fields


async def ticked(door: Door, pair: Pair) -> set[Shared]:
    """Which of the client's forms start as shared."""
    with door.database.transaction() as db:
        slot = Slot(date(2026, 12, 1), time(16), 60)
        planning.plan(db, pair.coach, pair.engagement_id, slot, Recurrence.ONCE, door.clock.now())
    words = {
        Shared.PREP: "prep",
        Shared.COMMITMENTS: "commit",
        Shared.CHECKINS: "checkin",
        Shared.GOALS: "goal",
    }
    found = set()
    for kind, word in words.items():
        form = fields((await door.command(pair.client, word)).view)
        (box,) = (each for name, each in form.items() if name.partition(":")[0] in ("share", "shared"))
        found |= {kind} if box.get("initial_options") else set()
    return found


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
@pytest.mark.parametrize("shares", [*Shared, None])
async def test_each_form_starts_as_the_agreement_says(
    door: Door, now: datetime, shares: Shared | None
) -> None:
    agreed = frozenset({shares} if shares else ())
    with door.database.transaction() as db:
        coach, client = an_engagement(db, now, terms=replace(TERMS, shares=agreed))
    assert await ticked(door, Pair(coach.engagement_id, coach.actor, client.actor)) == agreed
