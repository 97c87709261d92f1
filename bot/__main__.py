import gc

from bot.core.process import leave_imports_alone


def main() -> None:
    """Looking for garbage in what is being imported would make up a tenth of the start."""
    gc.disable()
    from bot.cli import main as cli

    leave_imports_alone()
    gc.enable()
    cli()


if __name__ == "__main__":
    main()
