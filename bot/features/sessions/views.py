"""Sessions as people see them: the list, planning, moving, cancelling, and the messages about them."""

from collections.abc import Sequence
from datetime import date, datetime, time

from slack_sdk.models.blocks import Block, ButtonElement, Option
from slack_sdk.models.views import View

from bot.core.dates import Unclear, When, say_date, say_moment
from bot.core.directory import Person
from bot.core.i18n import current_locale, ngettext
from bot.core.i18n import gettext as _
from bot.core.localtime import local_date
from bot.core.slack import blocks as b
from bot.core.slack.forms import Form
from bot.features.engagements.service import Membership
from bot.features.engagements.views import with_field
from bot.features.sessions.domain import (
    LENGTHS,
    NeedsMoment,
    Reach,
    Recurrence,
    Session,
    SessionState,
    Slot,
    slot_of,
)
from bot.features.sessions.service import Agenda, Entry

LIST = "sessions.list"
PLAN = "sessions.plan"
MOVE = "sessions.move"
CANCEL = "sessions.cancel"

SHOWN = 30
SHOWN_PAST = 5
STANDARD_MINUTES = 60


# --- saying it --------------------------------------------------------------------------------------


def moment(session: Session, person: Person, now: datetime) -> str:
    return say_moment(session.starts_at, now=now, zone=person.zone, locale=current_locale())


def rhythm_note(every_weeks: int) -> str:
    """Such as "every week"; nothing for a session that does not recur."""
    if not every_weeks:
        return ""
    return ngettext("every week", "every {weeks} weeks", every_weeks).format(weeks=every_weeks)


def length(minutes: int) -> str:
    return ngettext("{count} minute", "{count} minutes", minutes).format(count=minutes)


def _line(entry: Entry, person: Person, now: datetime) -> str:
    when = moment(entry.session, person, now)
    who = entry.membership.other.mention
    details = [length(entry.session.minutes), rhythm_note(entry.every_weeks)]
    return f"*{when}* – {who}\n" + " · ".join(each for each in details if each)


# --- the list ---------------------------------------------------------------------------------------


def agenda(agenda: Agenda, person: Person, now: datetime) -> View:
    blocks: list[Block] = []
    for entry in agenda.upcoming[:SHOWN]:
        blocks += [b.section(_line(entry, person, now)), b.actions(*_change_buttons(entry.session))]
    if len(agenda.upcoming) > SHOWN:
        more = len(agenda.upcoming) - SHOWN
        blocks.append(
            b.context(ngettext("And {count} later one.", "And {count} later ones.", more).format(count=more))
        )
    if not agenda.upcoming:
        blocks.append(b.section(_("No session is planned.")))
    blocks.append(b.actions(b.button(_("Plan another"), "sessions.plan")))
    return b.modal(LIST, _("Your sessions"), [*blocks, *_unwrapped(agenda, person, now)])


def _change_buttons(session: Session) -> tuple[ButtonElement, ButtonElement]:
    return (
        b.button(_("Move"), f"sessions.move:{session.id}", session.id),
        b.button(_("Cancel"), f"sessions.cancel:{session.id}", session.id),
    )


def _unwrapped(agenda: Agenda, person: Person, now: datetime) -> list[Block]:
    """Past sessions that the person could still say something about."""
    if not agenda.unwrapped:
        return []
    blocks: list[Block] = [b.divider(), b.section(f"*{_('Without your wrap-up')}*")]
    for entry in agenda.unwrapped[:SHOWN_PAST]:
        note = _(" (noted as not held)") if entry.session.state is SessionState.NOT_HELD else ""
        button = b.button(_("Wrap up"), f"wrapups.open:{entry.session.id}", entry.session.id)
        blocks.append(b.section(past_line(entry, person, now) + note, accessory=button))
    return blocks


def past_line(entry: Entry, person: Person, now: datetime) -> str:
    return f"{moment(entry.session, person, now)} – {entry.membership.other.mention}"


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
    blocks.append(
        b.context(
            _(
                "The other one gets one message about it. Before each session, both of you are asked whether "
                "you would like to prepare. Only the two of you see your sessions."
            )
        )
    )
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
    session, found = entry.session, entry.membership
    return _(
        "Planned: {moment} with {person}{rhythm}. They get one message about it, and both of you are asked "
        "beforehand whether you would like to prepare. `/grow session` moves or cancels it."
    ).format(
        moment=moment(session, found.actor, now),
        person=found.other.mention,
        rhythm=f", {rhythm_note(entry.every_weeks)}" if entry.every_weeks else "",
    )


# --- moving and cancelling --------------------------------------------------------------------------


def move(entry: Entry, now: datetime, below: str = "") -> View:
    session, person = entry.session, entry.membership.actor
    slot = slot_of(session, person.zone)
    on = slot.on if session.starts_at > now else None
    blocks: list[Block] = [
        b.section(_("Now: {session}").format(session=_line(entry, person, now))),
        *_slot_fields(on, slot.at, session.minutes, person),
        *_reach_field(entry, _("Move"), _("Only this session"), _("This and all later ones")),
        b.context(
            _("{person} gets one message with the new time, and what was prepared stays.").format(
                person=entry.membership.other.mention
            )
        ),
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
        b.section(_line(entry, entry.membership.actor, now)),
        *_reach_field(entry, _("Cancel"), _("Only this session"), _("This and all later ones")),
        b.context(
            _("{person} gets one message about it, and there are no reminders for it any more.").format(
                person=entry.membership.other.mention
            )
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
    when, person = moment(entry.session, entry.membership.actor, now), entry.membership.other.mention
    if reach is Reach.LATER and entry.every_weeks:
        text = _("Moved: {moment} with {person}, {rhythm} from then on. They get one message about it.")
    else:
        text = _("Moved to {moment}. {person} gets one message about it.")
    return text.format(moment=when, person=person, rhythm=rhythm_note(entry.every_weeks))


def cancelled(entry: Entry, reach: Reach, now: datetime) -> str:
    when, person = moment(entry.session, entry.membership.actor, now), entry.membership.other.mention
    if reach is Reach.LATER and entry.every_weeks:
        text = _("Cancelled: your sessions with {person} from {moment} on. They get one message about it.")
    else:
        text = _("Cancelled: {moment} with {person}. They get one message about it.")
    return text.format(moment=when, person=person)


# --- App Home ---------------------------------------------------------------------------------------


def home(
    next_ones: Sequence[Entry], without: Sequence[Membership], person: Person, now: datetime
) -> list[Block]:
    """The next session of each engagement; those without one get a button to plan it."""
    blocks: list[Block] = [b.header(_("Sessions"))] if next_ones or without else []
    for entry in next_ones:
        prepare = b.button(_("Prepare"), f"prep.open:{entry.session.id}", entry.session.id, primary=True)
        blocks += [b.section(_line(entry, person, now)), b.actions(prepare, *_change_buttons(entry.session))]
    for found in without:
        button = b.button(_("Plan a session"), f"sessions.plan:{found.engagement_id}", found.engagement_id)
        blocks.append(
            b.section(
                _("No session is planned with {person}.").format(person=found.other.mention), accessory=button
            )
        )
    return blocks
