"""How the rows about sessions become messages when they are sent."""

from collections.abc import Sequence
from datetime import datetime

from slack_sdk.models.blocks import Block, InteractiveElement, PlainTextObject, StaticSelectElement

from bot.core.database import Transaction
from bot.core.directory import Person
from bot.core.i18n import gettext as _
from bot.core.outbox.domain import Awaits
from bot.core.outbox.templates import Dropped, Letter, Message, Template
from bot.core.slack import blocks as b
from bot.features.engagements.domain import Cadence
from bot.features.engagements.service import cadence_of, membership
from bot.features.people import views as own_schedule
from bot.features.people.service import People
from bot.features.sessions import gaps, later, news, store
from bot.features.sessions.domain import GAP, Session, SessionState
from bot.features.sessions.views import lasting_moment, length, moment, rhythm_note

SHOWN_OF_SERIES = 3


def _planned_or_moved(db: Transaction, letter: Letter, person: Person, now: datetime) -> Message | Dropped:
    by, series_id = People().get(db, letter.subject["by"]), letter.subject["series"]
    if series_id:
        rows = store.upcoming_of_series(db, series_id, now)[:SHOWN_OF_SERIES]
        every_weeks = store.series_by_id(db, series_id).every_weeks
    else:
        row = store.by_id(db, letter.subject["session"])
        rows = [row] if row and store.session(row).is_upcoming(now) else []
        every_weeks = 0
    if not rows:
        return Dropped("the session is over or was cancelled")
    sessions = [store.session(row) for row in rows]
    is_new = letter.template == news.PLANNED
    return _planned_message(is_new, by, sessions, every_weeks, person, now)


def _cancelled(db: Transaction, letter: Letter, person: Person, now: datetime) -> Message | Dropped:
    row = store.by_id(db, letter.subject["session"])
    if row is None or row.state != SessionState.CANCELLED or row.starts_at <= now:
        return Dropped("the session would be over by now")
    by = People().get(db, letter.subject["by"])
    return _cancelled_message(by, store.session(row), bool(letter.subject["series"]), person, now)


def _closed(db: Transaction, letter: Letter, person: Person, now: datetime) -> str:
    row = store.by_id(db, letter.subject["session"])
    by = People().get(db, letter.subject["by"])
    how, session = letter.closed or "", store.session(row) if row else None
    if letter.subject["series"]:
        return _closed_series(how, by)
    return _closed_sentence(how, by, session, person, now)


def _planned_message(
    is_new: bool, by: Person, sessions: Sequence[Session], every_weeks: int, person: Person, now: datetime
) -> Message:
    """`sessions` are the next ones; several only for a series."""
    when = moment(sessions[0], person, now)
    if every_weeks:
        text = (
            _("{person} has planned sessions with you, {rhythm}. The next one is {moment}.")
            if is_new
            else _("{person} has moved your sessions, {rhythm}. The next one is {moment}.")
        )
    elif is_new:
        text = _("{person} has planned a session with you: {moment}, {minutes}.")
    else:
        text = _("{person} has moved your session. It is now {moment}, {minutes}.")
    text = text.format(
        person=by.mention, rhythm=rhythm_note(every_weeks), moment=when, minutes=length(sessions[0].minutes)
    )
    then = " · ".join(moment(each, person, now) for each in sessions[1:])
    blocks: list[Block] = [
        b.section(text),
        *([b.context(_("Then {moments}").format(moments=then))] if then else []),
    ]
    blocks.append(
        b.actions(
            b.button(_("Prepare"), "prep.open", sessions[0].id),
            b.button(_("Move"), "sessions.move", sessions[0].id),
            b.button(_("All sessions"), "sessions.list"),
        )
    )
    return Message(text, blocks, [fewer()])


def _cancelled_message(
    by: Person, session: Session, is_whole: bool, person: Person, now: datetime
) -> Message:
    if is_whole:
        text = _("{person} has cancelled your sessions from {moment} on.")
    else:
        text = _("{person} has cancelled your session {moment}.")
    text = text.format(person=by.mention, moment=moment(session, person, now))
    blocks = [
        b.section(text),
        b.actions(b.button(_("Plan a session"), "sessions.plan", session.engagement_id)),
    ]
    return Message(text, blocks, [fewer()])


def _closed_series(how: str, by: Person) -> str:
    return {
        "moved": _("Your sessions with {person} were moved. `/grow session` shows when they are."),
        "cancelled": _("What was planned here with {person} is off."),
        "ended": _("Your coaching with {person} has ended, and your sessions with it."),
        "expired": _("This was about your sessions with {person}. `/grow session` shows the next ones."),
    }.get(how, _("This message about your sessions with {person} is out of date.")).format(person=by.mention)


def _closed_sentence(how: str, by: Person, session: Session | None, person: Person, now: datetime) -> str:
    """Of a session that is still to come it names no time: it may be moved again, and this is not redrawn then."""
    if how == "expired" and session is not None:
        return _expired_sentence(by, session, person, now)
    return {
        "moved": _("Your session with {person} was moved. `/grow session` shows when it is."),
        "cancelled": _("What was planned here with {person} is off."),
        "ended": _("Your coaching with {person} has ended, and this with it."),
    }.get(
        how,
        _(
            "This message about your session with {person} is out of date. `/grow session` shows what is planned."
        ),
    ).format(person=by.mention)


def _expired_sentence(by: Person, session: Session, person: Person, now: datetime) -> str:
    if session.state is SessionState.CANCELLED:
        text = _("Your session with {person}, {moment}, was cancelled.")
    elif session.is_upcoming(now):
        text = _("This was about your session with {person}. `/grow session` shows when it is.")
    else:
        text = _("Your session with {person} was planned for {moment}.")
    return text.format(person=by.mention, moment=lasting_moment(session.starts_at, person, now))


# --- nothing is planned ---------------------------------------------------------------------------------


def _gap(db: Transaction, letter: Letter, person: Person, now: datetime) -> Message | Dropped:
    engagement_id = letter.subject["engagement"]
    found = membership(db, person, engagement_id)
    if not found.is_active or not gaps.is_open(db, found, now):
        return Dropped("there is a session, or none is wanted here")
    text = _("You and {person} agreed to meet {rhythm}, and nothing is planned at the moment.").format(
        person=found.other.mention, rhythm=_agreed(cadence_of(db, found))
    )
    buttons = (
        b.button(_("Plan a session"), "sessions.plan", engagement_id, primary=True),
        *later_select("sessions.later", letter.id, now, person, letter.expires_at, letter.id),
        b.button(_("We plan elsewhere"), "sessions.elsewhere", engagement_id),
    )
    once = _(
        "I don't remind you of this. With “We plan elsewhere”, neither of you is asked about sessions any more."
    )
    return Message(text, [b.section(text), b.actions(*buttons), b.context(once)], [fewer()])


def _agreed(cadence: Cadence) -> str:
    return {
        Cadence.WEEKLY: _("every week"),
        Cadence.FORTNIGHTLY: _("every two weeks"),
        Cadence.MONTHLY: _("once a month"),
    }[cadence]


def _gap_closed(db: Transaction, letter: Letter, person: Person, now: datetime) -> str:
    later_at = letter.subject.get("later")
    sentence = {
        "planned": _("There is a session with {person} again. `/grow session` shows when it is."),
        "elsewhere": _(
            "You and {person} plan your sessions elsewhere, so I don't ask about them. `/grow session` plans one here at any time."
        ),
        "later": _("About a session with {person}: I'll ask again {later}."),
        "ended": _("Your coaching with {person} has ended, and this with it."),
    }.get(letter.closed or "", _("`/grow session` plans a session with {person} at any time."))
    return sentence.format(
        person=membership(db, person, letter.subject["engagement"]).other.mention,
        later=lasting_moment(datetime.fromisoformat(later_at), person, now) if later_at else "",
    )


# --- what messages of other features have too ----------------------------------------------------------


fewer = own_schedule.fewer


def later_select(
    action_id: str, subject_id: str, now: datetime, person: Person, before: datetime, letter_id: str
) -> list[InteractiveElement]:
    """“Later”, with what still makes sense; empty when nothing does. The value chosen is `offer:subject_id`.

    Or `pick:letter_id`, which opens a form: the action's handler is made by `postponing.or_pick`.
    """
    found = later.offers(now, person.rhythm, before)
    options = [b.option(later.label(each), f"{each}:{subject_id}") for each in found]
    if not options:
        return []
    options.append(b.option(_("Pick a time…"), f"{later.PICK}:{letter_id}"))
    return [
        StaticSelectElement(
            placeholder=PlainTextObject(text=_("Later")), options=options, action_id=action_id
        )
    ]


TEMPLATES = (
    Template(news.PLANNED, _planned_or_moved, _closed, breaks_quiet=True),
    Template(news.MOVED, _planned_or_moved, _closed, breaks_quiet=True),
    Template(news.CANCELLED, _cancelled, _closed, breaks_quiet=True),
    Template(GAP, _gap, _gap_closed, may_repeat=False, awaits=Awaits.ANSWER),
)
