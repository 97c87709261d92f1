"""Showing anew what has changed since it was sent."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from bot.core.database import Transaction
from bot.core.directory import Directory
from bot.core.outbox import pacing, queue
from bot.core.outbox.domain import (
    CUT_SHORT,
    LEASE,
    NOT_BEGUN,
    OF_USE,
    REFUSED_FOR_NOW,
    Accepted,
    Limited,
    Outcome,
    Refused,
    State,
    Uncertain,
    Unreached,
    backoff,
)
from bot.core.outbox.drawing import draw_anew, draw_together
from bot.core.outbox.recalling import MAX_RECALLS
from bot.core.outbox.sender import Repainting, Sender
from bot.core.outbox.store import OutboxRow
from bot.core.outbox.templates import Message, Template
from bot.core.own_words import MessageVault

MAX_REPAINTS = 5


class RepaintingLane:
    method = pacing.UPDATE
    has_work = queue.exists_for(queue.IS_TO_REPAINT)

    def __init__(self, directory: Directory, templates: Mapping[str, Template], sender: Sender) -> None:
        self._directory, self._templates, self._sender = directory, templates, sender

    async def call(self, work: Repainting) -> Outcome:
        return await self._sender.update(work.to, work.channel, work.ts, work.message)

    def let_go(self, work: Repainting, *, has_begun: bool) -> Outcome:
        return Uncertain(CUT_SHORT) if has_begun else NOT_BEGUN

    def take(
        self, db: Transaction, team_id: str, now: datetime, limit: int
    ) -> tuple[int, Sequence[Repainting]]:
        db.vault = MessageVault(db.vault)
        rows = queue.claim(db, queue.CLAIM_REPAINTS, team_id, now, limit)
        for row in rows:  # asked for until it is done: whoever dies before that has not forgotten it
            row.repaint_attempts += 1
            row.not_before = now + LEASE
        found = [
            self._redraw(db, lead, [row for row in rows if lead.id in (row.id, row.lead_id)], now)
            for lead in queue.leads(db, rows)
        ]
        works = [each for each in found if each is not None]
        drawn = {row_id for work in works for row_id in work.attempts}
        for row in rows:
            row.needs_repaint = row.id in drawn
        return len(rows), works

    def _redraw(
        self, db: Transaction, lead: OutboxRow, rows: Sequence[OutboxRow], now: datetime
    ) -> Repainting | None:
        if lead.channel is None or lead.ts is None:
            return None
        person = self._directory.get(db, lead.person_id)
        messages: list[Message] = []
        for row in (lead, *queue.parts_of(db, [lead.id]).get(lead.id, ())):
            if row.needs_recall or row.state == State.RECALLED:
                continue  # it is told of no longer
            message = draw_anew(db, self._templates.get(row.template), row, person, now, self._directory)
            if message is not None:
                row.shows_words |= message.shows_words
                messages.append(message)
        if not messages:
            return None
        to, together = person.identity, draw_together(messages)
        return Repainting(to, lead.channel, lead.ts, {row.id: row.repaint_attempts for row in rows}, together)

    def record(
        self, db: Transaction, done: Sequence[tuple[Repainting, Outcome]], now: datetime
    ) -> tuple[Sequence[tuple[Repainting, Outcome]], Sequence[tuple[str, datetime]]]:
        whole, left = queue.lock_each(db, done)
        pauses = []
        for work, outcome, theirs in whole:
            at = _again_at(work, outcome, now)
            is_whole_workspace = isinstance(outcome, Refused) and outcome.by_workspace
            for row in theirs:
                _write_down(row, work.attempts[row.id], at, now, waits=is_whole_workspace)
                if row.shows_words and not work.message.shows_words:
                    _without_words(row, outcome)
            if at is not None and (isinstance(outcome, Limited) or is_whole_workspace):
                pauses.append((work.team_id, at))
        return left, pauses


def _write_down(
    row: OutboxRow, attempts: int, again_at: datetime | None, now: datetime, *, waits: bool
) -> None:
    """What was asked for anew meanwhile, which begins the count again, is still to be done.

    Who began it once more, because this took longer than its lease, writes down what becomes of it. `waits`: the workspace
    takes nothing just now, however often it is tried; that does not count, as long as the message may still be looked at.
    """
    most = MAX_RECALLS if row.shows_words else MAX_REPAINTS
    is_over = (row.sent_at or now) + OF_USE <= now if waits else attempts >= most
    if row.repaint_attempts > attempts:
        return
    if row.repaint_attempts < attempts:
        row.not_before = again_at or now
    elif again_at is None or is_over:
        row.needs_repaint, row.not_before = False, now
    else:
        row.not_before = again_at


def _without_words(row: OutboxRow, outcome: Outcome) -> None:
    """It was to be shown without its reader's words. Where Slack lets nothing be changed any more, it is deleted."""
    if isinstance(outcome, Accepted):
        row.shows_words = False
    elif isinstance(outcome, Refused) and not outcome.by_workspace and row.recall_attempts == 0:
        row.needs_recall = True


def _again_at(work: Repainting, outcome: Outcome, now: datetime) -> datetime | None:
    """When it is to be tried once more; None when it is done, or never will be."""
    match outcome:
        case Limited(seconds):
            return now + timedelta(seconds=seconds)
        case Refused(by_workspace=True):
            return now + REFUSED_FOR_NOW
        case Unreached() | Uncertain():
            return now + backoff(max(work.attempts.values()))
    return None
