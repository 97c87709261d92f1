"""How people live with the bot: they answer some messages, ignore others, and now and then do something of their own."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from heapq import heappop, heappush
from itertools import count
from random import Random

from bot.features.commitments.domain import Outcome
from bot.features.people.domain import Intensity, Wishes
from bot.features.sessions.domain import Reach, Recurrence
from bot.features.sessions.later import Later
from tests.simulation.acts import Acts, Pair, a_draft
from tests.simulation.evidence import Part, Visible
from tests.simulation.world import World

ZONES = (
    "Europe/London",
    "America/New_York",
    "America/Sao_Paulo",
    "Australia/Lord_Howe",  # 30 minutes
    "Africa/Casablanca",  # back for Ramadan
    "Asia/Tehran",
    "America/Nuuk",  # late on a Saturday
    "Pacific/Apia",
    "Antarctica/Troll",  # 2 hours
    "Asia/Kathmandu",  # none, and 45 minutes off
    "Africa/Cairo",  # at midnight
    "America/Santiago",  # at midnight
    "Pacific/Auckland",
    "Pacific/Kiritimati",
)
COUNTRIES = ("DE", "US", "GB", "JP", "BR", "IN", "IR")
"""Whose public holidays are kept."""
BETWEEN_WHIMS = timedelta(days=10)
QUARTERS = (0, 15, 30, 45)
OFFICE_WEEKS = (
    frozenset(range(1, 6)),
    frozenset({7, 1, 2, 3, 4}),
    frozenset({1, 2, 4}),
    frozenset(range(1, 8)),
)


class Life:
    """`whims` and answers wait in one queue, in order of time."""

    def __init__(self, world: World, random: Random, pairs: int, teams: int, begin_within: float) -> None:
        """`begin_within`: so many days from the start, all pairs have begun."""
        self.world, self.acts, self._random = world, Acts(world), random
        self._queue: list[tuple[datetime, int, Callable[[], None]]] = []
        self._numbers = count()
        self.pairs = self._people(pairs, teams, begin_within)
        self.done: dict[str, int] = {}
        self._silent_until: dict[str, datetime] = {}

    # --- the queue -----------------------------------------------------------------------------------------

    def next_at(self) -> datetime | None:
        return self._queue[0][0] if self._queue else None

    def live(self) -> int:
        """Everything that people do up to now."""
        done = 0
        while self._queue and self._queue[0][0] <= self.world.clock.at:
            heappop(self._queue)[2]()
            done += 1
        return done

    def later(self, after: timedelta, act: Callable[[], None]) -> None:
        self._soon(after, act)

    def _soon(self, after: timedelta, act: Callable[[], None]) -> None:
        heappush(self._queue, (self.world.clock.at + after, next(self._numbers), act))

    # --- who there is --------------------------------------------------------------------------------------

    def _people(self, pairs: int, teams: int, begin_within: float) -> list[Pair]:
        """A coach has one client or several; a few clients have two coaches."""
        found: list[Pair] = []
        number = 0
        while len(found) < pairs:
            team = f"T{number % teams:03d}"
            coach = self._person(team)
            clients = [self._person(team) for _client in range(self._random.choice([1, 1, 2, 3, 8]))]
            found += [Pair(coach, client) for client in clients]
            if self._random.random() < 0.2:
                found.append(Pair(self._person(team), clients[0]))
            number += 1
        for pair in found[:pairs]:
            self._soon(self._between(0, begin_within), lambda pair=pair: self._begin(pair))  # type: ignore[misc]
        return found[:pairs]

    def _person(self, team: str) -> str:
        user_id = f"U{next(self._numbers):05d}"
        zone = self._random.choice(ZONES)
        person = self.world.learn(user_id, team, zone, self._random.choice(["en-GB", "en-US", "de-DE"]))
        if self._random.random() < 0.5:
            country, rhythm = self._random.choice(COUNTRIES), person.rhythm
            self.acts.wish(
                person.id, Wishes(), rhythm.working_days, rhythm.day_starts, rhythm.day_ends, country
            )
        return person.id

    def _begin(self, pair: Pair) -> None:
        self.acts.propose(pair, by_coach=self._random.random() < 0.7)
        self._soon(self._between(0.2, 2.0), lambda: self._whim(pair))

    # --- whims -----------------------------------------------------------------------------------------------

    def _whim(self, pair: Pair) -> None:
        self._soon(BETWEEN_WHIMS * self._random.expovariate(1.0), lambda: self._whim(pair))
        who = self._random.choice(pair.people)
        if pair.engagement_id is None or self._is_silent(who):
            return
        whims: dict[Callable[[Pair, str], None], float] = {
            self._plan: 4,
            self._move_or_cancel: 4,
            self._commit: 6,
            self._commit_alone: 1,
            self._change_commitment: 3,
            self._check_in_early: 1,
            self._pause_or_resume: 1.5,
            self._travel: 0.8,
            self._wish: 0.8,
            self._end: 0.6,
            self._leave: 0.08,
        }
        (whim,) = self._random.choices(list(whims), list(whims.values()))
        self._note(whim.__name__.strip("_"))
        whim(pair, who)

    def _plan(self, pair: Pair, who: str) -> None:
        ahead = self.acts.upcoming(pair.engagement_id or "")
        if len(ahead) < 4:
            recurrence = self._random.choice(
                [Recurrence.ONCE, Recurrence.ONCE, Recurrence.WEEKLY, Recurrence.FORTNIGHTLY]
            )
            self.acts.plan_session(who, pair.engagement_id or "", self._day(), self._time(), recurrence)

    def _move_or_cancel(self, pair: Pair, who: str) -> None:
        ahead = self.acts.upcoming(pair.engagement_id or "")
        if ahead:
            session = self._random.choice(ahead)
            reach = Reach.LATER if session.series_id and self._random.random() < 0.3 else Reach.ONE
            if self._random.random() < 0.3:
                self.acts.cancel_session(who, session.id, reach)
            else:
                self.acts.move_session(who, session.id, self._day(), self._time(), reach)

    def _commit(self, pair: Pair, who: str) -> None:
        self.acts.commit(who, pair.engagement_id or "", self._day(), self._time_or_none())

    def _commit_alone(self, pair: Pair, who: str) -> None:
        self.acts.commit(who, None, self._day(), self._time_or_none())

    def _change_commitment(self, pair: Pair, who: str) -> None:
        theirs = self.acts.open_commitments(who)
        if theirs and self._random.random() < 0.5:
            self.acts.move_commitment(who, self._random.choice(theirs), self._day(), self._time_or_none())
        elif theirs:
            self.acts.answer_commitment(who, self._random.choice(theirs), self._outcome())

    def _check_in_early(self, pair: Pair, who: str) -> None:
        self.acts.check_in(pair.client_id, pair.engagement_id or "", None, self._outcome())

    def _pause_or_resume(self, pair: Pair, who: str) -> None:
        if self.world.person(who).is_paused(self.world.clock.at):
            self.acts.resume(who)
            return
        days = None if self._random.random() < 0.2 else self._random.randint(1, 30)
        self.acts.pause(who, days)
        if days is None:
            self._soon(self._between(1, 40), lambda: self.acts.resume(who))

    def _travel(self, pair: Pair, who: str) -> None:
        self.acts.travel(who, self._random.choice(ZONES))

    def _wish(self, pair: Pair, who: str) -> None:
        days = self._random.choice(OFFICE_WEEKS)
        wishes = Wishes(
            self._random.choice(sorted(days)),
            self._random.choice([time(9), time(15), time(16, 45)]),
            self._random.choice([48, 24, 4]),
            self._random.choice(list(Intensity)),
        )
        starts, ends = self._random.choice(
            [(time(8), time(18)), (time(9), time(17)), (time(6, 30), time(22))]
        )
        country = self._random.choice([None, *COUNTRIES])
        self.acts.wish(who, wishes, days, starts, ends, country)

    def _end(self, pair: Pair, who: str) -> None:
        self.acts.end(who, pair.engagement_id or "")
        self._soon(self._between(2, 200), lambda: self.acts.propose(pair))

    def _leave(self, pair: Pair, who: str) -> None:
        self.acts.leave(who)

    # --- answers -----------------------------------------------------------------------------------------------

    def read(self, message: Visible) -> None:
        """Somebody has got this; they may do something about it, soon or much later."""
        person_id = self.world.evidence.wishes[message.user_id][-1].person_id
        if self._is_silent(person_id):
            return
        for part in message.parts:
            if self._random.random() < (0.95 if part.template == "engagements.invite" else 0.5):
                after = self._random.choice([self._between(0.001, 0.05), self._between(0.01, 3.0)])
                self._soon(after, lambda part=part: self._answer(person_id, part))  # type: ignore[misc]

    def _is_silent(self, person_id: str) -> bool:
        """Some people are away for weeks, or mute what writes to them."""
        if self._random.random() < 0.03:
            self._silent_until[person_id] = self.world.clock.at + self._between(3, 40)
        return self._silent_until.get(person_id, self.world.clock.at) > self.world.clock.at

    def _answer(self, person_id: str, part: Part) -> None:
        ids, choice = part.key.removeprefix(part.template + ":").split(":"), self._random.choice(list(Later))
        self._note(f"answer {part.template}")
        match part.template:
            case "engagements.invite":
                how = self._random.choices(["sign", "suggest", "decline"], [12, 2, 1])[0]
                self.acts.answer_invitation(person_id, ids[0], int(ids[1]), how)
            case "prep.ask":
                how = self._random.choice(["answered", "answered", "skip", str(choice)])
                self.acts.prepare(person_id, ids[0], how)
            case "wrapups.ask":
                how = self._random.choice(["answered", "answered", "not_held", str(choice)])
                draft = a_draft(self._day(), None) if self._random.random() < 0.6 else None
                self.acts.wrap_up(person_id, ids[0], how, draft)
            case "checkins.prompt":
                engagement_id = None if ids[0].startswith("alone.") else ids[0]
                self._answer_checkin(person_id, part, engagement_id, ids[1], choice)
            case "people.lighter":
                self.acts.lighten(person_id, self._random.choice(["lighter", "keep"]))
            case "sessions.gap":
                self.acts.answer_gap(person_id, part, ids[0], choice)
            case "digests.week":
                self.acts.look(person_id)
            case "commitments.nudge":
                self._answer_nudge(person_id, part, choice)

    def _answer_checkin(
        self, person_id: str, part: Part, engagement: str | None, week: str, choice: Later
    ) -> None:
        how = self._random.random()
        if how < 0.6:
            self.acts.check_in(person_id, engagement, week, self._outcome())
        elif how < 0.8:
            self.acts.skip_checkin(person_id, engagement, week)
        else:
            self.acts.checkin_later(person_id, part.row_id, choice)

    def _answer_nudge(self, person_id: str, part: Part, choice: Later) -> None:
        if self._random.random() < 0.3:
            self.acts.nudge_later(person_id, part.row_id, choice)
        elif theirs := self.acts.open_commitments(person_id):
            if self._random.random() < 0.3:
                self.acts.move_commitment(person_id, theirs[0], self._day(), self._time_or_none())
            else:
                self.acts.answer_commitment(person_id, theirs[0], self._outcome())

    # --- dice ------------------------------------------------------------------------------------------------------

    def _between(self, least: float, most: float) -> timedelta:
        """Days."""
        return timedelta(days=self._random.uniform(least, most))

    def _day(self) -> date:
        return self.world.clock.at.date() + timedelta(days=self._random.choice([0, 1, 1, 2, 3, 5, 7, 14, 30]))

    def _time(self) -> time:
        return time(self._random.choice([0, 2, 7, 8, 9, 10, 13, 16, 18, 23]), self._random.choice(QUARTERS))

    def _time_or_none(self) -> time | None:
        return self._time() if self._random.random() < 0.4 else None

    def _outcome(self) -> Outcome:
        return self._random.choice(list(Outcome))

    def _note(self, what: str) -> None:
        self.done[what] = self.done.get(what, 0) + 1
