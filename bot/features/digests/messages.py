"""The coach's weekly message: how many, who, and no contents."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from slack_sdk.models.blocks import Block

from bot.core.database import Transaction
from bot.core.directory import Person
from bot.core.i18n import gettext as _
from bot.core.i18n import ngettext
from bot.core.outbox.templates import Dropped, Letter, Message, Template, varied
from bot.core.slack import blocks as b
from bot.features.commitments.reading import count_promises
from bot.features.digests import service, views
from bot.features.digests.domain import DIGEST, Standing
from bot.features.digests.service import Week
from bot.features.engagements.service import Membership
from bot.features.people.views import fewer


def _digest(db: Transaction, letter: Letter, person: Person, now: datetime) -> Message | Dropped:
    found = service.weeks(db, person, now)
    if not found:
        return Dropped("there are no clients")
    groups = service.by_standing([(each.membership, each.standing) for each in found])
    text = f"{_opening(letter, len(found))} {_counts(groups)}"
    lines = "\n".join(views.line(standing, theirs) for standing, theirs in groups.items())
    notes = [b.context(views.about_quiet())] if Standing.QUIET in groups else []
    own = _promises(count_promises(db, person))
    return Message(text, [b.section(text), b.section(lines), *notes, *own, *_button(found)], [fewer()])


def _promises(count: int) -> list[Block]:
    """A coach has no check-in that asks about their own."""
    if not count:
        return []
    text = ngettext(
        "A promise of yours is open: `/grow commitments`.",
        "{count} promises of yours are open: `/grow commitments`.",
        count,
    )
    return [b.context(text.format(count=count))]


def _button(found: Sequence[Week]) -> list[Block]:
    """None where there is nothing behind it."""
    if not any(each.shared_at for each in found):
        return []
    return [b.actions(b.button(_("See what they share"), "digests.open", primary=True))]


def _opening(letter: Letter, count: int) -> str:
    return varied(
        letter,
        ngettext("Your week with {count} client:", "Your week with {count} clients:", count),
        ngettext("How {count} client is doing:", "How your {count} clients are doing:", count),
        ngettext("A look at the week of {count} client:", "A look at the week of {count} clients:", count),
    ).format(count=count)


def _counts(groups: Mapping[Standing, Sequence[Membership]]) -> str:
    said = {
        Standing.CHECKED_IN: _("{count} checked in"),
        Standing.NOT_YET: _("{count} not yet this week"),
        Standing.QUIET: _("{count} quiet"),
        Standing.PAUSED: _("{count} paused"),
    }
    return ", ".join(said[each].format(count=len(theirs)) for each, theirs in groups.items()) + "."


def _digest_closed(db: Transaction, letter: Letter, person: Person, now: datetime) -> str:
    return _("This was about an earlier week with your clients. `/grow checkin` shows what they share.")


TEMPLATES = (Template(DIGEST, _digest, _digest_closed, may_repeat=False, rests=True),)
