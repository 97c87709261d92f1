"""Four weeks of one coaching engagement, played on the local Slack and printed as a transcript."""

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.audit import problems_with
from bot.demo import Demo, running
from bot.transcript import Player, StoryBroke, Transcript, Travel

STARTS_AT = datetime(2026, 11, 25, 14, 30, tzinfo=UTC)  # a Wednesday
DANA, BEN = "U0DANA", "U0BEN"

FIRST_SESSION = datetime(2026, 12, 1, 15, 0, tzinfo=UTC)
WORDS = (
    "Lead without doing everything myself",
    "Call the CFO about the budget",
    "When the Monday stand-up ends, then I dial before opening mail",
    "The board wants a second opinion",
    "She asked better questions than I expected",
    "Leave with one thing I stop doing",
    "Tried to delegate the report and took it back",
    "Stop rewriting the weekly report",
    "Protect Thursday mornings",
    "Send Ben the article on delegation",
    "My calendar is still not mine",
    "Say no to the steering group",
    "Fewer things, done by others",
)


@dataclass(frozen=True, slots=True)
class Cast:
    transcript: Transcript
    dana: Player
    ben: Player
    travel: Travel
    demo: Demo


async def play(
    say: Callable[[str], object],
    *,
    database_url: str | None = None,
    http: bool = False,
    audit: Callable[[Demo], Sequence[str]] | None = None,
) -> int:
    """Returns the exit code: 0 when everything happened as it should, 1 with a sentence about what did not."""
    with tempfile.TemporaryDirectory(prefix="growbot-tour-") as folder:
        async with running(Path(folder), STARTS_AT, database_url=database_url, http=http) as demo:
            cast = _cast(say, demo)
            try:
                for week in (_first_week, _second_week, _third_week, _fourth_week):
                    await week(cast)
            except StoryBroke as broke:
                say(f"\nThe tour broke off. {broke}")
                return 1
            problems = [*problems_with(demo, WORDS), *(audit(demo) if audit else ())]
            return _summary(cast, problems)


def _cast(say: Callable[[str], object], demo: Demo) -> Cast:
    transcript = Transcript(say, demo.sandbox)
    dana = Player(transcript, DANA, "Dana", "Europe/London")
    ben = Player(transcript, BEN, "Ben", "America/New_York")
    say(
        "Dana is a coach in London, Ben her client in New York. Everything below really happens, on a local Slack."
    )
    return Cast(transcript, dana, ben, Travel(transcript, (dana, ben)), demo)


def _summary(cast: Cast, problems: Sequence[str]) -> int:
    say = cast.transcript.say
    for problem in problems:
        say(f"WRONG: {problem}")
    if problems:
        return 1
    messages = len(cast.dana.seat.messages) + len(cast.ben.seat.messages)
    say(
        f"\nFour weeks, {cast.transcript.steps} steps, {messages} messages. None of them held a word that Dana or Ben wrote, "
        "and Slack refused nothing."
    )
    return 0


def at(day: int, hour: int, minute: int = 0, month: int = 12) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


# --- week 1: the agreement, a first step, a first check-in --------------------------------------------


async def _first_week(cast: Cast) -> None:
    dana, ben, travel = cast.dana, cast.ben, cast.travel
    cast.transcript.heading("Week 1: they agree, and Ben takes a first step")
    travel.tell()
    await _agree(cast)
    await dana.opens("/grow session next tue 3pm", "sessions.plan")
    await dana.sends({"on": "2026-12-01", "at": "15:00", "repeats": "weekly"}, label="Plan it")
    await dana.closes()
    await ben.gets("has planned sessions with you")
    await _commit(cast)
    await travel.to(at(27, 15, month=11), "the day before it is due has passed")
    await ben.gets("due")
    await travel.to(at(27, 20, month=11), "Friday afternoon in New York")
    await _first_checkin(cast)


async def _agree(cast: Cast) -> None:
    dana, ben = cast.dana, cast.ben
    await dana.opens("/grow start @ben", "engagements.propose")
    await dana.sends(
        {"purpose": WORDS[0], "shares": ["prep", "commitments", "checkins"]}, label="Sign and invite"
    )
    await dana.closes()
    await ben.gets("would like to work with you")
    await ben.presses("engagements.read", "Read and sign")
    await ben.sees("engagements.sign", WORDS[0], "Who can read what")
    await ben.sends({}, label="Sign")
    await ben.closes()
    await dana.gets("has signed")


async def _commit(cast: Cast) -> None:
    ben = cast.ben
    form = await ben.opens(f"/grow commit {WORDS[1]} by friday", "commitments.make")
    ben.expects(form, WORDS[1])
    await ben.is_refused({"by": "yesterday"}, "by")
    await ben.sends({"by": "friday", "cue": WORDS[2], "obstacle": WORDS[3], "confidence": "8"})
    await ben.closes()
    await ben.sees_home(WORDS[1])


async def _first_checkin(cast: Cast) -> None:
    dana, ben = cast.dana, cast.ben
    raise StoryBroke("not written yet")


async def _second_week(cast: Cast) -> None: ...


async def _third_week(cast: Cast) -> None: ...


async def _fourth_week(cast: Cast) -> None: ...
