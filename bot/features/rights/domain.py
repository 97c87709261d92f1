"""Taking back what was written: what goes, and the receipt that stays. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.core.errors import LimitReached, UserError
from bot.core.i18n import gettext as _

EVERYWHERE = "everywhere"
"""Instead of an engagement's id: all of them, and what is kept alone."""
ALONE = "alone"
"""Instead of an engagement's id: what belongs to none."""
ASKING_HOLDS = timedelta(days=14)
"""How long the other one of a pair can agree to what was asked."""
ASK_AGAIN_AFTER = timedelta(days=7)
"""How long whoever was answered “Keep it” does not ask again."""

EXPORT_HOLDS = timedelta(days=7)
"""How long an export that is ready can be fetched."""
LINK_HOLDS = timedelta(hours=1)


class What(StrEnum):
    """What was erased: one's own words; or all that a pair wrote, as both agreed, or because its time was over."""

    OWN = "own"
    BOTH = "both"
    OVER = "over"


class FileState(StrEnum):
    """Of an export that goes into the person's direct messages as a file."""

    WAITING = "waiting"
    SENDING = "sending"  # put together and uploaded; nobody sees it
    SHARING = "sharing"  # about to be seen, or seen
    SENT = "sent"
    UNCERTAIN = "uncertain"  # nothing tells whether it is there; it is not sent again
    REFUSED = "refused"  # Slack takes none, or it came too late
    DELETED = "deleted"


class Reply(StrEnum):
    AGREED = "agreed"
    KEPT = "kept"
    TAKEN_BACK = "taken_back"


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


class OtherIsGone(UserError):
    """`person` is how Slack shows the other one's name; so it is below."""

    def __init__(self, person: str) -> None:
        super().__init__()
        self._person = person

    @property
    def sentence(self) -> str:
        return _(
            "{person}'s Slack account is deactivated, so they can't agree. You can erase what you wrote yourself; the rest "
            "goes when the time that you agreed on is over."
        ).format(person=self._person)


class AskedAlready(UserError):
    def __init__(self, person: str, *, by_actor: bool) -> None:
        super().__init__()
        self._person, self._by_actor = person, by_actor

    @property
    def sentence(self) -> str:
        if self._by_actor:
            text = _("You have asked {person} already. Nothing goes before they agree.")
        else:
            text = _("{person} has asked you for the same: growbot's message lets you agree.")
        return text.format(person=self._person)


class KeptLately(UserError):
    def __init__(self, person: str) -> None:
        super().__init__()
        self._person = person

    @property
    def sentence(self) -> str:
        return _(
            "{person} would like to keep it. You can ask again a week after that; what you wrote yourself, you can erase now."
        ).format(person=self._person)


class NoLongerAsked(UserError):
    """It was answered, taken back, or has waited for too long."""

    @property
    def sentence(self) -> str:
        return _("This is no longer asked, and nothing was erased by pressing it.")


class TooManyExports(LimitReached):
    @property
    def sentence(self) -> str:
        return _(
            "You have asked for three of these in a day. The newest holds everything; another one can be asked for {when}."
        ).format(when=self.when)


class ExportOver(UserError):
    """It was taken, its time is over, or it is not ready yet."""

    @property
    def sentence(self) -> str:
        return _("This export was taken already, or its time is over. `/grow privacy` prepares another one.")
