"""Notes as a list: the newest first, by person, month and session; and what App Home says of them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from slack_sdk.models.blocks import Block, InteractiveElement, Option
from slack_sdk.models.views import View

from bot.core.dates import beginning, say_date, say_month
from bot.core.directory import Person
from bot.core.i18n import current_locale, ngettext
from bot.core.i18n import gettext as _
from bot.core.localtime import local_date
from bot.core.slack import blocks as b
from bot.core.slack.forms import our_number
from bot.features.engagements.service import Membership
from bot.features.engagements.views import people_options
from bot.features.notes.domain import PAGE, Filter
from bot.features.notes.service import Entry, Page
from bot.features.sessions.domain import Session
from bot.features.sessions.views import moment

LIST = "notes.list"
ALL = "all"
CHOICES = 99
"""Slack allows 100 options in a list to choose from; one of them is all."""


def notes(page: Page, person: Person, now: datetime) -> View:
    blocks: list[Block] = [
        b.context(
            _("The newest first. A private note is yours alone, for ever; a shared one you can take back.")
        ),
        b.actions(b.button(_("New note"), "notes.new", page.wanted.engagement_id or "", primary=True)),
        *_narrowing(page, person, now),
    ]
    for each in page.entries:
        blocks += [b.divider(), *_row(each, now)]
    if not page.entries:
        blocks.append(b.section(_nothing(page.wanted)))
    return b.modal(LIST, _("Notes"), [*blocks, *_paging(page)], metadata=as_metadata(page.wanted))


def _nothing(wanted: Filter) -> str:
    if wanted.is_narrow:
        return _("No notes there.")
    return _(
        "None yet. A note is a thought with a date: something to remember before the next session, or to tell the other one."
    )


# --- which ones -------------------------------------------------------------------------------------


def _narrowing(page: Page, person: Person, now: datetime) -> list[Block]:
    """Only what there is a choice of."""
    wanted = page.wanted
    elements: list[InteractiveElement] = []
    if len(page.found) > 1:
        people = people_options(page.found)
        elements.append(_select(_("With anyone"), people, wanted.engagement_id, action_id="notes.with"))
    if len(page.months) > 1 or wanted.month:
        months = [
            b.option(say_month(each, locale=current_locale()), each.isoformat()) for each in page.months
        ]
        chosen = wanted.month.isoformat() if wanted.month else None
        elements.append(_select(_("Any month"), months, chosen, action_id="notes.month"))
    if page.sessions or wanted.session_id:
        options = [b.option(_session_name(each, page.found, person, now), each.id) for each in page.sessions]
        elements.append(
            _select(_("Any session, or none"), options, wanted.session_id, action_id="notes.session")
        )
    return [b.actions(*elements)] if elements else []


def _select(
    everything: str, options: Sequence[Option], chosen: str | None, *, action_id: str
) -> InteractiveElement:
    shown = [b.option(everything, ALL), *options[:CHOICES]]
    return b.select(shown, initial=chosen or ALL, action_id=action_id)


def _session_name(session: Session, found: Sequence[Membership], person: Person, now: datetime) -> str:
    when = moment(session, person, now)
    if len(found) < 2:
        return when
    name = next(b.inline(each.other.name) for each in found if each.engagement_id == session.engagement_id)
    return f"{when} – {name}"


def as_metadata(wanted: Filter) -> dict[str, str]:
    values = {
        "with": wanted.engagement_id,
        "month": wanted.month.isoformat() if wanted.month else None,
        "session": wanted.session_id,
        "start": str(wanted.start) if wanted.start else None,
    }
    return {f"list_{name}": value for name, value in values.items() if value}


def read_filter(metadata: Mapping[str, str]) -> Filter:
    """What a list, or a form on top of it, carries. Garbage counts as nothing chosen."""
    start = metadata.get("list_start", "")
    return Filter(
        engagement_id=metadata.get("list_with"),
        month=read_month(metadata.get("list_month", "")),
        session_id=metadata.get("list_session"),
        start=our_number(start),
    )


def read_month(text: str) -> date | None:
    try:
        return date.fromisoformat(text).replace(day=1)
    except ValueError:
        return None


def narrowed(wanted: Filter, by: str, value: str) -> Filter:
    """What was chosen in one of the lists, beside what was chosen in the others; from the first page on."""
    chosen = None if value == ALL else value
    if by == "with":  # the session may be with somebody else
        return Filter(engagement_id=chosen, month=wanted.month)
    if by == "month":
        return replace(wanted, month=read_month(chosen or ""), start=0)
    return replace(wanted, session_id=chosen, start=0)


def _paging(page: Page) -> list[Block]:
    start, buttons = page.wanted.start, []
    if start:
        newer = str(max(0, start - PAGE))
        buttons.append(b.button(_("Newer ones"), f"notes.page:{newer}", newer))
    if page.has_more:
        older = str(start + PAGE)
        buttons.append(b.button(_("Older ones"), f"notes.page:{older}", older))
    return [b.divider(), b.actions(*buttons)] if buttons else []


# --- one of them ------------------------------------------------------------------------------------


def _row(entry: Entry, now: datetime) -> list[Block]:
    note = entry.note
    blocks: list[Block] = [b.context(_about(entry, now)), b.words(note.words)]
    if entry.is_own:
        sure = b.confirmation(
            _("Delete this note?"), _("It is gone for good, for everyone."), _("Delete"), _("Keep it")
        )
        blocks.append(
            b.actions(
                b.button(_("Edit"), f"notes.edit:{note.id}", note.id),
                b.button(_("Delete"), f"notes.delete:{note.id}", note.id, confirm=sure),
            )
        )
    return blocks


def _about(entry: Entry, now: datetime) -> str:
    person = entry.membership.actor
    today = local_date(now, person.zone)
    day = say_date(entry.note.noted_on, today=today, locale=current_locale())
    parts = [f"*{beginning(day)}*", who_reads(entry)]
    if entry.session is not None:
        parts.append(_("session: {moment}").format(moment=moment(entry.session, person, now)))
    return " · ".join(parts)


def who_reads(entry: Entry) -> str:
    other = entry.membership.other.mention
    if not entry.is_own:
        return _("{person} shares this with you").format(person=other)
    if entry.note.is_shared:
        return _("{person} can read it").format(person=other)
    return _("only you can read it · about your work with {person}").format(person=other)


# --- App Home ---------------------------------------------------------------------------------------


def home(theirs: Sequence[tuple[Membership, int]]) -> list[Block]:
    """`theirs`: how many notes the other one of each engagement shares."""
    lines = [
        ngettext("{person} shares a note with you.", "{person} shares {count} notes with you.", count).format(
            person=found.other.mention, count=count
        )
        for found, count in theirs
        if count
    ]
    what = b.section(_("Notes, for yourself or for both"))
    said: list[Block] = [b.context("\n".join(lines))] if lines else []
    buttons = (b.button(_("New note"), "notes.new"), b.button(_("Your notes"), "notes.list"))
    return [what, *said, b.actions(*buttons)]
