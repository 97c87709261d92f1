"""How a process that serves is set up: its search for garbage, and its event loop."""

import asyncio
import gc
from collections.abc import Coroutine
from typing import Any


def leave_imports_alone() -> None:
    """What is imported stays: looking for garbage in it would make up a part of each request."""
    gc.freeze()


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
