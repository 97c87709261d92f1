"""Keeping what is answered once a week: early, late, changed, or skipped; and who may read it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.core.database import Transaction
from bot.core.directory import Person
from bot.core.errors import NotFound
from bot.core.localtime import iso_week, local_date
from bot.core.outbox.store import OutboxRow, ask_again, close
from bot.features.checkins import carrying, store
from bot.features.checkins.domain import (
    PROMPT,
    Answers,
    AskedNoMore,
    Checkin,
    CheckinOver,
    NothingToLookBackOn,
    Schedule,
    Series,
    days_asked,
    next_checkin,
    prompt_key,
    week_meant,
    weeks_open,
)
from bot.features.checkins.store import PlanRow
from bot.features.commitments import service as commitments
from bot.features.commitments.domain import Commitment, Occurrence, Outcome
from bot.features.commitments.reading import Recurring, recurring_between
from bot.features.engagements.authorization import Kind, may_write, shared_as
from bot.features.engagements.domain import Role
from bot.features.engagements.opening import opens, record_share, sees
from bot.features.engagements.places import Alone, Place, by_name
from bot.features.engagements.service import (
    Membership,
    active_membership,
    coached,
    memberships,
    some_membership,
)
from bot.features.goals import reading as goals
from bot.features.goals.reading import Part as Goals
from bot.features.goals.service import rate_week
from bot.features.people.service import wishes_of
from bot.features.sessions import later

GOALS_ASKED = 12
GOALS_READ = 5
LATELY = timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class Form:
    """A check-in to be filled in, or changed. `asked`: the commitments it asks about; `other_week` can be chosen instead.

    `goals`: the open ones, which know how they were rated in this week. `recurring`: with the days of theirs that it looks
    back on. `carried`: the day of the check-in since when one stands, by commitment.
    """

    place: Place
    next_at: datetime | None
    week: str
    this_week: str
    other_week: str | None
    asked: Sequence[Commitment]
    goals: Goals
    before: Checkin | None
    recurring: Sequence[Recurring]
    carried: Mapping[str, date]


# --- checking in ------------------------------------------------------------------------------------


def as_client(db: Transaction, actor: Person) -> list[Membership]:
    return [each for each in memberships(db, actor) if each.role is Role.CLIENT]


def as_coach(db: Transaction, actor: Person) -> list[Membership]:
    return by_name(coached(memberships(db, actor)))


def places(db: Transaction, actor: Person) -> list[Place]:
    """Where somebody is to look back."""
    return [*as_client(db, actor), *alone(db, actor)]


def alone(db: Transaction, actor: Person) -> list[Alone]:
    """Where somebody looks back alone: from the first thing that they keep alone on, until a week with nothing open."""
    found = Alone(actor)
    row = store.plan_of(db, series_of(found))
    return [found] if row is not None and row.next_checkin_at is not None else []


def check_any(db: Transaction, actor: Person) -> None:
    """For who has nowhere to look back: whether they may read what clients share. Raises NothingToLookBackOn, NoEngagement."""
    if not memberships(db, actor, only_active=False):
        raise NothingToLookBackOn
    some_membership(db, actor)


def keeps_alone(db: Transaction, person: Person) -> bool:
    """Whether there is anything open to look back on, that belongs to no engagement."""
    found = Alone(person)
    return commitments.count_open(db, found) > 0 or goals.has_open(db, found)


def series_of(found: Place) -> Series:
    return Series(found.engagement_id, found.client.id)


def form(db: Transaction, actor: Person, engagement_id: str | None, week: str | None, now: datetime) -> Form:
    """`engagement_id` None: alone. `week` None: the one that is meant now. Raises NotFound, HasEnded, CheckinOver."""
    found, row = _own(db, actor, engagement_id)
    schedule = store.schedule(series_of(found), row)
    week = week or week_meant(schedule, _is_last_done(db, schedule), actor.zone, now)
    open_weeks = weeks_open(schedule, actor.zone, now)
    if week not in open_weeks:
        raise CheckinOver
    before = store.by_week(db, schedule.series, week)
    checkin = store.opened(db, before, now) if before else None
    earlier = carrying.before(db, schedule.series, week)
    asked = _asked(db, found, checkin, earlier.partly, now)
    return Form(
        place=found,
        next_at=_next_asked(db, schedule, actor),
        week=week,
        this_week=iso_week(now, actor.zone),
        other_week=next(iter(open_weeks - {week}), None),
        asked=asked,
        goals=goals.to_rate(db, found, now, GOALS_ASKED),
        before=checkin,
        recurring=recurring(db, found, week, now),
        carried=earlier.since(asked, actor.zone),
    )


def _asked(
    db: Transaction, found: Place, checkin: Checkin | None, partly: Collection[str], now: datetime
) -> list[Commitment]:
    """What is open, what this check-in has answered already, and what was partly done at the last one and still is."""
    still_open = commitments.open_of(db, found, found.actor.id, now)
    said = set(checkin.outcomes if checkin else ())
    ids = {each.id for each in still_open} | said | set(partly)
    shown = commitments.of_ids(db, found, ids, now)
    is_asked = [each.is_open or each.id in said or each.outcome is Outcome.PARTLY for each in shown]
    return [each for each, asked in zip(shown, is_asked, strict=True) if asked and not each.recurrence]


def recurring(db: Transaction, found: Place, week: str, now: datetime) -> list[Recurring]:
    """What recurs of the client's, with the days that this check-in looks back on; as far as this actor may see it."""
    client = found.client
    weekday, today = wishes_of(db, client.id).checkin_weekday, local_date(now, client.zone)
    return recurring_between(db, found, client, *days_asked(week, weekday, today), now)


def save(
    db: Transaction,
    actor: Person,
    engagement_id: str | None,
    week: str,
    answers: Answers,
    now: datetime,
) -> Form:
    """The outcomes take effect on the commitments, and can be taken back; what was answered elsewhere meanwhile stays.

    Raises NotFound, HasEnded, CheckinOver.
    """
    found, row = _own(db, actor, engagement_id, locked=True)
    filled = form(db, actor, engagement_id, week, now)
    said: dict[str, Outcome | None] = dict(filled.before.outcomes if filled.before else {})
    for each in filled.asked:  # what was answered elsewhere is not among these
        if each.id in answers.outcomes and not _is_left(each, said, answers):
            said[each.id] = answers.outcomes[each.id]
            if said[each.id] != each.outcome:
                commitments.revise(db, actor, each.id, said[each.id], now)
    for of in filled.recurring:
        _save_days(db, actor, of, answers, now)
    for goal_id in answers.ratings.keys() & {each.goal.id for each in filled.goals.entries}:
        rate_week(db, actor, goal_id, week, answers.ratings[goal_id], now)
    is_shared = shared_as(Kind.CHECKIN, found.role, wished=answers.is_shared)
    kept = store.save(db, row.series, week, replace(answers, outcomes=said, is_shared=is_shared), now)
    if isinstance(found, Membership):
        was_shared = filled.before is not None and filled.before.is_shared
        record_share(db, found, store.item(kept, actor.id), was_shared=was_shared, now=now)
        db.stale_homes.add(found.other.id)
    row.last_week = max(week, row.last_week or week)
    close(db, prompt_key(row.series, week), "answered")
    return form(db, actor, engagement_id, week, now)


def _is_left(each: Commitment, said: Mapping[str, Outcome | None], answers: Answers) -> bool:
    """Partly done at the last check-in, and left at that: it is not asked about a third time."""
    return (
        each.outcome is Outcome.PARTLY and each.id not in said and answers.outcomes[each.id] is each.outcome
    )


def _save_days(db: Transaction, actor: Person, of: Recurring, answers: Answers, now: datetime) -> None:
    for day in of.days:
        outcome = _said_of(day, answers)
        is_newer = day.answered_at and answers.asked_at and day.answered_at > answers.asked_at
        if outcome is not day.outcome and not is_newer:
            commitments.revise_day(db, actor, day.commitment_id, day.on, outcome, now)


def _said_of(day: Occurrence, answers: Answers) -> Outcome | None:
    """A day that is not ticked was not kept as far as anybody says, and nothing more: what else was said of it stays."""
    ticked = answers.kept_on.get(day.commitment_id)
    if ticked is None:
        return answers.days.get((day.commitment_id, day.on), day.outcome)
    if day.on in ticked:
        return Outcome.KEPT
    return None if day.outcome is Outcome.KEPT else day.outcome


def skip(db: Transaction, actor: Person, engagement_id: str | None, week: str, now: datetime) -> None:
    """Not this week. It can still be done later. Raises NotFound, HasEnded, CheckinOver, AskedNoMore."""
    _found, row = _own(db, actor, engagement_id, locked=True)
    if week not in weeks_open(store.schedule(row.series, row), actor.zone, now):
        raise CheckinOver
    if _is_done(db, row.series, week):
        raise AskedNoMore
    row.skipped_week = week
    close(db, prompt_key(row.series, week), "skipped")


def postpone(db: Transaction, actor: Person, letter_id: str, choice: str, now: datetime) -> None:
    """“Later” beneath the message. Raises AskedNoMore, TooLateForLater."""
    letter = db.get(OutboxRow, letter_id)
    if (
        letter is None
        or (letter.template, letter.person_id) != (PROMPT, actor.id)
        or letter.closed is not None
    ):
        raise AskedNoMore
    ask_again(db, letter, later.chosen(choice, now, actor.rhythm, letter.expires_at), now)


def _own(
    db: Transaction, actor: Person, engagement_id: str | None, *, locked: bool = False
) -> tuple[Place, PlanRow]:
    """Only a client checks in, or who keeps something alone. `locked`: nobody else changes it until the transaction ends."""
    found = active_membership(db, actor, engagement_id) if engagement_id else Alone(actor)
    if isinstance(found, Membership) and not may_write(Kind.CHECKIN, found.role):
        raise NotFound
    row = (store.locked_plan if locked else store.plan_of)(db, series_of(found))
    if row is None:
        raise NotFound
    return found, row


def _is_last_done(db: Transaction, schedule: Schedule) -> bool:
    return schedule.last_week is not None and _is_done(db, schedule.series, schedule.last_week)


# --- reading ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Shown:
    """The last check-in that a client shared; of its commitments and the goals rated in it, those that they share too."""

    membership: Membership
    checkin: Checkin | None
    answered: Sequence[Commitment]
    still_open: Sequence[Commitment]
    recurring: Sequence[Recurring]
    rated: Goals


def shared_with(
    db: Transaction, coach: Person, now: datetime, *, start: int = 0, most: int
) -> tuple[list[Shown], int]:
    """One for each of these clients, and how many come behind them. That the coach has opened these is on record.

    The newest first; those who share none come last.
    """
    latest = [(each, _latest_seen(db, each)) for each in as_coach(db, coach)]
    read = sorted(((each, row) for each, row in latest if row), key=lambda of: of[1].created_at, reverse=True)
    found = [*read, *((each, None) for each, row in latest if row is None)]
    shown = [_shown(db, each, row, now) for each, row in found[start : start + most]]
    return shown, max(0, len(found) - start - most)


def shared_by(db: Transaction, coach: Person, engagement_id: str, now: datetime) -> Shown:
    """As shared_with, of one client. Raises NotFound, HasEnded."""
    found = active_membership(db, coach, engagement_id)
    if found.role is not Role.COACH:
        raise NotFound
    return _shown(db, found, _latest_seen(db, found), now)


def _shown(db: Transaction, found: Membership, row: store.CheckinRow | None, now: datetime) -> Shown:
    is_open = row is not None and opens(db, found, store.item(row, found.client.id), now)
    checkin = store.opened(db, row, now) if row and is_open else None
    answered = commitments.of_ids(db, found, checkin.outcomes, now) if checkin else []
    still_open = commitments.open_of(db, found, found.client.id, now) if checkin else []
    days = recurring(db, found, checkin.week, now) if checkin else []
    rated = goals.rated_in(db, found, checkin.week, now, GOALS_READ) if checkin else Goals()
    return Shown(found, checkin, answered, still_open, days, rated)


def checked_in_since(db: Transaction, found: Sequence[Membership], since: datetime) -> set[str]:
    """The engagements among these whose client has checked in; that is a count that both may know."""
    return store.checked_in_since(db, [each.engagement_id for each in found], since)


def shared_last_at(db: Transaction, found: Membership) -> datetime | None:
    """When the client answered the latest check-in that they let this coach see."""
    row = _latest_seen(db, found)
    return row.created_at if row else None


def _latest_seen(db: Transaction, found: Membership) -> store.CheckinRow | None:
    rows = store.latest_first(db, found.engagement_id)
    return next((row for row in rows if sees(found, store.item(row, found.client.id))), None)


@dataclass(frozen=True, slots=True)
class Seen:
    """What App Home tells a coach of one client: when they last checked in, of what they share. No contents."""

    membership: Membership
    checked_in_at: datetime | None


def seen_by(db: Transaction, coach: Person, now: datetime) -> list[Seen]:
    found = []
    for each in as_coach(db, coach):
        row = _latest_seen(db, each)
        is_recent = row is not None and row.created_at > now - LATELY
        found.append(Seen(each, row.created_at if row and is_recent else None))
    return found


@dataclass(frozen=True, slots=True)
class Standing:
    """How it stands with the check-in of one engagement, or alone, for App Home. `is_asked`: it waits for an answer."""

    place: Place
    next_at: datetime | None
    is_asked: bool
    is_done: bool


def standings(db: Transaction, actor: Person, now: datetime) -> list[Standing]:
    """Alone, only while something is open, or done."""
    found = []
    for each in places(db, actor):
        schedule = store.schedule(series_of(each), _own(db, actor, each.engagement_id)[1])
        week = week_meant(schedule, _is_last_done(db, schedule), actor.zone, now)
        done = _is_done(db, schedule.series, week)
        if isinstance(each, Alone) and not (done or keeps_alone(db, actor)):
            continue
        is_asked = not done and week == schedule.last_week and week != schedule.skipped_week
        found.append(Standing(each, _next_asked(db, schedule, actor), is_asked, done))
    return found


def _next_asked(db: Transaction, schedule: Schedule, person: Person) -> datetime | None:
    """When the next message comes: not in a week that is done already."""
    at = schedule.next_at
    if at is None or not _is_done(db, schedule.series, iso_week(at, person.zone)):
        return at
    return next_checkin(at, wishes_of(db, person.id), person.rhythm)


def is_done(db: Transaction, found: Place, week: str) -> bool:
    return _is_done(db, series_of(found), week)


def _is_done(db: Transaction, series: Series, week: str) -> bool:
    return store.by_week(db, series, week) is not None
