"""What the sandbox refuses: to the app by Slack's error names, to a person by Slack's sentences."""

from collections.abc import Sequence
from typing import Any


class SlackError(Exception):
    """An `ok: false` answer to the app, with Slack's error name and where in the blocks it lies."""

    def __init__(self, name: str, messages: Sequence[str] = (), **extra: Any) -> None:
        super().__init__(f"{name}: {'; '.join(messages)}" if messages else name)
        self.name = name
        self.messages = tuple(messages)
        self.extra = extra

    def body(self) -> dict[str, Any]:
        """The JSON body Slack would answer with."""
        told = {"response_metadata": {"messages": list(self.messages)}} if self.messages else {}
        return {"ok": False, "error": self.name, **self.extra, **told}


class Unanswered(Exception):
    """A delivery that no app acknowledged, why, and whether the app asked not to hear of it again."""

    def __init__(self, reason: str, *, is_final: bool = False) -> None:
        super().__init__(reason)
        self.reason, self.is_final = reason, is_final


class PersonError(Exception):
    """A sentence that Slack's client would show to the person who acted."""


class AppDidNotAnswer(PersonError):
    """The app did not acknowledge within three seconds, or answered what Slack cannot use."""


class NotPossible(PersonError):
    """Slack's client would not let this person do this here: no such button, view, command or account."""
