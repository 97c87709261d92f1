"""The event loop of a process that serves, and its end."""

import asyncio
import os
import sys
import threading
from collections.abc import Coroutine
from typing import Any

import structlog

log = structlog.get_logger(__name__)


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


def after(seconds: float, event: str) -> threading.Timer:
    """Once started, ends the process so many seconds later, unless it is cancelled, and logs the event. The exit code is 1.

    A thread that waits for what does not answer can't be stopped, and Python ends no process before its threads.
    """

    def end() -> None:
        log.error(event)
        sys.stderr.flush()
        os._exit(1)

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    return timer
