"""How a nudge becomes a message when it is sent: how many, when, with whom, and no words."""

from collections.abc import Sequence
from datetime import date, datetime

from slack_sdk.models.blocks import InteractiveElement

from bot.core.database import Transaction
from bot.core.dates import say_date, say_moment
from bot.core.directory import Person
from bot.core.i18n import current_locale, ngettext
from bot.core.i18n import gettext as _
from bot.core.localtime import local_date
from bot.core.outbox.domain import Awaits
from bot.core.outbox.store import LATER
from bot.core.outbox.templates import Dropped, Letter, Message, Template, opened
from bot.core.slack import blocks as b
from bot.features.commitments import nudges, reading
from bot.features.commitments.reading import Pending
from bot.features.engagements.places import Alone
from bot.features.engagements.service import Membership
from bot.features.sessions.messages import fewer, later_select


def _nudge(db: Transaction, letter: Letter, person: Person, now: datetime) -> Message | Dropped:
    if not nudges.wants_any(db, person):
        return Dropped("the person wants no nudges any more")
    pending = _pending(db, letter, person)
    if not pending:
        return Dropped("answered, moved or ended")
    text = opened(letter, _sentence(pending, person, now), *_openings(pending, person, now))
    later = later_select("commitments.later", letter.id, now, person, letter.expires_at, letter.id)
    return Message(text, [b.section(text), b.actions(*_buttons(pending), *later)], [fewer()])


def _pending(db: Transaction, letter: Letter, person: Person) -> list[Pending]:
    return reading.named_by(db, person, letter.key.partition(LATER)[0])


def _own_words(db: Transaction, letter: Letter, person: Person, now: datetime) -> list[str]:
    return reading.whats(db, person, _pending(db, letter, person), now)


def _buttons(pending: Sequence[Pending]) -> list[InteractiveElement]:
    if len(pending) > 1:
        return [b.button(_("Open"), "commitments.list", primary=True)]
    only = pending[0].commitment_id
    return [
        b.button(_("Open"), "commitments.answer", only, primary=True),
        b.button(_("Kept"), "commitments.kept", only),
        *([b.button(_("Move"), "commitments.move", only)] if pending[0].can_move else []),
    ]


def _sentence(pending: Sequence[Pending], person: Person, now: datetime) -> str:
    days, count = {local_date(each.due_at, person.zone) for each in pending}, len(pending)
    people = _people(pending)
    if len(days) > 1:
        return _wait(count, people, _parts(pending, person, now))
    is_past = days.pop() < local_date(now, person.zone)
    text = _from_work(count, is_past) if people else _of_yours(count, is_past)
    return text.format(count=count, people=people, when=_moment(pending, person, now))


def _people(pending: Sequence[Pending]) -> str:
    """From the work with whom these are; empty where any is from work with nobody."""
    places = [each.place for each in pending]
    if any(isinstance(each, Alone) for each in places):
        return ""
    return ", ".join(sorted({each.other.mention for each in places if isinstance(each, Membership)}))


def _wait(count: int, people: str, parts: str) -> str:
    text = (
        _("{count} commitments from your work with {people} wait for you: {parts}.")
        if people
        else _("{count} commitments of yours wait for you: {parts}.")
    )
    return text.format(count=count, people=people, parts=parts)


def _of_yours(count: int, is_past: bool) -> str:
    if is_past:
        return ngettext(
            "A commitment of yours was due {when}.", "{count} commitments of yours were due {when}.", count
        )
    return ngettext(
        "A commitment of yours is due {when}.", "{count} commitments of yours are due {when}.", count
    )


def _from_work(count: int, is_past: bool) -> str:
    if is_past:
        return ngettext(
            "A commitment from your work with {people} was due {when}.",
            "{count} commitments from your work with {people} were due {when}.",
            count,
        )
    return ngettext(
        "A commitment from your work with {people} is due {when}.",
        "{count} commitments from your work with {people} are due {when}.",
        count,
    )


def _openings(pending: Sequence[Pending], person: Person, now: datetime) -> Sequence[str]:
    today = local_date(now, person.zone)
    if all(local_date(each.due_at, person.zone) < today for each in pending):
        return _("How did it go?"), _("Whenever you have a minute.")
    return _("Just so it doesn't slip by."), _("A quick look ahead.")


def _moment(pending: Sequence[Pending], person: Person, now: datetime) -> str:
    first = pending[0]
    if first.has_time and len(pending) == 1:
        return say_moment(first.due_at, now=now, zone=person.zone, locale=current_locale())
    on, today = local_date(first.due_at, person.zone), local_date(now, person.zone)
    return say_date(on, today=today, locale=current_locale())


def _parts(pending: Sequence[Pending], person: Person, now: datetime) -> str:
    """Such as “1 is past its date, 2 are due today, 1 is due later”."""
    today = local_date(now, person.zone)
    days = [local_date(each.due_at, person.zone) for each in pending]
    past, present = sum(day < today for day in days), days.count(today)
    later = len(days) - past - present
    parts = (
        (past, ngettext("{count} is past its date", "{count} are past their date", past)),
        (present, ngettext("{count} is due today", "{count} are due today", present)),
        (later, ngettext("{count} is due soon", "{count} are due soon", later)),
    )
    return ", ".join(text.format(count=count) for count, text in parts if count)


def _nudge_closed(db: Transaction, letter: Letter, person: Person, now: datetime) -> str:
    if letter.closed == "later":
        at = datetime.fromisoformat(letter.subject["later"])
        moment = say_moment(at, now=now, zone=person.zone, locale=current_locale())
        return _("I'll remind you again {moment}. `/grow commitments` shows what is open.").format(
            moment=moment
        )
    if letter.closed == "ended":
        return _("This coaching has ended, and its reminders with it.")
    about = reading.dates_of(db, person, letter.subject["commitments"].split(","), _told(letter))
    days = about.still_open if letter.closed in ("expired", "passed") else about.all
    if not days:
        return _("What this was about is answered. `/grow commitments` shows what is open.")
    return _closed_sentence(letter.closed or "", len(days)).format(count=len(days), when=_last_day(days))


def _told(letter: Letter) -> dict[str, date]:
    """Of what recurs, the date that the message was about."""
    said = letter.subject.get("dates", "")
    pairs = (each.partition(":") for each in said.split(",") if each)
    return {commitment_id: date.fromisoformat(on) for commitment_id, _colon, on in pairs}


def _closed_sentence(how: str, count: int) -> str:
    """What it was about stays: by its date, which is true whenever it is read."""
    return {
        "answered": ngettext(
            "Answered, thank you. That was a commitment due {when}; `/grow commitments` shows what is open.",
            "Answered, thank you. Those were {count} commitments due by {when}; `/grow commitments` shows what is open.",
            count,
        ),
        "moved": ngettext(
            "Moved: a commitment, now due {when}. `/grow commitments` shows what is open.",
            "Moved: {count} commitments, now due by {when}. `/grow commitments` shows what is open.",
            count,
        ),
        "absorbed": ngettext(
            "Your weekly check-in asks about a commitment due {when}. `/grow commitments` shows it too.",
            "Your weekly check-in asks about {count} commitments due by {when}. `/grow commitments` shows them too.",
            count,
        ),
        "expired": _not_answered(count),
        "passed": _not_answered(count),
    }.get(
        how,
        ngettext(
            "A commitment due {when}: the newer reminder below is about it. `/grow commitments` shows it too.",
            "{count} commitments due by {when}: the newer reminder below is about them. `/grow commitments` shows them too.",
            count,
        ),
    )


def _not_answered(count: int) -> str:
    return ngettext(
        "A commitment due {when} was not answered; that's all right. `/grow commitments` shows it.",
        "{count} commitments due by {when} were not answered; that's all right. `/grow commitments` shows them.",
        count,
    )


def _last_day(days: Sequence[date]) -> str:
    """Never "tomorrow", never "Friday": it is read later."""
    last = max(days)
    same_year = last.replace(month=1 if last.month > 6 else 12, day=15)
    return say_date(last, today=same_year, locale=current_locale())


# At most once: a nudge that may or may not have arrived is not worth being seen twice.
TEMPLATES = (
    Template(
        nudges.NUDGE,
        _nudge,
        _nudge_closed,
        may_repeat=False,
        awaits=Awaits.ANSWER,
        own_words=_own_words,
    ),
)
