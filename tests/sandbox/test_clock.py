"""The sandbox's clock moves forward only, and wakes those who wait for it."""

import asyncio
from datetime import UTC, datetime, timedelta

from bot.sandbox import SandboxClock

START = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_it_stands_until_it_is_moved() -> None:
    clock = SandboxClock(START)
    assert clock.now() == clock.now() == START
    clock.advance(HOUR)
    assert clock.now() == START + HOUR


def test_it_never_goes_back() -> None:
    clock = SandboxClock(START)
    clock.set(START - HOUR)
    assert clock.now() == START


def test_a_running_one_ticks_on_from_where_it_was_set() -> None:
    clock = SandboxClock(START, running=True)
    clock.set(START + HOUR)
    first, second = clock.now(), clock.now()
    assert START + HOUR <= first <= second < START + HOUR + timedelta(minutes=1)


async def test_whoever_waits_wakes_when_the_clock_was_moved_there() -> None:
    clock = SandboxClock(START)
    waiting = asyncio.create_task(clock.wait_until(START + HOUR))
    await asyncio.sleep(0)
    clock.advance(HOUR / 2)
    await asyncio.sleep(0)
    assert not waiting.done()
    clock.advance(HOUR / 2)
    await asyncio.wait_for(waiting, 3)


async def test_a_running_clock_gets_there_by_itself() -> None:
    clock = SandboxClock(START, running=True)
    at = clock.now() + timedelta(milliseconds=30)
    await asyncio.wait_for(clock.wait_until(at), 3)
    assert clock.now() >= at
