"""What recurs, what coaches have promised, and what a message may say; beside the lists in `service`."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from bot.core.database import Transaction
from bot.core.directory import Person
from bot.core.localtime import to_utc
from bot.features.commitments import occurrences, store
from bot.features.commitments.domain import Commitment, Occurrence
from bot.features.commitments.recurring import Every
from bot.features.commitments.service import all_of, count_open, visible
from bot.features.engagements.domain import Role
from bot.features.engagements.opening import sees
from bot.features.engagements.places import Place, places
from bot.features.engagements.service import Membership, coached, memberships

# --- what recurs --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Recurring:
    """A commitment that recurs, and its occurrences on some dates, the earliest first."""

    commitment: Commitment
    days: Sequence[Occurrence]


def recurring_between(
    db: Transaction, found: Place, owner: Person, first_on: date, last_on: date, now: datetime
) -> list[Recurring]:
    """What recurs on these dates, as far as this actor may see it; also what was let go of, or came to its end, since then."""
    since = to_utc(first_on, time.min, owner.zone)
    rows = store.recurring_of(db, found.engagement_id, owner.id, since)
    days = occurrences.between(
        db, [row for row in rows if sees(found, store.item(row))], first_on, last_on, now
    )
    shown = visible(db, found, [row for row in rows if days.get(row.id)], now)
    return [Recurring(each, days[each.id]) for each in shown]


def all_occurrences(db: Transaction, found: Place, now: datetime) -> list[tuple[Commitment, Occurrence]]:
    """As all_of, of what recurs: each time that was answered, or has passed."""
    shown = {each.id: each for each in all_of(db, found, now) if each.recurrence}
    return [(shown[each.commitment_id], each) for each in occurrences.all_of(db, shown.values(), now)]


# --- promises ------------------------------------------------------------------------------------------


def promised(db: Transaction, actor: Person) -> list[tuple[Membership, int]]:
    """How many open promises of each coach the actor may see, where there are any; for Home, which opens no words."""
    counted = [
        (
            found,
            sum(
                sees(found, store.item(row)) for row in store.open_of(db, found.engagement_id, found.coach.id)
            ),
        )
        for found in memberships(db, actor)
        if found.role is Role.CLIENT
    ]
    return [(found, count) for found, count in counted if count]


def count_promises(db: Transaction, coach: Person) -> int:
    """The coach's own that are open, to all clients."""
    return sum(count_open(db, found) for found in coached(memberships(db, coach)))


# --- for messages, which open no words ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Pending:
    """What a message may say of an open commitment."""

    commitment_id: str
    due_at: datetime
    has_time: bool
    can_move: bool
    place: Place


def named_by(db: Transaction, person: Person, nudge_key: str) -> list[Pending]:
    """The person's commitments that this message is to tell of now: open, and of active engagements or alone."""
    active = {found.engagement_id: found for found in places(db, person)}
    rows = [row for row in store.by_nudge(db, nudge_key) if row.outcome is None]
    return [
        Pending(
            row.id,
            row.due_at,
            has_time=row.due_time is not None,
            can_move=row.every != Every.WORKING_DAY,
            place=active[row.engagement_id],
        )
        for row in rows
        if row.engagement_id in active
    ]


def whats(db: Transaction, person: Person, pending: Sequence[Pending], now: datetime) -> list[str]:
    """What those of these are that are the person's, in their own words: for a message to them, if they chose that."""
    rows = [store.by_id(db, each.commitment_id) for each in pending]
    return [store.what(db, row, now) for row in rows if row is not None and row.owner_id == person.id]


@dataclass(frozen=True, slots=True)
class Dates:
    """For messages, which open no words."""

    all: Sequence[date]
    still_open: Sequence[date]


def dates_of(db: Transaction, person: Person, ids: Collection[str], told: Mapping[str, date]) -> Dates:
    """When those of these that are the person's are due. `told`: for what recurs, the date that the message was about."""
    rows = [row for each in ids if (row := store.by_id(db, each)) and row.owner_id == person.id]
    due = {row.id: told.get(row.id, row.due_on) for row in rows}
    still_open = [due[row.id] for row in rows if row.outcome is None]
    return Dates(list(due.values()), still_open)
