"""“Would you like to prepare?”: how it is said when it is sent, and what replaces it afterwards."""

from datetime import datetime

from slack_sdk.models.blocks import Block

from bot.core.database import Transaction
from bot.core.directory import Person
from bot.core.i18n import gettext as _
from bot.core.outbox.domain import Awaits
from bot.core.outbox.templates import Dropped, Letter, Message, Template, varied
from bot.core.slack import blocks as b
from bot.features.engagements.domain import Role
from bot.features.engagements.service import Membership
from bot.features.prep import service
from bot.features.prep.domain import ASK
from bot.features.questions import service as questions
from bot.features.questions.built_in import stages_of
from bot.features.questions.domain import Source
from bot.features.sessions import service as sessions
from bot.features.sessions.domain import Session
from bot.features.sessions.messages import fewer, later_select
from bot.features.sessions.views import lasting_moment, moment


def _ask(db: Transaction, letter: Letter, person: Person, now: datetime) -> Message | Dropped:
    entry = sessions.entry(db, person, letter.subject["session"])
    session, found = entry.session, entry.membership
    if not (found.is_active and session.is_upcoming(now)):
        return Dropped("the session is over or was cancelled")
    text = _sentence(letter, found, session, now)
    rest: list[Block] = [b.context(each) for each in _client_line(db, found, session)]
    rest.append(
        b.actions(
            b.button(_("Prepare"), "prep.open", session.id, primary=True),
            *later_select("prep.later", session.id, now, person, session.starts_at, letter.id),
            b.button(_("Skip"), "prep.skip", session.id),
        )
    )
    about, first = b.section(text), b.section(_first_questions(db, found, session))
    return Message(text, [about, first, *rest], [fewer()], brief=[about, *rest])


def _sentence(letter: Letter, found: Membership, session: Session, now: datetime) -> str:
    text = _("Your session with {person} is {moment}.").format(
        person=found.other.mention, moment=moment(session, found.actor, now)
    )
    if found.role is Role.CLIENT:
        why = varied(
            letter,
            _("A few minutes of preparation make it yours."),
            _("A little preparation makes it worth your time."),
            _("With some preparation, the time is yours."),
        )
    else:
        why = varied(
            letter,
            _("A few questions help you to be there for it."),
            _("A few questions to arrive with."),
            _("A quiet moment with these questions may help."),
        )
    return f"{text} {why}"


def _first_questions(db: Transaction, found: Membership, session: Session) -> str:
    """One of each stage, to think about before the form is opened; a coach's own are their words, and stay in the form."""
    choice = questions.choice_of(db, session)
    if choice.source is Source.OWN:
        if found.role is Role.CLIENT:
            text = _("{coach} has chosen questions of their own for it. *Prepare* shows them.")
            return text.format(coach=found.coach.mention)
        return _("You have chosen questions of your own for it. *Prepare* shows them.")
    stages = stages_of(choice, found.role, is_first=service.is_first(db, session))
    return "\n".join(f"*{each.heading}*\n{each.questions[0].text}" for each in stages)


def _client_line(db: Transaction, found: Membership, session: Session) -> list[str]:
    """For the coach: whether the client shares a preparation."""
    if found.role is Role.CLIENT:
        return []
    if service.sees_shared(db, found, session.id):
        return [_("{person} shares their preparation with you.").format(person=found.client.mention)]
    return [_("{person} has shared no preparation so far.").format(person=found.client.mention)]


def _ask_closed(db: Transaction, letter: Letter, person: Person, now: datetime) -> str:
    entry = sessions.entry(db, person, letter.subject["session"])
    session, found, how = entry.session, entry.membership, letter.closed or ""
    if how == "expired":
        how = _expired(db, found, session, now)
    sentence = {
        "answered": _(
            "You have prepared for your session with {person}, {moment}. `/grow prep` opens that again, to change "
            "until it starts, and to read for two weeks after."
        ),
        "prepared": _(
            "You have prepared for your session with {person}, {moment}. For two weeks, `/grow prep` shows what "
            "you wrote."
        ),
        "skipped": _(
            "You skipped preparing for your session with {person}, {moment}. Should you still want to before it starts: "
            "`/grow prep`."
        ),
        "later": _("Your session with {person} is {moment}. I'll ask again {later}."),
        "cancelled": _("There is nothing to prepare any more: your session with {person} is off."),
        "ended": _("Your coaching with {person} has ended, so there is nothing to prepare."),
        "moved on": _(
            "Your session with {person} is {moment}. Until it starts, `/grow prep` is open for it."
        ),
        "started": _("Your session with {person} has started, so there is nothing to prepare any more."),
    }.get(how, _("This message about your session with {person} is out of date."))
    return sentence.format(
        person=found.other.mention,
        moment=lasting_moment(session.starts_at, person, now),
        later=_later(letter, person, now),
    )


def _expired(db: Transaction, found: Membership, session: Session, now: datetime) -> str:
    """What became of a message that nobody dealt with until the session started."""
    if service.has_prepared(db, found.actor, session.id):
        return "prepared"
    return "moved on" if session.is_upcoming(now) else "started"


def _later(letter: Letter, person: Person, now: datetime) -> str:
    at = letter.subject.get("later")
    if at is None:
        return ""
    return lasting_moment(datetime.fromisoformat(at), person, now)


TEMPLATES = (Template(ASK, _ask, _ask_closed, awaits=Awaits.ANSWER),)
