"""What becomes of a message: states, and the decision after each attempt. Pure.

The promise is at-least-once with reconciliation. A row is `sending` before the request leaves, so a crash can never hide an
attempt; what may have been accepted is looked for in the DM's history before it is sent again.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from bot.core.localtime import Rhythm, in_zone, local_date, to_utc

LEASE = timedelta(seconds=120)
"""A row still `sending` after this long belongs to a process that died: a whole batch takes less, at Slack's slowest."""
LEASE_MARGIN = timedelta(seconds=15)
"""A sender whose lease has less left than this no longer posts: another may look into the row before it is done."""
REFUSED_FOR_NOW = timedelta(hours=1)
"""How long a workspace is left alone that takes no messages at all (its token was revoked): until somebody mends that."""
OF_USE = timedelta(days=90)
"""How long after it was sent a message is still redrawn: nobody presses the buttons of older ones."""
SETTLE = timedelta(seconds=30)
"""How long an ambiguous message may take to show up in the history."""
SETTLE_AGAIN = timedelta(seconds=90)
"""A history may lag for longer than that: absent counts only when it was absent twice, this far apart."""
ABSENT_ONCE = "absent from the history once"
LOOKBACK = timedelta(minutes=10)
"""How far before `send_started_at` the history is read: our clock may be ahead of Slack's by minutes, until it is set right."""
LOOKAHEAD = timedelta(minutes=10)
"""How far behind it: no request takes longer. The history may be given in small pieces, so it is read no further."""
MAX_ATTEMPTS = 8
MAX_LOOKUPS = 10
MAX_LIMITED_LOOKUPS = 60
MOST_A_DAY = 2
"""Unsolicited messages that a person gets on one local day, over all engagements and kinds."""
UNANSWERED = 2
"""After so many in a row, a person is left in peace until they do something."""
RAN_OUT = frozenset({"expired", "over", "passed"})
"""How a message is closed whose time passed without an answer. What is closed otherwise waits for none: it was dealt with,
taken back, or a newer message asks instead."""


class State(StrEnum):
    PENDING = "pending"
    SENDING = "sending"
    AMBIGUOUS = "ambiguous"
    SENT = "sent"
    DEAD = "dead"  # certainly not posted, and given up, with a reason an operator can read
    PARKED = "parked"  # may have been posted, and nothing tells: an operator decides
    CANCELLED = "cancelled"  # its cause is gone: moved, ended, answered before it was sent
    RECALLED = "recalled"  # was sent, and is no longer in the direct messages: what it was about was erased
    STALE = "stale"  # came too late to be of use, or was held back until it was


class Awaits(StrEnum):
    """What a message is still waiting for, as long as its reader has done nothing at all since it was sent."""

    ANSWER = "answer"  # it asks for something
    SIGN = "sign"  # it said that there is silence now, until its reader does anything


OPEN_STATES = (State.PENDING, State.SENDING, State.AMBIGUOUS)


# --- what came of a request -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Accepted:
    channel: str
    ts: str


@dataclass(frozen=True, slots=True)
class Limited:
    """429: certainly not posted; this method and workspace wait."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Refused:
    """A documented `ok: false`: certainly not posted, and final for this person; or, `by_workspace`, until that is mended."""

    reason: str
    by_workspace: bool = False


@dataclass(frozen=True, slots=True)
class Unreached:
    """Certainly not posted, but it may work later (the connection could not be opened)."""

    reason: str


@dataclass(frozen=True, slots=True)
class Uncertain:
    """It may have been posted: a time-out, a lost connection, a 5xx, an unreadable body."""

    reason: str


CUT_SHORT = "cut short by a stop"
NOT_BEGUN = Limited(1.0)
"""What was still waiting for its turn when the process stopped: another one may take it at once."""


Failure = Limited | Refused | Unreached | Uncertain
Outcome = Accepted | Failure


# --- what the history said --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Found:
    channel: str
    ts: str


@dataclass(frozen=True, slots=True)
class Absent:
    """The history was read completely, and our marker is not in it."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """The history could not be read, or not to its end. `never`: no scope allows it; `seconds`: Slack asked for a pause.

    `by_workspace`: nothing of this workspace can be read until growbot is installed there again.
    """

    reason: str
    never: bool = False
    seconds: float | None = None
    by_workspace: bool = False


Lookup = Found | Absent | Unreadable


# --- decisions --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Next:
    """The row's next state. `at` is when to look at it again; None for a final state."""

    state: State
    at: datetime | None = None
    reason: str | None = None


def backoff(attempts: int) -> timedelta:
    """10 s, 20 s, 40 s … at most 30 min, after the given number of attempts (1 or more)."""
    return min(timedelta(seconds=10 * 2 ** min(attempts - 1, 10)), timedelta(minutes=30))


def after_attempt(outcome: Outcome, *, attempts: int, now: datetime) -> Next:
    """What follows an attempt; `attempts` counts it."""
    match outcome:
        case Accepted():
            return Next(State.SENT)
        case Refused(reason, by_workspace=True):
            return Next(State.PENDING, now + REFUSED_FOR_NOW, reason)
        case Refused(reason):
            return Next(State.DEAD, reason=reason)
        case Limited(seconds):
            return Next(State.PENDING, now + timedelta(seconds=seconds), "ratelimited")
        case Uncertain(reason):
            return Next(State.AMBIGUOUS, now + SETTLE, reason)
        case Unreached(reason) if attempts >= MAX_ATTEMPTS:
            return Next(State.DEAD, reason=reason)
        case Unreached(reason):
            return Next(State.PENDING, now + backoff(attempts), reason)


def after_lookup(
    lookup: Lookup, *, resent: bool, lookups: int, may_repeat: bool, absent_before: bool, now: datetime
) -> Next:
    """What follows a look into the history. `may_repeat` tells whether this message may be seen twice at worst."""
    match lookup:
        case Found():
            return Next(State.SENT)
        case Absent() if not absent_before:
            return Next(State.AMBIGUOUS, now + SETTLE_AGAIN, ABSENT_ONCE)
        case Absent() if resent:
            return Next(State.PARKED, reason="unconfirmed after one resend")
        case Absent():
            return Next(State.PENDING, now, "resend")
        case Unreadable(never=True) if may_repeat and not resent:
            return Next(State.PENDING, now, "resend")
        case Unreadable(reason, never=True):
            return Next(State.PARKED, reason=f"unconfirmed: {reason}")
        case Unreadable(reason, seconds=float(seconds)) if lookups < MAX_LIMITED_LOOKUPS:
            again_at = now + timedelta(seconds=seconds)
            return Next(State.AMBIGUOUS, again_at, ABSENT_ONCE if absent_before else reason)
        case Unreadable(reason, by_workspace=False) if lookups >= MAX_LOOKUPS:
            return Next(State.PARKED, reason=f"unconfirmed: {reason}")
        case Unreadable(reason, by_workspace=is_closed):
            again_at = now + (REFUSED_FOR_NOW if is_closed else backoff(lookups) + SETTLE)
            return Next(State.AMBIGUOUS, again_at, ABSENT_ONCE if absent_before else reason)


def is_over_budget(sent: Collection[datetime], zone: str, now: datetime) -> bool:
    """Whether the person has had all unsolicited messages of this local day. `sent`: when they got such lately."""
    today = local_date(now, zone)
    return sum(local_date(at, zone) == today for at in sent) >= MOST_A_DAY


def tomorrow(rhythm: Rhythm, now: datetime) -> datetime:
    """When the person's next local day begins."""
    return to_utc(local_date(now, rhythm.zone) + timedelta(days=1), time.min, rhythm.zone)


def answer_by(asked_at: datetime, rhythm: Rhythm) -> datetime:
    """Until then nobody is said not to have answered: the same time on their next working day."""
    local = in_zone(asked_at, rhythm.zone)
    on = local.date() + timedelta(days=1)
    while not rhythm.works_on(on):
        on += timedelta(days=1)
    return to_utc(on, local.time(), rhythm.zone)


def has_gone_quiet(awaited: Collection[tuple[Awaits, datetime]], rhythm: Rhythm, now: datetime) -> bool:
    """`awaited`: what was sent, and when, since the person last did anything."""
    unanswered = [at for awaits, at in awaited if awaits is Awaits.ANSWER and answer_by(at, rhythm) <= now]
    return len(unanswered) >= UNANSWERED or any(awaits is Awaits.SIGN for awaits, _at in awaited)
