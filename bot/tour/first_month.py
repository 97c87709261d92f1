"""Weeks 1 and 2: the agreement, a first step, and the first session with what comes of it."""

from bot.tour.cast import Cast, Words, at

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
    await travel.to(at(26, 22, month=11), "Ben's day ends; the call is due tomorrow")
    await ben.gets("is due tomorrow")
    await travel.to(at(27, 16, month=11), "Ben has made the call")
    await ben.presses("commitments.kept")
    await ben.sees("commitments.answer", Words.CALL)
    await ben.sends({"learned": Words.ASKED_BETTER})
    await ben.closes()
    await ben.opens(f"/grow commit {Words.THURSDAYS} by next wed", "commitments.make")
    await ben.sends({"confidence": "9"})
    await ben.closes()
    await travel.to(at(27, 20, month=11), "the hour of Ben's weekly check-in")
    await _first_checkin(cast)


async def _first_checkin(cast: Cast) -> None:
    dana, ben = cast.dana, cast.ben
    await ben.gets("Your weekly check-in")
    await ben.presses("checkins.open")
    await ben.sees("checkins.save", Words.THURSDAYS)
    await ben.sends({"helped*": Words.FREE_HOUR, "hindered*": Words.MEETINGS})
    await ben.closes()
    await ben.finds("You have checked in")
    dana.expects(await dana.opens("/grow checkin", "checkins.read"), Words.FREE_HOUR, Words.MEETINGS)
    await dana.closes()


async def _agree(cast: Cast) -> None:
    dana, ben = cast.dana, cast.ben
    await dana.opens("/grow start @ben", "engagements.propose")
    await dana.sends({"purpose": Words.PURPOSE, "role": "coach", "cadence": "weekly"})
    await dana.closes()
    await ben.gets("would like to work with you")
    await ben.presses("engagements.read")
    await ben.sees("engagements.sign", Words.PURPOSE, "Who can read what")
    await ben.sends({})
    await ben.closes()
    await dana.gets("has signed")


async def _commit(cast: Cast) -> None:
    ben = cast.ben
    form = await ben.opens(f"/grow commit {Words.CALL} by friday", "commitments.make")
    ben.expects(form, Words.CALL)
    await ben.is_refused({"by": "yesterday"}, "by")
    await ben.sends({"by": "friday", "cue": Words.CUE, "obstacle": Words.OBSTACLE, "confidence": "8"})
    await ben.closes()
    await ben.sees_home(Words.CALL)


# --- week 2: the first session, prepared and wrapped up ----------------------------------------------


async def _second_week(cast: Cast) -> None:
    dana, ben, travel = cast.dana, cast.ben, cast.travel
    cast.transcript.heading("Week 2: the first session, and what comes of it")
    await travel.to(at(30, 15, month=11), "a day before the session")
    await ben.gets("A few minutes of preparation")
    await dana.gets("A few questions help you")
    await _prepare(cast)
    await travel.to(at(1, 16), "the session is over")
    await _wrap_up(cast)
    await travel.to(at(1, 22), "Ben's Thursday mornings are due tomorrow")
    await ben.gets("is due tomorrow")
    await travel.to(at(2, 17), "Dana's promise is due tomorrow")
    await dana.gets("is due tomorrow")
    await travel.to(at(2, 20), "Ben's Thursday mornings are due today")
    await ben.gets("is due today")
    await ben.presses("commitments.later", option="hour")
    await travel.on(hours=1, why="the hour is over")
    await ben.gets("is due today")
    await ben.presses("commitments.answer")
    await ben.sees("commitments.answer", Words.THURSDAYS)
    await ben.sends({"outcome": "partly", "learned": Words.CALENDAR})
    await ben.closes()
    await travel.to(at(3, 15), "Dana's promise is due")
    await dana.gets("is due today")
    await dana.presses("commitments.kept")
    await dana.sees("commitments.answer", Words.ARTICLE)
    await dana.sends({})
    await dana.closes()
    await _move_and_edit(cast)
    await _check_in_early(cast)


async def _prepare(cast: Cast) -> None:
    dana, ben = cast.dana, cast.ben
    await ben.presses("prep.open")
    await ben.sees("prep.prepare", "Goal", "Reality", "Options", "Will", Words.THURSDAYS)
    await ben.sends({"goal.leave_with": Words.LEAVE_WITH, "reality.tried": Words.TRIED, "share": ["share"]})
    await ben.closes()
    await dana.finds("shares their preparation")
    await dana.presses("prep.open")
    await dana.sees("prep.prepare", Words.LEAVE_WITH, Words.TRIED)
    await dana.sends({"reality.curious": Words.CURIOUS})
    await dana.closes()


async def _wrap_up(cast: Cast) -> None:
    dana, ben = cast.dana, cast.ben
    await ben.gets("How did your session with")
    await ben.presses("wrapups.open")
    await ben.sees("wrapups.wrap_up", "Will")
    await ben.sends({"takeaway": Words.FEWER_THINGS, "what": Words.REPORT, "by": "friday", "confidence": "6"})
    await ben.closes()
    await dana.gets("How did your session with")
    await dana.presses("wrapups.open")
    await dana.sees("wrapups.wrap_up")
    await dana.sends({"what": Words.ARTICLE, "by": "thursday"})
    await dana.closes()


async def _move_and_edit(cast: Cast) -> None:
    ben, travel = cast.ben, cast.travel
    await travel.to(at(3, 22), "what Ben took on is due tomorrow")
    await ben.gets("is due tomorrow")
    await ben.opens("/grow commitments", "commitments.list")
    await ben.presses_here("commitments.move")
    await ben.sees("commitments.move", Words.REPORT)
    await ben.sends({"by": "next friday"})
    await ben.goes_back()
    await ben.presses_here("commitments.edit")
    await ben.sees("commitments.edit", Words.REPORT)
    await ben.sends({"what": Words.SMALLER, "confidence": "8"})
    await ben.closes()


async def _check_in_early(cast: Cast) -> None:
    dana, ben, travel = cast.dana, cast.ben, cast.travel
    await travel.to(at(4, 13), "Ben checks in early, and keeps it to himself")
    await ben.opens("/grow checkin", "checkins.save")
    await ben.sends({"hindered*": Words.SAID_YES, "share*": []})
    await ben.closes()
    dana.does_not_see(await dana.opens("/grow checkin", "checkins.read"), Words.SAID_YES)
    await dana.closes()
    await travel.to(at(6, 12), "Friday has passed without a question")
    ben.gets_nothing()


WEEKS = (_first_week, _second_week)
