"""The address of a picture: who has it can look for ten minutes, and nobody can make one up."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp.test_utils import TestClient

from bot.features.progress import ticket
from tests.features.progress.life import live
from tests.features.progress.test_handlers import pictures
from tests.features.sessions.door import ADDRESS, Door, Pair

PNG = b"\x89PNG\r\n\x1a\n"
LIGHT = 60_000
"""Bytes: a phone on a slow line has it in a second."""


@pytest.fixture
async def slack(door: Door) -> AsyncIterator[TestClient[Any, Any]]:
    """What fetches pictures for people."""
    async with door.pages() as client:
        yield client


async def paths(door: Door, pair: Pair) -> list[str]:
    live(door, pair)
    found = pictures((await door.command(pair.client, "progress")).pictured)
    return [each["image_url"].removeprefix(ADDRESS) for each in found]


async def test_each_picture_is_a_light_png_that_is_not_to_be_kept(
    door: Door, pair: Pair, slack: TestClient[Any, Any]
) -> None:
    for path in await paths(door, pair):
        answer = await slack.get(path)
        body = await answer.read()
        assert (answer.status, answer.content_type, body[:8]) == (200, "image/png", PNG)
        assert len(body) < LIGHT
        assert answer.headers["Cache-Control"] == "no-store"


async def test_its_time_is_over_after_ten_minutes(
    door: Door, pair: Pair, slack: TestClient[Any, Any]
) -> None:
    path, *_others = await paths(door, pair)
    door.clock.move(minutes=9)
    assert (await slack.get(path)).status == 200
    door.clock.move(minutes=1)
    assert (await slack.get(path)).status == 404


async def test_an_address_that_was_changed_or_made_up_shows_nothing(
    door: Door, pair: Pair, slack: TestClient[Any, Any]
) -> None:
    path, *_others = await paths(door, pair)
    changed = path[:40] + ("A" if path[40] != "A" else "B") + path[41:]
    for each in (changed, "/picture/x.png", f"/picture/{'A' * 4000}.png", "/picture/%C3%A4.png"):
        assert (await slack.get(each)).status == 404


async def test_where_no_picture_was_ever_shown_there_is_none_to_be_made_up(
    slack: TestClient[Any, Any],
) -> None:
    assert (await slack.get(f"/picture/{'A' * 100}.png")).status == 404


async def test_of_a_picture_too_large_for_an_address_there_is_none(door: Door) -> None:
    import random

    noise = "".join(random.Random(1).choices("0123456789", k=9000))
    with door.database.transaction() as db:
        assert ticket.ticket(db, noise, door.clock.now()) is None
