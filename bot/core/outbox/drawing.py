"""From a row to what the person sees, at the moment it is sent or shown anew."""

from collections.abc import Sequence
from datetime import datetime

import structlog
from slack_sdk.models.blocks import Block, DividerBlock, MarkdownTextObject, SectionBlock
from sqlalchemy.exc import SQLAlchemyError

from bot.core.database import Transaction
from bot.core.directory import Directory, Person
from bot.core.i18n import gettext as _
from bot.core.i18n import in_locale
from bot.core.outbox.quoting import with_own_words
from bot.core.outbox.store import OutboxRow
from bot.core.outbox.templates import Dropped, Letter, Message, Template

log = structlog.get_logger(__name__)


def draw(
    db: Transaction, template: Template, row: OutboxRow, person: Person, now: datetime, directory: Directory
) -> Message | Dropped:
    """One message that cannot be drawn must not hold up the others: it is dropped, with the reason."""
    letter = letter_of(row)
    try:
        with in_locale(person.locale):
            if row.closed is not None:
                return Message(template.render_closed(db, letter, person, now))
            message = template.render(db, letter, person, now)
            if isinstance(message, Dropped):
                return message
            return with_own_words(db, template, letter, person, now, message, directory)
    except SQLAlchemyError:
        raise
    except Exception as error:
        log.error("outbox.undrawable", template=row.template, row=row.id, error=type(error).__name__)
        return Dropped(f"could not be drawn: {type(error).__name__}")


def draw_anew(
    db: Transaction,
    template: Template | None,
    row: OutboxRow,
    person: Person,
    now: datetime,
    directory: Directory,
) -> Message | None:
    """What is there already; None where it may stay as it is. Words of a person's never may, nor what was to be deleted."""
    stays = (
        row.recall_attempts > 0 and row.closed is not None
    )  # Slack did not let it go with what it tells of
    message = draw(db, template, row, person, now, directory) if template and not stays else None
    if isinstance(message, Message):
        return message
    if not (stays or row.shows_words):
        return None
    with in_locale(person.locale):
        return Message(_("This is of no use any more. `/grow` shows what you can do now."))


def draw_together(messages: Sequence[Message]) -> Message:
    """One message that says all of these, in order."""
    if len(messages) == 1:
        return messages[0]
    text = "\n".join(message.text for message in messages)
    shows_words = any(message.shows_words for message in messages)
    if not any(message.blocks for message in messages):
        return Message(text)
    blocks: list[Block] = []
    footers: dict[str, Block] = {}
    for message in messages:
        blocks += [DividerBlock()] if blocks else []
        blocks += message.blocks if message.brief is None else message.brief
        blocks += [] if message.blocks else [SectionBlock(text=MarkdownTextObject(text=message.text))]
        footers |= {str(each.to_dict()): each for each in message.footer}
    return Message(text, blocks, list(footers.values()), shows_words=shows_words)


def letter_of(row: OutboxRow) -> Letter:
    return Letter(
        id=row.id,
        key=row.key,
        template=row.template,
        subject=row.subject,
        due_at=row.due_at,
        expires_at=row.expires_at,
        closed=row.closed,
        engagement_id=row.engagement_id,
        wording=row.wording,
    )
