"""Asking once a week, on the client's own day and hour."""

from datetime import datetime

from bot.core.database import Transaction
from bot.core.localtime import iso_week
from bot.core.outbox.store import close, enqueue
from bot.features.checkins import service, store
from bot.features.checkins.domain import FIRST_AFTER, PROMPT, is_wished, next_checkin, prompt_key
from bot.features.checkins.store import AlonePlanRow, PlanRow
from bot.features.commitments import nudges
from bot.features.engagements.domain import EngagementEnded, EngagementStarted, KeptAlone
from bot.features.people.domain import PersonResumed, RhythmChanged, WishesChanged
from bot.features.people.service import People, wishes_of

AT_ONCE = 50


def ask_due(db: Transaction, now: datetime) -> int:
    """Plan one batch of the messages that have come due. Returns how many were dealt with."""
    rows, alone = store.due(db, now, AT_ONCE), store.due_alone(db, now, AT_ONCE)
    for row in rows:
        _ask(db, row, now)
    for own in alone:
        _ask_alone(db, own, now)
    db.flush()
    return len(rows) + len(alone)


def _ask_alone(db: Transaction, row: AlonePlanRow, now: datetime) -> None:
    """Only while something is open."""
    due_at, person = row.next_checkin_at, People().get(db, row.person_id)
    assert due_at is not None
    wishes = wishes_of(db, person.id)
    if not service.keeps_alone(db, person):
        row.next_checkin_at = None
        _close_last(db, row)
    elif is_wished(due_at, wishes, person.rhythm):
        _ask(db, row, now)
    else:
        row.next_checkin_at = next_checkin(now, wishes, person.rhythm)


def _close_last(db: Transaction, row: PlanRow) -> None:
    if row.last_week:
        close(db, prompt_key(row.series, row.last_week), "over")


def _ask(db: Transaction, row: PlanRow, now: datetime) -> None:
    """Reckoned from when it was due: what was missed is dropped with a reason, and the next one is a week later."""
    due_at, person, series = row.next_checkin_at, People().get(db, row.person_id), row.series
    assert due_at is not None
    week = iso_week(due_at, person.zone)
    row.next_checkin_at = next_checkin(due_at, wishes_of(db, person.id), person.rhythm)
    if row.last_week != week:
        _close_last(db, row)
    row.last_week = max(week, row.last_week or week)
    if store.by_week(db, series, week) is not None:
        return
    if row.next_checkin_at > now:  # otherwise it is too late for this message, and nothing would tell of them
        nudges.absorb(db, person.id, series.engagement_id, max(due_at, now))
    enqueue(
        db,
        key=prompt_key(series, week),
        template=PROMPT,
        to=person.address,
        engagement_id=series.engagement_id,
        subject={"week": week, **({"engagement": series.engagement_id} if series.engagement_id else {})},
        due_at=due_at,
        expires_at=row.next_checkin_at,
        now=now,
    )
    db.stale_homes.add(person.id)


# --- what others tell -------------------------------------------------------------------------------


def follow_start(db: Transaction, fact: EngagementStarted, now: datetime) -> None:
    client = People().get(db, fact.client_id)
    first_at = next_checkin(now + FIRST_AFTER, wishes_of(db, client.id), client.rhythm)
    store.add_plan(db, fact.engagement_id, client.id, first_at)


def follow_kept(db: Transaction, fact: KeptAlone, now: datetime) -> None:
    row, person = store.begin_alone(db, fact.person_id), People().get(db, fact.person_id)
    if row.next_checkin_at is None:
        row.next_checkin_at = next_checkin(now + FIRST_AFTER, wishes_of(db, person.id), person.rhythm)
        db.flush()


def follow_person(
    db: Transaction, fact: RhythmChanged | WishesChanged | PersonResumed, now: datetime
) -> None:
    """The day and hour are wall-clock wishes. One that is due already stays due."""
    person, wishes = People().get(db, fact.person_id), wishes_of(db, fact.person_id)
    for row in store.plans_of_person(db, person.id):
        if row.next_checkin_at is not None and row.next_checkin_at > now:
            row.next_checkin_at = next_checkin(now, wishes, person.rhythm)
    db.flush()


def follow_end(db: Transaction, fact: EngagementEnded, now: datetime) -> None:
    store.end_plan(db, fact.engagement_id)
