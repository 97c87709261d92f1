"""Whatever people do, whatever fails, in whatever order: no promise is broken after any step."""

import asyncio
import shutil
import tempfile
from collections.abc import Coroutine, Sequence
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any, TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.features.commitments.domain import Outcome
from bot.features.people.domain import Intensity, Wishes
from bot.features.sessions.domain import Reach, Recurrence
from bot.features.sessions.later import Later
from tests.simulation.acts import Acts, Pair
from tests.simulation.evidence import Visible
from tests.simulation.life import OFFICE_WEEKS, ZONES
from tests.simulation.run import a_database
from tests.simulation.slack import Faults
from tests.simulation.world import World, quiet_about_crashes

T = TypeVar("T")

BEFORE_THE_CLOCKS_CHANGE = datetime(2026, 10, 21, 7, tzinfo=UTC)  # a Wednesday
STEPS = (
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(hours=1),
    timedelta(hours=7),
    timedelta(days=1),
    timedelta(days=4),
    timedelta(days=8),
)
PAIRS = st.integers(0, 3)
SIDES = st.integers(0, 1)
DAYS = st.sampled_from([0, 1, 2, 3, 7])
TIMES = st.sampled_from([time(0, 30), time(2, 30), time(8, 15), time(9), time(16), time(18), time(23, 30)])
LATERS = st.sampled_from([str(each) for each in Later])
FAULTS = st.sampled_from(["limited", "unreached", "arrives_unsaid", "lost", "refused"])


class Delivery(RuleBasedStateMachine):
    """Four pairs of five people: a coach of three, and a second coach of one of these."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = Path(tempfile.mkdtemp(prefix="growbot-delivery-"))
        self._loop = asyncio.new_event_loop()
        self._loop.set_exception_handler(quiet_about_crashes)

    @initialize(
        seed=st.integers(0, 2**16),
        zones=st.lists(st.sampled_from(ZONES), min_size=5, max_size=5),
        is_blind=st.booleans(),
        pace=st.sampled_from([0, 1]),
    )
    def begin(self, seed: int, zones: Sequence[str], is_blind: bool, pace: int) -> None:
        database = a_database(self._folder / "growbot.db")
        paces = [timedelta(seconds=pace)]
        self.world = World(database, BEFORE_THE_CLOCKS_CHANGE, Random(seed), paces=paces)
        if is_blind:
            self.world.slack.blind_teams.add("T1")
        self.acts = Acts(self.world)
        dana, ben, kim, ada, lou = (
            self.world.learn(f"U{number}", "T1", zone).id for number, zone in enumerate(zones)
        )
        self.pairs = [Pair(dana, ben), Pair(dana, kim), Pair(dana, ada), Pair(lou, ben)]
        for pair in self.pairs:
            self.acts.propose(pair)
            self.acts.answer_invitation(pair.client_id, str(pair.engagement_id), 1, "sign")

    def teardown(self) -> None:
        try:
            if hasattr(self, "world"):
                self._run(self.world.drain())
                self.no_promise_is_broken()
                self.world.database.close()
        finally:
            self._loop.close()
            shutil.rmtree(self._folder, ignore_errors=True)

    @invariant()
    def no_promise_is_broken(self) -> None:
        if hasattr(self, "world"):
            assert list(self.world.audit().violations) == []

    # --- what people do -------------------------------------------------------------------------------------

    @rule(pair=PAIRS, by_coach=st.booleans(), how=st.sampled_from(["sign", "suggest", "decline", "ignore"]))
    def propose(self, pair: int, by_coach: bool, how: str) -> None:
        found = self.pairs[pair]
        self.acts.propose(found, by_coach=by_coach)
        if how != "ignore":
            other = found.client_id if by_coach else found.coach_id
            self.acts.answer_invitation(other, str(found.engagement_id), 1, how)

    @rule(pair=PAIRS, side=SIDES, days=DAYS, at=TIMES, recurrence=st.sampled_from(list(Recurrence)))
    def plan_a_session(self, pair: int, side: int, days: int, at: time, recurrence: Recurrence) -> None:
        self.acts.plan_session(*self._one(pair, side), self._day(days), at, recurrence)

    @rule(pair=PAIRS, side=SIDES, days=DAYS, at=TIMES, reach=st.sampled_from(list(Reach)))
    def move_a_session(self, pair: int, side: int, days: int, at: time, reach: Reach) -> None:
        who, engagement_id = self._one(pair, side)
        for session in self.acts.upcoming(engagement_id)[:1]:
            reached = reach if session.series_id else Reach.ONE
            self.acts.move_session(who, session.id, self._day(days), at, reached)

    @rule(pair=PAIRS, side=SIDES, reach=st.sampled_from(list(Reach)))
    def cancel_a_session(self, pair: int, side: int, reach: Reach) -> None:
        who, engagement_id = self._one(pair, side)
        for session in self.acts.upcoming(engagement_id)[:1]:
            self.acts.cancel_session(who, session.id, reach if session.series_id else Reach.ONE)

    @rule(pair=PAIRS, side=SIDES, days=DAYS, at=st.none() | TIMES)
    def commit(self, pair: int, side: int, days: int, at: time | None) -> None:
        self.acts.commit(*self._one(pair, side), self._day(days), at)

    @rule(pair=PAIRS, side=SIDES, days=DAYS, at=st.none() | TIMES)
    def move_a_commitment(self, pair: int, side: int, days: int, at: time | None) -> None:
        who, _engagement = self._one(pair, side)
        for commitment in self.acts.open_commitments(who)[:1]:
            self.acts.move_commitment(who, commitment, self._day(days), at)

    @rule(pair=PAIRS, side=SIDES)
    def answer_a_commitment(self, pair: int, side: int) -> None:
        who, _engagement = self._one(pair, side)
        for commitment in self.acts.open_commitments(who)[:1]:
            self.acts.answer_commitment(who, commitment, Outcome.KEPT)

    @rule(pair=PAIRS)
    def check_in(self, pair: int) -> None:
        who, engagement_id = self._one(pair, 1)
        self.acts.check_in(who, engagement_id, None, Outcome.PARTLY)

    @rule(pair=PAIRS, side=SIDES, days=st.none() | st.integers(1, 12))
    def pause(self, pair: int, side: int, days: int | None) -> None:
        self.acts.pause(self._one(pair, side)[0], days)

    @rule(pair=PAIRS, side=SIDES)
    def resume(self, pair: int, side: int) -> None:
        self.acts.resume(self._one(pair, side)[0])

    @rule(pair=PAIRS, side=SIDES, zone=st.sampled_from(ZONES))
    def travel(self, pair: int, side: int, zone: str) -> None:
        self.acts.travel(self._one(pair, side)[0], zone)

    @rule(
        pair=PAIRS,
        side=SIDES,
        days=st.sampled_from(OFFICE_WEEKS),
        lead=st.sampled_from([4, 48]),
        intensity=st.sampled_from(list(Intensity)),
    )
    def wish(self, pair: int, side: int, days: frozenset[int], lead: int, intensity: Intensity) -> None:
        wishes = Wishes(min(days), time(9), lead, intensity)
        self.acts.wish(self._one(pair, side)[0], wishes, days, time(9), time(17))

    @rule(pair=PAIRS, side=SIDES)
    def end(self, pair: int, side: int) -> None:
        self.acts.end(*self._one(pair, side))

    @precondition(lambda self: len(self.world.evidence.visible) > 6)
    @rule(pair=PAIRS, side=SIDES)
    def leave(self, pair: int, side: int) -> None:
        self.acts.leave(self._one(pair, side)[0])

    @rule(back=st.integers(1, 4), how=st.sampled_from(["answered", "skip"]) | LATERS)
    def answer_a_message(self, back: int, how: str) -> None:
        """One of the last that anybody got."""
        if len(self.world.evidence.visible) >= back:
            self._answer(self.world.evidence.visible[-back], how)

    def _answer(self, message: Visible, how: str) -> None:
        who = self.world.evidence.wishes[message.user_id][-1].person_id
        for part in message.parts:
            ids = part.key.removeprefix(part.template + ":").split(":")
            match part.template:
                case "prep.ask":
                    self.acts.prepare(who, ids[0], how)
                case "wrapups.ask":
                    self.acts.wrap_up(who, ids[0], how.replace("skip", "not_held"))
                case "checkins.prompt" if how == "answered":
                    self.acts.check_in(who, ids[0], ids[1], Outcome.KEPT)
                case "checkins.prompt" if how == "skip":
                    self.acts.skip_checkin(who, ids[0], ids[1])
                case "checkins.prompt":
                    self.acts.checkin_later(who, part.row_id, how)
                case "commitments.nudge":
                    self.acts.nudge_later(who, part.row_id, how)

    # --- time, and what goes wrong --------------------------------------------------------------------------

    @rule(step=st.sampled_from(STEPS), workers=st.integers(1, 2))
    def time_passes(self, step: timedelta, workers: int) -> None:
        """From one thing due to the next, as if the bot looked all the time."""
        until = self.world.clock.at + step
        for _stop in range(40):
            due = self._run(self.world.next_due())
            if due is None or due > until:
                break
            self.world.clock.at = max(due, self.world.clock.at + timedelta(seconds=5))
            self._run(self.world.tick(workers=workers))
        self.world.clock.at = max(until, self.world.clock.at)
        self._run(self.world.tick(workers=workers))

    @rule(hours=st.sampled_from([1, 20, 24 * 7]))
    def machine_sleeps(self, hours: int) -> None:
        """And wakes up with all that has come due meanwhile."""
        since = self.world.clock.at
        self.world.clock.at += timedelta(hours=hours)
        self.world.was_down(since, self.world.clock.at)
        self._run(self.world.tick())

    @rule(minutes=st.sampled_from([1, 4]))
    def clock_is_set_back(self, minutes: int) -> None:
        self.world.clock.at -= timedelta(minutes=minutes)
        self._run(self.world.tick())

    @rule(steps=st.integers(0, 6))
    def process_dies(self, steps: int) -> None:
        self._run(self.world.tick(crash_at=steps))

    @rule(faults=st.lists(FAULTS, min_size=1, max_size=3))
    def slack_fails(self, faults: list[str]) -> None:
        self.world.slack.next_outcomes += faults

    @rule(scale=st.sampled_from([0.0, 8.0]))
    def history_becomes_unreliable(self, scale: float) -> None:
        worse = Faults.some(scale)
        self.world.slack.faults.late = min(worse.late, 1.0)
        self.world.slack.faults.unreadable = worse.unreadable
        self.world.slack.faults.update = worse.update

    # --- within ---------------------------------------------------------------------------------------------------

    def _one(self, pair: int, side: int) -> tuple[str, str]:
        found = self.pairs[pair]
        return found.people[side], str(found.engagement_id)

    def _day(self, days: int) -> Any:
        return self.world.clock.at.date() + timedelta(days=days)

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        return self._loop.run_until_complete(work)


Delivery.TestCase.settings = settings(
    max_examples=10,
    stateful_step_count=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
test_no_promise_is_broken_whatever_happens = Delivery.TestCase
