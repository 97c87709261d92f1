"""What must hold for a message to leave, checked in the transaction that claims it."""

from datetime import datetime, timedelta

from bot.core.directory import Person
from bot.core.localtime import earliest_allowed, is_allowed
from bot.core.outbox.domain import Next, State, tomorrow
from bot.core.outbox.store import PAUSED, QUIET, RESTING, OutboxRow
from bot.core.outbox.templates import Template

GRACE = timedelta(minutes=10)
"""How long a message that was due in working hours still goes out after them."""
LOOK_AGAIN = timedelta(days=1)
"""Whoever does something ends the silence at once; this is for the moment at which both happen together."""
ENOUGH = "enough messages for one day"


def held(
    row: OutboxRow, person: Person, template: Template, now: datetime, *, is_quiet: bool = False
) -> Next | None:
    """Where the row goes instead of out; None: it may go out now. `is_quiet`: the person has left messages unanswered."""
    if row.closed is not None:
        return Next(State.CANCELLED, reason=row.closed)
    if person.is_deleted:
        return Next(State.CANCELLED, reason="the person's account is deactivated")
    if now >= row.expires_at:
        return Next(State.STALE, reason=row.reason or "came too late to be of use")
    if not template.is_unsolicited:
        return None
    if person.paused_until is not None and person.is_paused(now):
        return Next(State.PENDING, min(person.paused_until, row.expires_at), PAUSED)
    rests_until = person.rests_until if person.is_resting(now) else None
    allowed_at = earliest_allowed(rests_until or now, person.rhythm)
    if allowed_at >= row.expires_at and template.breaks_quiet:
        return None
    if rests_until is not None:
        return Next(State.PENDING, min(allowed_at, row.expires_at), RESTING)
    if allowed_at > now and not _is_just_late(row, person, now):
        return Next(State.PENDING, min(allowed_at, row.expires_at), "quiet hours")
    if is_quiet and template.respects_silence:
        again_at = earliest_allowed(now + LOOK_AGAIN, person.rhythm)
        return Next(State.PENDING, min(again_at, row.expires_at), QUIET)
    return None


def held_for_today(row: OutboxRow, person: Person, template: Template, now: datetime) -> Next | None:
    """As `held`, for a person who has had enough messages today: it waits for their next day."""
    allowed_at = earliest_allowed(tomorrow(person.rhythm, now), person.rhythm)
    if allowed_at >= row.expires_at and template.breaks_quiet:
        return None
    return Next(State.PENDING, min(allowed_at, row.expires_at), ENOUGH)


def _is_just_late(row: OutboxRow, person: Person, now: datetime) -> bool:
    """Due at the very end of the day: the seconds until it is claimed must not cost it the night."""
    return is_allowed(row.due_at, person.rhythm) and now - row.due_at <= GRACE
