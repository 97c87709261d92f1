"""A reader's own words in a message to them, where they have chosen to see them there (docs/decisions/0026).

The message itself is drawn without them. They are put beneath its first block here, and nowhere else: as plain text, and in the
text of its notification so that nothing is made of them.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import structlog
from slack_sdk.models.blocks import Block, PlainTextObject, SectionBlock

from bot.core.database import Transaction
from bot.core.directory import Directory, Person
from bot.core.errors import GrowbotError
from bot.core.i18n import gettext as _
from bot.core.outbox.templates import Letter, Message, Template
from bot.core.own_words import MessageVault
from bot.core.typed import clip, inline, own

log = structlog.get_logger(__name__)

MOST = 10
LIMIT = 200
"""Of each; so many of them are within what a section and a notification take."""
BLOCK_LIMIT = 3000
LOOK_ALIKE = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "*": "∗", "_": "＿", "~": "∼", "`": "ˋ"})
"""A notification's text is read as mrkdwn, which knows no other way to write these four as themselves."""
CODE = re.compile(r":(?=[\w+'-]+:)|:(?=//)")


def with_own_words(
    db: Transaction,
    template: Template,
    letter: Letter,
    person: Person,
    now: datetime,
    message: Message,
    directory: Directory,
) -> Message:
    """The message as it is where its reader has not chosen otherwise, or nothing of theirs is in it."""
    vault = db.vault
    if template.own_words is None or not person.shows_own_words or not isinstance(vault, MessageVault):
        return message
    if not directory.confirms_own_words(db, person.id):
        return message
    try:
        with vault.opened_for(db, person.id):
            found = template.own_words(db, letter, person, now)
    except GrowbotError as error:  # a message never waits for words
        log.warning(
            "outbox.words_left_out", template=letter.template, row=letter.id, error=type(error).__name__
        )
        return message
    return _quoted(message, found) if found else message


def _quoted(message: Message, found: Sequence[str]) -> Message:
    shown = [clip(" ".join(each.split()), LIMIT) for each in found[:MOST]]
    lines = shown if len(shown) == 1 else [f"• {each}" for each in shown]
    block = SectionBlock(text=PlainTextObject(text=own("\n".join(lines), BLOCK_LIMIT), emoji=False))
    said = " ".join(_("“{words}”").format(words=in_notification(each)) for each in shown)
    return replace(
        message,
        text=f"{message.text} {said}",
        blocks=_beneath_the_first(message.blocks, block),
        brief=None if message.brief is None else _beneath_the_first(message.brief, block),
        shows_words=True,
    )


def _beneath_the_first(blocks: Sequence[Block], block: Block) -> list[Block]:
    return [*blocks[:1], block, *blocks[1:]]


def in_notification(words: str) -> str:
    """Inside a text that Slack reads as mrkdwn: no mention, link, emphasis or emoji code comes of it."""
    return inline(CODE.sub("꞉", words).translate(LOOK_ALIKE))
