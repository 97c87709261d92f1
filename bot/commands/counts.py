"""`growbot counts`: what a coaching programme may be told, of five people or more taken together."""

from datetime import datetime, timedelta
from typing import Annotated

import typer

from bot.commands.terminal import give_up, opened, settings_or_give_up
from bot.core.clock import SystemClock
from bot.features.progress.domain import Quarter
from bot.features.progress.service import by_workspace
from bot.features.progress.store import Group


def counts(
    quarter: Annotated[
        str | None,
        typer.Option(help="A quarter of the calendar, such as 2026-Q3; the last settled one, if left out."),
    ] = None,
) -> None:
    """What a programme may be told of one quarter. Engagements, sessions held and check-ins answered, by workspace, where there are five people or more."""
    now = SystemClock().now()
    chosen = _settled(quarter, now) if quarter is not None else Quarter.latest(now)
    with opened(settings_or_give_up()) as database, database.transaction() as db:
        found = by_workspace(db, chosen)
    last_on = chosen.ends_at - timedelta(days=1)
    typer.echo(f"{chosen}, {chosen.begins_at:%Y-%m-%d} to {last_on:%Y-%m-%d} (UTC), counted {now:%Y-%m-%d}.")
    for team_id, group in found:
        typer.echo(f"{team_id}  {_line(group)}")
    if not found:
        typer.echo("There was no engagement.")


def _settled(text: str, now: datetime) -> Quarter:
    found = Quarter.named(text)
    if found is None:
        give_up("There is no such quarter:", [f"{text}; they are called like {Quarter.latest(now)}"])
    if found.settled_at > now:
        give_up(
            "It can't be counted yet:",
            [
                f"{found} is settled on {found.settled_at:%Y-%m-%d}, when its last wrap-ups and check-ins are in"
            ],
        )
    return found


def _line(group: Group | None) -> str:
    if group is None:
        return "fewer than five people: not shown"
    counted = group.counts
    return (
        f"engagements active: {group.engagements}, sessions held: {counted.sessions}, "
        f"check-ins answered: {counted.answered} of {counted.asked}"
    )
