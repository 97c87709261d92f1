"""Weeks 9 to 12, and what comes after: lighter again, away from home, looking back, and an end."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.core.slack.commands import N_
from bot.tour.cast import FRI, LISBON, MON, NEW_YORK, THU, TUE, WED, Cast, Typed, Words, at, day
from bot.tour.routine import check_in, hold_the_session, read_the_digest, skip_the_prep

ATTAINMENT = "Only you and whoever these goals are shared with can see it."

# --- week 9: quiet, and back ----------------------------------------------------------------------------


async def _ninth_week(cast: Cast) -> None:
    dana, ben, travel = cast.dana, cast.ben, cast.travel
    cast.week(N_("Week 9: quiet, and then lighter"))
    await travel.to(at(9, MON, 9), N_("Dana's Monday morning"))
    await dana.gets("digests.open")
    await travel.to(at(9, MON, 15), N_("a day before the session; Ben is left in peace"))
    await dana.gets("prep.open")
    await dana.presses("prep.skip")
    ben.gets_nothing()
    await travel.to(at(9, TUE, 16), N_("the session took place all the same"))
    await hold_the_session(cast, dana)
    await travel.to(at(9, WED, 10, zone=NEW_YORK), N_("Ben is there again, and would like fewer reminders"))
    await ben.presses("people.lighten")
    await ben.hears()
    await ben.opens("/grow commitments", "commitments.list", Words.REVIEW)
    await ben.presses_here("commitments.answer", about=Words.REVIEW)
    await ben.sees("commitments.answer", Words.REVIEW, "Moved once: from {first} to {second}.")
    await ben.sends({"outcome": "kept", "learned": Words.FEWER_QUESTIONS})
    await ben.closes()
    await travel.on(hours=0.25, why=N_("what was held back, and is still of use"))
    await ben.gets("checkins.open")
    await ben.presses("checkins.open")
    await ben.sees("checkins.save", Words.ASK_FIRST)
    await ben.sends({"days-*": ben.offered("days-*")[:1], Words.GOAL: "0", Words.OWN_GOAL: "5"})
    await ben.closes()
    await ben.presses("wrapups.open")
    await ben.sees("wrapups.wrap_up")
    await ben.sends({})
    await ben.closes()
    await _cancel_the_rest(cast)
    await travel.to(at(9, FRI, 15, zone=NEW_YORK), N_("Ben's check-in"))
    await check_in(cast, "1", "6", slice(5))


async def _cancel_the_rest(cast: Cast) -> None:
    dana, ben, travel = cast.dana, cast.ben, cast.travel
    await travel.to(at(9, THU, 15), N_("Dana is away after Easter"))
    await dana.opens("/grow session", "sessions.list")
    await dana.presses_here("sessions.cancel")
    await dana.sees("sessions.cancel")
    await dana.sends({"reach": "later"})
    await dana.closes()
    await ben.gets("sessions.plan")


# --- week 10: away from home, and nothing is planned -----------------------------------------------------


async def _tenth_week(cast: Cast) -> None:
    dana, ben, travel = cast.dana, cast.ben, cast.travel
    cast.week(N_("Week 10: Ben is in Lisbon, and nothing is planned"))
    await read_the_digest(cast, 10)
    await cast.demo.sandbox.change_person(ben.seat.user, tz=LISBON)
    ben.zone = ZoneInfo(LISBON)
    await travel.to(at(10, TUE, 10), N_("Ben's laptop has told Slack where he is"))
    await ben.opens(
        "/grow commit {what} {by}", "commitments.make", what=Words.LISBON, by=Typed.BY_NEXT_FRIDAY
    )
    await ben.sends({})
    await ben.closes()
    await travel.to(at(10, WED, 16), N_("for longer than they agreed on, no session is planned"))
    await ben.gets("sessions.plan")
    await dana.gets("sessions.plan")
    await dana.presses("sessions.plan")
    await dana.sees("sessions.plan")
    await dana.sends({"on": str(day(12, TUE)), "at": "15:00", "repeats": "once"})
    await dana.closes()
    await ben.gets("sessions.move")
    await ben.finds("sessions.elsewhere")
    await travel.to(at(10, FRI, 15, zone=LISBON), N_("three in the afternoon is now Lisbon's"))
    await check_in(cast, "1", "7", slice(5))


# --- week 11: looking at the way ---------------------------------------------------------------------------


async def _eleventh_week(cast: Cast) -> None:
    dana, ben, travel = cast.dana, cast.ben, cast.travel
    cast.week(N_("Week 11: what moved, and who has seen it"))
    await cast.demo.sandbox.change_person(ben.seat.user, tz=NEW_YORK)
    ben.zone = ZoneInfo(NEW_YORK)
    await read_the_digest(cast, 11)
    await travel.to(at(11, WED, 10, zone=NEW_YORK), N_("Ben is home again, and looks at the way so far"))
    await ben.types("/grow progress")
    await ben.sees_pictures("progress.shown", 3, Words.GOAL, Words.OWN_GOAL, whole=True)
    await ben.closes()
    await dana.types("/grow progress")
    await dana.sees("progress.shown")
    await dana.presses_here("progress.of", option="#1")
    await dana.sees_pictures("progress.shown", 3, Words.GOAL)
    await dana.closes()
    await ben.opens("/grow privacy", "engagements.privacy", whole=True)
    await ben.closes()
    await travel.to(at(11, THU, 17, zone=NEW_YORK), N_("what Ben meant to tell Lisbon is due tomorrow"))
    await ben.gets("commitments.kept")
    await ben.presses("commitments.answer")
    await ben.sees("commitments.answer", Words.LISBON)
    await ben.sends({"outcome": "no_longer_right", "learned": Words.SOLVED})
    await ben.closes()
    await travel.to(at(11, FRI, 15, zone=NEW_YORK), N_("Ben's check-in"))
    await check_in(cast, "1", "7")


# --- week 12: an end ---------------------------------------------------------------------------------------


async def _twelfth_week(cast: Cast) -> None:
    dana, ben, travel = cast.dana, cast.ben, cast.travel
    cast.week(N_("Week 12: the last session, and an end"))
    await read_the_digest(cast, 12)
    await travel.to(at(12, MON, 15), N_("a day before the session"))
    await skip_the_prep(cast)
    await travel.to(at(12, TUE, 16), N_("the session is over"))
    await hold_the_session(cast, ben, dana)
    await travel.to(at(12, WED, 10, zone=NEW_YORK), N_("Ben closes his goals"))
    await _close_goals(cast)
    await travel.to(at(12, THU, 10, zone=NEW_YORK), N_("time to stop"))
    await _end(cast)
    await _take_along(cast)


async def _close_goals(cast: Cast) -> None:
    ben = cast.ben
    await ben.opens("/grow goals", "goals.list", Words.GOAL, Words.OWN_GOAL)
    for goal, ending, learned in (
        (Words.GOAL, "reached", Words.LEARNED),
        (Words.OWN_GOAL, "partly", Words.OTHER_ROAD),
    ):
        await ben.presses_here("goals.open", about=goal)
        await ben.sees("goals.read", goal)
        await ben.presses_here("goals.close")
        await ben.sees("goals.close", goal)
        await ben.sends({"ending": ending, "learned": learned})
        await ben.goes_back()
    await ben.presses_here("goals.review")
    await ben.sees("goals.look_back", Words.LEARNED, Words.OTHER_ROAD, ATTAINMENT)
    await ben.closes()


async def _end(cast: Cast) -> None:
    """Each looks back, and lets the other read it."""
    dana, ben = cast.dana, cast.ben
    await ben.opens("/grow end", "engagements.end")
    await ben.sends({"reason": Words.REASON})
    await ben.presses_here("closing.open")
    await ben.sees("closing.save", Words.PURPOSE)
    await ben.sends({"changed": Words.CHANGED, "keep": Words.KEEP, "shared": ["yes"]})
    await ben.closes()
    await dana.gets("closing.open")
    await dana.opens("/grow agreement", "engagements.read", Words.REASON)
    await dana.presses_here("closing.open")
    await dana.sees("closing.save", Words.CHANGED, Words.KEEP)
    await dana.sends({"changed": Words.SAW, "shared": ["yes"]})
    await dana.closes()


async def _take_along(cast: Cast) -> None:
    ben = cast.ben
    await ben.opens("/grow privacy", "engagements.privacy")
    await ben.presses_here("rights.open_export")
    await ben.sees("rights.export")
    await ben.sends({})
    await ben.closes()
    await cast.demo.growbot.settle()
    await ben.gets("rights.get_export")
    await ben.presses("rights.get_export")
    await ben.sees("rights.link")
    await ben.downloads()
    await ben.closes()


# --- afterwards ----------------------------------------------------------------------------------------------


async def _afterwards(cast: Cast) -> None:
    dana, ben, travel = cast.dana, cast.ben, cast.travel
    cast.week(N_("Three months later: what they agreed to keep is erased for good"))
    ended_at = at(12, THU, 10, zone=NEW_YORK)
    await travel.to(ended_at + timedelta(days=80), N_("not a message in between"))
    ben.gets_nothing()
    dana.gets_nothing()
    await travel.to(ended_at + timedelta(days=84), N_("a week before"))
    await ben.gets("engagements.read")
    await dana.gets("engagements.read")
    await travel.to(ended_at + timedelta(days=95), N_("the day has passed"))
    await ben.finds("engagements.read")
    await dana.finds("engagements.read")
    await ben.types("/grow agreement")
    await ben.hears()


WEEKS = (_ninth_week, _tenth_week, _eleventh_week, _twelfth_week, _afterwards)
