"""`growbot retention`: what is going to be destroyed, for whoever runs the server; ids and dates, no names and no words."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Annotated

import typer

from bot.core.clock import SystemClock
from bot.core.database import Transaction
from bot.features.engagements import retention

Open = Callable[[], AbstractContextManager[Transaction]]


def register(cli: typer.Typer, open_: Open) -> None:
    """`open_`: one transaction on the settings' database."""

    @cli.command("retention")
    def retention_(
        days: Annotated[int, typer.Option(min=0, help="How far to look ahead.")] = 30,
        dry_run: Annotated[
            bool, typer.Option("--dry-run", help="Said for clearness: this command never changes anything.")
        ] = True,
    ) -> None:
        """Which engagements are announced to both, or destroyed, and when. growbot does it by itself; this only looks."""
        now = SystemClock().now()
        with open_() as db:
            coming = retention.coming(db, now, now + timedelta(days=days))
        for each in coming:
            what = "destroyed" if each.is_end else "announced to both, destroyed a week later"
            typer.echo(f"{each.at:%Y-%m-%d %H:%M} UTC  {each.engagement_id}  {what}")
        if not coming:
            typer.echo(f"Nothing is announced or destroyed within {days} days.")
