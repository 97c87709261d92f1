from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.core.slack.probe import Bot, running


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncIterator[Bot]:
    """Connected by Socket Mode."""
    async with running(tmp_path) as bot:
        yield bot


@pytest.fixture
async def http_bot(tmp_path: Path) -> AsyncIterator[Bot]:
    """Listening for signed requests."""
    async with running(tmp_path, http=True) as bot:
        yield bot
