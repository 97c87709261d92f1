"""Carrying a decision out on rows: on the one that was sent, and on those that its message tells of too."""

from collections.abc import Sequence
from datetime import datetime

from bot.core.outbox.domain import Next, State
from bot.core.outbox.store import OutboxRow

APART = (State.PENDING, State.CANCELLED, State.STALE)
"""Where a message goes that did not leave: what it told of besides goes its own way again."""


def move(row: OutboxRow, to: Next) -> None:
    row.state, row.reason = to.state, to.reason
    if to.at is not None:
        row.not_before = to.at


def move_all(lead: OutboxRow, parts: Sequence[OutboxRow], decision: Next) -> None:
    """What was dealt with while it was on its way is not sent once more."""
    at = lead.not_before
    move(lead, _unless_closed(lead, decision))
    for part in parts:
        if decision.state in APART:
            part.lead_id, part.is_resend = None, lead.is_resend
            move(part, _unless_closed(part, Next(State.PENDING, decision.at or at, decision.reason)))
        else:
            move(part, decision)
            part.attempts = lead.attempts


def move_apart(rows: Sequence[OutboxRow], decisions: Sequence[Next]) -> None:
    """What one message told of, from now on each on its own."""
    for row, decision in zip(rows, decisions, strict=True):
        row.lead_id = None
        move(row, _unless_closed(row, decision))


def arrived(lead: OutboxRow, parts: Sequence[OutboxRow], channel: str, ts: str, now: datetime) -> None:
    for row in (lead, *parts):
        row.channel, row.ts, row.sent_at, row.not_before = channel, ts, now, now
        if row.closed is not None:  # dealt with while it was on its way
            row.needs_repaint = True


def _unless_closed(row: OutboxRow, decision: Next) -> Next:
    if row.closed is not None and decision.state == State.PENDING:
        return Next(State.CANCELLED, reason=row.closed)
    return decision
