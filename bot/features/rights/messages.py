"""“Would you agree that it is erased?”, and what the other one said: pointers without words."""

from datetime import datetime

from bot.core.database import Transaction
from bot.core.directory import Person
from bot.core.errors import NotFound
from bot.core.i18n import gettext as _
from bot.core.outbox.templates import Dropped, Letter, Message, Template
from bot.core.slack import blocks as b
from bot.features.engagements.service import membership
from bot.features.people.service import People
from bot.features.people.views import fewer
from bot.features.rights import file_store, store
from bot.features.rights.agreeing import ANSWERED, ASK
from bot.features.rights.delivering import EXPORT
from bot.features.rights.domain import FileState, Reply
from bot.features.rights.views import day

UNDER_WAY = (FileState.WAITING, FileState.SENDING, FileState.SHARING)


def _ask(db: Transaction, letter: Letter, person: Person, now: datetime) -> Message | Dropped:
    try:
        membership(db, person, letter.subject["engagement"])
    except NotFound:
        return Dropped("it is erased already")
    text = _(
        "{person} would like everything that the two of you wrote in your coaching to be erased, for both of you. "
        "Nothing goes unless you agree."
    ).format(person=_by(db, letter))
    request = letter.subject["request"]
    buttons = (
        b.button(_("See what that means"), "rights.open_agree", request, primary=True),
        b.button(_("Keep it"), "rights.keep", request),
    )
    return Message(text, [b.section(text), b.actions(*buttons)], [fewer()])


def _ask_closed(db: Transaction, letter: Letter, person: Person, now: datetime) -> str:
    return {
        "agreed": _("You and {person} agreed that what you wrote is erased, and it is."),
        "kept": _("{person} asked whether what you wrote may be erased. You keep it."),
        "expired": _(
            "{person} asked whether what you wrote may be erased. That was a while ago; nothing was."
        ),
    }.get(
        letter.closed or "", _("{person} asked whether what you wrote may be erased, and no longer does.")
    ).format(person=_by(db, letter))


def _answered(db: Transaction, letter: Letter, person: Person, now: datetime) -> Message:
    text = _answered_closed(db, letter, person, now)
    return Message(text, [b.section(text)], [fewer()])


def _answered_closed(db: Transaction, letter: Letter, person: Person, now: datetime) -> str:
    if letter.subject["reply"] == Reply.AGREED:
        text = _(
            "{person} agreed: what the two of you wrote is erased. `/grow privacy` shows the receipt, under “Erase”."
        )
    else:
        text = _(
            "{person} would like to keep what the two of you wrote, so nothing was erased. What you wrote yourself, you can "
            "erase: `/grow privacy`."
        )
    return text.format(person=_by(db, letter))


def _export(db: Transaction, letter: Letter, person: Person, now: datetime) -> Message | Dropped:
    row, state = store.export_by_id(db, letter.subject["export"]), _file_state(db, letter)
    if state in UNDER_WAY:
        return Message(_("I am putting your export together. It comes here as a file, as you chose."))
    if row is None or row.ready_at is None:
        return Message(_("I am putting your export together."))
    text = " ".join(
        filter(
            None,
            (
                _as_file(state),
                _("Your export is ready, until {day}.").format(day=day(row.expires_at, person)),
            ),
        )
    )
    button = b.button(_("Get it"), "rights.get_export", row.id, primary=True)
    return Message(text, [b.section(text), b.actions(button)])


def _file_state(db: Transaction, letter: Letter) -> FileState | None:
    row = file_store.file_of(db, letter.subject["export"])
    return FileState(row.state) if row else None


def _as_file(state: FileState | None) -> str | None:
    """Why it is offered otherwise after all."""
    if state is FileState.REFUSED:
        return _("Slack didn't take your export as a file, so it is not here.")
    if state is FileState.UNCERTAIN:
        return _("Slack didn't say whether your export arrived here as a file, so I don't send it twice.")
    return None


def _export_closed(db: Transaction, letter: Letter, person: Person, now: datetime) -> str:
    if letter.closed == "sent" and _file_state(db, letter) is FileState.DELETED:
        return _(
            "Your export was here as a file. Something in it was erased, or is shared no more, so I deleted it. `/grow privacy` prepares another one."
        )
    if letter.closed == "sent":
        return _(
            "Your export is here, as a file. Download it if you want to keep it: I delete it when something in it is erased, or is shared no more."
        )
    if letter.closed == "taken":
        return _("You have downloaded your export. `/grow privacy` prepares another one whenever you like.")
    return _("An export was ready for you. Its time is over; `/grow privacy` prepares another one.")


def _by(db: Transaction, letter: Letter) -> str:
    return People().get(db, letter.subject["by"]).mention


TEMPLATES = (
    Template(ASK, _ask, _ask_closed),
    Template(ANSWERED, _answered, _answered_closed),
    Template(EXPORT, _export, _export_closed, is_unsolicited=False),
)
