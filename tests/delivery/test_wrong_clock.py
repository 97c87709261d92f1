"""What the machine's clock shows is not what Slack's does, until somebody sets it right."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from bot.core.outbox.domain import SETTLE, SETTLE_AGAIN
from tests.simulation.acts import Acts, Pair
from tests.simulation.run import a_database
from tests.simulation.world import World

MORNING = datetime(2026, 11, 25, 9, tzinfo=UTC)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    database = a_database(tmp_path / "growbot.db")
    yield World(database, MORNING, Random(1), paces=[timedelta(0)])
    database.close()


async def _look_twice(world: World) -> None:
    for wait in (SETTLE, SETTLE_AGAIN, timedelta(0)):
        world.clock.at += wait
        await world.tick()


@pytest.mark.parametrize("ahead", [-5, 5])
async def test_what_arrived_is_found_though_our_clock_is_wrong_by_minutes(world: World, ahead: int) -> None:
    acts = Acts(world)
    pair = Pair(*(world.learn(name, "T1", "Europe/London").id for name in ("DANA", "BEN")))
    acts.propose(pair)
    await world.tick()  # from here on, the DM is known
    world.slack.skew = timedelta(minutes=ahead)
    acts.answer_invitation(pair.client_id, str(pair.engagement_id), 1, "decline")
    acts.propose(pair)
    world.slack.next_outcomes = ["arrives_unsaid", "arrives_unsaid"]
    await world.tick()
    await _look_twice(world)
    assert list(world.audit().violations) == []
