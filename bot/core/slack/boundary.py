"""The one error handler: every failure becomes an answer where the person is looking, and a log line without words."""

import secrets
import traceback

import structlog

from bot.core.errors import AlreadyHandled, TransientError, UserError
from bot.core.i18n import gettext as _
from bot.core.slack.requests import Answer, Context, Handler, Kind

log = structlog.get_logger(__name__)


async def guarded(handler: Handler, context: Context) -> Answer:
    """The handler's answer, or the answer to its failure. Raises nothing."""
    try:
        return await handler(context)
    except AlreadyHandled:
        return Answer()
    except UserError as error:
        return _beside_the_fields(context, error)
    except TransientError as error:
        return _whole(context, _not_saved(_report("request.unavailable", context, error)))
    except Exception as error:
        return _whole(context, _broken(_report("request.failed", context, error)))


def _beside_the_fields(context: Context, error: UserError) -> Answer:
    known = context.view.inputs if context.view and context.kind is Kind.SUBMISSION else frozenset()
    fields = {name: sentence for name, sentence in error.fields.items() if name in known}
    return Answer(fields=fields) if fields else _whole(context, error.sentence)


def _whole(context: Context, sentence: str) -> Answer:
    """A sentence about the whole request. In a form it stands at the first field, so that what was typed stays."""
    if context.kind is Kind.SUBMISSION and context.view and context.view.first_input:
        return Answer(fields={context.view.first_input: sentence})
    return Answer(notice=sentence)


def _not_saved(reference: str) -> str:
    return _(
        "Nothing was saved: the database can't be reached right now. "
        "What you typed is still here; please try again in a minute. (Reference {reference})"
    ).format(reference=reference)


def _broken(reference: str) -> str:
    return _(
        "Something went wrong on our side, and nothing was saved. "
        "What you typed is still here. If it happens again, tell whoever runs growbot: reference {reference}."
    ).format(reference=reference)


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
