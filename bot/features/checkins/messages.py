"""The weekly message: with whom, how many, and no words."""

from datetime import datetime

from bot.core.database import Transaction
from bot.core.dates import say_moment
from bot.core.directory import Person
from bot.core.errors import NotFound
from bot.core.i18n import current_locale, ngettext
from bot.core.i18n import gettext as _
from bot.core.localtime import local_date
from bot.core.outbox.domain import Awaits
from bot.core.outbox.templates import Dropped, Letter, Message, Template, opened
from bot.core.slack import blocks as b
from bot.features.checkins import service
from bot.features.checkins.domain import PROMPT
from bot.features.commitments.service import count_due, count_open
from bot.features.engagements.places import Alone, Place, name_of
from bot.features.engagements.service import Membership, membership
from bot.features.engagements.views import said_of
from bot.features.sessions.messages import fewer, later_select


def _prompt(db: Transaction, letter: Letter, person: Person, now: datetime) -> Message | Dropped:
    week, found = letter.subject["week"], _place(db, letter, person)
    if isinstance(found, Membership) and not found.is_active:
        return Dropped("the engagement has ended")
    if isinstance(found, Alone) and not service.keeps_alone(db, person):
        return Dropped("nothing is open any more")
    if service.is_done(db, found, week):
        return Dropped("checked in already")
    count = count_open(db, found)
    text = _waiting(found, count)
    due = count_due(db, found, local_date(now, person.zone))
    if due:  # their reminders are folded into this message
        text += " " + _say_due(due, of=count)
    text = opened(letter, text, _("How was your week?"), _("A few minutes to look back."))
    value = f"{name_of(found.engagement_id)}:{week}"
    buttons = (
        b.button(_("Check in"), "checkins.open", value, primary=True),
        *later_select("checkins.later", letter.id, now, person, letter.expires_at, letter.id),
        b.button(_("Skip this week"), "checkins.skip", value),
    )
    return Message(text, [b.section(text), b.actions(*buttons)], [fewer()])


def _say_due(due: int, *, of: int) -> str:
    if due == of == 1:
        return _("It is due.")
    return ngettext("{due} is due.", "{due} are due.", due).format(due=due)


def _place(db: Transaction, letter: Letter, person: Person) -> Place:
    """Raises NotFound."""
    engagement_id = letter.subject.get("engagement")
    return membership(db, person, engagement_id) if engagement_id else Alone(person)


def _waiting(found: Place, count: int) -> str:
    with_other = ngettext(
        "Your weekly check-in with {person}: {count} open commitment.",
        "Your weekly check-in with {person}: {count} open commitments.",
        count,
    )
    alone = ngettext(
        "Your weekly check-in on your own: {count} open commitment.",
        "Your weekly check-in on your own: {count} open commitments.",
        count,
    )
    if count == 0:
        with_other = _("Your weekly check-in with {person}.")
        alone = _("Your weekly check-in on your own: how do your goals stand?")
    return said_of(found, with_other, alone, count=str(count))


def _prompt_closed(db: Transaction, letter: Letter, person: Person, now: datetime) -> str:
    if "engagement" not in letter.subject:
        return _closed_alone(letter.closed or "").format(moment=_moment(letter, person, now))
    sentence = {
        "answered": _(
            "You have checked in with {person}. Until the next one, `/grow checkin` lets you change it."
        ),
        "skipped": _(
            "Skipped this week's check-in with {person}. Should you still want to: `/grow checkin`."
        ),
        "later": _("Your check-in with {person}: I'll ask again {moment}."),
        "ended": _("Your coaching with {person} has ended, and its check-ins with it."),
    }.get(
        letter.closed or "", _("The week of this check-in with {person} is over. Nothing counts as missed.")
    )
    return sentence.format(person=_coach(db, letter, person), moment=_moment(letter, person, now))


def _closed_alone(how: str) -> str:
    return {
        "answered": _(
            "You have checked in on your own. Until the next one, `/grow checkin` lets you change it."
        ),
        "skipped": _("Skipped this week's check-in on your own. Should you still want to: `/grow checkin`."),
        "later": _("Your check-in on your own: I'll ask again {moment}."),
    }.get(how, _("The week of this check-in on your own is over. Nothing counts as missed."))


def _coach(db: Transaction, letter: Letter, person: Person) -> str:
    try:
        return membership(db, person, letter.subject["engagement"]).other.mention
    except NotFound:  # erased since
        return _("your coach")


def _moment(letter: Letter, person: Person, now: datetime) -> str:
    at = letter.subject.get("later")
    if at is None:
        return ""
    return say_moment(datetime.fromisoformat(at), now=now, zone=person.zone, locale=current_locale())


TEMPLATES = (Template(PROMPT, _prompt, _prompt_closed, awaits=Awaits.ANSWER),)
