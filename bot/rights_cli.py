"""What whoever runs the server does for people's rights: looks at retention, and hands over a sealed export."""

import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import select

from bot import private_file
from bot.core.clock import SystemClock
from bot.core.database import Transaction
from bot.features.engagements import retention
from bot.features.people.store import PersonRow, person
from bot.features.rights.delivering import Delivering
from bot.registry import FEATURES

Open = Callable[[bool], AbstractContextManager[Transaction]]


def register(cli: typer.Typer, open_: Open) -> None:
    """`open_(with_key)`: one transaction on the settings' database, with the master keys or without."""

    @cli.command("retention")
    def retention_(
        days: Annotated[int, typer.Option(min=0, max=3650, help="How far to look ahead.")] = 30,
        dry_run: Annotated[
            bool, typer.Option("--dry-run", help="Said for clearness: this command never changes anything.")
        ] = True,
    ) -> None:
        """What is announced and destroyed, and when. growbot does it by itself; this only looks, at engagements by their ids."""
        now = SystemClock().now()
        with open_(False) as db:
            coming = retention.coming(db, now, now + timedelta(days=days))
        for each in coming:
            what = "destroyed" if each.is_end else "announced to both, destroyed a week later"
            typer.echo(f"{each.at:%Y-%m-%d %H:%M} UTC  {each.engagement_id}  {what}")
        if not coming:
            typer.echo(f"Nothing is announced or destroyed within {days} days.")

    @cli.command("export")
    def export_(
        user: Annotated[str, typer.Argument(help="The person's Slack id, such as U012ABCDEF.")],
        to: Annotated[Path, typer.Option(help="A new file, for you to hand over. You can't read it.")],
    ) -> None:
        """Write an export that was asked for in Slack. It is sealed: only the code that the person was shown opens it."""
        if to.exists():
            _refuse(f"{to} exists already, and nothing was written.")
        if not os.access(to.absolute().parent, os.W_OK):
            _refuse(f"{to.absolute().parent} is not there or can't be written to, and nothing was written.")
        with open_(True) as db:
            page = _sealed(db, user)
            private_file.create(to, page)
        typer.echo(f"Wrote {to}. Hand it to them: it opens in any browser, with their code and nothing else.")


def _sealed(db: Transaction, user: str) -> str:
    delivering = Delivering([make for feature in reversed(FEATURES) for make in feature.chapters])
    for row in db.scalars(select(PersonRow).where(PersonRow.user_id == user)):
        page = delivering.seal(db, person(row), SystemClock().now())
        if page is not None:
            return page
    _refuse(
        "They have not asked for an export, or were shown no code yet: /grow privacy, “Export …”, in Slack."
    )
    raise AssertionError


def _refuse(sentence: str) -> None:
    typer.echo(sentence, err=True)
    raise typer.Exit(1)
