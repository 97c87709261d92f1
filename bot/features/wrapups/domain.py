"""What each side says just after a session. Pure."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.core.errors import UserError
from bot.core.i18n import gettext as _
from bot.core.localtime import Rhythm, earliest_allowed

ASK = "wrapups.ask"
HOLDS = timedelta(days=3)
"""Asked later than this after a session, people have forgotten."""
TEXT_LIMIT = 1500


@dataclass(frozen=True, slots=True)
class Wrapup:
    """One side's own. The takeaway can be shared, the note never."""

    id: str
    takeaway: str | None
    note: str | None
    is_shared: bool


@dataclass(frozen=True, slots=True)
class WrapUpOpened:
    """Fact: someone opens the form. Whoever keeps what they prepared adds it: each question with the answer."""

    session_id: str
    person_id: str
    prepared: list[tuple[str, str]] = field(default_factory=list)


class NothingToWrapUp(UserError):
    @property
    def sentence(self) -> str:
        return _(
            "There is no session of the last two weeks to wrap up. `/grow session` shows what is planned."
        )


class AnsweredAlready(UserError):
    """A button of a message that has been dealt with."""

    @property
    def sentence(self) -> str:
        return _(
            "That's dealt with already. `/grow wrapup` shows which sessions are still without your wrap-up."
        )


def key_of(session_id: str, person_id: str, times: int) -> str:
    """Of the one message that asks this person about this session; `times` counts how often it was moved after that."""
    return f"{ASK}:{session_id}:{person_id}" + (f":{times}" if times else "")


def ask_at(ends_at: datetime, rhythm: Rhythm) -> datetime:
    return earliest_allowed(ends_at, rhythm)
