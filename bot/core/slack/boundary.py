"""The one error handler: every failure becomes an answer where the person is looking, and a log line without words."""

import secrets
import traceback

import structlog

from bot.core.database import DatabaseUnavailable, OutcomeUnknown
from bot.core.errors import AlreadyHandled, TransientError, UserError
from bot.core.i18n import gettext as _
from bot.core.slack.requests import Answer, Context, Handler, Kind

log = structlog.get_logger(__name__)


async def guarded(handler: Handler, context: Context) -> Answer:
    """The handler's answer, or the answer to its failure. Raises nothing."""
    try:
        return await handler(context)
    except Exception as error:
        context.may_look_different = True
        return _answer_to(error, context)


def _answer_to(error: Exception, context: Context) -> Answer:
    if isinstance(error, AlreadyHandled):
        return Answer(notice=_copied(context.kind))
    if isinstance(error, UserError):
        return _beside_the_fields(context, error)
    if isinstance(error, TransientError):
        context.failed_for_now = True
        said = _not_saved(context, error, _report("request.unavailable", context, error))
    else:
        said = _broken(context, _report("request.failed", context, error))
    return _whole(context, said, on_top=True)


def _copied(kind: Kind) -> str | None:
    """The first answer may have been lost on the way: whoever waits for one is told how it stands."""
    if kind is Kind.SUBMISSION:
        return _("This was saved already, when it was sent the first time.")
    if kind is Kind.COMMAND:
        return _("This command arrived twice, and took effect once. `/grow` shows how things stand.")
    return None


def _beside_the_fields(context: Context, error: UserError) -> Answer:
    known = context.view.inputs if context.view and context.kind is Kind.SUBMISSION else frozenset()
    fields = {name: _plain(sentence) for name, sentence in error.fields.items() if name in known}
    return Answer(fields=fields) if fields else _whole(context, error.sentence)


def _whole(context: Context, sentence: str, *, on_top: bool = False) -> Answer:
    """A sentence about the whole request. In a form it stands at the first field, so that what was typed stays.

    `on_top`: what has no fields, such as an agreement to sign, stays below the sentence, to be sent again.
    """
    if context.kind is Kind.SUBMISSION and context.view and context.view.first_input:
        return Answer(fields={context.view.first_input: _plain(sentence)})
    return Answer(notice=sentence, on_top=on_top)


def _plain(sentence: str) -> str:
    """Beside a field, Slack shows plain text: the marks around a command would be read as such."""
    return sentence.replace("`", "")


def _not_saved(context: Context, error: TransientError, reference: str) -> str:
    if isinstance(error, OutcomeUnknown):
        return _uncertain(context, reference)
    if isinstance(error, DatabaseUnavailable):
        cause = _("Nothing was saved: the database can't be reached right now.")
    else:
        cause = _("Nothing was saved: Slack didn't answer a question in time.")
    again = _("Please try again in a minute. (Reference {reference})").format(reference=reference)
    return " ".join((cause, *_still_here(context), again))


def _uncertain(context: Context, reference: str) -> str:
    cause = _("It isn't certain whether this was saved: the database is very slow right now.")
    if context.kind is Kind.SUBMISSION:  # the same form takes effect once (HandledRow)
        again = _("Please send it again in a minute: it is saved only once.")
    else:
        again = _("Please look before you try again.")
    look = _("`/grow commitments` shows what is there. (Reference {reference})").format(reference=reference)
    return " ".join((cause, again, look))


def _broken(context: Context, reference: str) -> str:
    cause = _("Something went wrong on our side, and nothing was saved.")
    again = _("If it happens again, tell whoever runs growbot: reference {reference}.").format(
        reference=reference
    )
    return " ".join((cause, *_still_here(context), again))


def _still_here(context: Context) -> list[str]:
    """A form stays open, with everything in it; of a command or a button there is nothing to keep."""
    return [_("What you typed is still here.")] if context.view and context.view.first_input else []


def _report(event: str, context: Context, error: Exception) -> str:
    """Log what failed and where; never the exception's own text, which may quote what a person wrote."""
    reference = secrets.token_hex(4)
    frames = traceback.extract_tb(error.__traceback__)
    log.error(
        event,
        reference=reference,
        kind=context.kind,
        error=type(error).__name__,
        at=[f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in frames[-6:]],
    )
    return reference
