"""Who plays, when, and everything that they write, in English; the catalogues have it in other languages."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.core.slack.commands import N_
from bot.demo import Demo
from bot.transcript import Player, Transcript, Travel


class Words(StrEnum):
    """None of these may ever stand in a message."""

    PURPOSE = N_("Lead without doing everything myself")
    CALL = N_("Call the CFO about the budget")
    CUE = N_("When the Friday stand-up ends, then I dial before opening mail")
    OBSTACLE = N_("The board wants a second opinion")
    ASKED_BETTER = N_("She asked better questions than I expected")
    LEAVE_WITH = N_("Leave with one thing I stop doing")
    TRIED = N_("Tried to delegate the report and took it back")
    REPORT = N_("Stop rewriting the weekly report")
    THURSDAYS = N_("Block Thursday mornings in my calendar")
    ARTICLE = N_("Send Ben the article on delegation")
    CALENDAR = N_("My calendar is still not mine")
    STEERING_GROUP = N_("Saying no to the steering group")
    FEWER_THINGS = N_("Fewer things, done by others")
    FREE_HOUR = N_("A free hour before the call")
    MEETINGS = N_("Two meetings that could have been a note")
    NOTHING_BROKE = N_("The steering group met without me and nothing broke")
    REASON = N_("I have what I came for")
    SMALLER = N_("Leave the weekly report to Ana, and read it once")
    SAID_YES = N_("I said yes too quickly, twice")
    CURIOUS = N_("What he fears would happen if he let go")
    # from week 5 on
    CALM = N_("I stay calm when it gets loud")
    PLAIN_WORDS = N_("I say hard things in plain words")
    IDEA = N_("Meetings go on well without you")
    GOAL = N_("My team decides, and I hear of it")
    WHY = N_("I want evenings, and they want a say")
    SERVES = N_("Decisions within a day instead of a week")
    MUCH_MORE = N_("They tell me of it a week later")
    MORE = N_("They decide, and tell me the same day")
    EXPECTED = N_("They bring one proposal, not three questions")
    LESS = N_("They ask me what I would do")
    MUCH_LESS = N_("Everything waits on my desk")
    OWN_GOAL = N_("Be home for dinner four evenings a week")
    ASK_FIRST = N_("Ask “What would you do?” before I answer")
    SET = N_("Letting go, for Ben")
    HEADING = N_("What you held on to")
    HELD = N_("What did you keep this week that somebody else could have had?")
    LETTING = N_("What would letting go of it cost you, honestly?")
    OWN_QUESTION = N_("What am I holding on to with this client?")
    KEPT_HIRING = N_("The last word on who is hired")
    STORY = N_("The Lisbon office wants me there, and I want to stay home")
    PRIVATE_NOTE = N_("He sounds lighter since the report is gone")
    SHARED_NOTE = N_("Ana decided about the vendor alone, and well")
    REVIEW = N_("Let Ana run the quarterly review")
    FEWER_QUESTIONS = N_("Fewer questions at my door")
    LISBON = N_("Tell Lisbon who decides what")
    SOLVED = N_("Lisbon had decided it already")
    LEARNED = N_("They were ready long before I was")
    OTHER_ROAD = N_("Evenings came by themselves once days were shorter")
    CHANGED = N_("I lead a team now, and no longer do its work")
    KEEP = N_("The question before the answer")
    SAW = N_("He stopped explaining and began asking")


class Typed(StrEnum):
    """Days, and one heading, as they are typed: growbot reads them, and says them otherwise."""

    YESTERDAY = N_("yesterday")
    BY_FRIDAY = N_("by friday")
    FRIDAY = N_("friday")
    THURSDAY = N_("thursday")
    WEDNESDAY = N_("wednesday")
    NEXT_FRIDAY = N_("next friday")
    BY_NEXT_WEDNESDAY = N_("by next wed")
    NEXT_TUESDAY_AT_3 = N_("next tue 3pm")
    UNTIL = N_("until 1 march")
    BY_NEXT_FRIDAY = N_("by next friday")
    IN_SIX_WEEKS = N_("in six weeks")
    HEADING = N_("What you held on to:")


@dataclass(frozen=True, slots=True)
class Cast:
    transcript: Transcript
    dana: Player
    ben: Player
    travel: Travel
    demo: Demo

    def week(self, title: str) -> None:
        self.transcript.heading(self.transcript.tr(title))


MON, TUE, WED, THU, FRI, SAT, SUN = range(7)
LONDON, NEW_YORK, LISBON = "Europe/London", "America/New_York", "Europe/Lisbon"
FIRST_MONDAY = date(2027, 2, 1)


def day(week: int, weekday: int) -> date:
    return FIRST_MONDAY + timedelta(weeks=week - 1, days=weekday)


def at(week: int, weekday: int, hour: int, minute: int = 0, *, zone: str = LONDON) -> datetime:
    """The clocks change on the Sunday of week 6 in New York, and on that of week 8 in Europe."""
    return datetime.combine(day(week, weekday), time(hour, minute), ZoneInfo(zone)).astimezone(UTC)
