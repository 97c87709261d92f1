"""The wrap-up form, and the summary that replaces it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.core.directory import Person
from bot.core.i18n import gettext as _
from bot.core.i18n import ngettext
from bot.core.slack import blocks as b
from bot.core.slack.forms import Form
from bot.features.commitments import service as commitments
from bot.features.commitments.modal_views import change_it
from bot.features.commitments.views import draft_fields, due_phrase, smaller_step, who_sees
from bot.features.sessions.domain import SessionState
from bot.features.sessions.service import Agenda, Entry
from bot.features.sessions.views import moment, past_line
from bot.features.wrapups.domain import TEXT_LIMIT
from bot.features.wrapups.service import Reading

WRAP_UP = "wrapups.wrap_up"
SAVED = "wrapups.saved"
CHOOSE = "wrapups.choose"

LISTED, AT_HOME = 20, 3


def wrap_up(reading: Reading, now: datetime) -> View:
    entry, own = reading.entry, reading.own
    found = entry.membership
    other = found.other
    box = b.option(_("Let {name} see my takeaway").format(name=b.inline(other.name)), "share")
    return b.modal(
        WRAP_UP,
        _("Wrap up"),
        [
            b.section(
                _("Your session with {person}, {moment}. Everything here is optional.").format(
                    person=other.mention, moment=moment(entry.session, found.actor, now)
                )
            ),
            *_their_takeaway(reading),
            _text("takeaway", _("What do you take away?"), own.takeaway if own else None),
            b.field(
                "takeaway_shared",
                _("Who may read your takeaway?"),
                b.checkboxes([box], initial=["share"] if own and own.is_shared else []),
                hint=_("Without the tick, only you. For two weeks, /grow wrapup opens this to change it."),
                optional=True,
            ),
            _text(
                "note", _("A note to yourself"), own.note if own else None, _("Only you will ever see this.")
            ),
            b.header(_("Will – what will you do?")),
            *_prepared(reading),
            *_made(reading, now),
            b.context(_("One step is enough, and a small one counts. Leave it empty if there is none.")),
            *draft_fields(place=found, person=found.actor, optional=True, goals=reading.goals),
            b.context(
                _("Saving notes that the session took place. {person} gets no message.").format(
                    person=other.mention
                )
            ),
        ],
        submit=_("Save"),
        close=_("Cancel"),
        metadata={"session": entry.session.id},
    )


def _text(name: str, label: str, initial: str | None, hint: str | None = None) -> Block:
    given = b.text_input(initial=initial, multiline=True, max_length=TEXT_LIMIT)
    return b.field(name, label, given, hint=hint, optional=True)


def _their_takeaway(reading: Reading) -> list[Block]:
    if reading.their_takeaway is None:
        return []
    title = _("{person} took this away, and shares it with you:").format(
        person=reading.entry.membership.other.mention
    )
    return [b.section(title), b.words(reading.their_takeaway)]


def _prepared(reading: Reading) -> list[Block]:
    if not reading.prepared:
        return []
    blocks: list[Block] = [b.section(_("You prepared this:"))]
    for question, answer in reading.prepared:
        blocks += [b.quiet_words(question), b.words(answer)]
    return blocks


def _made(reading: Reading, now: datetime, *, can_change: bool = False) -> list[Block]:
    """The commitments that came out of the session, in their owner's words; and who sees each.

    `can_change`: whoever is not sure of one may change it at once.
    """
    if not reading.commitments:
        return []
    found = reading.entry.membership
    lines: list[Block] = [b.section(_("You took this on from this session:"))]
    for each in reading.commitments[:LISTED]:
        lines.append(b.words(" – ".join((b.inline(each.what), due_phrase(each, found.actor, now)))))
        lines.append(b.context(who_sees(commitments.Entry(each, found))))
        if can_change and each.is_open and each.is_shaky:
            lines.append(b.section(smaller_step(), accessory=change_it(each)))
    return lines


@dataclass(frozen=True, slots=True)
class Written:
    takeaway: str | None
    note: str | None
    is_shared: bool


def read(form: Form) -> Written:
    return Written(
        takeaway=(form.text("takeaway") or "")[:TEXT_LIMIT] or None,
        note=(form.text("note") or "")[:TEXT_LIMIT] or None,
        is_shared="share" in form.choices("takeaway_shared"),
    )


def saved(reading: Reading, now: datetime) -> View:
    entry = reading.entry
    found = entry.membership
    text = _("Saved. Your session with {person}, {moment}, took place.").format(
        person=found.other.mention, moment=moment(entry.session, found.actor, now)
    )
    text = " ".join((text, *_who_reads(reading)))
    add_label = _("Add another") if reading.commitments else _("Add a commitment")
    add = b.button(add_label, "commitments.new", f"{found.engagement_id}:{entry.session.id}")
    return b.modal(
        SAVED,
        _("Wrapped up"),
        [b.section(text), *_made(reading, now, can_change=True), b.actions(add)],
    )


def _who_reads(reading: Reading) -> list[str]:
    """Of what was written; the commitments say it for themselves."""
    own, lines = reading.own, []
    if own and own.takeaway and own.is_shared:
        lines.append(
            _("{person} can read your takeaway.").format(person=reading.entry.membership.other.mention)
        )
    elif own and own.takeaway:
        lines.append(_("Your takeaway is only yours."))
    if own and own.note:
        lines.append(_("Your note is only yours."))
    return lines


def not_held(entry: Entry) -> str:
    return _(
        "Noted: it didn't take place. Nobody is asked about it any more. `/grow session` plans the next one with {person}."
    ).format(person=entry.membership.other.mention)


def choose(agenda: Agenda, person: Person, now: datetime) -> View:
    """What lacks a wrap-up, then what has one and can be changed, or taken back from the other."""
    rows = _rows(agenda.unwrapped[:LISTED], person, now)
    if rows and agenda.wrapped:
        rows.append(b.divider())
    for each in agenda.wrapped[:LISTED]:
        button = b.button(_("Change"), f"wrapups.open:{each.session.id}", each.session.id)
        rows.append(b.section(past_line(each, person, now) + _(" (done)"), accessory=button))
    return b.modal(CHOOSE, _("Wrap up which session?"), rows)


def home(entries: Sequence[Entry], person: Person, now: datetime) -> list[Block]:
    """Past sessions that wait for this person's wrap-up."""
    waiting = [each for each in entries if each.session.state is not SessionState.NOT_HELD]
    if not waiting:
        return []
    blocks: list[Block] = [b.section(f"*{_('How did it go?')}*"), *_rows(waiting[:AT_HOME], person, now)]
    if (more := len(waiting) - AT_HOME) > 0:
        text = ngettext("And {count} more: `/grow wrapup`.", "And {count} more: `/grow wrapup`.", more)
        blocks.append(b.context(text.format(count=more)))
    return blocks


def _rows(entries: Sequence[Entry], person: Person, now: datetime) -> list[Block]:
    rows: list[Block] = []
    for each in entries:
        note = _(" (noted as not held)") if each.session.state is SessionState.NOT_HELD else ""
        button = b.button(_("Wrap up"), f"wrapups.open:{each.session.id}", each.session.id)
        rows.append(b.section(past_line(each, person, now) + note, accessory=button))
    return rows
