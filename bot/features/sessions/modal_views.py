"""The forms to plan, move and cancel, how they are read, and what is said when that is done."""

from collections.abc import Sequence
from datetime import date, datetime, time

from slack_sdk.models.blocks import Block, Option
from slack_sdk.models.views import View

from bot.core.dates import Unclear, When, say_date, say_moment, say_time
from bot.core.directory import Person
from bot.core.i18n import current_locale
from bot.core.i18n import gettext as _
from bot.core.localtime import in_zone, local_date
from bot.core.slack import blocks as b
from bot.core.slack.forms import Form
from bot.features.engagements.service import Membership
from bot.features.engagements.views import with_field
from bot.features.sessions.domain import LENGTHS, NeedsMoment, Reach, Recurrence, Slot, slot_of
from bot.features.sessions.service import Entry
from bot.features.sessions.views import length, moment, rhythm_note, session_line

PLAN = "sessions.plan"
MOVE = "sessions.move"
CANCEL = "sessions.cancel"

STANDARD_MINUTES = 60


# --- planning ---------------------------------------------------------------------------------------


def plan(
    found: Sequence[Membership],
    person: Person,
    now: datetime,
    *,
    phrase: When | Unclear | None = None,
    initial: str | None = None,
    below: str = "",
) -> View:
    """`phrase` is what was read behind the command; `initial` the engagement chosen at first; `below` the view beneath."""
    picker = with_field(found, initial)
    on, at = (phrase.on, phrase.at) if isinstance(phrase, When) else (None, None)
    blocks: list[Block] = (
        [picker] if picker else [b.section(_("With {person}").format(person=found[0].other.mention))]
    )
    if isinstance(phrase, Unclear):
        blocks.insert(0, b.section(_asked_back(phrase, person, now)))
    blocks += _slot_fields(on, at, STANDARD_MINUTES, person)
    blocks.append(b.field("repeats", _("How often?"), b.select(_recurrences(), initial=Recurrence.ONCE)))
    told = _("The other one gets one message about it.") if picker else told_of(found[0].other, None, now)
    asked = _("Before each session, both of you are asked whether you would like to prepare.")
    blocks.append(b.context(" ".join((told, asked, _("Only the two of you see your sessions.")))))
    metadata = {"below": below} if picker else {"below": below, "with": found[0].engagement_id}
    return b.modal(
        PLAN, _("Plan a session"), blocks, submit=_("Plan it"), close=_("Cancel"), metadata=metadata
    )


def _asked_back(phrase: Unclear, person: Person, now: datetime) -> str:
    today = local_date(now, person.zone)
    days = [say_date(each, today=today, locale=current_locale()) for each in phrase.candidates]
    if phrase.kind == "ambiguous" and len(days) > 1:
        return _("That could be {first} or {second}. Which one do you mean?").format(
            first=days[0], second=days[-1]
        )
    if phrase.kind == "past":
        return _("That has passed already. Please choose a time that is still to come.")
    return _("I couldn't read a date in that. Please choose one.")


def _slot_fields(on: date | None, at: time | None, minutes: int, person: Person) -> list[Block]:
    zone = person.zone.replace("_", " ")
    lengths = [b.option(length(each), str(each)) for each in sorted({*LENGTHS, minutes})]
    return [
        b.field("on", _("On"), b.date_picker(on)),
        b.field("at", _("At"), b.time_picker(at), hint=_("In your time zone, {zone}.").format(zone=zone)),
        b.field("minutes", _("How long?"), b.select(lengths, initial=str(minutes))),
    ]


def _recurrences() -> list[Option]:
    return [
        b.option(_("Once"), Recurrence.ONCE),
        b.option(_("Every week"), Recurrence.WEEKLY),
        b.option(_("Every two weeks"), Recurrence.FORTNIGHTLY),
    ]


def read_slot(form: Form) -> Slot:
    """Raises NeedsMoment."""
    on, at = form.date("on"), form.time("at")
    if on is None or at is None:
        raise NeedsMoment(*(name for name, value in (("on", on), ("at", at)) if value is None))
    chosen = form.choice("minutes") or ""
    minutes = int(chosen) if chosen in {str(each) for each in LENGTHS} else STANDARD_MINUTES
    return Slot(on, at, minutes)


def read_recurrence(form: Form) -> Recurrence:
    chosen = form.choice("repeats")
    return Recurrence(chosen) if chosen in set(Recurrence) else Recurrence.ONCE


def planned(entry: Entry, now: datetime) -> str:
    found = entry.membership
    text = _(
        "Planned: {moment} with {person}{rhythm}. {told} Both of you are asked beforehand whether you would "
        "like to prepare. `/grow session` moves or cancels it."
    )
    return text.format(
        moment=_for_both(entry, now),
        person=found.other.mention,
        rhythm=f", {rhythm_note(entry.every_weeks)}" if entry.every_weeks else "",
        told=told_of(found.other, entry.session.starts_at, now),
    )


# --- moving and cancelling --------------------------------------------------------------------------


def move(entry: Entry, now: datetime, below: str = "") -> View:
    session, person = entry.session, entry.membership.actor
    slot = slot_of(session, person.zone)
    on = slot.on if session.starts_at > now else None
    blocks: list[Block] = [
        b.section(_("Now: {session}").format(session=session_line(entry, person, now))),
        *_slot_fields(on, slot.at, session.minutes, person),
        *_reach_field(entry, _("Move"), _("Only this session"), _("This and all later ones")),
        b.context(told_of(entry.membership.other, None, now) + " " + _("What was prepared stays.")),
    ]
    return b.modal(
        MOVE,
        _("Move the session"),
        blocks,
        submit=_("Move it"),
        close=_("Keep it"),
        metadata={"session": session.id, "below": below},
    )


def cancel(entry: Entry, now: datetime, below: str = "") -> View:
    blocks: list[Block] = [
        b.section(session_line(entry, entry.membership.actor, now)),
        *_reach_field(entry, _("Cancel"), _("Only this session"), _("This and all later ones")),
        b.context(
            told_of(entry.membership.other, entry.session.starts_at, now)
            + " "
            + _("There are no reminders for it any more.")
        ),
    ]
    return b.modal(
        CANCEL,
        _("Cancel the session"),
        blocks,
        submit=_("Cancel it"),
        close=_("Keep it"),
        metadata={"session": entry.session.id, "below": below},
    )


def _reach_field(entry: Entry, label: str, one: str, later_ones: str) -> list[Block]:
    if not entry.every_weeks:
        return []
    options = [b.option(one, Reach.ONE), b.option(later_ones, Reach.LATER)]
    return [b.field("reach", label, b.radio(options, initial=Reach.ONE))]


def read_reach(form: Form) -> Reach:
    return Reach.LATER if form.choice("reach") == Reach.LATER else Reach.ONE


def moved(entry: Entry, reach: Reach, now: datetime) -> str:
    other = entry.membership.other
    if reach is Reach.LATER and entry.every_weeks:
        text = _("Moved: {moment} with {person}, {rhythm} from then on. {told}")
    else:
        text = _("Moved to {moment}. {told}")
    return text.format(
        moment=_for_both(entry, now),
        person=other.mention,
        rhythm=rhythm_note(entry.every_weeks),
        told=told_of(other, entry.session.starts_at, now),
    )


def cancelled(entry: Entry, reach: Reach, now: datetime) -> str:
    other = entry.membership.other
    if reach is Reach.LATER and entry.every_weeks:
        text = _("Cancelled: your sessions with {person} from {moment} on. {told}")
    else:
        text = _("Cancelled: {moment} with {person}. {told}")
    return text.format(
        moment=moment(entry.session, entry.membership.actor, now),
        person=other.mention,
        told=told_of(other, entry.session.starts_at, now),
    )


# --- what the other one hears of it -----------------------------------------------------------------


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


def _for_both(entry: Entry, now: datetime) -> str:
    """When it is, in the actor's zone; and in the other's, where clocks show another time."""
    at, actor, other = entry.session.starts_at, entry.membership.actor, entry.membership.other
    mine, theirs = in_zone(at, actor.zone), in_zone(at, other.zone)
    when = moment(entry.session, actor, now)
    if mine.utcoffset() == theirs.utcoffset():
        return when
    if mine.date() == theirs.date():
        time_there = say_time(theirs.time(), locale=current_locale())
    else:
        time_there = say_moment(at, now=now, zone=other.zone, locale=current_locale())
    return _("{moment} ({time} for {person})").format(moment=when, time=time_there, person=other.mention)
