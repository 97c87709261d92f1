"""Claim → check again → render → commit "sending" → send → record. The only place from which a DM leaves."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

import structlog

from bot.core.clock import Clock
from bot.core.database import Database, Transaction
from bot.core.directory import Directory
from bot.core.outbox import store
from bot.core.outbox.domain import (
    LEASE,
    LEASE_MARGIN,
    LOOKBACK,
    Accepted,
    Found,
    Limited,
    Lookup,
    Next,
    Outcome,
    State,
    Uncertain,
    Unreached,
    Unreadable,
    after_attempt,
    after_lookup,
    backoff,
)
from bot.core.outbox.drawing import draw
from bot.core.outbox.preconditions import held
from bot.core.outbox.sender import Inquiry, Posting, Repainting, Sender
from bot.core.outbox.store import OutboxRow
from bot.core.outbox.templates import Dropped, Template
from bot.core.vault import ClosedVault

log = structlog.get_logger(__name__)

BATCH = 10
MAX_REPAINTS = 5


class Courier:
    def __init__(
        self,
        database: Database,
        directory: Directory,
        templates: Mapping[str, Template],
        sender: Sender,
        clock: Clock,
    ) -> None:
        self._database = database
        self._directory = directory
        self._templates = templates
        self._sender = sender
        self._clock = clock

    async def deliver(self) -> int:
        """Send everything that is due. Returns how many rows were looked at."""
        looked_at = 0
        while True:
            count, postings = await self._database.run(self._take)
            is_limited = await self._post(postings)
            looked_at += count
            if count < BATCH or is_limited:
                return looked_at

    async def reconcile(self) -> int:
        """Find out what became of messages that may or may not have arrived. Returns how many were looked into."""
        inquiries = await self._database.run(self._take_uncertain)
        for inquiry in inquiries:
            lookup = await self._look_up(inquiry)
            await self._database.run(partial(self._settle, inquiry=inquiry, lookup=lookup))
        return len(inquiries)

    async def repaint(self) -> int:
        """Show anew what has changed since it was sent. Returns how many messages were redrawn."""
        repaintings = await self._database.run(self._take_repaints)
        for repainting in repaintings:
            outcome = await self._sender.update(
                repainting.to, repainting.channel, repainting.ts, repainting.message
            )
            if isinstance(outcome, Limited | Unreached | Uncertain):
                at = self._clock.now() + _pause(outcome, repainting.attempts)
                await self._database.run(partial(_repaint_again, row_id=repainting.row_id, at=at))
        return len(repaintings)

    # --- sending ------------------------------------------------------------------------------------

    async def _post(self, postings: Sequence[Posting]) -> bool:
        """Returns whether Slack asked for a pause; then the rest waits as long, without being tried."""
        limited: dict[str, Limited] = {}
        for posting in postings:
            if self._clock.now() > posting.lease_ends_at - LEASE_MARGIN:
                continue  # it took too long to come to this one: whoever reconciles finds out that it was not sent
            workspace = posting.to.team_id
            outcome: Outcome
            if workspace in limited:
                outcome = limited[workspace]
            else:
                outcome = await self._sender.post(posting.to, posting.message, posting.marker)
            if isinstance(outcome, Limited):
                limited[workspace] = outcome
            await self._record(posting, outcome)
        return bool(limited)

    def _take(self, db: Transaction) -> tuple[int, list[Posting]]:
        db.vault = ClosedVault()
        now = self._clock.now()
        rows = store.claim_due(db, now, BATCH)
        postings = [posting for row in rows if (posting := self._prepare(db, row, now))]
        return len(rows), postings

    def _prepare(self, db: Transaction, row: OutboxRow, now: datetime) -> Posting | None:
        """The posting of a row that may go out now, marked as sending; None when it waits or ends instead."""
        person = self._directory.get(db, row.person_id)
        template = self._templates.get(row.template)
        if template is None:
            _move(row, Next(State.DEAD, reason=f"no template {row.template}"))
            return None
        instead = held(row, person, template, now)
        if instead is not None:
            _move(row, instead)
            return None
        message = draw(db, template, row, person, now)
        if isinstance(message, Dropped):
            _move(row, Next(State.STALE, reason=message.reason))
            return None
        row.attempts += 1
        row.send_started_at = now
        _move(row, Next(State.SENDING, now + LEASE))
        return Posting(row.id, person.identity, message, row.marker, row.attempts, row.not_before)

    async def _record(self, posting: Posting, outcome: Outcome) -> None:
        now = self._clock.now()

        def record(db: Transaction) -> None:
            row = db.get_one(OutboxRow, posting.row_id, with_for_update=True)
            if row.state != State.SENDING and not isinstance(outcome, Accepted):
                return  # somebody reconciles it, after the lease ran out
            decision = after_attempt(outcome, attempts=posting.attempts, now=now)
            _move(row, _unless_closed(row, decision))
            if isinstance(outcome, Accepted):
                _arrived(row, outcome.channel, outcome.ts, now)

        await self._database.run(record)

    # --- finding out --------------------------------------------------------------------------------

    def _take_uncertain(self, db: Transaction) -> list[Inquiry]:
        now = self._clock.now()
        inquiries = []
        for row in store.claim_uncertain(db, now, BATCH):
            if row.state == State.SENDING:
                row.reason = "the sender stopped while sending"
            row.lookups += 1
            _move(row, Next(State.AMBIGUOUS, now + LEASE, row.reason))
            inquiries.append(self._inquiry(db, row))
        return inquiries

    def _inquiry(self, db: Transaction, row: OutboxRow) -> Inquiry:
        template = self._templates.get(row.template)
        return Inquiry(
            row_id=row.id,
            to=self._directory.get(db, row.person_id).identity,
            channel=store.known_channel(db, row.person_id),
            marker=row.marker,
            since=(row.send_started_at or row.created_at) - LOOKBACK,
            resent=row.is_resend,
            lookups=row.lookups,
            may_repeat=template is not None and template.may_repeat,
        )

    async def _look_up(self, inquiry: Inquiry) -> Lookup:
        if inquiry.channel is None:
            return Unreadable("the DM is not known yet", never=True)
        return await self._sender.look_up(inquiry.to, inquiry.channel, inquiry.marker, inquiry.since)

    def _settle(self, db: Transaction, inquiry: Inquiry, lookup: Lookup) -> None:
        now = self._clock.now()
        row = db.get_one(OutboxRow, inquiry.row_id, with_for_update=True)
        if row.state != State.AMBIGUOUS:
            return  # its sender came back meanwhile and knew better
        decision = after_lookup(
            lookup, resent=inquiry.resent, lookups=inquiry.lookups, may_repeat=inquiry.may_repeat, now=now
        )
        _move(row, _unless_closed(row, decision))
        if isinstance(lookup, Found):
            _arrived(row, lookup.channel, lookup.ts, now)
        elif decision.state == State.PENDING:
            row.is_resend = True

    # --- redrawing ----------------------------------------------------------------------------------

    def _take_repaints(self, db: Transaction) -> list[Repainting]:
        db.vault = ClosedVault()
        now = self._clock.now()
        store.close_expired(db, now, BATCH)
        repaintings = []
        for row in store.claim_repaints(db, now, BATCH):
            row.needs_repaint = False
            row.repaint_attempts += 1
            if (repainting := self._redraw(db, row, now)) is not None:
                repaintings.append(repainting)
        return repaintings

    def _redraw(self, db: Transaction, row: OutboxRow, now: datetime) -> Repainting | None:
        template = self._templates.get(row.template)
        if template is None or row.channel is None or row.ts is None:
            return None
        person = self._directory.get(db, row.person_id)
        message = draw(db, template, row, person, now)
        if isinstance(message, Dropped):
            return None
        return Repainting(row.id, person.identity, message, row.channel, row.ts, row.repaint_attempts)


def _move(row: OutboxRow, to: Next) -> None:
    row.state, row.reason = to.state, to.reason
    if to.at is not None:
        row.not_before = to.at


def _arrived(row: OutboxRow, channel: str, ts: str, now: datetime) -> None:
    row.channel, row.ts, row.sent_at, row.not_before = channel, ts, now, now
    if row.closed is not None:  # dealt with while it was on its way
        row.needs_repaint = True


def _unless_closed(row: OutboxRow, decision: Next) -> Next:
    """What was dealt with while it was on its way is not sent once more."""
    if row.closed is not None and decision.state == State.PENDING:
        return Next(State.CANCELLED, reason=row.closed)
    return decision


def _pause(outcome: Limited | Unreached | Uncertain, attempts: int) -> timedelta:
    return timedelta(seconds=outcome.seconds) if isinstance(outcome, Limited) else backoff(attempts)


def _repaint_again(db: Transaction, row_id: str, at: datetime) -> None:
    row = db.get_one(OutboxRow, row_id, with_for_update=True)
    if row.repaint_attempts < MAX_REPAINTS:
        row.needs_repaint, row.not_before = True, at
