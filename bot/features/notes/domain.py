"""Free text by one of the pair: for themself, or shared with the other. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta

from bot.core.errors import InvalidFields
from bot.core.i18n import gettext as _

TEXT_LIMIT = 1500
PAGE = 10
"""So many notes fit into one view with all their words, whatever they consist of."""
LOOKED_BACK = timedelta(days=120)
"""How far back the sessions lie that a note is offered to belong to."""


@dataclass(frozen=True, slots=True)
class Note:
    """Opened for somebody who may read it. `noted_on`: the day it is about, by its author's choice."""

    id: str
    engagement_id: str
    author_id: str
    session_id: str | None
    noted_on: date
    words: str
    is_shared: bool


@dataclass(frozen=True, slots=True)
class Draft:
    """A note as it is written down."""

    words: str
    noted_on: date
    session_id: str | None
    is_shared: bool


@dataclass(frozen=True, slots=True)
class Filter:
    """Which notes are listed: with one person, of one month (its first day), of one session; from which place on."""

    engagement_id: str | None = None
    month: date | None = None
    session_id: str | None = None
    start: int = 0

    @property
    def is_narrow(self) -> bool:
        return any((self.engagement_id, self.month, self.session_id))


def month_after(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)


class NeedsWords(InvalidFields):
    def __init__(self) -> None:
        super().__init__({"words": _("Write something here first.")})


class NeedsDay(InvalidFields):
    def __init__(self) -> None:
        super().__init__({"on": _("Choose the day it is about.")})


class OfAnotherPair(InvalidFields):
    def __init__(self) -> None:
        super().__init__({"session": _("That session is with somebody else than you chose above.")})
