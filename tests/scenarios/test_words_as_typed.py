"""Hostile words in every field that there is: in every view, they are shown as typed and nothing is made of them."""

import json
import unicodedata
from collections.abc import Iterator
from typing import Any

from sqlalchemy import func, select

from bot import schema
from bot.core.database import Sealed
from bot.demo import Demo
from tests.scenarios.test_words_stay_inside import CANARY, Aviary, _everything

HOSTILE = " <!channel> <@U0DANA> <http://evil|http://good> http://evil.example *b* _i_ `c` ~s~ :tada: &lt;b&gt; \u202eesrever\u2069 שלום 🎉"


class Vultures(Aviary):
    """Canaries that try to be more than words."""

    async def fill_and_send(self, seat: Any, **fixed: object) -> None:
        self.is_field = True
        await super().fill_and_send(seat, **fixed)
        self.is_field = False

    is_field = False

    def __call__(self, where: str) -> str:
        plain = super().__call__(where)
        return plain + HOSTILE if self.is_field else plain


def texts(node: Any) -> Iterator[dict[str, Any]]:
    """Every text object of a view, wherever it stands."""
    if isinstance(node, dict):
        if node.get("type") in ("plain_text", "mrkdwn"):
            yield node
        for each in node.values():
            yield from texts(each)
    elif isinstance(node, list):
        for each in node:
            yield from texts(each)


def shown(demo: Demo) -> list[dict[str, Any]]:
    """The text objects of all views and messages that growbot ever sent."""
    sent: list[Any] = []
    for entry in demo.sandbox.ledger.entries:
        sent += (
            [entry.args.get("view"), entry.args.get("blocks")] if entry.kind != "delivery" else [entry.answer]
        )
    return [text for each in sent for text in texts(json.loads(each) if isinstance(each, str) else each)]


def is_closed(line: str) -> bool:
    turns = [unicodedata.bidirectional(each) for each in line]
    return turns.count("PDI") == sum(turns.count(each) for each in ("LRI", "RLI", "FSI"))


async def test_hostile_words_are_shown_as_typed_in_every_view(sqlite_demo: Demo) -> None:
    """In every field in which anything is sealed: a new kind of words is filled in there too."""
    vultures = Vultures()
    await _everything(sqlite_demo, vultures)
    with_words = [text for text in shown(sqlite_demo) if CANARY in text["text"]]
    assert len(with_words) > 40
    assert [text for text in with_words if text["type"] != "plain_text" or text["emoji"]] == []
    assert [line for text in with_words for line in text["text"].split("\n") if not is_closed(line)] == []
    whole = [text for text in with_words if text["text"].strip("\u2068\u2069").endswith(HOSTILE[-10:])]
    assert len(whole) > 20
    assert all(HOSTILE in text["text"] for text in whole)
    assert never_written(sqlite_demo) == []


def never_written(demo: Demo) -> list[str]:
    """Columns for words that have none."""
    sealed = [
        column
        for table in schema.METADATA.sorted_tables
        for column in table.columns
        if isinstance(column.type, Sealed)
        and table.name != "installations"  # tokens, which are nobody's words
    ]
    with demo.growbot.database.transaction() as db:
        return [str(each) for each in sealed if not db.scalar(select(func.count(each)))]
