"""How it stands with a coach's clients, once a week. Pure."""

from datetime import datetime, timedelta
from enum import StrEnum

from bot.core.errors import UserError
from bot.core.i18n import gettext as _
from bot.core.localtime import Rhythm, next_weekly
from bot.features.people.domain import Wishes

DIGEST = "digests.week"
FIRST_AFTER = timedelta(days=5)
"""Whoever has just begun has nothing to be told yet."""
LATELY = timedelta(days=7)


class Standing(StrEnum):
    """In the order in which they are said."""

    CHECKED_IN = "checked_in"
    NOT_YET = "not_yet"
    QUIET = "quiet"
    PAUSED = "paused"


BY_NEED = (Standing.QUIET, Standing.NOT_YET, Standing.CHECKED_IN, Standing.PAUSED)
"""In the order in which a coach looks for them: first whom a word may be welcome to."""


class NoClients(UserError):
    """Somebody who coaches nobody (any more) asks for their clients' week."""

    @property
    def sentence(self) -> str:
        return _("You have no clients here at the moment. `/grow start @person` invites one.")


def key_of(person_id: str, due_at: datetime) -> str:
    return f"{DIGEST}:{person_id}:{due_at:%Y%m%d%H%M}"


def next_digest(after: datetime, wishes: Wishes, rhythm: Rhythm) -> datetime:
    return next_weekly(after, wishes.digest_weekday, wishes.digest_at, rhythm.zone)


def is_wished(due_at: datetime, wishes: Wishes, rhythm: Rhythm) -> bool:
    """False for what was planned before the coach's wishes were known."""
    return next_digest(due_at - timedelta(microseconds=1), wishes, rhythm) == due_at


def standing(*, is_paused: bool, is_quiet: bool, has_checked_in: bool) -> Standing:
    """A pause says more than a check-in before it, and is never missed; who has just checked in is not quiet."""
    if is_paused:
        return Standing.PAUSED
    if has_checked_in:
        return Standing.CHECKED_IN
    return Standing.QUIET if is_quiet else Standing.NOT_YET
