"""Taking back what was written: what goes, and the receipt that stays. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.core.errors import UserError
from bot.core.i18n import gettext as _

EVERYWHERE = "everywhere"
"""Instead of an engagement's id: all of them."""


class What(StrEnum):
    """What was erased: one's own words; or all that a pair wrote, as both agreed, or because its time was over."""

    OWN = "own"
    BOTH = "both"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Receipt:
    """How many of which kind were erased, when and by whom. Without content."""

    what: What
    other_id: str
    counts: Mapping[str, int]
    erased_at: datetime


class NothingWritten(UserError):
    @property
    def sentence(self) -> str:
        return _("There is nothing of yours to erase here. `/grow agreement` shows what you both signed.")


class NothingKept(UserError):
    """The person takes part in no engagement of which anything is kept."""

    @property
    def sentence(self) -> str:
        return _("Nothing that you wrote is kept, so there is nothing to erase.")
