"""Three kinds of failure: one the person can mend, one that passes, one that stays.

A concrete error is named after the rule it protects, and its docstring or `sentence` is what the person reads.
"""

from collections.abc import Mapping

from bot.core.i18n import gettext as _


class GrowbotError(Exception):
    """Root of everything that growbot raises on purpose."""


class UserError(GrowbotError):
    """Shown to the person, in their language. Nothing was saved.

    `field` names the form field that the sentence belongs to (our block ids are the field names).
    """

    field: str | None = None

    @property
    def sentence(self) -> str:
        """What the person reads; made when it is shown, so that it is in the reader's language."""
        raise NotImplementedError

    @property
    def fields(self) -> Mapping[str, str]:
        return {self.field: self.sentence} if self.field else {}


class InvalidFields(UserError):
    """Several fields of one form are wrong; each gets its own sentence."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__(", ".join(fields))
        self._fields = dict(fields)

    @property
    def sentence(self) -> str:
        return " ".join(self._fields.values())

    @property
    def fields(self) -> Mapping[str, str]:
        return self._fields


class NotFound(UserError):
    """The thing does not exist, or the actor may not see it: the answer is the same."""

    @property
    def sentence(self) -> str:
        return _("This isn't there any more, or it isn't yours to open. `/grow` shows what is.")


class OutdatedForm(UserError):
    """The form carries ids that do not parse: it is from an older version, or was tampered with."""

    @property
    def sentence(self) -> str:
        return _("This form is out of date. Please close it and open it again; `/grow` shows where.")


class LimitReached(UserError):
    """`when`: from when on it works again, as the person reads it."""

    def __init__(self, when: str) -> None:
        super().__init__()
        self.when = when

    @property
    def sentence(self) -> str:
        return _("That is enough of this for now. It works again {when}.").format(when=self.when)


class AlreadyHandled(GrowbotError):
    """The same form was sent before and took effect then. The answer is to close it."""


class TransientError(GrowbotError):
    """It may work in a moment: the database is busy, Slack did not answer."""


class PermanentError(GrowbotError):
    """It will not work however often it is tried."""
