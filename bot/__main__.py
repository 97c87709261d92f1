import gc
import sys


def main() -> None:
    """What is imported stays. Looking for garbage in it would make up a tenth of the start, and a part of each request."""
    gc.disable()
    sys.modules["rich"] = None  # type: ignore[assignment]  # structlog loads it for tracebacks, of which none is logged
    import structlog  # noqa: F401

    del sys.modules["rich"]
    from bot.cli import main as cli

    gc.freeze()
    gc.enable()
    cli()


if __name__ == "__main__":
    main()
