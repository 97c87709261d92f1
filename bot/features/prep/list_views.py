"""Which session to prepare, and what App Home says of preparations."""

from collections.abc import Sequence
from datetime import datetime

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.core.directory import Person
from bot.core.i18n import gettext as _
from bot.core.slack import blocks as b
from bot.features.sessions.domain import SessionState
from bot.features.sessions.service import Entry
from bot.features.sessions.views import moment, past_line

CHOOSE = "prep.choose"


EARLIER = "prep.earlier"


def choose(entries: Sequence[Entry], past: Sequence[Entry], person: Person, now: datetime) -> View:
    """Which session, for a person with several; then those that can still be read."""
    rows: list[Block] = []
    for each in entries[:40]:
        button = b.button(_("Open"), f"prep.open:{each.session.id}", each.session.id)
        line = f"*{moment(each.session, person, now)}* – {each.membership.other.mention}"
        if each.session.state is SessionState.CANCELLED:
            line += _(" (cancelled)")
        rows.append(b.section(line, accessory=button))
    if rows and past:
        rows.append(b.divider())
    return b.modal(CHOOSE, _("Prepare which session?"), [*rows, *_past(past, person, now)])


def earlier(past: Sequence[Entry], person: Person, now: datetime) -> View:
    intro = b.context(_("What was prepared for the sessions of the last two weeks."))
    return b.modal(EARLIER, _("Earlier preparations"), [intro, *_past(past, person, now)])


def _past(past: Sequence[Entry], person: Person, now: datetime) -> list[Block]:
    rows: list[Block] = []
    for each in past[:40]:
        button = b.button(_("Read"), f"prep.open:{each.session.id}", each.session.id)
        rows.append(b.section(past_line(each, person, now), accessory=button))
    return rows


def home(prepared: Sequence[Entry], shared: Sequence[Entry], person: Person, now: datetime) -> list[Block]:
    lines = [
        _("You have prepared for {moment} with {person}.").format(
            moment=moment(each.session, person, now), person=each.membership.other.mention
        )
        for each in prepared
    ]
    lines += [
        _("{person} shares their preparation for {moment}: *Prepare* shows it.").format(
            moment=moment(each.session, person, now), person=each.membership.other.mention
        )
        for each in shared
    ]
    return [b.context("\n".join(lines))] if lines else []
