"""Faults that a test plants in the Web API: each strikes the next calls of one method, then is used up."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, get_args

FaultKind = Literal[
    "drop_before", "drop_after", "hang", "hang_after", "status", "ratelimited", "slow", "unreadable", "error"
]

HISTORY = "conversations.history"
NO_TIME = timedelta(0)


@dataclass
class Fault:
    """One planted fault."""

    method: str
    kind: FaultKind
    left: int
    seconds: float = 0.0
    status: int = 503
    error: str = "internal_error"


class Faults:
    """The faults still to come, in the order in which they were planted."""

    def __init__(self) -> None:
        self._planted: list[Fault] = []
        self._late_reads: list[int] = []
        self._reset_history()

    def _reset_history(self) -> None:
        self.history_lag, self._history_pace = NO_TIME, NO_TIME
        self.history_page: int | None = None
        self._history_opens_at: datetime | None = None

    def add(self, method: str, kind: str, times: int = 1, *, seconds: float = 0.0, status: int = 503) -> None:
        """Plant a fault for the next `times` calls of `method` ("*" for any).

        Kinds: `drop_before` and `drop_after` cut the connection before or after the call takes effect; `hang`
        and `hang_after` never answer; `status` answers with that HTTP status, before taking effect;
        `ratelimited` answers 429 with Retry-After of `seconds`; `slow` waits `seconds` of real time first;
        `unreadable` takes effect and answers no JSON. "500" and "503" are short for `status`.
        Any other kind is a Slack error name.
        """
        if kind in ("500", "503"):
            kind, status = "status", int(kind)
        if kind in get_args(FaultKind):
            self._planted.append(Fault(method, kind, times, seconds, status))  # type: ignore[arg-type]
        else:
            self._planted.append(Fault(method, "error", times, error=kind))

    @property
    def left(self) -> int:
        """How many calls are still to suffer."""
        return sum(fault.left for fault in self._planted)

    def clear(self) -> None:
        """Forget every planted fault."""
        self._planted.clear()
        self._late_reads.clear()
        self._reset_history()

    def strike(self, method: str, at: datetime) -> Fault | None:
        """The fault that this call suffers, if any."""
        for fault in self._planted:
            if fault.method in (method, "*") and fault.left > 0:
                fault.left -= 1
                return fault
        return self._too_soon(at) if method == HISTORY else None

    def cut_history(self, *, objects: int = 15, every: timedelta = timedelta(minutes=1)) -> None:
        """From now on, a page of the history is as small, and may be asked for as seldom, as Slack grants a
        distributed app outside of its Marketplace."""
        self.history_page, self._history_pace = objects, every

    def _too_soon(self, at: datetime) -> Fault | None:
        if self._history_opens_at is not None and at < self._history_opens_at:
            return Fault(HISTORY, "ratelimited", 0, (self._history_opens_at - at).total_seconds())
        self._history_opens_at = at + self._history_pace
        return None

    def delay_history(self, by: timedelta) -> None:
        """From now on, a message appears in the history only so long after it was posted."""
        self.history_lag = by

    def hide_next_message(self, reads: int) -> None:
        """The next message posted by the app appears in the history only after it was read `reads` times."""
        self._late_reads.append(reads)

    def reads_without_next_message(self) -> int:
        """How many reads of the history leave out the message being posted."""
        return self._late_reads.pop(0) if self._late_reads else 0
