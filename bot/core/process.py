"""The event loop of a process that serves."""

import asyncio
from collections.abc import Coroutine
from typing import Any


def serve(work: Coroutine[Any, Any, None]) -> None:
    """As asyncio.run, on uvloop's loop where there is one: it does the same for less."""
    with asyncio.Runner(loop_factory=_new_loop) as runner:
        runner.run(work)


def _new_loop() -> asyncio.AbstractEventLoop:
    try:
        from uvloop import new_event_loop
    except ImportError:  # as on Windows
        return asyncio.new_event_loop()
    return new_event_loop()
