from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.demo import Demo, running
from tests.conftest import NOW
from tests.features.sessions.door import door, pair

__all__ = ["demo", "door", "pair"]


@pytest.fixture
async def demo(tmp_path: Path) -> AsyncIterator[Demo]:
    """The whole of growbot on the local Slack, at 14:30 in London on a Wednesday."""
    async with running(tmp_path, NOW) as demo:
        yield demo
