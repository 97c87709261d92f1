"""Plays all four weeks, and says how it went."""

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from bot.audit import problems_with
from bot.demo import Demo, running
from bot.tour import first_half, second_half
from bot.tour.cast import Cast, Words, at
from bot.transcript import Player, StoryBroke, Transcript, Travel

STARTS_AT = at(25, 14, 30, month=11)  # a Wednesday
DANA, BEN = "U0DANA", "U0BEN"


async def play(
    say: Callable[[str], object],
    *,
    database_url: str | None = None,
    http: bool = False,
    audit: Callable[[Demo], Sequence[str]] | None = None,
) -> int:
    """Returns the exit code: 0 when everything happened as it should, 1 with a sentence about what did not."""
    try:
        with tempfile.TemporaryDirectory(prefix="growbot-tour-") as folder:
            async with running(Path(folder), STARTS_AT, database_url=database_url, http=http) as demo:
                cast = _cast(say, demo)
                for week in (*first_half.WEEKS, *second_half.WEEKS):
                    await week(cast)
                return _summary(cast, [*problems_with(demo, list(Words)), *(audit(demo) if audit else ())])
    except StoryBroke as broke:
        say(f"\nThe tour broke off. {broke}")
    except Exception as error:
        say(f"\nThe tour broke off: {type(error).__name__}. `growbot demo` may show why.")
    return 1


def _cast(say: Callable[[str], object], demo: Demo) -> Cast:
    transcript = Transcript(say, demo.sandbox)
    dana = Player(transcript, DANA, "Dana", "Europe/London")
    ben = Player(transcript, BEN, "Ben", "America/New_York")
    transcript.remark(
        "Dana is a coach in London, Ben her client in New York. Everything below really happens, on a local Slack. "
        "What stands behind a bar is what they see; small print only the first time."
    )
    return Cast(transcript, dana, ben, Travel(transcript, (dana, ben)), demo)


def _summary(cast: Cast, problems: Sequence[str]) -> int:
    say = cast.transcript.say
    for problem in problems:
        say(f"WRONG: {problem}")
    if problems:
        return 1
    messages = len(cast.dana.seat.messages) + len(cast.ben.seat.messages)
    say("")
    cast.transcript.remark(
        f"Four weeks, {cast.transcript.steps} steps, {messages} messages. None of them held a word that Dana or Ben wrote, "
        "and Slack refused nothing."
    )
    return 0
