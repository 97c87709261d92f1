"""From a row to what the person sees, at the moment it is sent or shown anew."""

from collections.abc import Sequence
from datetime import datetime

import structlog
from slack_sdk.models.blocks import Block, DividerBlock, MarkdownTextObject, SectionBlock
from sqlalchemy.exc import SQLAlchemyError

from bot.core.database import Transaction
from bot.core.directory import Person
from bot.core.i18n import in_locale
from bot.core.outbox.store import OutboxRow
from bot.core.outbox.templates import Dropped, Letter, Message, Template

log = structlog.get_logger(__name__)


def draw(
    db: Transaction, template: Template, row: OutboxRow, person: Person, now: datetime
) -> Message | Dropped:
    """One message that cannot be drawn must not hold up the others: it is dropped, with the reason."""
    letter = letter_of(row)
    try:
        with in_locale(person.locale):
            if row.closed is not None:
                return Message(template.render_closed(db, letter, person, now))
            return template.render(db, letter, person, now)
    except SQLAlchemyError:
        raise
    except Exception as error:
        log.error("outbox.undrawable", template=row.template, row=row.id, error=type(error).__name__)
        return Dropped(f"could not be drawn: {type(error).__name__}")


def draw_together(messages: Sequence[Message]) -> Message:
    """One message that says all of these, in order."""
    if len(messages) == 1:
        return messages[0]
    text = "\n".join(message.text for message in messages)
    if not any(message.blocks for message in messages):
        return Message(text)
    blocks: list[Block] = []
    footers: dict[str, Block] = {}
    for message in messages:
        blocks += [DividerBlock()] if blocks else []
        blocks += message.blocks if message.brief is None else message.brief
        blocks += [] if message.blocks else [SectionBlock(text=MarkdownTextObject(text=message.text))]
        footers |= {str(each.to_dict()): each for each in message.footer}
    return Message(text, blocks, list(footers.values()))


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
