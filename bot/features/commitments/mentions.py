"""Who is meant by the mentions in a message: Slack gives only their ids."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace

from bot.core.database import Transaction
from bot.core.directory import Identity, Person
from bot.core.errors import NotFound, TransientError
from bot.core.slack.requests import Context
from bot.features.commitments.message_text import mentioned

ASKED = 5
"""A form opens within three seconds of the press, so Slack is asked about a few people, briefly."""
SECONDS = 1.0


async def names_in(context: Context, text: str) -> Mapping[str, str]:
    """The names by user id, as far as they can be found out."""
    ids = mentioned(text)
    if not ids:
        return {}

    def known(db: Transaction, _actor: Person) -> dict[str, str]:
        found = {each: context.services.directory.find(db, _identity(context, each)) for each in ids}
        return {each: person.name for each, person in found.items() if person}

    names = await context.run(known)
    unknown = [each for each in ids if each not in names][:ASKED]
    asked = await asyncio.gather(*(_ask(context, each) for each in unknown))
    return names | {each: name for each, name in zip(unknown, asked, strict=True) if name}


async def _ask(context: Context, user_id: str) -> str | None:
    try:
        async with asyncio.timeout(SECONDS):
            return (await context.services.profiles.fetch(_identity(context, user_id))).name
    except (NotFound, TransientError, TimeoutError):
        return None


def _identity(context: Context, user_id: str) -> Identity:
    return replace(context.identity, user_id=user_id)
