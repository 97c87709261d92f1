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
    "A free hour before the call",
    "Two meetings that could have been a note",
    "The steering group met without me and nothing broke",
    "I have what I came for",
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
            except Exception as error:
                say(f"\nThe tour broke off: {type(error).__name__}. `growbot demo` may show why.")
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
    await dana.sends({"on": "2026-12-01", "at": "15:00", "repeats": "weekly"})
    await dana.closes()
    await ben.gets("has planned sessions with you")
    await _commit(cast)
    await travel.to(at(27, 16, month=11), "Friday morning in New York")
    await ben.gets("is due tomorrow")
    await ben.presses("commitments.kept")
    await ben.sees("commitments.answer", WORDS[1])
    await ben.sends({"learned": WORDS[4]})
    await ben.closes()
    await ben.opens(f"/grow commit {WORDS[8]} by next wed", "commitments.make")
    await ben.sends({"confidence": "9"})
    await ben.closes()
    await travel.to(at(27, 20, 5, month=11), "Friday afternoon in New York: Ben's check-in")
    await _first_checkin(cast)


async def _first_checkin(cast: Cast) -> None:
    dana, ben = cast.dana, cast.ben
    await ben.gets("Your weekly check-in")
    await ben.presses("checkins.open")
    await ben.sees("checkins.save", WORDS[8])
    await ben.sends({"helped": WORDS[13], "hindered": WORDS[14]})
    await ben.closes()
    dana.expects(await dana.opens("/grow checkin", "checkins.read"), WORDS[13], WORDS[14])
    await dana.closes()


async def _agree(cast: Cast) -> None:
    dana, ben = cast.dana, cast.ben
    await dana.opens("/grow start @ben", "engagements.propose")
    await dana.sends({"purpose": WORDS[0], "shares": ["prep", "commitments", "checkins"]})
    await dana.closes()
    await ben.gets("would like to work with you")
    await ben.presses("engagements.read")
    await ben.sees("engagements.sign", WORDS[0], "Who can read what")
    await ben.sends({})
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


# --- week 2: the first session, prepared and wrapped up ----------------------------------------------


async def _second_week(cast: Cast) -> None:
    dana, ben, travel = cast.dana, cast.ben, cast.travel
    cast.transcript.heading("Week 2: the first session")
    await travel.to(at(30, 15, month=11), "a day before the session")
    await ben.gets("A few minutes of preparation")
    await dana.gets("A few questions help you")
    await _prepare(cast)
    await travel.to(at(1, 16, 5), "the session is over")
    await _wrap_up(cast)
    await travel.to(at(2, 13), "the evening before")
    await ben.gets("is due tomorrow")
    await travel.to(at(2, 20, 5), "the day it is due")
    await ben.gets("is due today")
    await ben.presses("commitments.later", option="hour")
    await travel.on(hours=1)
    await ben.gets("is due today")
    await dana.gets("is due tomorrow")
    await ben.presses("commitments.answer")
    await ben.sees("commitments.answer", WORDS[8])
    await ben.sends({"outcome": "partly", "learned": WORDS[10]})
    await ben.closes()
    await travel.to(at(3, 15, 5), "Dana's own promise is due")
    await dana.gets("is due today")
    await dana.presses("commitments.kept")
    await dana.sees("commitments.answer", WORDS[9])
    await dana.sends({})
    await dana.closes()


async def _prepare(cast: Cast) -> None:
    dana, ben = cast.dana, cast.ben
    await ben.presses("prep.open")
    await ben.sees("prep.prepare", "Goal", "Reality", "Options", "Will", WORDS[8])
    await ben.sends({"goal.leave_with": WORDS[5], "reality.tried": WORDS[6], "share": ["share"]})
    await ben.closes()
    await dana.presses("prep.open")
    await dana.sees("prep.prepare", WORDS[5], WORDS[6])
    await dana.sends({"reality.curious": WORDS[12]})
    await dana.closes()


async def _wrap_up(cast: Cast) -> None:
    dana, ben = cast.dana, cast.ben
    await ben.gets("How did your session with")
    await ben.presses("wrapups.open")
    await ben.sees("wrapups.wrap_up", "Will")
    await ben.sends({"takeaway": WORDS[12], "what": WORDS[7], "by": "friday", "confidence": "6"})
    await ben.closes()
    await dana.gets("How did your session with")
    await dana.presses("wrapups.open")
    await dana.sees("wrapups.wrap_up")
    await dana.sends({"what": WORDS[9], "by": "thursday"})
    await dana.closes()


# --- week 3: life happens ----------------------------------------------------------------------------


async def _third_week(cast: Cast) -> None:
    dana, ben, travel = cast.dana, cast.ben, cast.travel
    cast.transcript.heading("Week 3: life happens")
    await _move_and_check_in_early(cast)
    await travel.to(at(7, 15, 5), "a day before the next session")
    await ben.gets("A few minutes of preparation")
    await dana.gets("A few questions help you")
    await ben.presses("prep.later", option="tomorrow")
    await dana.opens("/grow session", "sessions.list")
    await dana.presses_here("sessions.move")
    await dana.sees("sessions.move")
    await dana.sends({"on": "2026-12-09", "at": "16:00"})
    await dana.closes()
    await ben.gets("has moved your session")
    await travel.to(at(8, 13, 5), "the next morning in New York")
    await ben.gets("Your session with")
    await ben.presses("prep.skip")
    await travel.to(at(9, 17, 5), "when the session was to be over")
    await ben.gets("How did your session with")
    await dana.gets("How did your session with")
    await ben.presses("wrapups.not_held")
    await travel.to(at(10, 15), "a full week: Ben wants quiet")
    await ben.types("/grow pause until monday")
    await ben.hears("Paused until")
    await dana.sees_home("(paused)")
    await travel.to(at(12, 12), "what came due has waited")
    ben.gets_nothing()


async def _move_and_check_in_early(cast: Cast) -> None:
    ben, travel = cast.ben, cast.travel
    await travel.to(at(4, 13, 5), "Friday morning in New York")
    await ben.gets("is due tomorrow")
    await ben.opens("/grow commitments", "commitments.list")
    await ben.presses_here("commitments.move")
    await ben.sees("commitments.move", WORDS[7])
    await ben.sends({"by": "next friday"})
    await ben.closes()
    await ben.opens("/grow checkin", "checkins.save")
    await ben.sends({"hindered": WORDS[14], "share": []})
    await ben.closes()
    await travel.to(at(6, 12), "the check-in was early, so nothing asks for it")
    ben.gets_nothing()


# --- week 4: back, and an end ------------------------------------------------------------------------


async def _fourth_week(cast: Cast) -> None:
    dana, ben, travel = cast.dana, cast.ben, cast.travel
    cast.transcript.heading("Week 4: back again, and an end")
    await travel.to(at(14, 15, 5), "the pause is over")
    await ben.gets("Your weekly check-in")
    await ben.gets("A few minutes of preparation")
    await dana.gets("A few questions help you")
    await ben.presses("checkins.open")
    await ben.sees("checkins.save", WORDS[7])
    await ben.sends({"commitment-*": "kept", "helped": WORDS[11]})
    await ben.closes()
    await ben.presses("prep.skip")
    await travel.to(at(15, 16, 5), "after the third session")
    await _last_wrap_up(cast)
    await travel.to(at(17, 15), "time to stop")
    await _end(cast)
    await travel.to(datetime(2027, 1, 8, 12, 0, tzinfo=UTC), "three weeks later")
    ben.gets_nothing()
    dana.gets_nothing()


async def _last_wrap_up(cast: Cast) -> None:
    dana, ben = cast.dana, cast.ben
    await ben.gets("How did your session with")
    await ben.presses("wrapups.open")
    await ben.sees("wrapups.wrap_up")
    await ben.sends({"takeaway": WORDS[15], "takeaway_shared": ["share"]})
    await ben.closes()
    await dana.gets("How did your session with")
    await dana.presses("wrapups.open")
    await dana.sees("wrapups.wrap_up", WORDS[15])
    await dana.sends({})
    await dana.closes()


async def _end(cast: Cast) -> None:
    dana, ben = cast.dana, cast.ben
    await ben.opens("/grow end", "engagements.end")
    await ben.sends({"reason": WORDS[16]})
    await ben.closes()
    await dana.gets("has ended your coaching engagement")
    dana.expects(await dana.opens("/grow agreement", "engagements.read"), WORDS[16])
    await dana.closes()
