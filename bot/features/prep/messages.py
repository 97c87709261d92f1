"""“Would you like to prepare?”: how it is said when it is sent, and what replaces it afterwards."""

from datetime import datetime

from slack_sdk.models.blocks import Block

from bot.core.database import Transaction
from bot.core.dates import say_moment
from bot.core.directory import Person
from bot.core.i18n import current_locale
from bot.core.i18n import gettext as _
from bot.core.outbox.templates import Dropped, Letter, Message, Template
from bot.core.slack import blocks as b
from bot.features.engagements.domain import Role
from bot.features.engagements.service import Membership
from bot.features.prep import service
from bot.features.prep.domain import ASK
from bot.features.sessions import service as sessions
from bot.features.sessions.domain import Session
from bot.features.sessions.messages import fewer, later_select
from bot.features.sessions.views import moment


def _ask(db: Transaction, letter: Letter, person: Person, now: datetime) -> Message | Dropped:
    entry = sessions.entry(db, person, letter.subject["session"])
    session, found = entry.session, entry.membership
    if not (found.is_active and session.is_upcoming(now)):
        return Dropped("the session is over or was cancelled")
    text = _sentence(found, session, now)
    blocks: list[Block] = [b.section(text)]
    blocks += [b.context(each) for each in _client_line(db, found, session)]
    blocks.append(
        b.actions(
            b.button(_("Prepare"), "prep.open", session.id, primary=True),
            *later_select("prep.later", session.id, now, person, session.starts_at),
            b.button(_("Skip"), "prep.skip", session.id),
        )
    )
    return Message(text, [*blocks, fewer()])


def _sentence(found: Membership, session: Session, now: datetime) -> str:
    if found.role is Role.CLIENT:
        text = _("Your session with {person} is {moment}. A few minutes of preparation make it yours.")
    else:
        text = _("Your session with {person} is {moment}. A few questions help you to be there for it.")
    return text.format(person=found.other.mention, moment=moment(session, found.actor, now))


def _client_line(db: Transaction, found: Membership, session: Session) -> list[str]:
    """For the coach: whether the client shares a preparation."""
    if found.role is Role.CLIENT:
        return []
    if service.has_shared(db, session.id, found.client.id):
        return [_("{person} shares their preparation with you.").format(person=found.client.mention)]
    return [_("{person} has shared no preparation so far.").format(person=found.client.mention)]


def _ask_closed(db: Transaction, letter: Letter, person: Person, now: datetime) -> str:
    entry = sessions.entry(db, person, letter.subject["session"])
    session, found = entry.session, entry.membership
    sentence = {
        "answered": _(
            "You have prepared for your session with {person}, {moment}. `/grow prep` opens it again."
        ),
        "skipped": _(
            "Skipped, for your session with {person}, {moment}. Should you still want to: `/grow prep`."
        ),
        "later": _("Your session with {person} is {moment}. I'll ask again {later}."),
        "cancelled": _("Your session with {person} was cancelled, so there is nothing to prepare."),
        "ended": _("The engagement with {person} has ended, so there is nothing to prepare."),
    }.get(letter.closed or "", _("This about your session with {person} is out of date."))
    return sentence.format(
        person=found.other.mention,
        moment=moment(session, person, now),
        later=_later(letter, person, now),
    )


def _later(letter: Letter, person: Person, now: datetime) -> str:
    at = letter.subject.get("later")
    if at is None:
        return ""
    return say_moment(datetime.fromisoformat(at), now=now, zone=person.zone, locale=current_locale())


TEMPLATES = (Template(ASK, _ask, _ask_closed),)
