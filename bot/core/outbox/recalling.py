"""Deleting messages from the direct messages they were sent to, where what they were about was erased."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.core.database import Transaction
from bot.core.directory import Directory
from bot.core.outbox import pacing, queue
from bot.core.outbox.domain import (
    CUT_SHORT,
    LEASE,
    NOT_BEGUN,
    REFUSED_FOR_NOW,
    Accepted,
    Limited,
    Outcome,
    Refused,
    State,
    Uncertain,
    backoff,
)
from bot.core.outbox.sender import Recalling, Sender
from bot.core.outbox.store import ERASED, OutboxRow

MAX_RECALLS = 100
"""Two days of trying; deleting twice does no harm. Nearly a month where the workspace lets growbot do nothing."""
WHILE_REFUSED = timedelta(hours=6)
GONE = {"message_not_found", "channel_not_found"}
"""Nothing is there to be deleted: somebody did, or the call before this one whose answer was lost."""


class RecallingLane:
    method = pacing.DELETE
    has_work = queue.exists_for(queue.IS_TO_RECALL)

    def __init__(self, directory: Directory, sender: Sender) -> None:
        self._directory, self._sender = directory, sender

    async def call(self, work: Recalling) -> Outcome:
        return await self._sender.delete(work.to, work.channel, work.ts)

    def let_go(self, work: Recalling, *, has_begun: bool) -> Outcome:
        return Uncertain(CUT_SHORT) if has_begun else NOT_BEGUN

    def take(
        self, db: Transaction, team_id: str, now: datetime, limit: int
    ) -> tuple[int, Sequence[Recalling]]:
        rows = queue.claim(db, queue.CLAIM_RECALLS, team_id, now, limit)
        for row in rows:  # asked for until it is done: whoever dies before that has not forgotten it
            row.recall_attempts += 1
            row.not_before = now + LEASE
        found = [
            self._recall(db, lead, [row for row in rows if lead.id in (row.id, row.lead_id)], now)
            for lead in queue.leads(db, rows)
        ]
        return len(rows), [each for each in found if each is not None]

    def _recall(
        self, db: Transaction, lead: OutboxRow, rows: Sequence[OutboxRow], now: datetime
    ) -> Recalling | None:
        """None where the message tells of other things too: it is shown anew without these."""
        rest = [
            row
            for row in (lead, *queue.parts_of(db, [lead.id]).get(lead.id, ()))
            if row.state == State.SENT and not row.needs_recall
        ]
        if not rest and lead.channel is not None and lead.ts is not None:
            to = self._directory.get(db, lead.person_id).identity
            return Recalling(to, lead.channel, lead.ts, {row.id: row.recall_attempts for row in rows})
        for row in rows:
            _is_gone(row, now)
        for row in rest[:1]:
            row.needs_repaint, row.repaint_attempts, row.not_before = True, 0, now
            db.outbox_changed = True
        return None

    def record(
        self, db: Transaction, done: Sequence[tuple[Recalling, Outcome]], now: datetime
    ) -> tuple[Sequence[tuple[Recalling, Outcome]], Sequence[tuple[str, datetime]]]:
        whole, left = queue.lock_each(db, done)
        pauses = []
        for work, outcome, theirs in whole:
            for row in theirs:
                _write_down(row, work.attempts[row.id], outcome, now)
            match outcome:
                case Limited(seconds):
                    pauses.append((work.team_id, now + timedelta(seconds=seconds)))
                case Refused(by_workspace=True):
                    pauses.append((work.team_id, now + REFUSED_FOR_NOW))
        return left, pauses


def _write_down(row: OutboxRow, attempts: int, outcome: Outcome, now: datetime) -> None:
    if not row.needs_recall:
        return  # somebody else came to the end of it
    match outcome:
        case Accepted():
            _is_gone(row, now)
        case Limited(seconds):
            row.not_before = now + timedelta(seconds=seconds)
        case Refused(by_workspace=True) if attempts < MAX_RECALLS:
            row.not_before = now + WHILE_REFUSED
        case Refused(reason) if reason in GONE:
            _is_gone(row, now)
        case Refused(reason):
            _stays(row, reason, now)
        case _ if attempts >= MAX_RECALLS:
            _stays(row, outcome.reason, now)
        case _:
            row.not_before = now + backoff(attempts)


def _is_gone(row: OutboxRow, now: datetime) -> None:
    row.state, row.reason, row.needs_recall, row.not_before = State.RECALLED, ERASED, False, now


def _stays(row: OutboxRow, reason: str, now: datetime) -> None:
    """Where Slack does not allow it (a workspace may forbid deleting): without words, and now without buttons."""
    row.reason, row.needs_recall, row.not_before = f"not deleted: {reason}", False, now
    row.needs_repaint, row.repaint_attempts = True, 0
