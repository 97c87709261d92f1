"""Workspaces by name: which organisation they belong to, if any."""

from dataclasses import dataclass

from bot.sandbox.people import TEAM_ID


@dataclass(frozen=True)
class Team:
    """One workspace; several may belong to one organisation (Enterprise Grid)."""

    id: str
    name: str
    domain: str
    enterprise_id: str | None = None

    @property
    def enterprise(self) -> dict[str, str] | None:
        """The organisation as payloads name it."""
        return {"id": self.enterprise_id, "name": self.enterprise_id} if self.enterprise_id else None


BRIGHTWATER = Team(TEAM_ID, "Brightwater", "brightwater")
