"""The one message about goals: that a coach suggests one. No words of it."""

from datetime import datetime

from slack_sdk.models.blocks import Block

from bot.core.database import Transaction
from bot.core.directory import Person
from bot.core.errors import NotFound
from bot.core.i18n import gettext as _
from bot.core.outbox.templates import Dropped, Letter, Message, Template
from bot.core.slack import blocks as b
from bot.features.engagements.service import membership
from bot.features.goals.store import by_id
from bot.features.goals.suggesting import SUGGESTED


def _suggested(db: Transaction, letter: Letter, person: Person, now: datetime) -> Message | Dropped:
    goal_id = letter.subject["goal"]
    if by_id(db, goal_id) is None:
        return Dropped("the suggestion was taken back")
    text = _("{person} suggests a goal for you. It is yours to take up, change, or leave.").format(
        person=_coach(db, letter, person)
    )
    buttons = (
        b.button(_("Read it"), "goals.open", goal_id, primary=True),
        b.button(_("Not for me"), "goals.decline", goal_id),
    )
    return Message(text, [b.section(text), b.actions(*buttons)], [_last_line()])


def _last_line() -> Block:
    return b.context(_("There are no reminders about this. `/grow goals` shows it until you answer."))


def _suggested_closed(db: Transaction, letter: Letter, person: Person, now: datetime) -> str:
    sentence = {
        "accepted": _("You took up the goal that {person} suggested. `/grow goals` shows it."),
        "declined": _("You left the goal that {person} suggested. They got no message about it."),
        "withdrawn": _("{person} has taken back the goal that they suggested."),
        "ended": _("Your coaching with {person} has ended, and the goal they suggested with it."),
    }.get(letter.closed or "", _("{person} suggested a goal for you. `/grow goals` shows it."))
    return sentence.format(person=_coach(db, letter, person))


def _coach(db: Transaction, letter: Letter, person: Person) -> str:
    try:
        return membership(db, person, letter.subject["engagement"]).other.mention
    except NotFound:  # erased since
        return _("your coach")


TEMPLATES = (Template(SUGGESTED, _suggested, _suggested_closed),)
