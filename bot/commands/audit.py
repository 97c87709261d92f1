"""`growbot audit`: whether the record of who has opened what is whole."""

from collections.abc import Iterator
from contextlib import contextmanager

import typer

from bot.commands.terminal import keys_or_give_up, opened, settings_or_give_up
from bot.core.clock import SystemClock
from bot.core.database import Transaction
from bot.features.engagements import auditing

audit = typer.Typer(help="The record of who has opened what.", no_args_is_help=True)


@audit.command("verify")
def verify() -> None:
    """Check that the record of who opened what is whole. That nothing was changed, put in or taken out."""
    with _with_keys() as transaction:
        checked = auditing.check(transaction, SystemClock().now())
    for each in checked:
        typer.echo(each.line)
    broken = sum(each.flaw is not None for each in checked)
    typer.echo(f"{len(checked) - broken} chains are ok, {broken} broken.")
    if broken:
        raise typer.Exit(1)


@audit.command("accept")
def accept() -> None:
    """Begin broken chains anew. Once after upgrading from a version without them, or after you have looked into it."""
    with _with_keys() as transaction:
        accepted = auditing.accept(transaction, SystemClock().now())
    for each in accepted:
        typer.echo(f"accepted: {each.line}")
    if not accepted:
        typer.echo("Nothing is broken.")


@contextmanager
def _with_keys() -> Iterator[Transaction]:
    """One transaction on the settings' database; a chain's key comes from the key of the words it is about."""
    settings = settings_or_give_up()
    with opened(settings, keys_or_give_up(settings)) as database, database.transaction() as transaction:
        yield transaction
