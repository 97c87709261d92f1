"""Looking back, once an engagement has ended: what changed, and what to keep. Pure."""

from dataclasses import dataclass

from bot.core.errors import UserError
from bot.core.i18n import gettext as _

TEXT_LIMIT = 1500


@dataclass(frozen=True, slots=True)
class Review:
    """One side's own. The other one reads it if it is shared."""

    id: str
    changed: str | None
    keep: str | None
    is_shared: bool

    @property
    def is_empty(self) -> bool:
        return not (self.changed or self.keep)


class NotOver(UserError):
    @property
    def sentence(self) -> str:
        return _("You are still working together. The look back opens once your coaching has ended.")
