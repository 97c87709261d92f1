"""Sessions as people see them: how they are said, the list, and App Home."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from slack_sdk.models.blocks import Block, ButtonElement
from slack_sdk.models.views import View

from bot.core.dates import say_moment
from bot.core.directory import Person
from bot.core.i18n import current_locale, ngettext
from bot.core.i18n import gettext as _
from bot.core.slack import blocks as b
from bot.core.slack.forms import Form, ViewRef, our_number
from bot.features.engagements.service import MANY, Membership
from bot.features.engagements.views import absence, people_options
from bot.features.sessions.domain import (
    NeedsMoment,
    Session,
    SessionState,
)
from bot.features.sessions.service import Agenda, Entry

LIST = "sessions.list"
PICK = "sessions.pick"

EVERYBODY = "all"
SHOWN = 30
SHOWN_PAST = 5
SHOWN_AT_HOME = 8
ONE_BY_ONE, LINES_AT_HOME = 3, 12
"""Up to so many next sessions have all their buttons; of more there are so many lines."""


# --- saying it --------------------------------------------------------------------------------------


def moment(session: Session, person: Person, now: datetime) -> str:
    return say_moment(session.starts_at, now=now, zone=person.zone, locale=current_locale())


def lasting_moment(at: datetime, person: Person, now: datetime) -> str:
    """In a form that is still true when it is read later: never "tomorrow", never "Friday"."""
    said_on = max(now, at + timedelta(days=1)) if at < now + timedelta(days=8) else now
    return say_moment(at, now=said_on, zone=person.zone, locale=current_locale())


def rhythm_note(every_weeks: int) -> str:
    """Such as "every week"; nothing for a session that does not recur."""
    if not every_weeks:
        return ""
    return ngettext("every week", "every {weeks} weeks", every_weeks).format(weeks=every_weeks)


def length(minutes: int) -> str:
    return ngettext("{count} minute", "{count} minutes", minutes).format(count=minutes)


def session_line(entry: Entry, person: Person, now: datetime) -> str:
    when = moment(entry.session, person, now)
    who = entry.membership.other.mention
    details = [length(entry.session.minutes), rhythm_note(entry.every_weeks)]
    return f"*{when}* – {who}\n" + " · ".join(each for each in details if each)


# --- the list ---------------------------------------------------------------------------------------


def agenda(agenda: Agenda, person: Person, now: datetime, *, start: int = 0) -> View:
    """`start`: how many sessions come before the first that is shown."""
    blocks = _with_whom(agenda)
    for entry in agenda.upcoming[start : start + SHOWN]:
        blocks += [b.section(session_line(entry, person, now)), b.actions(*_change_buttons(entry.session))]
    if (more := len(agenda.upcoming) - start - SHOWN) > 0:
        button = b.button(_("Show the next ones"), "sessions.next", str(start + SHOWN))
        blocks.append(b.section(_later_ones(more), accessory=button))
    if start:
        blocks.append(b.actions(b.button(_("Back to the first ones"), "sessions.next:0", "0")))
    if not agenda.upcoming:
        blocks.append(b.section(_("No session is planned.")))
    label = _("Plan another") if agenda.upcoming else _("Plan a session")
    blocks.append(b.actions(b.button(label, "sessions.plan", agenda.only or "")))
    shown = {"with": agenda.only or "", "start": str(start)}
    return b.modal(LIST, _("Your sessions"), [*blocks, *_unwrapped(agenda, person, now)], metadata=shown)


def below(view: ViewRef) -> str:
    """What a form remembers of what it is put on top of; of a list also, which it is."""
    if view.callback_id != LIST:
        return view.callback_id
    return ":".join((LIST, view.metadata.get("with", ""), view.metadata.get("start", "")))


def list_below(remembered: str) -> tuple[str | None, int] | None:
    """Of the list that a form was put on top of: with whom, and the place of the first. None if it was no list."""
    callback_id, _colon, which = remembered.partition(":")
    only, _colon, start = which.partition(":")
    return (only or None, our_number(start)) if callback_id == LIST else None


def _with_whom(agenda: Agenda) -> list[Block]:
    """Whoever works with many looks for one."""
    if len(agenda.found) < MANY:
        return []
    options = [b.option(_("With anyone"), EVERYBODY), *people_options(agenda.found)]
    return [b.actions(b.select(options, initial=agenda.only or EVERYBODY, action_id="sessions.with"))]


def _change_buttons(session: Session) -> tuple[ButtonElement, ButtonElement]:
    return (
        b.button(_("Move"), f"sessions.move:{session.id}", session.id),
        b.button(_("Cancel it"), f"sessions.cancel:{session.id}", session.id),
    )


def _unwrapped(agenda: Agenda, person: Person, now: datetime) -> list[Block]:
    """Past sessions that the person could still say something about."""
    if not agenda.unwrapped:
        return []
    blocks: list[Block] = [b.divider(), b.section(f"*{_('How did it go?')}*")]
    for entry in agenda.unwrapped[:SHOWN_PAST]:
        note = _(" (noted as not held)") if entry.session.state is SessionState.NOT_HELD else ""
        button = b.button(_("Wrap up"), f"wrapups.open:{entry.session.id}", entry.session.id)
        blocks.append(b.section(past_line(entry, person, now) + note, accessory=button))
    return blocks


def past_line(entry: Entry, person: Person, now: datetime) -> str:
    return f"{moment(entry.session, person, now)} – {entry.membership.other.mention}"


# --- App Home ---------------------------------------------------------------------------------------


def home(
    next_ones: Sequence[Entry], without: Sequence[Membership], person: Person, now: datetime
) -> list[Block]:
    """The next session of each engagement; those without one get a button to plan it."""
    if not (next_ones or without):
        return []
    blocks: list[Block] = [b.header(_("Sessions"))]
    if len(next_ones) > ONE_BY_ONE:
        blocks += _as_lines(next_ones, person, now)
    else:
        for entry in next_ones:
            buttons = (_prepare_button(entry.session, is_primary=True), *_change_buttons(entry.session))
            blocks += [b.section(session_line(entry, person, now)), b.actions(*buttons)]
    for found in without[:SHOWN_AT_HOME]:
        button = b.button(_("Plan a session"), f"sessions.plan:{found.engagement_id}", found.engagement_id)
        text = _("No session is planned with {person}.").format(person=found.other.mention)
        blocks.append(b.section(text, accessory=button))
    blocks.append(b.actions(b.button(_("All sessions"), "sessions.list")))
    return blocks


def _as_lines(next_ones: Sequence[Entry], person: Person, now: datetime) -> list[Block]:
    """For a coach of many, who looks for the day: a line each; where one is moved is behind the button below."""
    blocks: list[Block] = []
    for entry in next_ones[:LINES_AT_HOME]:
        other = entry.membership.other
        text = (
            f"*{moment(entry.session, person, now)}* – {other.mention}{absence(other, other.is_paused(now))}"
        )
        blocks.append(b.section(text, _prepare_button(entry.session)))
    if (more := len(next_ones) - LINES_AT_HOME) > 0:
        blocks.append(b.context(_later_ones(more)))
    return blocks


def _later_ones(count: int) -> str:
    return ngettext("And {count} later one.", "And {count} later ones.", count).format(count=count)


def _prepare_button(session: Session, *, is_primary: bool = False) -> ButtonElement:
    return b.button(_("Prepare"), f"prep.open:{session.id}", session.id, primary=is_primary)


# --- putting a message off --------------------------------------------------------------------------


def pick(person: Person, letter_id: str) -> View:
    zone = person.zone.replace("_", " ")
    return b.modal(
        PICK,
        _("Ask me again"),
        [
            b.field("on", _("On"), b.date_picker()),
            b.field(
                "at",
                _("At"),
                b.time_picker(person.rhythm.day_starts),
                hint=_("In your time zone, {zone}.").format(zone=zone),
            ),
            b.context(_("Only you see that you put it off.")),
        ],
        submit=_("Ask me then"),
        close=_("Cancel"),
        metadata={"letter": letter_id},
    )


def read_picked(form: Form) -> tuple[date, time]:
    """Raises NeedsMoment."""
    on, at = form.date("on"), form.time("at")
    if on is None or at is None:
        raise NeedsMoment(*(name for name, value in (("on", on), ("at", at)) if value is None))
    return on, at


def picked(at: datetime, person: Person, now: datetime) -> str:
    moment_ = say_moment(at, now=now, zone=person.zone, locale=current_locale())
    return _("I'll ask again {moment}.").format(moment=moment_)
