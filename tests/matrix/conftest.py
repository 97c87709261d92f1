from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from bot.core.master_keys import MasterKeys
from tests.fakes import MovableClock
from tests.matrix.front import Front, running
from tests.matrix.world import MONDAY, World, built


@dataclass
class House:
    front: Front
    world: World


@pytest.fixture
async def house(database_url: str) -> AsyncIterator[House]:
    """The whole of growbot, and one of everything in its database."""
    async with running(database_url, MovableClock(MONDAY), MasterKeys.generate("test")) as front:
        yield House(front, built(front.growbot.database))
