"""Which message tells of which commitments. Each open commitment belongs to one live message at most, its `nudge_key`."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, and_, select

from bot.core.database import Transaction
from bot.core.directory import Person
from bot.core.localtime import local_date
from bot.core.outbox.domain import State
from bot.core.outbox.store import OutboxRow, ask_again, close, enqueue, find, keys_from, repaint
from bot.features.commitments import store
from bot.features.commitments.domain import (
    NUDGES,
    Deadline,
    Nudge,
    NudgeOver,
    next_nudge,
    nudges_of,
    useful_until,
)
from bot.features.commitments.store import CommitmentRow
from bot.features.engagements.authorization import Kind, may_change, may_write
from bot.features.engagements.store import EngagementRow, role_of
from bot.features.people.domain import Intensity
from bot.features.people.service import People, wishes_of
from bot.features.sessions import later

NUDGE = "commitments.nudge"
AT_ONCE = 20
TOGETHER = timedelta(hours=3)
"""What one person is to be told of within this time becomes one message."""


def deadline(due_on: date, due_time: time | None, person: Person) -> Deadline:
    return Deadline(due_on, due_time, person.rhythm)


def plan_next(
    db: Transaction, row: CommitmentRow, owner: Person, *, not_before: datetime, now: datetime
) -> None:
    """Set when the next nudge comes due, by the owner's wishes; or that none does."""
    intensity = wishes_of(db, owner.id).intensity
    found = next_nudge(
        deadline(row.due_on, row.due_time, owner),
        intensity,
        Nudge(row.last_nudge) if row.last_nudge else None,
        not_before=not_before,
        now=now,
        among=_sensible(db, row, owner, intensity),
    )
    row.next_nudge, row.next_nudge_at = found or (None, None)


def _sensible(db: Transaction, row: CommitmentRow, owner: Person, intensity: Intensity) -> Collection[Nudge]:
    recurrence, on = store.recurrence_of(row), row.occurrence_on
    if recurrence is None or on is None:
        return tuple(Nudge)
    return nudges_of(
        recurrence.every,
        intensity,
        has_checkin=_has_checkin(db, row, owner),
        is_last_of_week=recurrence.is_last_of_week(on, owner.rhythm),
    )


def _has_checkin(db: Transaction, row: CommitmentRow, owner: Person) -> bool:
    if row.engagement_id is None:
        return True
    role = role_of(db.get_one(EngagementRow, row.engagement_id), owner.id)
    return role is not None and may_write(Kind.CHECKIN, role)


def settle(db: Transaction, row: CommitmentRow, how: str) -> None:
    """This commitment's message no longer speaks of it; when it has nothing else to say, it is closed."""
    key, row.nudge_key = row.nudge_key, None
    if key is None:
        return
    db.flush()
    if store.by_nudge(db, key):
        _repaint(db, key)
    else:
        close(db, key, how)


def follow_wording(db: Transaction, row: CommitmentRow) -> None:
    """A message that shows what it was called shows what it is called now."""
    if row.nudge_key is not None:
        _repaint(db, row.nudge_key, only=OutboxRow.shows_words.is_(True))


def _repaint(db: Transaction, key: str, *, only: ColumnElement[bool] | None = None) -> None:
    """The message itself, or what "Later" made of it."""
    is_open = and_(OutboxRow.key.in_(keys_from(db, key)), OutboxRow.closed.is_(None))
    for each in db.scalars(select(OutboxRow.key).where(is_open if only is None else and_(is_open, only))):
        repaint(db, each)


def wants_any(db: Transaction, person: Person) -> bool:
    return bool(NUDGES[wishes_of(db, person.id).intensity])


def next_for(db: Transaction, actor: Person, commitment_id: str) -> datetime | None:
    """When the next nudge about this one of the actor's own is planned for."""
    row = store.by_id(db, commitment_id)
    return row.next_nudge_at if row and may_change(store.item(row), actor.id) else None


def postpone(db: Transaction, actor: Person, letter_id: str, choice: str, now: datetime) -> datetime:
    """“Later” beneath a nudge; returns when that is. Raises NudgeOver, TooLateForLater."""
    letter = db.get(OutboxRow, letter_id)
    if (
        letter is None
        or (letter.template, letter.person_id) != (NUDGE, actor.id)
        or letter.closed is not None
    ):
        raise NudgeOver
    at = later.chosen(choice, now, actor.rhythm, letter.expires_at)
    ask_again(db, letter, at, now)
    return at


def plan_batch(db: Transaction, now: datetime) -> int:
    """Turn nudges that have come due into messages, one for each person. Returns how many commitments were dealt with."""
    planned: set[str] = set()
    for first in store.due_for_nudge(db, now, AT_ONCE):
        if first.id not in planned and first.next_nudge_at is not None:
            until = max(now, first.next_nudge_at + TOGETHER)
            rows = store.nudged_until(db, first.owner_id, until)
            _write(db, rows, now)
            planned |= {row.id for row in rows}
    return len(planned)


def absorb(db: Transaction, owner_id: str, engagement_id: str | None, now: datetime) -> None:
    """A message that asks about all of these goes out now: no nudge follows on its heels, and none that waits is sent."""
    owner = People().get(db, owner_id)
    for row in store.nudges_within(db, owner_id, engagement_id):
        while row.next_nudge_at is not None and row.next_nudge_at <= now + TOGETHER:
            _advance(db, row, owner)
        if _is_unsent(db, row.nudge_key):
            settle(db, row, "absorbed")
    db.flush()


def _is_unsent(db: Transaction, key: str | None) -> bool:
    letter = find(db, key) if key else None
    return letter is not None and letter.closed is None and letter.state == State.PENDING


def _write(db: Transaction, rows: Sequence[CommitmentRow], now: datetime) -> None:
    """One message that tells of all these; they are one person's, the first is due first."""
    owner, first = People().get(db, rows[0].owner_id), rows[0]
    assert first.next_nudge_at is not None
    on = local_date(first.next_nudge_at, owner.zone)
    key = f"{NUDGE}:{owner.id}:{first.next_nudge}:{on}:{first.id}.{first.moved}"
    engagements = {row.engagement_id for row in rows}
    enqueue(
        db,
        key=key,
        template=NUDGE,
        to=owner.address,
        engagement_id=engagements.pop() if len(engagements) == 1 else None,
        subject={"commitments": ",".join(row.id for row in rows), **_dates(rows)},
        due_at=first.next_nudge_at,
        expires_at=max(_useful_until(row) for row in rows),
        now=now,
    )
    for row in rows:
        settle(db, row, "newer")
        row.nudge_key = key
        _advance(db, row, owner)
    db.flush()


def _dates(rows: Sequence[CommitmentRow]) -> dict[str, str]:
    """Which occurrence it is about, of each that recurs: by then the commitment is due again."""
    dates = [f"{row.id}:{row.due_on}" for row in rows if row.every]
    return {"dates": ",".join(dates)} if dates else {}


def _useful_until(row: CommitmentRow) -> datetime:
    assert row.next_nudge_at is not None
    return useful_until(Nudge(row.next_nudge or Nudge.DUE), row.due_at, row.next_nudge_at)


def _advance(db: Transaction, row: CommitmentRow, owner: Person) -> None:
    """Reckoned from when this nudge was due, not from now: what was missed is dropped with a reason, not forgotten."""
    assert row.next_nudge_at is not None
    due_at, row.last_nudge = row.next_nudge_at, row.next_nudge
    plan_next(db, row, owner, not_before=due_at, now=due_at)


def next_at(db: Transaction) -> datetime | None:
    return store.next_nudge_at(db)
