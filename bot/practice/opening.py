"""The weeks behind them: most by the services alone, the last days with messages on the local Slack."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import bindparam, update

from bot.core.directory import profile_from_slack
from bot.core.outbox.domain import State
from bot.core.outbox.store import OutboxRow
from bot.demo import Demo
from bot.features.engagements.domain import Role
from bot.practice import words
from bot.practice.clients import Client, Stage, clients
from bot.practice.deeds import Deeds, Pair

COACH = "U0DANA"
HISTORY, LATELY = timedelta(days=28), timedelta(days=8)
STOPS = (timedelta(hours=-8), timedelta(hours=-4), timedelta(0), timedelta(hours=4))
"""Around the hour of the day at which they act; everything that has come due by then is sent."""
AT_THE_END = (Stage.FRESH, Stage.INVITED, Stage.ASKING, Stage.DECLINED)
ACTIVE_DAYS = (1, 3, 5)
"""ISO weekdays on which they act before the last days: enough to look lived in, and soon done."""
BEYOND_A_LIST = 34
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
WEEKS = HISTORY // WEEK


async def prepare(demo: Demo, count: int, say: Callable[[str], object] = lambda _line: None) -> None:
    """Dana's practice, on a demo whose clock stands HISTORY before its day. `say`: how far it is, week by week."""
    day, today, random = demo.clock.now(), demo.clock.now() + HISTORY, Random(count)
    with demo.growbot.database.transaction() as db:
        deeds = Deeds(db, random)
        pairs = _meet(demo, deeds, clients(count), day)
        for pair in pairs:
            if pair.client.stage not in AT_THE_END:
                _begin(deeds, pair, day)
    while (day := day + DAY) <= today:
        if (today - day + DAY) % WEEK == timedelta(0):
            say(f"Week {WEEKS - (today - day) // WEEK} of {WEEKS} …")
        if day > today - LATELY:
            await _live(demo, pairs, day, today, random)
            continue
        with demo.growbot.database.transaction() as db:
            _act(Deeds(db, random), pairs, day, is_lately=False)
            db.execute(_BEFORE, {"until": day})


async def _live(demo: Demo, pairs: Sequence[Pair], day: datetime, today: datetime, random: Random) -> None:
    """One day on the local Slack."""
    for stop in STOPS:
        if (at := day + stop) > today:
            return
        demo.clock.set(at)
        if stop == timedelta(0):
            with demo.growbot.database.transaction() as db:
                deeds = Deeds(db, random)
                _act(deeds, pairs, at, is_lately=True)
                _turn(deeds, pairs, today - at, at)
        await demo.growbot.settle()


_BEFORE = (
    update(OutboxRow)
    .where(
        OutboxRow.state == State.PENDING,
        OutboxRow.created_at <= bindparam("until", type_=OutboxRow.created_at.type),
    )
    .values(state=State.CANCELLED, reason="before the demo began")
)
"""What would have been sent before the first day on the local Slack was sent then, and is not sent now."""


def _meet(demo: Demo, deeds: Deeds, found: Sequence[Client], now: datetime) -> list[Pair]:
    space = demo.sandbox.workspace
    for each in found:
        space.people[each.account.id] = each.account
    ids = {
        user_id: deeds.meet(
            profile_from_slack(
                space.people[user_id].payload(now, with_locale=True),
                team_id=space.team.id,
                enterprise_id=None,
            ),
            now,
        )
        for user_id in (COACH, *(each.account.id for each in found))
    }
    return [Pair(each, ids[COACH], ids[each.account.id]) for each in found]


def _begin(deeds: Deeds, pair: Pair, now: datetime) -> None:
    is_invited = pair.client.number % 3 == 0  # nobody invites more than a few people in a day
    proposer, signer = (Role.COACH, Role.CLIENT) if is_invited else (Role.CLIENT, Role.COACH)
    deeds.propose(pair, now, by=proposer)
    deeds.sign(pair, now, by=signer)
    deeds.plan(pair, now)
    deeds.aim(pair, now)
    for _each in range(2):
        deeds.commit(pair, now)


def _act(deeds: Deeds, pairs: Sequence[Pair], now: datetime, *, is_lately: bool) -> None:
    """What a day brings for those who work with Dana."""
    if now.isoweekday() not in (range(1, 6) if is_lately else ACTIVE_DAYS):
        return
    deeds.extend(now)
    for pair in pairs:
        is_away = is_lately and pair.client.stage in (Stage.QUIET, Stage.PAUSED)
        if pair.engagement_id and not is_away:
            _meet_and_prepare(deeds, pair, now)
            if is_lately:  # before, the check-in is where most answer
                deeds.answer_due(pair.client_id, now)
            if now.isoweekday() == 5:
                deeds.check_in(pair, now)
            if (now.isocalendar().week + pair.client.number) % 2 and now.isoweekday() in (1, 3):
                deeds.commit(pair, now)
                if now.isoweekday() == 1:
                    deeds.commit(pair, now, by_coach=True, days=3 + pair.client.number % 7)
                deeds.note(pair, now, is_shared=pair.client.number % 4 == 0)
    if pairs:
        deeds.answer_due(pairs[0].coach_id, now)


def _meet_and_prepare(deeds: Deeds, pair: Pair, now: datetime) -> None:
    for session in deeds.sessions_of(pair, now - 3 * DAY):
        if session.starts_at <= now - timedelta(hours=1):
            deeds.wrap_up(pair.client_id, session, now, is_shared=pair.shares)
            deeds.wrap_up(pair.coach_id, session, now, is_shared=True)
        elif now < session.starts_at <= now + DAY and pair.client.number % 3:
            deeds.prepare(pair.client_id, session, now, is_shared=pair.shares)


def _turn(deeds: Deeds, pairs: Sequence[Pair], before: timedelta, now: datetime) -> None:
    """How some came to where they stand, so many days before the demo's."""
    for pair in pairs:
        match pair.client.stage, before.days:
            case Stage.PAUSED, 4:
                deeds.pause(pair, 12, now)
            case Stage.ENDED, 3:
                deeds.end(pair, now)
            case Stage.INVITED, 1:
                deeds.propose(pair, now)
            case Stage.ASKING, 1:
                deeds.propose(pair, now, by=Role.CLIENT)
            case Stage.DECLINED, 2:
                deeds.propose(pair, now)
                deeds.decline(pair, now)
            case Stage.FRESH, 0:
                deeds.propose(pair, now)
                deeds.sign(pair, now)
            case Stage.BRIMMING, 2:
                deeds.recur(pair, now)
                for number in range(BEYOND_A_LIST):
                    deeds.commit(pair, now, what=words.LONG if number % 5 == 0 else "", days=3 + number)
