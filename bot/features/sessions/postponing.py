"""“Pick a time…” below a message: the same message once more, when its reader says; for messages of every feature."""

from datetime import date, datetime, time

from slack_sdk.models.views import View

from bot.core.database import Transaction
from bot.core.directory import Person
from bot.core.localtime import is_allowed, to_utc
from bot.core.outbox.store import OutboxRow, ask_again
from bot.core.slack.requests import Answer, Context, Handler
from bot.features.sessions import views
from bot.features.sessions.domain import InThePast
from bot.features.sessions.later import PICK, OutsideYourHours, OverByThen, SettledAlready, chosen


def or_pick(later: Handler) -> Handler:
    """Of the choices below a message, “Pick a time…” opens a form; the others are the feature's own."""

    async def handler(context: Context) -> Answer:
        choice, _colon, letter_id = context.value.partition(":")
        if choice != PICK:
            return await later(context)
        return await context.run(lambda db, actor: Answer(view=_form(db, actor, letter_id)))

    return handler


def _form(db: Transaction, actor: Person, letter_id: str) -> View:
    open_letter(db, actor, letter_id)
    return views.pick(actor, letter_id)


def open_letter(db: Transaction, actor: Person, letter_id: str) -> OutboxRow:
    """Raises SettledAlready; of somebody else's message too, the answer is the same."""
    row = db.get(OutboxRow, letter_id, with_for_update=True)
    if row is None or row.person_id != actor.id or row.closed is not None:
        raise SettledAlready
    return row


def postpone(db: Transaction, actor: Person, letter_id: str, on: date, at: time, now: datetime) -> datetime:
    """Raises SettledAlready, InThePast, OutsideYourHours, OverByThen."""
    row, moment = open_letter(db, actor, letter_id), to_utc(on, at, actor.zone)
    if moment <= now:
        raise InThePast("at")
    if not is_allowed(moment, actor.rhythm):
        raise OutsideYourHours
    if moment >= row.expires_at:
        raise OverByThen
    ask_again(db, row, moment, now)
    return moment


def later(db: Transaction, actor: Person, letter_id: str, choice: str, now: datetime) -> None:
    """Raises SettledAlready, TooLateForLater."""
    row = open_letter(db, actor, letter_id)
    ask_again(db, row, chosen(choice, now, actor.rhythm, row.expires_at, "/grow session"), now)
