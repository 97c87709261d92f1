"""growbot on the local Slack, over real HTTP and WebSocket, at virtual time."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.demo import Demo, running
from tests.conftest import NOW


@pytest.fixture
async def demo(database_url: str, tmp_path: Path) -> AsyncIterator[Demo]:
    """Connected by Socket Mode, on a database of its own, of each kind."""
    async with running(tmp_path, NOW, database_url=database_url) as demo:
        yield demo


@pytest.fixture
async def sqlite_demo(tmp_path: Path) -> AsyncIterator[Demo]:
    """Connected by Socket Mode, on a SQLite file: for what does not depend on the database."""
    async with running(tmp_path, NOW) as demo:
        yield demo
