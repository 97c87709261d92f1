import gc
import sys
from collections.abc import Callable
from io import TextIOWrapper

INTERRUPTED = 130
"""128 and the number of SIGINT, as shells have it."""


def main() -> None:
    _print_anything()
    try:
        cli = _loaded()
    except KeyboardInterrupt:  # before anything was begun: nothing to explain
        sys.exit(INTERRUPTED)
    cli()


def _loaded() -> Callable[[], None]:
    """What is imported stays. Looking for garbage in it would make up a tenth of the start, and a part of each request."""
    gc.disable()
    sys.modules["rich"] = None  # type: ignore[assignment]  # structlog loads it for tracebacks, of which none is logged
    import structlog  # noqa: F401

    del sys.modules["rich"]
    from bot.cli import main as cli

    gc.freeze()
    gc.enable()
    return cli


def _print_anything() -> None:
    """A terminal that has no “→” gets a question mark, and not the end of the command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")


if __name__ == "__main__":
    main()
