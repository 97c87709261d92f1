"""What happens in most weeks, told in a line each."""

from bot.core.slack.commands import N_
from bot.tour.cast import MON, Cast, Words, at
from bot.transcript import Player


async def read_the_digest(cast: Cast, week: int) -> None:
    with cast.transcript.in_a_line(
        "Dana", N_("gets"), N_("her overview of the week, as every Monday morning")
    ):
        await cast.travel.to(at(week, MON, 9))
        await cast.dana.gets("digests.open")


async def check_in(cast: Cast, team: str, dinner: str, days: slice | None = None) -> None:
    """`team`, `dinner`: where the goals stand. `days`: those of the week on which the daily step was kept."""
    ben = cast.ben
    with cast.transcript.in_a_line(
        "Ben", N_("checks in"), N_("when growbot asks: his daily step, and where his goals stand")
    ):
        await ben.gets("checkins.open")
        await ben.presses("checkins.open")
        await ben.sees("checkins.save", Words.GOAL, Words.OWN_GOAL)
        kept = {} if days is None else {"days-*": ben.offered("days-*")[days]}
        await ben.sends({**kept, Words.GOAL: team, Words.OWN_GOAL: dinner})
        await ben.closes()


async def skip_the_prep(cast: Cast) -> None:
    """Both are asked, and need nothing this time."""
    for each in (cast.ben, cast.dana):
        with cast.transcript.in_a_line(each.name, N_("skips"), N_("the preparation, which growbot offers")):
            await each.gets("prep.open")
            await each.presses("prep.skip")


async def hold_the_session(cast: Cast, *players: Player) -> None:
    """These say that it took place, and no more."""
    for each in players:
        with cast.transcript.in_a_line(
            each.name, N_("notes"), N_("that it took place, as growbot asks, and nothing else")
        ):
            await each.gets("wrapups.open")
            await each.presses("wrapups.open")
            await each.sees("wrapups.wrap_up")
            await each.sends({})
            await each.closes()
