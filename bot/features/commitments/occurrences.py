"""One occurrence after the other: what became of each, and when the next one takes its place."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, time, timedelta

from bot.core.database import Transaction
from bot.core.directory import Person
from bot.core.localtime import to_utc
from bot.features.commitments import nudges, occurrence_store, store
from bot.features.commitments.domain import SLACK, Commitment, NoSuchDay, Occurrence, Outcome
from bot.features.commitments.recurring import SHOWN, Recurrence
from bot.features.commitments.store import CommitmentRow
from bot.features.people.service import People

AT_ONCE = 50
MOSTLY_WITHIN = timedelta(days=100)
"""As many as are looked back on are within this; of a commitment that rested for long, they are looked for one by one."""


def stand(row: CommitmentRow, on: date, owner: Person) -> None:
    """This is the present occurrence from now on, or the first day after it that can be."""
    recurrence, _on = _rule(row)
    row.occurrence_on = recurrence.on_or_after(on, owner.rhythm)
    row.due_on, row.due_time = recurrence.due_on(row.occurrence_on, owner.rhythm), row.usual_time
    row.due_at = nudges.deadline(row.due_on, row.due_time, owner).at
    row.next_occurrence_at = _next_at(row, owner)


def _next_at(row: CommitmentRow, owner: Person) -> datetime | None:
    """At the beginning of the day on which it comes again."""
    following = next_on(row, owner)
    return to_utc(following, time.min, owner.zone) if following else None


def next_on(row: CommitmentRow, owner: Person) -> date | None:
    recurrence, on = _rule(row)
    return recurrence.next_after(on, owner.rhythm)


def _rule(row: CommitmentRow) -> tuple[Recurrence, date]:
    rule = store.recurrence_of(row)
    assert rule is not None
    assert row.occurrence_on is not None
    return rule, row.occurrence_on


def go_on(
    db: Transaction, row: CommitmentRow, owner: Person, how: str, *, not_before: datetime, now: datetime
) -> bool:
    """To the next occurrence. `how`: what its message says of the one before. False: that was the last."""
    following = next_on(row, owner)
    if following is None:
        row.next_occurrence_at = None
        return False
    nudges.settle(db, row, how)
    stand(row, following, owner)
    row.last_nudge = None
    nudges.plan_next(db, row, owner, not_before=not_before, now=now)
    db.flush()
    return True


# --- passing ----------------------------------------------------------------------------------------


def pass_due(db: Transaction, now: datetime) -> int:
    """Where the next occurrence's day has begun, the one before has passed. Returns how many commitments were dealt with."""
    rows = store.due_for_next(db, now, AT_ONCE)
    for row in rows:
        owner, at = People().get(db, row.owner_id), row.next_occurrence_at
        assert at is not None
        if not owner.is_paused(row.due_at):  # paused is not missed: of that day there is nothing to say
            _recurrence, on = _rule(row)
            occurrence_store.add(db, row.id, on)
        go_on(db, row, owner, "passed", not_before=at, now=at)
        db.stale_homes.add(owner.id)
    return len(rows)


def next_at(db: Transaction) -> datetime | None:
    return store.next_occurrence_at(db)


def follow_rhythm(row: CommitmentRow, owner: Person) -> None:
    """What comes on working days follows them; when the next one begins follows the zone, and the end if there is one."""
    if row.every is None:
        return
    recurrence, on = _rule(row)
    if recurrence.on_or_after(on, owner.rhythm) != on:
        stand(row, on, owner)
    else:
        row.next_occurrence_at = _next_at(row, owner)


# --- answering --------------------------------------------------------------------------------------


def answer(
    db: Transaction,
    row: CommitmentRow,
    owner: Person,
    on: date,
    outcome: Outcome,
    learned: str | None,
    now: datetime,
) -> bool:
    """Kept, partly or not kept on that date. False: that was the last. Raises NoSuchDay: it never was, or is answered."""
    there = occurrence_store.of(db, row.id, on)
    if there.outcome if there else on != row.occurrence_on:
        raise NoSuchDay
    goes_on = note(db, row, owner, on, outcome, now)
    occurrence_store.seal_learned(db, occurrence_store.add(db, row.id, on), row, learned, now)
    return goes_on


def note(
    db: Transaction, row: CommitmentRow, owner: Person, on: date, outcome: Outcome | None, now: datetime
) -> bool:
    """What became of that date, or (None) that nothing is said of it after all. False: that was the last."""
    is_present = row.outcome is None and on == row.occurrence_on
    if outcome is None and is_present:
        return True
    occurrence_store.answer(occurrence_store.add(db, row.id, on), outcome, now)
    if not is_present:
        return True
    return go_on(db, row, owner, "answered", not_before=now + SLACK, now=now)


def reopen(db: Transaction, row: CommitmentRow, owner: Person, now: datetime) -> None:
    """It goes on where it stood; what would have come while it was let go of is nobody's to answer."""
    _recurrence, on = _rule(row)
    occurrence_store.erase(db, row.id, on)
    row.next_occurrence_at = _next_at(row, owner)
    while row.next_occurrence_at is not None and row.next_occurrence_at <= now:
        following = next_on(row, owner)
        assert following is not None
        stand(row, following, owner)


# --- looking back -----------------------------------------------------------------------------------


def lately(
    db: Transaction, rows: Sequence[CommitmentRow], now: datetime
) -> Mapping[str, Sequence[Occurrence]]:
    """Of each of these that recurs, the last few before the present one, the latest first."""
    rules = [(row, rule) for row in rows if (rule := store.recurrence_of(row))]
    since = now.date() - MOSTLY_WITHIN
    near = occurrence_store.since(db, [row.id for row, _rule in rules], since)
    found = {}
    for row, rule in rules:
        most = SHOWN[rule.every]
        is_all = len(near[row.id]) >= most or rule.first_on >= since
        last = near[row.id][:most] if is_all else occurrence_store.latest(db, row.id, most)
        found[row.id] = [occurrence_store.opened(db, each, row, now) for each in last]
    return found


def all_of(db: Transaction, commitments: Collection[Commitment], now: datetime) -> list[Occurrence]:
    """The earliest first."""
    by_id = {each.id: each for each in commitments}
    rows = occurrence_store.between(db, list(by_id), date.min, date.max)
    return [occurrence_store.opened(db, row, by_id[row.commitment_id], now) for row in rows]


def between(
    db: Transaction, rows: Sequence[CommitmentRow], first_on: date, last_on: date, now: datetime
) -> dict[str, list[Occurrence]]:
    """Of each of these, those on these dates, the earliest first; the present one too."""
    found: dict[str, list[Occurrence]] = {row.id: [] for row in rows}
    by_id = {row.id: row for row in rows}
    for each in occurrence_store.between(db, list(found), first_on, last_on):
        opened = occurrence_store.opened(db, each, by_id[each.commitment_id], now)
        found[each.commitment_id].append(opened)
    for row in rows:
        _recurrence, on = _rule(row)
        known = {each.on for each in found[row.id]}
        if first_on <= on <= last_on and on not in known:
            outcome = Outcome(row.outcome) if row.outcome else None
            found[row.id].append(Occurrence(row.id, on, outcome, None, row.closed_at))
    return found
