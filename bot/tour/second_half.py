"""Weeks 3 and 4: what life does to plans, and an end."""

from bot.tour.cast import Cast, Words, at

# --- week 3: life happens ----------------------------------------------------------------------------


async def _third_week(cast: Cast) -> None:
    dana, ben, travel = cast.dana, cast.ben, cast.travel
    cast.transcript.heading("Week 3: life happens")
    await travel.to(at(7, 9), "Dana's Monday morning")
    await dana.gets("Your week with 1 client")
    await travel.to(at(7, 15), "a day before the next session")
    await ben.gets("A little preparation")
    await dana.gets("A few questions to arrive with")
    await ben.presses("prep.later", option="tomorrow")
    await _move_the_session(cast)
    await travel.to(at(8, 13), "the morning that Ben asked for")
    await ben.gets("Your session with")
    await ben.presses("prep.skip")
    await travel.to(at(9, 17), "when the session was to be over")
    await ben.gets("is over. How did it go?")
    await dana.gets("is over. How did it go?")
    await ben.presses("wrapups.not_held")
    await dana.finds("noted as not held")
    await travel.to(at(10, 15), "a full week, and Ben wants quiet")
    await ben.types("/grow pause until 21 december")
    await ben.hears("Paused until")
    await dana.sees_home("(paused)")
    await travel.to(at(12, 12), "what has come due waits")
    ben.gets_nothing()


async def _move_the_session(cast: Cast) -> None:
    dana, ben = cast.dana, cast.ben
    await dana.opens("/grow session", "sessions.list")
    await dana.presses_here("sessions.move")
    await dana.sees("sessions.move")
    await dana.sends({"on": "2026-12-09", "at": "16:00"})
    await dana.closes()
    await ben.gets("has moved your session")


# --- week 4: back, and an end ------------------------------------------------------------------------


async def _fourth_week(cast: Cast) -> None:
    dana, ben, travel = cast.dana, cast.ben, cast.travel
    cast.transcript.heading("Week 4: back again, and an end")
    await travel.to(at(14, 9), "another Monday of Dana's")
    await dana.gets("How 1 client is doing: 1 paused")
    await travel.to(at(14, 15), "a day before the session, and Ben is back")
    await dana.gets("A quiet moment with these questions")
    await ben.types("/grow resume")
    await ben.hears("Welcome back")
    await ben.gets("Your weekly check-in")
    await ben.presses("checkins.open")
    await ben.sees("checkins.save", Words.SMALLER)
    await ben.sends({"commitment-*": "kept", "helped*": Words.STEERING_GROUP})
    await ben.closes()
    await ben.presses("prep.skip")
    await travel.to(at(15, 16), "the session is over")
    await _last_wrap_up(cast)
    await travel.to(at(17, 15), "time to stop")
    await _end(cast)
    await travel.to(at(8, 12, month=1, year=2027), "three weeks later")
    ben.gets_nothing()
    dana.gets_nothing()


async def _last_wrap_up(cast: Cast) -> None:
    dana, ben = cast.dana, cast.ben
    await ben.gets("How did it go with")
    await ben.presses("wrapups.open")
    await ben.sees("wrapups.wrap_up")
    await ben.sends({"takeaway": Words.NOTHING_BROKE, "takeaway_shared": ["share"]})
    await ben.closes()
    await dana.gets("How did it go with")
    await dana.presses("wrapups.open")
    await dana.sees("wrapups.wrap_up", Words.NOTHING_BROKE)
    await dana.sends({})
    await dana.closes()


async def _end(cast: Cast) -> None:
    dana, ben = cast.dana, cast.ben
    await ben.opens("/grow end", "engagements.end")
    await ben.sends({"reason": Words.REASON})
    await ben.closes()
    await dana.gets("has ended your coaching engagement")
    dana.expects(await dana.opens("/grow agreement", "engagements.read"), Words.REASON)
    await dana.closes()


WEEKS = (_third_week, _fourth_week)
