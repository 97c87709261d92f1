"""What “Later” offers beneath a message, and when that is. Pure."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from enum import StrEnum

from bot.core.errors import InvalidFields, UserError
from bot.core.i18n import gettext as _
from bot.core.localtime import Rhythm, earliest_allowed, in_zone, start_of_working_day, to_utc

AFTERNOON = time(15)
PICK = "pick"
"""The choice that opens a form, with the message's own id behind it."""


class Later(StrEnum):
    HOUR = "hour"
    AFTERNOON = "afternoon"
    TOMORROW = "tomorrow"
    WEEK = "week"


class TooLateForLater(UserError):
    """By then, what it is about is over. `command` is the way to it without being asked."""

    def __init__(self, command: str) -> None:
        super().__init__(command)
        self._command = command

    @property
    def sentence(self) -> str:
        return _("That would be too late for this one. `{command}` opens it right now.").format(
            command=self._command
        )


class SettledAlready(UserError):
    """The message was answered, put off, or overtaken."""

    @property
    def sentence(self) -> str:
        return _("This message is settled already. `/grow` shows what waits for you.")


class OutsideYourHours(InvalidFields):
    def __init__(self) -> None:
        super().__init__(
            {"at": _("You get no messages then. Choose a time within your days and hours: /grow settings.")}
        )


class OverByThen(InvalidFields):
    def __init__(self) -> None:
        super().__init__({"on": _("By then it would be too late for this one. Choose an earlier time.")})


def offers(now: datetime, rhythm: Rhythm, before: datetime) -> Mapping[Later, datetime]:
    """Those that come before the thing is over, each at a time when the person may be written to."""
    found = {each: moment(each, now, rhythm) for each in Later}
    local = in_zone(now, rhythm.zone)
    if local.time() >= time(12) or not rhythm.works_on(local.date()):
        del found[Later.AFTERNOON]
    if not rhythm.works_on(local.date() + timedelta(days=1)):
        del found[Later.TOMORROW]
    return {each: at for each, at in found.items() if at < before}


def moment(which: Later, now: datetime, rhythm: Rhythm) -> datetime:
    """When it is then; for an afternoon that is over, the next time that is allowed."""
    today = in_zone(now, rhythm.zone).date()
    at = {
        Later.HOUR: now + timedelta(hours=1),
        Later.AFTERNOON: max(to_utc(today, AFTERNOON, rhythm.zone), now + timedelta(minutes=1)),
        Later.TOMORROW: start_of_working_day(today + timedelta(days=1), rhythm),
        Later.WEEK: start_of_working_day(today + timedelta(days=8 - today.isoweekday()), rhythm),
    }[which]
    return earliest_allowed(at, rhythm)


def chosen(value: str, now: datetime, rhythm: Rhythm, before: datetime, command: str = "/grow") -> datetime:
    """Raises TooLateForLater: the message is older than its offers, or the value is not one of them."""
    if value not in set(Later):
        raise TooLateForLater(command)
    at = moment(Later(value), now, rhythm)
    if at >= before:
        raise TooLateForLater(command)
    return at


def label(which: Later) -> str:
    return {
        Later.HOUR: _("In an hour"),
        Later.AFTERNOON: _("This afternoon"),
        Later.TOMORROW: _("Tomorrow morning"),
        Later.WEEK: _("Next week"),
    }[which]
