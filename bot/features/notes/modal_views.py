"""Writing a note, and changing one."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.core.i18n import gettext as _
from bot.core.localtime import local_date
from bot.core.slack import blocks as b
from bot.core.slack.forms import Form
from bot.features.engagements.service import Membership
from bot.features.engagements.views import with_field
from bot.features.notes.domain import TEXT_LIMIT, Draft, NeedsDay, NeedsWords
from bot.features.notes.service import Entry
from bot.features.sessions.domain import Session
from bot.features.sessions.views import moment

WRITE = "notes.write"
CHANGE = "notes.change"

NONE = "none"
SHARED = "yes"
OPTIONS = 99


def write(
    found: Sequence[Membership],
    sessions: Mapping[str, Session],
    now: datetime,
    *,
    words: str = "",
    chosen: str | None = None,
    carried: Mapping[str, str],
) -> View:
    """`words`: typed behind the command. `chosen`: the engagement to begin with. `carried`: the list below, if any."""
    picker = with_field(found, chosen)
    first = found[0]
    with_whom = picker or b.section(_("About your work with {person}.").format(person=first.other.mention))
    today = local_date(now, first.actor.zone)
    return b.modal(
        WRITE,
        _("New note"),
        [with_whom, *_fields(found, sessions, now, words, today, None, is_shared=False)],
        submit=_("Save"),
        close=_("Cancel"),
        metadata={**carried, **({} if picker else {"with": first.engagement_id})},
    )


def change(entry: Entry, sessions: Mapping[str, Session], now: datetime, carried: Mapping[str, str]) -> View:
    found, note = entry.membership, entry.note
    offered = {**sessions, **({entry.session.id: entry.session} if entry.session else {})}
    about = b.section(_("About your work with {person}.").format(person=found.other.mention))
    fields = _fields(
        [found], offered, now, note.words, note.noted_on, note.session_id, is_shared=note.is_shared
    )
    return b.modal(
        CHANGE,
        _("Edit note"),
        [about, *fields],
        submit=_("Save"),
        close=_("Cancel"),
        metadata={**carried, "note": note.id},
    )


def _fields(
    found: Sequence[Membership],
    sessions: Mapping[str, Session],
    now: datetime,
    words: str,
    noted_on: date,
    session_id: str | None,
    *,
    is_shared: bool,
) -> list[Block]:
    label = (
        _("Let {name} read this").format(name=b.inline(found[0].other.name))
        if len(found) == 1
        else _("Let the other one read this")
    )
    options = [b.option(_("None"), NONE)]
    options += [b.option(_name(each, found, now), each.id) for each in list(sessions.values())[:OPTIONS]]
    return [
        b.field(
            "words",
            _("Your note"),
            b.text_input(initial=words, multiline=True, max_length=TEXT_LIMIT),
        ),
        b.field("on", _("Which day is it about?"), b.date_picker(noted_on)),
        b.field("session", _("And which session?"), b.select(options, initial=session_id or NONE)),
        b.field(
            "shared",
            _("Who may read it?"),
            b.checkboxes([b.option(label, SHARED)], initial=[SHARED] if is_shared else []),
            hint=_(
                "Without the tick, only you, ever. With it, they find it in their notes. You can take it back at any time, and "
                "see in /grow privacy when it was opened."
            ),
            optional=True,
        ),
    ]


def _name(session: Session, found: Sequence[Membership], now: datetime) -> str:
    member = next((each for each in found if each.engagement_id == session.engagement_id), found[0])
    when = moment(session, member.actor, now)
    return f"{when} – {b.inline(member.other.name)}" if len(found) > 1 else when


def read(form: Form) -> Draft:
    """Raises NeedsWords, NeedsDay."""
    words, noted_on, session_id = form.text("words"), form.date("on"), form.choice("session") or NONE
    if words is None:
        raise NeedsWords
    if noted_on is None:
        raise NeedsDay
    return Draft(
        words=words[:TEXT_LIMIT],
        noted_on=noted_on,
        session_id=None if session_id == NONE else session_id,
        is_shared=SHARED in form.choices("shared"),
    )


def saved(entry: Entry) -> str:
    if entry.note.is_shared:
        text = _("Saved. {person} finds it in their notes, and gets no message. `/grow notes` shows yours.")
    else:
        text = _("Saved. Only you can read it. `/grow notes` shows your notes.")
    return text.format(person=entry.membership.other.mention)
