"""“How did it go?”: how it is said when it is sent, and what replaces it afterwards."""

from datetime import datetime

from slack_sdk.models.blocks import ButtonElement

from bot.core.database import Transaction
from bot.core.directory import Person
from bot.core.i18n import gettext as _
from bot.core.outbox.domain import Awaits
from bot.core.outbox.templates import Dropped, Letter, Message, Template, varied
from bot.core.slack import blocks as b
from bot.features.sessions import service as sessions
from bot.features.sessions.domain import Session, SessionState
from bot.features.sessions.messages import fewer, later_select
from bot.features.sessions.views import lasting_moment, moment
from bot.features.wrapups.domain import ASK


def _ask(db: Transaction, letter: Letter, person: Person, now: datetime) -> Message | Dropped:
    entry = sessions.entry(db, person, letter.subject["session"])
    session, found = entry.session, entry.membership
    open_states = (SessionState.PLANNED, SessionState.HELD)
    if not found.is_active or session.state not in open_states or session.ends_at > now:
        return Dropped("the session did not take place")
    text = varied(
        letter,
        _("How did your session with {person} go?"),
        _("Your session with {person} is over. How did it go?"),
        _("How did it go with {person}?"),
    ).format(person=found.other.mention)
    about = [_("It was planned for {moment}.").format(moment=moment(session, person, now))]
    if session.state is SessionState.HELD:
        about.append(_("{person} noted that it took place.").format(person=found.other.mention))
    laters = later_select("wrapups.later", session.id, now, person, letter.expires_at, letter.id)
    blocks = [b.section(text), b.context(" ".join(about)), b.actions(*_answers(session), *laters)]
    return Message(text, blocks, [fewer()])


def _answers(session: Session) -> list[ButtonElement]:
    """Once one of the two has noted that it took place, there is nothing left to say but one's own."""
    if session.state is SessionState.HELD:
        return [b.button(_("Wrap up"), "wrapups.open", session.id, primary=True)]
    return [
        b.button(_("It happened"), "wrapups.open", session.id, primary=True),
        b.button(_("We moved it"), "sessions.move", session.id),
        b.button(_("It didn't take place"), "wrapups.not_held", session.id),
    ]


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
        "ended": _("Your coaching with {person} has ended, and this with it."),
        "expired": _(
            "Your session with {person}, {moment}, is a few days ago now. For two weeks after it, "
            "`/grow wrapup` still takes what you'd like to note."
        ),
    }.get(letter.closed or "", _("This message about your session with {person} is out of date."))
    return sentence.format(
        person=found.other.mention,
        moment=lasting_moment(session.starts_at, person, now),
        later=lasting_moment(datetime.fromisoformat(later), person, now) if later else "",
    )


TEMPLATES = (Template(ASK, _ask, _ask_closed, awaits=Awaits.ANSWER),)
