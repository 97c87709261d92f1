"""Who can read what, and who has read what: a person's own."""

from collections.abc import Sequence
from datetime import datetime

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.core.dates import say_moment
from bot.core.directory import Person
from bot.core.i18n import current_locale, ngettext
from bot.core.i18n import gettext as _
from bot.core.slack import blocks as b
from bot.features.engagements.domain import Role, Shared
from bot.features.engagements.privacy import Opening
from bot.features.engagements.service import Membership
from bot.features.engagements.views import beyond, say_shared, who_can_read

SHOWN_ENGAGEMENTS = 20
SHOWN_OPENINGS = 25


def privacy(found: Sequence[Membership], openings: Sequence[Opening], person: Person, now: datetime) -> View:
    """`found`: the person's active engagements."""
    return b.modal(
        "engagements.privacy",
        _("Who can read what"),
        [
            *(b.section(_shared_at_first(each)) for each in found[:SHOWN_ENGAGEMENTS]),
            *beyond(len(found) - SHOWN_ENGAGEMENTS),
            *who_can_read(),
            b.actions(
                b.button(_("Export …"), "rights.open_export"),
                b.button(_("Erase …"), "rights.open_erase"),
            ),
            b.divider(),
            *_openings(openings[:SHOWN_OPENINGS], person, now),
        ],
    )


def _shared_at_first(found: Membership) -> str:
    shared = ", ".join(say_shared(each) for each in Shared if each in found.shares) or _("nothing")
    if found.role is Role.CLIENT:
        text = _(
            "{person} coaches you. In a new form, sharing is ticked at first for: {shared}. You decide each time, and can take it back."
        )
    else:
        text = _("You coach {person}. Their forms start with sharing: {shared}. They decide on each.")
    return text.format(person=found.other.mention, shared=shared)


def _openings(openings: Sequence[Opening], person: Person, now: datetime) -> list[Block]:
    title = f"*{_('Who has read what of yours')}*"
    if not openings:
        return [b.section(f"{title}\n{_('Nobody has opened anything that you shared.')}")]
    lines = [_opening_line(each, person, now) for each in openings]
    note = _(
        "The latest, with kinds and times only. What you don't share, nobody else gets to see in growbot."
    )
    return [b.section("\n".join((title, *lines))), b.context(note)]


def _opening_line(opening: Opening, person: Person, now: datetime) -> str:
    text = {
        "prep": _("{moment}: {person} opened your preparation"),
        "checkin": _("{moment}: {person} opened your check-in"),
        "wrapup": _("{moment}: {person} opened what you took away from a session"),
        "agreement": _("{moment}: {person} opened the agreement that you wrote"),
        "ending": _("{moment}: {person} read your reason for ending"),
        "closing": _("{moment}: {person} opened how you look back"),
        "questions": _("{moment}: {person} opened your questions for a session"),
        "notes": ngettext(
            "{moment}: {person} opened a note of yours",
            "{moment}: {person} opened {count} of your notes",
            opening.count,
        ),
        "commitment": ngettext(
            "{moment}: {person} opened a commitment of yours",
            "{moment}: {person} opened {count} of your commitments",
            opening.count,
        ),
        "goal": ngettext(
            "{moment}: {person} opened a goal of yours",
            "{moment}: {person} opened {count} of your goals",
            opening.count,
        ),
        "strength": ngettext(
            "{moment}: {person} opened a strength of yours",
            "{moment}: {person} opened {count} of your strengths",
            opening.count,
        ),
    }.get(opening.kind, _("{moment}: {person} opened something that you shared"))
    moment = say_moment(opening.opened_at, now=now, zone=person.zone, locale=current_locale())
    return "• " + text.format(moment=moment, person=opening.reader.mention, count=opening.count)
