"""Weeks 1 to 4: the agreement, first steps, a first session, and what life does to plans."""

from bot.core.slack.commands import N_
from bot.tour.cast import FRI, MON, NEW_YORK, SAT, SUN, THU, TUE, WED, Cast, Typed, Words, at, day

GROW = (
    "Goal – what do you want?",
    "Reality – where are you now?",
    "Options – what could you do?",
    "Will – what will you do?",
)
CARRIED = "{due}. Open since before your check-in of {day}, which is fine."

# --- week 1: the agreement, a first step, a first check-in --------------------------------------------


async def _first_week(cast: Cast) -> None:
    dana, ben, travel = cast.dana, cast.ben, cast.travel
    cast.week(N_("Week 1: they agree, and Ben takes a first step"))
    travel.tell()
    await _agree(cast)
    await dana.opens("/grow session {when}", "sessions.plan", when=Typed.NEXT_TUESDAY_AT_3)
    await dana.sends({"on": str(day(2, TUE)), "at": "15:00", "repeats": "weekly"})
    await dana.closes()
    await ben.gets("sessions.move")
    await _commit(cast)
    await travel.to(at(1, THU, 17, zone=NEW_YORK), N_("Ben's day ends; the call is due tomorrow"))
    await ben.gets("commitments.kept")
    await travel.to(at(1, FRI, 11, zone=NEW_YORK), N_("Ben has made the call"))
    await ben.presses("commitments.kept")
    await ben.sees("commitments.answer", Words.CALL, whole=True)
    await ben.sends({"learned": Words.ASKED_BETTER})
    await ben.closes()
    await ben.opens(
        "/grow commit {what} {by}", "commitments.make", what=Words.THURSDAYS, by=Typed.BY_NEXT_WEDNESDAY
    )
    await ben.sends({"confidence": "9"})
    await ben.closes()
    await travel.to(at(1, FRI, 15, zone=NEW_YORK), N_("the hour of Ben's weekly check-in"))
    await _first_checkin(cast)


async def _first_checkin(cast: Cast) -> None:
    dana, ben = cast.dana, cast.ben
    await ben.gets("checkins.open")
    await ben.presses("checkins.open")
    await ben.sees("checkins.save", Words.THURSDAYS, whole=True)
    await ben.sends({"helped*": Words.FREE_HOUR, "hindered*": Words.MEETINGS})
    await ben.closes()
    await ben.finds("checkins.open")
    await dana.opens("/grow checkin", "checkins.read", Words.FREE_HOUR, Words.MEETINGS, whole=True)
    await dana.closes()


async def _agree(cast: Cast) -> None:
    dana, ben = cast.dana, cast.ben
    await dana.opens("/grow start @ben", "engagements.propose", whole=True)
    await dana.sends(
        {"purpose": Words.PURPOSE, "role": "coach", "cadence": "weekly", "retention_months": "3"}
    )
    await dana.closes()
    await ben.gets("engagements.read")
    await ben.presses("engagements.read")
    await ben.sees("engagements.sign", Words.PURPOSE, N_("Who can read what"))
    await ben.sends({})
    await ben.closes()
    await dana.gets("sessions.plan")


async def _commit(cast: Cast) -> None:
    ben = cast.ben
    form = await ben.opens(
        "/grow commit {what} {by}", "commitments.make", whole=True, what=Words.CALL, by=Typed.BY_FRIDAY
    )
    ben.expects(form, Words.CALL)
    await ben.is_refused({"by": Typed.YESTERDAY}, "by")
    await ben.sends({"by": Typed.FRIDAY, "cue": Words.CUE, "obstacle": Words.OBSTACLE, "confidence": "8"})
    await ben.closes()
    await ben.sees_home(Words.CALL, whole=True)


# --- week 2: the first session, prepared and wrapped up ----------------------------------------------


async def _second_week(cast: Cast) -> None:
    dana, ben, travel = cast.dana, cast.ben, cast.travel
    cast.week(N_("Week 2: the first session, and what comes of it"))
    await travel.to(at(2, MON, 15), N_("a day before the session"))
    await ben.gets("prep.open")
    await dana.gets("prep.open")
    await _prepare(cast)
    await travel.to(at(2, TUE, 16), N_("the session is over"))
    await _wrap_up(cast)
    await travel.to(at(2, TUE, 17, zone=NEW_YORK), N_("Ben's Thursday mornings are due tomorrow"))
    await ben.gets("commitments.kept")
    await travel.to(at(2, WED, 17), N_("Dana's promise is due tomorrow"))
    await dana.gets("commitments.kept")
    await travel.to(at(2, WED, 15, zone=NEW_YORK), N_("Ben's Thursday mornings are due today"))
    await ben.gets("commitments.kept")
    await ben.presses("commitments.later", option="hour")
    await travel.on(hours=1, why=N_("the hour is over"))
    await ben.gets("commitments.kept")
    await ben.presses("commitments.answer")
    await ben.sees("commitments.answer", Words.THURSDAYS)
    await ben.sends({"outcome": "partly", "learned": Words.CALENDAR})
    await ben.closes()
    await travel.to(at(2, THU, 15), N_("Dana's promise is due"))
    await dana.gets("commitments.kept")
    await dana.presses("commitments.kept")
    await dana.sees("commitments.answer", Words.ARTICLE)
    await dana.sends({})
    await dana.closes()
    await _move_and_edit(cast)
    await _check_in_early(cast)


async def _prepare(cast: Cast) -> None:
    dana, ben = cast.dana, cast.ben
    await ben.presses("prep.open")
    await ben.sees("prep.prepare", *GROW, Words.THURSDAYS, whole=True)
    await ben.sends({"goal.leave_with": Words.LEAVE_WITH, "reality.tried": Words.TRIED, "share": ["share"]})
    await ben.closes()
    await dana.finds("prep.open")
    await dana.presses("prep.open")
    await dana.sees("prep.prepare", Words.LEAVE_WITH, Words.TRIED, whole=True)
    await dana.sends({"reality.curious": Words.CURIOUS})
    await dana.closes()


async def _wrap_up(cast: Cast) -> None:
    dana, ben = cast.dana, cast.ben
    await ben.gets("wrapups.open")
    await ben.presses("wrapups.open")
    await ben.sees("wrapups.wrap_up", GROW[-1], whole=True)
    await ben.sends(
        {"takeaway": Words.FEWER_THINGS, "what": Words.REPORT, "by": Typed.FRIDAY, "confidence": "6"}
    )
    await ben.closes()
    await dana.gets("wrapups.open")
    await dana.presses("wrapups.open")
    await dana.sees("wrapups.wrap_up")
    await dana.sends({"what": Words.ARTICLE, "by": Typed.THURSDAY})
    await dana.closes()


async def _move_and_edit(cast: Cast) -> None:
    ben, travel = cast.ben, cast.travel
    await travel.to(at(2, THU, 17, zone=NEW_YORK), N_("what Ben took on is due tomorrow"))
    await ben.gets("commitments.kept")
    await ben.opens("/grow commitments", "commitments.list", whole=True)
    await ben.presses_here("commitments.move")
    await ben.sees("commitments.move", Words.REPORT)
    await ben.sends({"by": Typed.NEXT_FRIDAY})
    await ben.goes_back()
    await ben.presses_here("commitments.edit")
    await ben.sees("commitments.edit", Words.REPORT)
    await ben.sends({"what": Words.SMALLER, "confidence": "8"})
    await ben.closes()


async def _check_in_early(cast: Cast) -> None:
    dana, ben, travel = cast.dana, cast.ben, cast.travel
    await travel.to(at(2, FRI, 8, zone=NEW_YORK), N_("Ben checks in early, and keeps it to himself"))
    await ben.opens("/grow checkin", "checkins.save", Words.SMALLER)
    await ben.sends({"hindered*": Words.SAID_YES, "share*": []})
    await ben.closes()
    dana.does_not_see(await dana.opens("/grow checkin", "checkins.read", Words.FREE_HOUR), Words.SAID_YES)
    await dana.closes()
    await travel.to(at(2, SUN, 12), N_("Friday has passed without a question"))
    ben.gets_nothing()


# --- week 3: life happens ----------------------------------------------------------------------------


async def _third_week(cast: Cast) -> None:
    dana, ben, travel = cast.dana, cast.ben, cast.travel
    cast.week(N_("Week 3: life happens"))
    await travel.to(at(3, MON, 9), N_("Dana's Monday morning"))
    await dana.gets("digests.open")
    await travel.to(at(3, MON, 15), N_("a day before the next session"))
    await ben.gets("prep.open")
    await dana.gets("prep.open")
    await ben.presses("prep.later", option="tomorrow")
    await _move_the_session(cast)
    await travel.to(at(3, TUE, 8, zone=NEW_YORK), N_("the morning that Ben asked for"))
    await ben.gets("prep.open")
    await ben.presses("prep.skip")
    await travel.to(at(3, WED, 17), N_("when the session was to be over"))
    await ben.gets("wrapups.open")
    await dana.gets("wrapups.open")
    await ben.presses("wrapups.not_held")
    await dana.finds("wrapups.open")
    await travel.to(at(3, THU, 10, zone=NEW_YORK), N_("a full week, and Ben wants quiet"))
    await ben.types("/grow pause {until}", until=Typed.UNTIL)
    await ben.hears()
    await dana.sees_home(N_("(paused)"))
    await travel.to(at(3, SAT, 12), N_("what has come due waits"))
    ben.gets_nothing()


async def _move_the_session(cast: Cast) -> None:
    dana, ben = cast.dana, cast.ben
    await dana.opens("/grow session", "sessions.list")
    await dana.presses_here("sessions.move")
    await dana.sees("sessions.move")
    await dana.sends({"on": str(day(3, WED)), "at": "16:00"})
    await dana.closes()
    await ben.gets("sessions.move")


# --- week 4: back ------------------------------------------------------------------------------------


async def _fourth_week(cast: Cast) -> None:
    dana, ben, travel = cast.dana, cast.ben, cast.travel
    cast.week(N_("Week 4: back again, and nothing is lost"))
    await travel.to(at(4, MON, 9), N_("another Monday of Dana's"))
    await dana.gets("digests.open")
    await travel.to(at(4, MON, 15), N_("a day before the session, and Ben is back"))
    await dana.gets("prep.open")
    await ben.types("/grow resume")
    await ben.hears()
    await ben.gets("checkins.open")
    await ben.presses("checkins.open")
    await ben.sees("checkins.save", Words.SMALLER, CARRIED)
    await ben.sends({"commitment-*": "kept", "helped*": Words.STEERING_GROUP})
    await ben.closes()
    await ben.presses("prep.skip")
    await travel.to(at(4, TUE, 16), N_("the session is over"))
    await _share_the_takeaway(cast)
    await travel.to(at(4, FRI, 15, zone=NEW_YORK), N_("a check-in on Monday is enough for one week"))
    await ben.gets("checkins.open")
    await ben.presses("checkins.skip")
    await ben.finds("checkins.open")


async def _share_the_takeaway(cast: Cast) -> None:
    dana, ben = cast.dana, cast.ben
    await ben.gets("wrapups.open")
    await ben.presses("wrapups.open")
    await ben.sees("wrapups.wrap_up")
    await ben.sends({"takeaway": Words.NOTHING_BROKE, "takeaway_shared": ["share"]})
    await ben.closes()
    await dana.gets("wrapups.open")
    await dana.presses("wrapups.open")
    await dana.sees("wrapups.wrap_up", Words.NOTHING_BROKE)
    await dana.sends({})
    await dana.closes()


WEEKS = (_first_week, _second_week, _third_week, _fourth_week)
