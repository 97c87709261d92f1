"""Told to stop, growbot answers what came in, and shows what was to follow."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.core.slack.probe import Bot, running


@pytest.fixture(params=["socket", "http"])
async def office(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Bot]:
    async with running(tmp_path, http=request.param == "http") as bot:
        yield bot


async def is_slow(office: Bot) -> None:
    """Returns once the call that was made slow is under way."""
    for _is_under_way in iter(lambda: not office.sandbox.faults.left, True):
        await asyncio.sleep(0.01)


async def test_a_request_under_way_is_answered(office: Bot) -> None:
    office.sandbox.faults.add("users.info", "slow", seconds=0.5)
    asked = asyncio.create_task(office.command("/grow probe"))
    await is_slow(office)
    await office.growbot.stop()
    assert await asyncio.wait_for(asked, 30) == "Done for en-US"


async def test_a_form_that_was_to_open_is_opened(office: Bot) -> None:
    office.sandbox.faults.add("views.open", "slow", seconds=0.5)
    await office.ben.command("/grow form")
    await is_slow(office)
    await office.growbot.stop()
    assert office.ben.modal is not None
