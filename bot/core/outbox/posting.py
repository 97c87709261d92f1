"""Sending: what is due is checked again, drawn, marked as being sent, and sent; what came of it is written down."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.core.clock import Clock
from bot.core.database import Transaction
from bot.core.directory import Directory, Person
from bot.core.outbox import attention, pacing, queue
from bot.core.outbox.attention import WentQuiet
from bot.core.outbox.domain import (
    CUT_SHORT,
    LEASE,
    LEASE_MARGIN,
    NOT_BEGUN,
    REFUSED_FOR_NOW,
    Accepted,
    Awaits,
    Limited,
    Next,
    Outcome,
    Refused,
    State,
    Uncertain,
    after_attempt,
    is_over_budget,
)
from bot.core.outbox.drawing import draw, draw_together
from bot.core.outbox.preconditions import held, held_for_today
from bot.core.outbox.sender import Posting, Sender
from bot.core.outbox.store import QUIET, OutboxRow, is_requested
from bot.core.outbox.templates import Dropped, Message, Template
from bot.core.outbox.transitions import arrived, move, move_all
from bot.core.own_words import MessageVault

MOST_TOGETHER = 8
"""Rows told of in one message: Slack takes 50 blocks, and a person reads fewer."""


LOOKED_AT = 10
"""Rows claimed at a time, if fewer messages may leave: most of them may turn out to have to wait."""


@dataclass(frozen=True, slots=True)
class Fit:
    """A row that may go out now, and what it says."""

    row: OutboxRow
    template: Template
    message: Message

    @property
    def counts(self) -> bool:
        return self.template.is_unsolicited and not is_requested(self.row)

    @property
    def goes_alone(self) -> bool:
        """What a person waits for is no reminder."""
        return not self.template.is_unsolicited


class PostingLane:
    method = pacing.POST
    has_work = queue.exists_for(queue.IS_DUE)

    def __init__(
        self, directory: Directory, templates: Mapping[str, Template], sender: Sender, clock: Clock
    ) -> None:
        self._directory, self._templates, self._sender, self._clock = directory, templates, sender, clock
        self._held: dict[str, datetime] = {}

    # --- the call -------------------------------------------------------------------------------------

    async def call(self, work: Posting) -> Outcome | None:
        """None when it took too long to come to this one: whoever reconciles finds out that it was not sent."""
        now = self._clock.now()
        if now > work.lease_ends_at - LEASE_MARGIN:
            return None
        until = self._held.get(work.team_id)
        if until is not None and until > now:
            return Limited((until - now).total_seconds())
        outcome = await self._sender.post(work.to, work.message, work.marker)
        if isinstance(outcome, Limited):
            self._held[work.team_id] = self._clock.now() + timedelta(seconds=outcome.seconds)
        return outcome

    def let_go(self, work: Posting, *, has_begun: bool) -> Outcome:
        return Uncertain(CUT_SHORT) if has_begun else NOT_BEGUN

    # --- claiming -------------------------------------------------------------------------------------

    def take(self, db: Transaction, team_id: str, now: datetime, limit: int) -> tuple[int, Sequence[Posting]]:
        """Rows of the same people go together, so they are all looked at; no more than `limit` messages leave."""
        db.vault = MessageVault(db.vault)
        rows = list(queue.claim(db, queue.CLAIM_DUE, team_id, now, max(limit, LOOKED_AT)))
        if rows:
            rows += queue.also_due(db, rows, now)
        by_person: dict[str, list[OutboxRow]] = {}
        for row in rows:
            by_person.setdefault(row.person_id, []).append(row)
        people = self._directory.of_ids(db, by_person)
        counted, quiet = queue.counted(db, by_person, now), attention.quiet(db, people, now)
        postings: list[Posting] = []
        dealt, leaving = 0, dict[tuple[bool, str | None], list[str]]()
        for person_id, theirs in by_person.items():
            if len(postings) >= limit:
                break
            person = people[person_id]
            silent_since = quiet.get(person_id)
            letters = self._letters(
                db,
                sorted(theirs, key=_in_order),
                person,
                counted.get(person_id, ()),
                now,
                is_quiet=silent_since is not None,
            )
            if silent_since is not None and any(row.reason == QUIET for row in theirs):
                db.announce(WentQuiet(person_id, silent_since), now)
            room = limit - len(postings)
            dealt += len(theirs) - sum(len(letter) for letter in letters[room:])
            postings += [_begin(letter, person, now) for letter in letters[:room]]
            for letter in letters[:room]:
                counts = any(each.counts for each in letter)
                leaving.setdefault((counts, _awaits(letter)), []).append(letter[0].row.id)
        for (counts, awaits), ids in leaving.items():
            queue.begin(db, ids, counts, awaits, now)
        return dealt, postings

    def _letters(
        self,
        db: Transaction,
        rows: Sequence[OutboxRow],
        person: Person,
        counted: Sequence[datetime],
        now: datetime,
        *,
        is_quiet: bool,
    ) -> list[Sequence[Fit]]:
        """What goes out to one person now, each item one message; the other rows have gone where they belong."""
        fit = [found for row in rows if (found := self._fit(db, row, person, now, is_quiet=is_quiet))]
        alone: list[Sequence[Fit]] = [[each] for each in fit if each.goes_alone]
        together = [each for each in fit if not each.goes_alone]
        return [*alone, *_affordable(_in_portions(together), person, counted, now)]

    def _fit(
        self, db: Transaction, row: OutboxRow, person: Person, now: datetime, *, is_quiet: bool
    ) -> Fit | None:
        template = self._templates.get(row.template)
        if template is None:
            move(row, Next(State.DEAD, reason=f"no template {row.template}"))
            return None
        instead = held(row, person, template, now, is_quiet=is_quiet)
        if instead is not None:
            move(row, instead)
            return None
        message = draw(db, template, row, person, now, self._directory)
        if isinstance(message, Dropped):
            move(row, Next(State.STALE, reason=message.reason))
            return None
        return Fit(row, template, message)

    # --- recording ------------------------------------------------------------------------------------

    def record(
        self, db: Transaction, done: Sequence[tuple[Posting, Outcome | None]], now: datetime
    ) -> tuple[Sequence[tuple[Posting, Outcome | None]], Sequence[tuple[str, datetime]]]:
        left = _record_plain(db, done, now)
        whole, others_left = queue.lock_each(db, [each for each in done if not _is_plain(*each)])
        pauses: list[tuple[str, datetime]] = []
        for posting, outcome, (lead, *parts) in whole:
            if outcome is not None:
                _write_down(lead, parts, posting, outcome, now)
                pauses += _pause(posting, outcome, now)
        return left + others_left, pauses


def _begin(letter: Sequence[Fit], person: Person, now: datetime) -> Posting:
    """Marked as being sent before it is (the first row by `queue.begin`): a crash can hide no attempt."""
    lead, *parts = (each.row for each in letter)
    for each in letter:
        each.row.shows_words |= each.message.shows_words
    for part in parts:
        part.attempts, part.send_started_at, part.lead_id = lead.attempts + 1, now, lead.id
        move(part, Next(State.SENDING, now + LEASE))
    message = draw_together([each.message for each in letter])
    ids = [part.id for part in parts]
    return Posting(lead.id, person.identity, message, lead.marker, lead.attempts + 1, now + LEASE, ids)


def _awaits(letter: Sequence[Fit]) -> Awaits | None:
    """Of what it tells of, the most: silence that was announced is not broken by a question beside it."""
    awaited = [each.template.awaits for each in letter if each.template.awaits is not None]
    return max(awaited, key=list(Awaits).index, default=None)


def _in_order(row: OutboxRow) -> tuple[datetime, datetime, str]:
    """As `queue.parts_of`: of what is due at once, what is of use the shortest, such as for the day's first session."""
    return row.due_at, row.expires_at, row.key


def _affordable(
    portions: Sequence[Sequence[Fit]], person: Person, counted: Sequence[datetime], now: datetime
) -> list[Sequence[Fit]]:
    """Each is a message of its own, and counts as one for the next."""
    spent, going = list(counted), list[Sequence[Fit]]()
    for portion in portions:
        is_over = is_over_budget(spent, person.zone, now)
        if letter := _within_budget(portion, person, now) if is_over else portion:
            going.append(letter)
            spent += [now] * any(each.counts for each in letter)
    return going


def _within_budget(together: Sequence[Fit], person: Person, now: datetime) -> list[Fit]:
    """Where a message goes out all the same, what waits for tomorrow may as well go along with it."""
    waiting = {
        each.row.id: instead
        for each in together
        if each.counts and (instead := held_for_today(each.row, person, each.template, now))
    }
    if len(waiting) < len(together):
        return list(together)
    for each in together:
        move(each.row, waiting[each.row.id])
    return []


def _in_portions(together: Sequence[Fit]) -> list[list[Fit]]:
    """What is sent once more, because it may have been lost, is not mixed with the rest: there is no third time."""
    kinds = ([each for each in together if each.row.is_resend is again] for again in (False, True))
    return [kind[at : at + MOST_TOGETHER] for kind in kinds for at in range(0, len(kind), MOST_TOGETHER)]


def _is_plain(posting: Posting, outcome: Outcome | None) -> bool:
    """As nearly all are: accepted, and about one row."""
    return isinstance(outcome, Accepted) and not posting.parts


def _record_plain(
    db: Transaction, done: Sequence[tuple[Posting, Outcome | None]], now: datetime
) -> list[tuple[Posting, Outcome | None]]:
    """All at once. Returns those whose rows somebody else holds just now."""
    plain = {posting.row_id: (posting, outcome) for posting, outcome in done if _is_plain(posting, outcome)}
    if not plain:
        return []
    free = queue.locked_ids(db, plain)
    places = [
        (row_id, outcome.channel, outcome.ts)
        for row_id, (_posting, outcome) in plain.items()
        if row_id in free and isinstance(outcome, Accepted)
    ]
    if places:
        queue.arrived(db, places, now)
    return [each for row_id, each in plain.items() if row_id not in free]


def _write_down(
    row: OutboxRow, parts: Sequence[OutboxRow], posting: Posting, outcome: Outcome, now: datetime
) -> None:
    if row.state != State.SENDING and not isinstance(outcome, Accepted):
        return  # somebody reconciles it, after the lease ran out
    move_all(row, parts, after_attempt(outcome, attempts=posting.attempts, now=now))
    if isinstance(outcome, Accepted):
        arrived(row, parts, outcome.channel, outcome.ts, now)


def _pause(posting: Posting, outcome: Outcome, now: datetime) -> list[tuple[str, datetime]]:
    """How long the workspace is left alone: as long as Slack asks for, or a little when it does not answer."""
    match outcome:
        case Limited(seconds):
            return [(posting.team_id, now + timedelta(seconds=seconds))]
        case Refused(by_workspace=True):
            return [(posting.team_id, now + REFUSED_FOR_NOW)]
        case Uncertain(reason) if "Timeout" in reason:
            return [(posting.team_id, now + SLOW)]
    return []


SLOW = timedelta(seconds=10)
"""A workspace whose calls hang is asked less often."""
