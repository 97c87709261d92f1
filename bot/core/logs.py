"""Structured logs without words, tokens or key material.

Libraries log through the standard library: Bolt can log whole request bodies, slack_sdk message texts. They are held to
warnings, and of those only the logger's name and the place are kept, never the message.
"""

import logging
import sys
from contextlib import suppress

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
        structlog.get_logger(record.name).log(record.levelno, "library.logged", at=place, error=error)


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
