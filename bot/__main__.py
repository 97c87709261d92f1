import gc


def main() -> None:
    """What is imported stays. Looking for garbage in it would make up a tenth of the start, and a part of each request."""
    gc.disable()
    from bot.cli import main as cli

    gc.freeze()
    gc.enable()
    cli()


if __name__ == "__main__":
    main()
