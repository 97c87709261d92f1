"""Structured logs without words, tokens or key material.

Libraries log through the standard library: Bolt logs whole request bodies, slack_sdk message texts, asyncio whatever an error
that nobody asked for says. They are held to warnings, and of those only the logger's name and the place are kept, never the message:
so nothing depends on what a library's next version logs. An error's own text never comes here either, nor what a traceback knows.
A database says in it which values were refused.
"""

import logging
import re
import sys
import threading
from collections.abc import MutableMapping
from contextlib import suppress
from types import TracebackType
from typing import Any

import structlog

LIBRARIES = ("slack_bolt", "slack_sdk", "aiohttp", "apscheduler", "sqlalchemy", "alembic", "asyncio")


TELLS_NOTHING = {"As you gave `client` as well, `token` will be unused."}
"""Bolt, at every start: it looks for SLACK_BOT_TOKEN in the environment by itself, and has no use for it."""


class _WithoutMessage(logging.Handler):
    """Tells that a library warned, and where; not what it said, since that may quote what a person wrote."""

    def emit(self, record: logging.LogRecord) -> None:
        if record.msg in TELLS_NOTHING:
            return
        error = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else None
        place = f"{record.filename}:{record.lineno}"
        structlog.get_logger().log(
            record.levelno, "library.logged", logger=record.name, at=place, error=error
        )


TOKEN = re.compile(r"\bx(?:ox[a-z]?(?:\.xox[a-z])?|app)-[\w-]+")


def _without_secrets(
    _logger: object, _method: str, line: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """What was added by mistake is taken out again: what an exception knows, and whatever looks like a token of Slack's."""
    for name in ("exc_info", "exception", "stack_info", "stack"):
        line.pop(name, None)
    return {name: TOKEN.sub("x…", value) if isinstance(value, str) else value for name, value in line.items()}


def _uncaught(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
    """Where it happened and what kind of error it is; Python would print what it says."""
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    at = f"{trace.tb_frame.f_code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}" if trace else None
    if not issubclass(kind, KeyboardInterrupt):
        structlog.get_logger("python").critical("process.failed", error=kind.__name__, at=at)


def hold_python() -> None:
    """What Python prints by itself: an error that ends the process or a thread, one in a destructor, a warning."""
    sys.excepthook = _uncaught
    threading.excepthook = lambda failed: _uncaught(failed.exc_type, failed.exc_value, failed.exc_traceback)
    sys.unraisablehook = lambda failed: _uncaught(failed.exc_type, failed.exc_value, failed.exc_traceback)
    logging.captureWarnings(True)
    logging.raiseExceptions = False


class _Stderr:
    """Writes to whatever standard error is at that moment. A log that cannot be written stops nobody's work."""

    def msg(self, message: str) -> None:
        with suppress(OSError, ValueError):  # full disk, closed stream
            print(message, file=sys.stderr, flush=True)

    debug = info = warning = error = critical = msg


def configure(level: str = "INFO", *, json_lines: bool | None = None) -> None:
    """`json_lines` None: JSON where nobody is looking (no terminal), readable lines where somebody is."""
    as_json = not sys.stderr.isatty() if json_lines is None else json_lines
    renderer = structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer()
    structlog.configure(
        processors=[
            _without_secrets,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=lambda *_names: _Stderr(),
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    root.handlers = [_WithoutMessage()]
    root.setLevel(logging.WARNING)
    for name in LIBRARIES:
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [], True
        logger.setLevel(logging.WARNING)
