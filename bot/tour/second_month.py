"""Weeks 5 to 8: a goal, questions of the coach's own, the clocks, and a week in which it is all too much."""

from bot.core.slack.commands import N_
from bot.tour.cast import FRI, MON, NEW_YORK, SUN, THU, TUE, WED, Cast, Typed, Words, at, day
from bot.tour.routine import check_in, hold_the_session, read_the_digest, skip_the_prep
from bot.transcript import Lines

HELPER = (
    "Current picture – what is going on?",
    "Preferred picture – what do you need instead?",
    "The way forward – how do you get there?",
)

# --- week 5: a goal, strengths, and a step that comes again -------------------------------------------


async def _fifth_week(cast: Cast) -> None:
    dana, ben, travel = cast.dana, cast.ben, cast.travel
    cast.week(N_("Week 5: a goal, what it can draw on, and a step that comes again"))
    await travel.to(at(5, MON, 9), N_("Dana has an idea for Ben, and suggests it"))
    await dana.gets("digests.open")
    await dana.opens("/grow goal {what}", "goals.suggest", what=Words.IDEA)
    await dana.sends({"title": Words.IDEA})
    await dana.closes()
    await travel.to(at(5, MON, 8, zone=NEW_YORK), N_("Ben's day begins"))
    await ben.gets("goals.open")
    await _name_strengths(cast)
    await _take_the_goal_up(cast)
    await _set_a_goal_alone(cast)
    await travel.to(at(5, MON, 15), N_("a day before the session"))
    await skip_the_prep(cast)
    await travel.to(at(5, TUE, 16), N_("the session is over"))
    await hold_the_session(cast, ben, dana)
    await travel.to(
        at(5, FRI, 15, zone=NEW_YORK), N_("Ben's check-in asks on which days, and where the goals stand")
    )
    await ben.gets("checkins.open")
    await ben.presses("checkins.open")
    await ben.sees("checkins.save", Words.ASK_FIRST, Words.GOAL, Words.OWN_GOAL)
    ticked = [str(day(5, each)) for each in (WED, THU)]
    await ben.sends({"days-*": ticked, Words.GOAL: "-1", Words.OWN_GOAL: "4"})
    await ben.closes()
    seen = await dana.opens("/grow checkin", "checkins.read", Words.ASK_FIRST, Words.GOAL)
    dana.does_not_see(seen, Words.OWN_GOAL)
    await dana.closes()


async def _name_strengths(cast: Cast) -> None:
    ben = cast.ben
    await ben.opens("/grow strengths", "strengths.save")
    await ben.sends({"names-*": Lines((Words.CALM, Words.PLAIN_WORDS))})
    await ben.sees("strengths.save", Words.CALM, Words.PLAIN_WORDS)
    await ben.sends({"shared-*": ben.offered("shared-*")[1:]})
    await ben.closes()


async def _take_the_goal_up(cast: Cast) -> None:
    """In the client's own words, with five levels, and with a first step."""
    ben = cast.ben
    await ben.presses("goals.open")
    await ben.sees("goals.take_up", Words.IDEA)
    await ben.sends(
        {
            "title": Words.GOAL,
            "why": Words.WHY,
            "target_on": str(day(12, FRI)),
            "area": "team",
            "strengths": ben.offered("strengths")[:1],
            "objective": Words.SERVES,
        }
    )
    await ben.sees("goals.measure", Words.GOAL)
    await ben.presses_here("goals.measure")
    await ben.sees("goals.measure", whole=True)
    await ben.sends(
        {
            "level:0": Words.EXPECTED,
            "level:1": Words.MORE,
            "level:2": Words.MUCH_MORE,
            "level:-1": Words.LESS,
            "level:-2": Words.MUCH_LESS,
            "baseline:levels": "-2",
            "target:levels": "1",
        }
    )
    await ben.presses_here("commitments.new")
    await ben.sees("commitments.make", Words.GOAL)
    await ben.sends(
        {
            "what": Words.ASK_FIRST,
            "by": Typed.WEDNESDAY,
            "confidence": "8",
            "every": "day",
            "until": Typed.IN_SIX_WEEKS,
        }
    )
    await ben.closes()


async def _set_a_goal_alone(cast: Cast) -> None:
    ben = cast.ben
    await ben.opens("/grow goal {what}", "goals.make", Words.OWN_GOAL, what=Words.OWN_GOAL)
    await ben.sends({"target_on": str(day(11, FRI)), "shared": []})
    await ben.sees("goals.measure", Words.OWN_GOAL)
    await ben.sends({"baseline:one_to_ten": "2", "target:one_to_ten": "8"})
    await ben.closes()


# --- week 6: questions of the coach's own, and notes ---------------------------------------------------


async def _sixth_week(cast: Cast) -> None:
    dana, ben, travel = cast.dana, cast.ben, cast.travel
    cast.week(N_("Week 6: questions of Dana's own, and notes"))
    await travel.to(at(6, MON, 9), N_("Dana reads what Ben shares, and writes questions for him"))
    await dana.gets("digests.open")
    await dana.presses("digests.open")
    await dana.sees("checkins.read", Words.GOAL)
    await dana.closes()
    await _write_questions(cast)
    await travel.to(at(6, MON, 15), N_("a day before the session"))
    await ben.gets("prep.open")
    await dana.gets("prep.open")
    await ben.presses("prep.open")
    await ben.sees("prep.prepare", Words.SET, Words.HEADING, Words.HELD, Words.LETTING)
    await ben.sends({Words.HELD: Words.KEPT_HIRING, "share": ["share"]})
    await ben.closes()
    await dana.presses("prep.open")
    await dana.sees("prep.prepare", Words.KEPT_HIRING, Words.OWN_QUESTION)
    await dana.closes()
    await travel.to(at(6, TUE, 16), N_("the session is over, and both write down a thought"))
    await hold_the_session(cast, ben, dana)
    await _write_notes(cast)
    await travel.to(at(6, FRI, 15, zone=NEW_YORK), N_("Ben's check-in"))
    await check_in(cast, "0", "5", slice(3))


async def _write_questions(cast: Cast) -> None:
    """For every session from now on; and for the next but one, those of the Skilled Helper."""
    dana = cast.dana
    await dana.opens("/grow questions", "questions.list")
    await dana.presses_here("questions.new")
    await dana.sees("questions.create")
    asked = Lines((Typed.HEADING, Words.HELD, Words.LETTING))
    await dana.sends({"title": Words.SET, "client": asked, "coach": Words.OWN_QUESTION})
    await dana.goes_back()
    await dana.presses_here("questions.open")
    await dana.sees("questions.choose", Words.SET)
    await dana.sends({"set": next(each for each in dana.offered("set") if each.startswith("own:"))})
    await dana.goes_back()
    await dana.presses_here("questions.open")
    await dana.sees("questions.choose")
    await dana.sends({"set": "helper", "when": dana.offered("when")[2]})
    await dana.closes()


async def _write_notes(cast: Cast) -> None:
    dana, ben = cast.dana, cast.ben
    await dana.opens("/grow note {what}", "notes.write", Words.PRIVATE_NOTE, what=Words.PRIVATE_NOTE)
    await dana.sends({})
    await dana.closes()
    await ben.opens("/grow note {what}", "notes.write", Words.SHARED_NOTE, what=Words.SHARED_NOTE)
    await ben.sends({"session": ben.offered("session")[3], "shared": ["yes"]})
    await ben.closes()
    await dana.opens("/grow notes", "notes.list", Words.PRIVATE_NOTE, Words.SHARED_NOTE)
    await dana.presses_here("notes.session", option="#2")
    await dana.closes()


# --- week 7: an hour less between them, and another way to ask -----------------------------------------


async def _seventh_week(cast: Cast) -> None:
    dana, ben, travel = cast.dana, cast.ben, cast.travel
    cast.week(N_("Week 7: New York has changed its clocks, London has not"))
    await read_the_digest(cast, 7)
    await travel.to(at(7, MON, 15), N_("a day before the session, which is an hour later for Ben"))
    await ben.gets("prep.open")
    await dana.gets("prep.open")
    await ben.presses("prep.open")
    await ben.sees("prep.prepare", *HELPER)
    await ben.sends({"current.story": Words.STORY, "share": ["share"]})
    await ben.closes()
    await dana.presses("prep.open")
    await dana.sees("prep.prepare", Words.STORY)
    await dana.closes()
    await travel.to(at(7, TUE, 16), N_("the session is over"))
    await ben.gets("wrapups.open")
    await ben.presses("wrapups.open")
    await ben.sees("wrapups.wrap_up", Words.GOAL)
    await ben.sends(
        {"what": Words.REVIEW, "by": Typed.FRIDAY, "confidence": "7", "goal": ben.offered("goal")[2]}
    )
    await ben.closes()
    await hold_the_session(cast, dana)
    await travel.to(at(7, THU, 17, zone=NEW_YORK), N_("what Ben took on is due tomorrow"))
    await ben.gets("commitments.kept")
    await ben.presses("commitments.move")
    await ben.sees("commitments.move", Words.REVIEW)
    await ben.sends({"by": Typed.NEXT_FRIDAY})
    await ben.closes()
    await travel.to(at(7, FRI, 15, zone=NEW_YORK), N_("Ben's check-in, and his wish to be reminded more"))
    await check_in(cast, "0", "5", slice(5))
    await ben.opens("/grow settings", "people.settings", "How much to remind me")
    await ben.sends({"intensity": "active"})
    await ben.closes()


# --- week 8: too much -----------------------------------------------------------------------------------


async def _eighth_week(cast: Cast) -> None:
    dana, ben, travel = cast.dana, cast.ben, cast.travel
    cast.week(N_("Week 8: it is all too much, and growbot falls silent"))
    await read_the_digest(cast, 8)
    await travel.to(at(8, MON, 15), N_("a day before the session"))
    await skip_the_prep(cast)
    await travel.to(at(8, MON, 15, zone=NEW_YORK), N_("Ben is reminded of his daily step too, as he wished"))
    await ben.gets("commitments.kept")
    await travel.to(at(8, TUE, 16), N_("the session is over"))
    await hold_the_session(cast, dana)
    with cast.transcript.in_a_line(ben.name, N_("leaves"), N_("this and the next message unanswered")):
        await ben.gets("wrapups.open")
        await travel.to(at(8, TUE, 15, zone=NEW_YORK))
        await ben.gets("commitments.kept")
    await travel.to(at(8, WED, 15, zone=NEW_YORK), N_("Ben has answered nothing since Monday"))
    await ben.gets("people.lighten")
    await travel.to(at(8, SUN, 12), N_("London has changed its clocks too, and there was not a word since"))
    ben.gets_nothing()


WEEKS = (_fifth_week, _sixth_week, _seventh_week, _eighth_week)
