"""The coach's clients, one line each, and a button to what each of them shares."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.core.dates import say_date
from bot.core.directory import Person
from bot.core.i18n import current_locale, ngettext
from bot.core.i18n import gettext as _
from bot.core.localtime import local_date
from bot.core.slack import blocks as b
from bot.features.digests.domain import BY_NEED, Standing
from bot.features.digests.service import Week
from bot.features.engagements.service import Membership

SHOWN = 60


def line(standing: Standing, found: Sequence[Membership]) -> str:
    return f"*{_label(standing)}:* " + ", ".join(each.client.mention for each in found)


def about_quiet() -> str:
    return _(
        "Quiet: they hear nothing from me until they do something here themselves. "
        "A word from you may be welcome; nobody else is told."
    )


def home(groups: Mapping[Standing, Sequence[Membership]]) -> list[Block]:
    """`groups`: the clients of somebody who has many, in order."""
    lines = "\n".join(line(standing, theirs) for standing, theirs in groups.items())
    button = b.button(_("See what they share"), "digests.open")
    notes = [b.context(about_quiet())] if Standing.QUIET in groups else []
    return [b.header(_("Your clients")), b.section(lines, button), *notes]


def clients(found: Sequence[Week], coach: Person, now: datetime) -> View:
    """Whom a word may be welcome to comes first."""
    found = sorted(found, key=lambda each: BY_NEED.index(each.standing))
    blocks: list[Block] = [
        b.context(
            _("What a client shares opens with its button. It is on record for them that you opened it.")
        )
    ]
    blocks += [_client(each, coach, now) for each in found[:SHOWN]]
    more = len(found) - SHOWN
    if more > 0:
        text = ngettext("And {count} more client.", "And {count} more clients.", more)
        blocks.append(b.context(text.format(count=more)))
    return b.modal("digests.clients", _("Your clients"), blocks)


def _client(week: Week, coach: Person, now: datetime) -> Block:
    engagement_id = week.membership.engagement_id
    text = f"{week.membership.client.mention} · {_label(week.standing)}"
    if week.shared_at is None:
        return b.section(f"{text}\n" + _("No check-in is shared."))
    text += "\n" + _("Shared last: {day}").format(day=_day(week.shared_at, coach, now))
    return b.section(text, b.button(_("Read"), f"digests.read:{engagement_id}", engagement_id))


def _day(at: datetime, coach: Person, now: datetime) -> str:
    return say_date(local_date(at, coach.zone), today=local_date(now, coach.zone), locale=current_locale())


def _label(standing: Standing) -> str:
    return {
        Standing.CHECKED_IN: _("Checked in"),
        Standing.NOT_YET: _("Not this week"),
        Standing.QUIET: _("Quiet"),
        Standing.PAUSED: _("Paused"),
    }[standing]
