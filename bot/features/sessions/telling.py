"""What the other one hears of a session, and what its time is for them."""

from datetime import date, datetime, time, timedelta

from bot.core.dates import say_moment, say_time
from bot.core.directory import Person
from bot.core.i18n import current_locale, ngettext
from bot.core.i18n import gettext as _
from bot.core.localtime import in_zone, is_allowed, to_utc
from bot.features.sessions.service import Entry
from bot.features.sessions.views import moment


def told_of(other: Person, starts_at: datetime | None, now: datetime) -> str:
    """Whether, and when, the other reads of a change. `starts_at`: after that, they are not told any more."""
    if other.is_deleted:
        text = _("{person}'s account is deactivated, so they don't read it.")
    elif other.paused_until is None or not other.is_paused(now):
        text = _("{person} gets one message about it.")
    elif starts_at is not None and other.paused_until >= starts_at:
        text = _("{person} is paused, and reads it if they are back before then.")
    else:
        text = _("{person} is paused, and reads it when they are back.")
    return text.format(person=other.mention)


def for_both(entry: Entry, now: datetime) -> str:
    """When it is, in the actor's zone; and in the other's, where clocks show another time."""
    at, actor, other = entry.session.starts_at, entry.membership.actor, entry.membership.other
    mine, theirs = in_zone(at, actor.zone), in_zone(at, other.zone)
    when = moment(entry.session, actor, now)
    if mine.utcoffset() == theirs.utcoffset():
        return when
    if mine.date() == theirs.date():
        time_there = say_time(theirs.time(), locale=current_locale())
    else:
        time_there = _moment_there(at, actor, other, now)
    return _("{moment} ({time} for {person})").format(moment=when, time=time_there, person=other.mention)


def asked_of(actor: Person, other: Person, starts_at: datetime | None, now: datetime) -> str:
    """Who is asked to prepare before a session, or (None) before sessions still to be planned."""
    is_actor, is_other = _is_asked(actor, starts_at, now), _is_asked(other, starts_at, now)
    if is_actor and is_other:
        text = _("Both of you are asked beforehand whether you would like to prepare.")
    elif is_actor:
        text = _("You are asked beforehand whether you would like to prepare; {person} gets no messages now.")
    elif is_other:
        text = _("You are paused, so only {person} is asked beforehand about preparing.")
    else:
        text = _("Nobody is asked beforehand while both of you get no messages; `/grow prep` prepares it.")
    return text.format(person=other.mention)


def _is_asked(person: Person, starts_at: datetime | None, now: datetime) -> bool:
    if person.is_deleted:
        return False
    if person.paused_until is None or not person.is_paused(now):
        return True
    return starts_at is not None and person.paused_until < starts_at


def for_other(on: date | None, at: time | None, actor: Person, other: Person, now: datetime) -> str | None:
    """What is chosen so far, as the other one's clocks show it; and whether that is outside of their working hours."""
    if on is None or at is None:
        return _ahead(actor, other, now)
    starts_at = to_utc(on, at, actor.zone)
    there = _moment_there(starts_at, actor, other, now)
    if not is_allowed(starts_at, other.rhythm):
        text = _("For {person} that is {moment}, *outside of their working hours*.")
    elif in_zone(starts_at, actor.zone).utcoffset() == in_zone(starts_at, other.zone).utcoffset():
        return None
    else:
        text = _("For {person} that is {moment}.")
    return text.format(person=other.mention, moment=there)


def _moment_there(at: datetime, actor: Person, other: Person, now: datetime) -> str:
    """As the other one's clocks show it; on a day as the actor, who reads it, would call it."""
    locale = current_locale()
    return say_moment(at, now=now, zone=other.zone, locale=locale, reader_zone=actor.zone)


def _ahead(actor: Person, other: Person, now: datetime) -> str | None:
    """By how much the other one's clocks differ from the actor's."""
    mine, theirs = in_zone(now, actor.zone).utcoffset(), in_zone(now, other.zone).utcoffset()
    assert mine is not None
    assert theirs is not None
    if mine == theirs:
        return None
    hours, rest = divmod(abs(theirs - mine), timedelta(hours=1))
    count = f"{hours}:{rest // timedelta(minutes=1):02}" if rest else str(hours)
    if theirs > mine:
        text = ngettext(
            "{person} is {count} hour ahead of you.", "{person} is {count} hours ahead of you.", hours
        )
    else:
        text = ngettext(
            "{person} is {count} hour behind you.", "{person} is {count} hours behind you.", hours
        )
    return text.format(person=other.mention, count=count)
