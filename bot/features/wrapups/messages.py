"""“How did it go?”: how it is said when it is sent, and what replaces it afterwards."""

from datetime import datetime

from bot.core.database import Transaction
from bot.core.dates import say_moment
from bot.core.directory import Person
from bot.core.i18n import current_locale
from bot.core.i18n import gettext as _
from bot.core.outbox.templates import Dropped, Letter, Message, Template
from bot.core.slack import blocks as b
from bot.features.sessions import service as sessions
from bot.features.sessions.domain import SessionState
from bot.features.sessions.messages import fewer, later_select
from bot.features.sessions.views import moment
from bot.features.wrapups.domain import ASK


def _ask(db: Transaction, letter: Letter, person: Person, now: datetime) -> Message | Dropped:
    entry = sessions.entry(db, person, letter.subject["session"])
    session, found = entry.session, entry.membership
    open_states = (SessionState.PLANNED, SessionState.HELD)
    if not found.is_active or session.state not in open_states or session.ends_at > now:
        return Dropped("the session did not take place")
    text = _("How did your session with {person} go?").format(person=found.other.mention)
    buttons = [b.button(_("It happened"), "wrapups.open", session.id, primary=True)]
    if session.state is SessionState.PLANNED:
        buttons.append(b.button(_("We moved it"), "sessions.move", session.id))
        buttons.append(b.button(_("It didn't take place"), "wrapups.not_held", session.id))
    laters = later_select("wrapups.later", session.id, now, person, letter.expires_at)
    when = _("It was planned for {moment}.").format(moment=moment(session, person, now))
    return Message(text, [b.section(text), b.context(when), b.actions(*buttons, *laters), fewer()])


def _ask_closed(db: Transaction, letter: Letter, person: Person, now: datetime) -> str:
    entry = sessions.entry(db, person, letter.subject["session"])
    session, found = entry.session, entry.membership
    later = letter.subject.get("later")
    sentence = {
        "answered": _(
            "You have wrapped up your session with {person}. `/grow commitments` shows what you took on."
        ),
        "moved": _("Your session with {person} was moved. It is now {moment}."),
        "not_held": _(
            "Your session with {person} is noted as not held. If it was after all: `/grow wrapup`."
        ),
        "later": _("About your session with {person}: I'll ask again {later}."),
        "cancelled": _("Your session with {person} was cancelled."),
        "ended": _("The engagement with {person} has ended, and this with it."),
    }.get(letter.closed or "", _("This about your session with {person} is out of date."))
    return sentence.format(
        person=found.other.mention,
        moment=moment(session, person, now),
        later=_moment(later, person, now) if later else "",
    )


def _moment(instant: str, person: Person, now: datetime) -> str:
    at = datetime.fromisoformat(instant)
    return say_moment(at, now=now, zone=person.zone, locale=current_locale())


TEMPLATES = (Template(ASK, _ask, _ask_closed),)
