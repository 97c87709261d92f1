"""What becomes of a message: states, and the decision after each attempt. Pure.

The promise is at-least-once with reconciliation. A row is `sending` before the request leaves, so a crash can never hide an
attempt; what may have been accepted is looked for in the DM's history before it is sent again.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

LEASE = timedelta(seconds=120)
"""A row still `sending` after this long belongs to a process that died: a whole batch takes less, at Slack's slowest."""
LEASE_MARGIN = timedelta(seconds=15)
"""A sender whose lease has less left than this no longer posts: another may look into the row before it is done."""
SETTLE = timedelta(seconds=30)
"""How long an ambiguous message may take to show up in the history."""
LOOKBACK = timedelta(seconds=60)
"""How far before `send_started_at` the history is read: our clock and Slack's may differ."""
MAX_ATTEMPTS = 8
MAX_LOOKUPS = 6


class State(StrEnum):
    PENDING = "pending"
    SENDING = "sending"
    AMBIGUOUS = "ambiguous"
    SENT = "sent"
    DEAD = "dead"  # given up, with a reason an operator can read
    CANCELLED = "cancelled"  # its cause is gone: moved, ended, answered before it was sent
    STALE = "stale"  # came too late to be of use, or was held back until it was


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
    """A documented `ok: false`: certainly not posted, and final for this person or installation."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unreached:
    """Certainly not posted, but it may work later (the connection could not be opened)."""

    reason: str


@dataclass(frozen=True, slots=True)
class Uncertain:
    """It may have been posted: a time-out, a lost connection, a 5xx, an unreadable body."""

    reason: str


Outcome = Accepted | Limited | Refused | Unreached | Uncertain


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
    """The history could not be read, or not to its end. `never` means that no scope allows it."""

    reason: str
    never: bool = False


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


def after_lookup(lookup: Lookup, *, resent: bool, lookups: int, may_repeat: bool, now: datetime) -> Next:
    """What follows a look into the history. `may_repeat` tells whether this message may be seen twice at worst."""
    match lookup:
        case Found():
            return Next(State.SENT)
        case Absent() if resent:
            return Next(State.DEAD, reason="unconfirmed after one resend")
        case Absent():
            return Next(State.PENDING, now, "resend")
        case Unreadable(never=True) if may_repeat and not resent:
            return Next(State.PENDING, now, "resend")
        case Unreadable(reason, never=True):
            return Next(State.DEAD, reason=f"unconfirmed: {reason}")
        case Unreadable(reason) if lookups >= MAX_LOOKUPS:
            return Next(State.DEAD, reason=f"unconfirmed: {reason}")
        case Unreadable(reason):
            return Next(State.AMBIGUOUS, now + backoff(lookups) + SETTLE, reason)
