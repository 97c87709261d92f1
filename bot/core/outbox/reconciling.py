"""Finding out what became of messages that may or may not have arrived."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from bot.core.database import Transaction
from bot.core.directory import Directory
from bot.core.outbox import pacing, queue
from bot.core.outbox.domain import (
    ABSENT_ONCE,
    CUT_SHORT,
    LEASE,
    LOOKAHEAD,
    LOOKBACK,
    NOT_BEGUN,
    REFUSED_FOR_NOW,
    Found,
    Lookup,
    Next,
    State,
    Unreadable,
    after_lookup,
)
from bot.core.outbox.sender import Inquiry, Sender
from bot.core.outbox.store import OutboxRow
from bot.core.outbox.templates import Template
from bot.core.outbox.transitions import arrived, move, move_all, move_apart


class ReconcilingLane:
    method = pacing.HISTORY
    has_work = queue.exists_for(queue.IS_UNCERTAIN)

    def __init__(self, directory: Directory, templates: Mapping[str, Template], sender: Sender) -> None:
        self._directory, self._templates, self._sender = directory, templates, sender

    async def call(self, work: Inquiry) -> Lookup:
        if work.channel is None:
            return Unreadable("the DM is not known yet", never=True)
        return await self._sender.look_up(work.to, work.channel, work.marker, work.since, work.until)

    def let_go(self, work: Inquiry, *, has_begun: bool) -> Lookup:
        return Unreadable(CUT_SHORT, seconds=NOT_BEGUN.seconds)

    def take(self, db: Transaction, team_id: str, now: datetime, limit: int) -> tuple[int, Sequence[Inquiry]]:
        rows = queue.claim(db, queue.CLAIM_UNCERTAIN, team_id, now, limit)
        people = {row.person_id for row in rows}
        identities, channels = self._directory.of_ids(db, people), queue.known_channels(db, people)
        parts = queue.parts_of(db, [row.id for row in rows])
        inquiries = []
        for row in rows:
            if row.state == State.SENDING:
                row.reason = "the sender stopped while sending"
            row.lookups += 1
            theirs = parts.get(row.id, ())
            for each in (row, *theirs):
                move(each, Next(State.AMBIGUOUS, now + LEASE, row.reason))
            to = identities[row.person_id].identity
            started_at = row.send_started_at or row.created_at
            inquiries.append(
                Inquiry(
                    row_id=row.id,
                    to=to,
                    channel=channels.get(row.person_id),
                    marker=row.marker,
                    since=started_at - LOOKBACK,
                    until=started_at + LOOKAHEAD,
                    resent=row.is_resend,
                    lookups=row.lookups,
                    may_repeat={each.id for each in (row, *theirs) if self._may_repeat(each)},
                    absent_before=row.reason == ABSENT_ONCE,
                    parts=[part.id for part in theirs],
                )
            )
        return len(rows), inquiries

    def _may_repeat(self, row: OutboxRow) -> bool:
        template = self._templates.get(row.template)
        return template is not None and template.may_repeat

    def record(
        self, db: Transaction, done: Sequence[tuple[Inquiry, Lookup]], now: datetime
    ) -> tuple[Sequence[tuple[Inquiry, Lookup]], Sequence[tuple[str, datetime]]]:
        whole, left = queue.lock_each(db, done)
        pauses = []
        for inquiry, lookup, (lead, *parts) in whole:
            _settle(lead, parts, inquiry, lookup, now)
            if isinstance(lookup, Unreadable) and lookup.seconds is not None:
                pauses.append((inquiry.team_id, now + timedelta(seconds=lookup.seconds)))
            elif isinstance(lookup, Unreadable) and lookup.by_workspace:
                pauses.append((inquiry.team_id, now + REFUSED_FOR_NOW))
        return left, pauses


def _settle(
    row: OutboxRow, parts: Sequence[OutboxRow], inquiry: Inquiry, lookup: Lookup, now: datetime
) -> None:
    if row.state != State.AMBIGUOUS:
        return  # its sender came back meanwhile and knew better
    rows = (row, *parts)
    decisions = [
        after_lookup(
            lookup,
            resent=inquiry.resent,
            lookups=inquiry.lookups,
            may_repeat=each.id in inquiry.may_repeat,
            absent_before=inquiry.absent_before,
            now=now,
        )
        for each in rows
    ]
    for each, decision in zip(rows, decisions, strict=True):
        each.is_resend |= decision.state == State.PENDING
    if len(set(decisions)) > 1:
        move_apart(rows, decisions)
    else:
        move_all(row, parts, decisions[0])
    if isinstance(lookup, Found):
        arrived(row, parts, lookup.channel, lookup.ts, now)
