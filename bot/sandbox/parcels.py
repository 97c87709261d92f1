"""What travels to the app, the same whichever transport takes it."""

from dataclasses import dataclass
from typing import Any, Literal

Envelope = Literal["slash_commands", "interactive", "events_api"]


@dataclass(frozen=True)
class Retry:
    """Which attempt this is after a first one that failed, and why that one failed."""

    number: int
    reason: str


@dataclass(frozen=True)
class Parcel:
    """One payload on its way to the app."""

    envelope: Envelope
    payload: dict[str, Any]
    retry: Retry | None = None

    @property
    def name(self) -> str:
        """What the ledger calls it: `slash_commands`, `block_actions`, `event:app_home_opened` …"""
        if self.envelope == "events_api":
            return f"event:{self.payload['event']['type']}"
        return str(self.payload["type"]) if self.envelope == "interactive" else "slash_commands"
