"""Everything that passed between the sandbox and the app, in order, so that a test can audit the app."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

Kind = Literal["call", "delivery", "response_url"]


@dataclass(frozen=True)
class Entry:
    """One exchange at sandbox time; `error` is None where it was accepted or acknowledged."""

    at: datetime
    kind: Kind
    name: str
    """The Web API method, the delivery's type (`slash_commands`, `view_submission`, `event:message` …)."""
    args: dict[str, Any]
    answer: Any
    error: str | None
    seconds: float
    """Real time that it took: for a delivery, until the acknowledgement."""
    accepted: bool
    """Whether it took effect, which a lost answer does not tell the app."""


@dataclass
class Ledger:
    """The entries, oldest first."""

    entries: list[Entry] = field(default_factory=list)

    def add(self, entry: Entry) -> None:
        """Write down one exchange."""
        self.entries.append(entry)

    def calls(self, method: str | None = None) -> list[Entry]:
        """The Web API calls, of one method or of all."""
        return [e for e in self.entries if e.kind == "call" and method in (None, e.name)]

    def deliveries(self, name: str | None = None) -> list[Entry]:
        """What was delivered to the app, of one type or of all."""
        return [e for e in self.entries if e.kind == "delivery" and name in (None, e.name)]

    def refused(self) -> list[Entry]:
        """Everything that failed."""
        return [e for e in self.entries if e.error is not None]
