"""Some weeks of one client: goals that move, commitments that are answered, some shared and some not."""

from datetime import date, datetime, timedelta

from bot.core.database import Transaction
from bot.core.directory import Person
from bot.features.commitments import service as commitments
from bot.features.commitments.domain import Draft, Outcome
from bot.features.goals import service as goals
from bot.features.goals.domain import FocusArea, Measure, Wording
from tests.features.sessions.door import Door, Pair

BEGAN = datetime.fromisoformat("2026-11-04T15:00:00+00:00")
DECIDES, LISTENS, HIDDEN = "My team decides", "I listen before I answer", "Leave on time whatever comes"


def live(door: Door, pair: Pair) -> None:
    with door.database.transaction() as db:
        live_in(db, pair)


def live_in(db: Transaction, pair: Pair) -> None:
    """From 4 to 25 November; then it is now again."""
    aim(db, pair, DECIDES, FocusArea.TEAM, [4, 6, 7], target=8)
    aim(db, pair, LISTENS, FocusArea.COMMUNICATION, [2])
    aim(db, pair, HIDDEN, None, [5], is_shared=False)
    for week, outcome, is_shared in (
        (0, Outcome.KEPT, True),
        (1, Outcome.KEPT, True),
        (1, Outcome.PARTLY, True),
        (2, Outcome.NOT_KEPT, False),
    ):
        answered(db, pair.client, pair.engagement_id, outcome, week, is_shared)


def aim(
    db: Transaction,
    pair: Pair,
    title: str,
    area: FocusArea | None,
    values: list[int],
    *,
    target: int | None = None,
    is_shared: bool = True,
) -> None:
    """Rated week by week."""
    wording = Wording(title, area=area, target_on=date(2027, 1, 1) + timedelta(days=len(title)))
    made = goals.make(db, pair.client, pair.engagement_id, wording, is_shared, BEGAN).goal
    goals.measure(db, pair.client, made.id, Measure(baseline=3, target=target), BEGAN)
    for week, value in enumerate(values):
        goals.rate(db, pair.client, made.id, value, BEGAN + timedelta(weeks=week))


def answered(
    db: Transaction, person: Person, engagement_id: str, outcome: Outcome, week: int, is_shared: bool
) -> None:
    at = BEGAN + timedelta(weeks=week)
    draft = Draft("Ask first", at.date() + timedelta(days=3), None, None, None, None, is_shared)
    made = commitments.make(db, person, engagement_id, draft, at)
    commitments.answer(db, person, made.id, outcome, None, at + timedelta(days=1))
