"""Each workspace at its own pace, shared by all processes; none waits for another."""

import asyncio
from datetime import timedelta
from itertools import pairwise

import pytest

from bot.core.database import Database
from bot.core.directory import Identity, Person
from bot.core.outbox import pacing
from bot.core.outbox.courier import Courier
from bot.core.outbox.domain import REFUSED_FOR_NOW, Limited, Outcome, Refused, State, Uncertain
from bot.core.outbox.pacing import PaceRow
from bot.core.outbox.templates import Message
from bot.features.people.service import People, learn
from tests.builders import a_profile
from tests.core.conftest import ANSWER, TEMPLATES, PostOffice
from tests.fakes import FakeSlack

SECOND = timedelta(seconds=1)
HERE, THERE = "T0HERE", "T0THERE"


class TimedSlack(FakeSlack):
    """Notes when each message came; a workspace that hangs answers only when it is let go."""

    def __init__(self, office: PostOffice) -> None:
        super().__init__()
        self.office, self.hangs, self.let_go = office, "", asyncio.Event()
        self.times: dict[str, list[float]] = {}
        self.came = asyncio.Event()

    async def post(self, to: Identity, message: Message, marker: str) -> Outcome:
        self.times.setdefault(to.team_id, []).append(self.office.clock.at.timestamp())
        self.came.set()
        if to.team_id == self.hangs:
            await self.let_go.wait()
            return Uncertain("TimeoutError")
        return await super().post(to, message, marker)


@pytest.fixture
def timed(post: PostOffice) -> TimedSlack:
    slack = TimedSlack(post)
    post.slack = slack
    return slack


@pytest.fixture
def courier(post: PostOffice, timed: TimedSlack) -> Courier:
    return a_courier(post, post.database)


def a_courier(post: PostOffice, database: Database) -> Courier:
    return Courier(database, People(), TEMPLATES, post.slack, post.clock, pace=SECOND)


def somebody(post: PostOffice, team_id: str) -> Person:
    profile = a_profile()
    identity = Identity(team_id, profile.identity.user_id)
    return post.do(lambda db: learn(db, a_profile(identity=identity), post.clock.at))


def plan(post: PostOffice, team_id: str, count: int) -> None:
    ben = somebody(post, team_id)
    for number in range(count):
        post.plan(ben, f"{team_id}:{number}", template=ANSWER)


async def test_one_workspace_gets_one_message_a_second(
    post: PostOffice, courier: Courier, timed: TimedSlack
) -> None:
    plan(post, HERE, 20)
    await courier.deliver()
    times = timed.times[HERE]
    assert len(times) == 20
    assert all(later - earlier == pytest.approx(1) for earlier, later in pairwise(times))


async def test_many_workspaces_take_no_longer_than_one(
    post: PostOffice, courier: Courier, timed: TimedSlack
) -> None:
    for number in range(40):  # more than there are calls at a time
        plan(post, f"T{number:05}", 5)
    started = post.clock.at
    await courier.deliver()
    assert sum(len(times) for times in timed.times.values()) == 200
    assert post.clock.at - started <= 5 * SECOND


async def test_a_workspace_that_hangs_delays_no_other(
    post: PostOffice, courier: Courier, timed: TimedSlack
) -> None:
    timed.hangs = HERE
    plan(post, HERE, 10)
    plan(post, THERE, 10)
    delivering = asyncio.create_task(courier.deliver())
    async with asyncio.timeout(20):
        while len(timed.times.get(THERE, ())) < 10:
            await timed.came.wait()
            timed.came.clear()
    assert len(timed.times[HERE]) == 2, "no more than two calls hang at a time"
    timed.let_go.set()
    await delivering


async def test_a_pause_that_slack_asks_for_concerns_that_workspace_only(
    post: PostOffice, courier: Courier, timed: TimedSlack
) -> None:
    plan(post, HERE, 2)
    timed.outcomes = [Limited(30)]
    await courier.deliver()
    plan(post, THERE, 2)
    await courier.deliver()
    assert (len(timed.times[HERE]), len(timed.times[THERE])) == (1, 2)
    post.clock.move(seconds=30)
    await courier.deliver()
    assert len(timed.times[HERE]) == 3


async def test_a_workspace_whose_token_was_revoked_is_left_alone_and_nothing_is_lost(
    post: PostOffice, courier: Courier, timed: TimedSlack
) -> None:
    plan(post, HERE, 3)
    timed.outcomes = [Refused("token_revoked", by_workspace=True)]
    await courier.deliver()
    await courier.deliver()
    assert len(timed.times[HERE]) == 1
    assert post.state(f"{HERE}:0") == (State.PENDING, "token_revoked")
    post.clock.move(seconds=REFUSED_FOR_NOW.total_seconds())
    await courier.deliver()
    assert post.state(f"{HERE}:0") == (State.SENT, None)


async def test_a_revoked_token_that_nobody_mends_is_not_tried_for_ever(
    post: PostOffice, courier: Courier, timed: TimedSlack
) -> None:
    plan(post, HERE, 1)
    timed.outcomes = [Refused("token_revoked", by_workspace=True)] * 1000
    for _hour in range(24 * 8):
        await courier.deliver()
        post.clock.move(hours=1)
    assert post.state(f"{HERE}:0") == (State.STALE, "token_revoked")
    assert len(timed.times[HERE]) == 7 * 24


async def test_a_clock_that_was_set_back_does_not_hold_a_workspace_for_long(
    post: PostOffice, courier: Courier, timed: TimedSlack
) -> None:
    post.clock.move(days=365)
    plan(post, HERE, 1)
    await courier.deliver()
    post.clock.move(days=-365)
    plan(post, THERE, 1)
    ben = somebody(post, HERE)
    post.plan(ben, "now", template=ANSWER)
    await courier.deliver()
    assert post.row("now").state == State.SENT


@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
async def test_two_processes_share_one_workspace_s_pace(post: PostOffice, timed: TimedSlack) -> None:
    plan(post, HERE, 10)
    elsewhere = Database(post.database.url.render_as_string(False), post.database.vault)
    await asyncio.gather(a_courier(post, post.database).deliver(), a_courier(post, elsewhere).deliver())
    elsewhere.close()
    times = sorted(timed.times[HERE])
    assert len(times) == 10
    assert times[-1] - times[0] >= 8.9, "the pace of two is the pace of one"


async def test_redrawing_goes_at_the_same_pace(post: PostOffice, courier: Courier) -> None:
    plan(post, HERE, 5)
    await courier.deliver()
    for number in range(5):
        post.close(f"{HERE}:{number}")
    started = post.clock.at
    await courier.repaint()
    assert post.clock.at - started >= 4 * SECOND


async def test_a_workspace_that_is_new_has_a_pace_as_soon_as_something_is_planned(post: PostOffice) -> None:
    plan(post, HERE, 1)
    paces = post.do(lambda db: [db.get(PaceRow, (HERE, method)) is not None for method in pacing.METHODS])
    assert all(paces)
