"""Plays all twelve weeks, in English or German, and says how it went."""

import tempfile
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from bot.audit import problems_with
from bot.core.i18n import Language
from bot.core.slack.commands import N_
from bot.demo import Demo, running
from bot.tour import first_month, second_month, third_month
from bot.tour.cast import LONDON, NEW_YORK, WED, Cast, Words, at
from bot.transcript import Player, StoryBroke, Transcript, Travel

STARTS_AT = at(1, WED, 14, 30)
DANA, BEN = "U0DANA", "U0BEN"
Week = Callable[[Cast], Awaitable[None]]
WEEKS: Sequence[Week] = (*first_month.WEEKS, *second_month.WEEKS, *third_month.WEEKS)


async def play(
    say: Callable[[str], object],
    language: Language = Language.ENGLISH,
    *,
    database_url: str | None = None,
    http: bool = False,
    weeks: Sequence[Week] = WEEKS,
    audit: Callable[[Demo], Sequence[str]] | None = None,
) -> int:
    """Returns the exit code: 0 when everything happened as it should, 1 with a sentence about what did not."""
    try:
        with tempfile.TemporaryDirectory(prefix="growbot-tour-") as folder:
            async with running(
                Path(folder), STARTS_AT, database_url=database_url, http=http, serves=True
            ) as demo:
                cast = cast_of(demo, language, say)
                for week in weeks:
                    await week(cast)
                words = [cast.transcript.tr(each) for each in Words]
                return _summary(cast, [*problems_with(demo, words), *(audit(demo) if audit else ())])
    except StoryBroke as broke:
        say(f"\nThe tour broke off. {broke}")
    except Exception as error:
        say(f"\nThe tour broke off: {type(error).__name__}. `growbot demo` may show why.")
    return 1


def cast_of(demo: Demo, language: Language, say: Callable[[str], object]) -> Cast:
    """Before anything happens: Dana and Ben at their seats, introduced."""
    transcript = Transcript(say, demo.sandbox, "de-DE" if language is Language.GERMAN else "en-GB")
    if language is Language.GERMAN:
        for each in (DANA, BEN):
            demo.sandbox.workspace.people[each].locale = transcript.locale
    dana = Player(transcript, DANA, "Dana", LONDON)
    ben = Player(transcript, BEN, "Ben", NEW_YORK)
    introduction = N_(
        "Dana is a coach in London, Ben her client in New York. Everything below really happens, on a local Slack. "
        "What stands behind a bar is what they see: a window whole where it is new, later only what matters in it."
    )
    transcript.remark(transcript.tr(introduction))
    return Cast(transcript, dana, ben, Travel(transcript, (dana, ben)), demo)


def _summary(cast: Cast, problems: Sequence[str]) -> int:
    script = cast.transcript
    for problem in problems:
        script.say(f"WRONG: {problem}")
    if problems:
        return 1
    messages = sum(each.accepted for each in script.sandbox.ledger.calls("chat.postMessage"))
    script.say("")
    sentence = N_(
        "{weeks} weeks, {steps} steps, {messages} messages. None of them held a word that Dana or Ben wrote, and Slack refused "
        "nothing."
    )
    script.remark(script.tr(sentence).format(weeks=12, steps=script.steps, messages=messages))
    return 0
