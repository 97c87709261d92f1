"""The one message that a person's own schedule has: the offer to make it lighter."""

from datetime import datetime

from bot.core.database import Transaction
from bot.core.directory import Person
from bot.core.i18n import gettext as _
from bot.core.outbox.domain import Awaits
from bot.core.outbox.templates import Dropped, Letter, Message, Template
from bot.core.slack import blocks as b
from bot.features.people import lightening, service
from bot.features.people.domain import lighter


def _offer(db: Transaction, letter: Letter, person: Person, now: datetime) -> Message | Dropped:
    if not lightening.is_due(db, person, now):
        return Dropped("the person is there again")
    text = _("Shall we make this lighter? My last messages came at a bad time, it seems, and that's fine.")
    can_be_lighter = lighter(service.wishes_of(db, person.id).intensity) is not None
    buttons = (
        *([b.button(_("Fewer reminders"), "people.lighten", primary=True)] if can_be_lighter else []),
        b.button(_("Pause"), "people.pause"),
        b.button(_("Keep as is"), "people.keep"),
        b.button(_("Talk about it…"), "people.talk"),
    )
    after = _(
        "I stay quiet from here on, until you press or type anything here. A coach's weekly overview says “quiet”; "
        "nobody is told more than that."
    )
    return Message(text, [b.section(text), b.actions(*buttons)], [b.context(after)])


def _offer_closed(db: Transaction, letter: Letter, person: Person, now: datetime) -> str:
    if letter.closed == "expired":
        return _("I've stayed quiet. `/grow` shows what you can do now, whenever you like.")
    return _("Good to have you here. Messages follow your schedule: `/grow settings`.")


TEMPLATES = (Template(lightening.OFFER, _offer, _offer_closed, may_repeat=False, awaits=Awaits.SIGN),)
