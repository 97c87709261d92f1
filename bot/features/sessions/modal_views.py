"""The forms to plan, move and cancel, how they are read, and what is said when that is done."""

from collections.abc import Sequence
from datetime import date, datetime, time

from slack_sdk.models.blocks import Block, Option
from slack_sdk.models.views import View

from bot.core.dates import Unclear, When, say_date
from bot.core.directory import Person
from bot.core.i18n import current_locale
from bot.core.i18n import gettext as _
from bot.core.localtime import local_date
from bot.core.slack import blocks as b
from bot.core.slack.forms import Form, ViewRef
from bot.features.engagements.service import Membership
from bot.features.engagements.views import with_field
from bot.features.sessions.domain import LENGTHS, NeedsMoment, Reach, Recurrence, Slot, slot_of
from bot.features.sessions.service import Entry
from bot.features.sessions.telling import asked_of, for_both, for_other, told_of
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
    repeats: Recurrence | None = None,
    chosen: tuple[date | None, time | None, int] | None = None,
    below: str = "",
) -> View:
    """`phrase` is what was read behind the command; `chosen` what stands in the form by now; `initial` the engagement
    chosen; `below` the view beneath.
    """
    picker = with_field(found, initial)
    first = (phrase.on, phrase.at) if isinstance(phrase, When) else (_only_day(phrase), None)
    on, at, minutes = chosen or (*first, STANDARD_MINUTES)
    other = next((each.other for each in found if not picker or each.engagement_id == initial), None)
    blocks: list[Block] = (
        [picker] if picker else [b.section(_("With {person}").format(person=found[0].other.mention))]
    )
    if isinstance(phrase, Unclear):
        blocks.insert(0, b.section(_asked_back(phrase, person, now)))
    blocks += _slot_fields(on, at, minutes, person, other, now)
    blocks.append(b.field("repeats", _("How often?"), b.select(_recurrences(), initial=repeats)))
    told = told_of(other, None, now) if other else _("The other one gets one message about it.")
    asked = asked_of(person, other, None, now) if other else _("Whoever is not paused is asked to prepare.")
    blocks.append(b.context(" ".join((told, asked, _("Only the two of you see your sessions.")))))
    metadata = {"below": below} if picker else {"below": below, "with": found[0].engagement_id}
    return b.modal(
        PLAN, _("Plan a session"), blocks, submit=_("Plan it"), close=_("Cancel"), metadata=metadata
    )


def _only_day(phrase: Unclear | None) -> date | None:
    """The day that was named without saying when on it."""
    return phrase.candidates[0] if phrase and phrase.kind == "time" else None


def _asked_back(phrase: Unclear, person: Person, now: datetime) -> str:
    today = local_date(now, person.zone)
    days = [say_date(each, today=today, locale=current_locale()) for each in phrase.candidates]
    if phrase.kind == "ambiguous" and len(days) > 1:
        return _("That could be {first} or {second}. Which one do you mean?").format(
            first=days[0], second=days[-1]
        )
    if phrase.kind == "time":
        return _("In the morning, {day}: at what time?").format(day=days[0])
    if phrase.kind == "past":
        return _("That has passed already. Please choose a time that is still to come.")
    return _("I couldn't read a date in that. Please choose one.")


def _slot_fields(
    on: date | None, at: time | None, minutes: int, person: Person, other: Person | None, now: datetime
) -> list[Block]:
    """Whoever chooses a day or a time reads at once what that is for the other one."""
    zone = person.zone.replace("_", " ")
    lengths = [b.option(length(each), str(each)) for each in sorted({*LENGTHS, minutes})]
    there = for_other(on, at, person, other, now) if other else None
    return [
        b.field("on", _("On"), b.date_picker(on, action_id="sessions.slot:on"), dispatches=True),
        b.field(
            "at",
            _("At"),
            b.time_picker(at, action_id="sessions.slot:at"),
            hint=_("In your time zone, {zone}.").format(zone=zone),
            dispatches=True,
        ),
        *([b.context(there)] if there else []),
        b.field("minutes", _("How long?"), b.select(lengths, initial=str(minutes))),
    ]


def _recurrences() -> list[Option]:
    return [
        b.option(_("Once"), Recurrence.ONCE),
        b.option(_("Every week"), Recurrence.WEEKLY),
        b.option(_("Every two weeks"), Recurrence.FORTNIGHTLY),
        b.option(_("Every four weeks"), Recurrence.FOUR_WEEKLY),
    ]


def plan_again(found: Sequence[Membership], person: Person, now: datetime, form: Form, view: ViewRef) -> View:
    """The form as it is filled in by now."""
    repeats = form.choice("repeats")
    return plan(
        found,
        person,
        now,
        initial=form.choice("with"),
        repeats=Recurrence(repeats) if repeats in set(Recurrence) else None,
        chosen=(form.date("on"), form.time("at"), read_minutes(form)),
        below=view.metadata.get("below", ""),
    )


def read_slot(form: Form) -> Slot:
    """Raises NeedsMoment."""
    on, at = form.date("on"), form.time("at")
    if on is None or at is None:
        raise NeedsMoment(*(name for name, value in (("on", on), ("at", at)) if value is None))
    return Slot(on, at, read_minutes(form))


def read_minutes(form: Form) -> int:
    chosen = form.choice("minutes") or ""
    return int(chosen) if chosen in {str(each) for each in LENGTHS} else STANDARD_MINUTES


def read_recurrence(form: Form) -> Recurrence:
    chosen = form.choice("repeats")
    return Recurrence(chosen) if chosen in set(Recurrence) else Recurrence.ONCE


def planned(entry: Entry, now: datetime) -> str:
    found = entry.membership
    text = _("Planned: {moment} with {person}{rhythm}. {told} {asked} `/grow session` moves or cancels it.")
    return text.format(
        moment=for_both(entry, now),
        person=found.other.mention,
        rhythm=f", {rhythm_note(entry.every_weeks)}" if entry.every_weeks else "",
        told=told_of(found.other, entry.session.starts_at, now),
        asked=asked_of(found.actor, found.other, entry.session.starts_at, now),
    )


# --- moving and cancelling --------------------------------------------------------------------------


def move(
    entry: Entry,
    now: datetime,
    below: str = "",
    *,
    chosen: tuple[date | None, time | None, int] | None = None,
) -> View:
    """`chosen`: what stands in the form by now."""
    session, person, other = entry.session, entry.membership.actor, entry.membership.other
    slot = slot_of(session, person.zone)
    on, at, minutes = chosen or (slot.on if session.starts_at > now else None, slot.at, session.minutes)
    blocks: list[Block] = [
        b.section(_("Now: {session}").format(session=session_line(entry, person, now))),
        *_slot_fields(on, at, minutes, person, other, now),
        *_reach_field(entry, _("Move"), _("Only this session"), _("This and all later ones")),
        b.context(told_of(other, None, now) + " " + _("What was prepared stays.")),
    ]
    return b.modal(
        MOVE,
        _("Move the session"),
        blocks,
        submit=_("Move it"),
        close=_("Keep it"),
        metadata={"session": session.id, "below": below},
    )


def move_again(entry: Entry, now: datetime, form: Form, view: ViewRef) -> View:
    """The form as it is filled in by now."""
    chosen = form.date("on"), form.time("at"), read_minutes(form)
    return move(entry, now, view.metadata.get("below", ""), chosen=chosen)


def cancel(entry: Entry, now: datetime, below: str = "") -> View:
    blocks: list[Block] = [
        b.section(session_line(entry, entry.membership.actor, now)),
        *_reach_field(entry, _("Cancel it"), _("Only this session"), _("This and all later ones")),
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
        moment=for_both(entry, now),
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
