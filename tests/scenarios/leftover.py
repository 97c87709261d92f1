"""English sentences of ours that are left over where everything should be in German."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from bot.demo import Demo
from tests.translations import read

LONG = 12
"""Characters of a part of a sentence that is looked for within others; shorter ones only stand alone."""


@cache
def _sentences() -> tuple[frozenset[str], frozenset[str]]:
    """Ours that read otherwise in German: whole ones, and their parts between what is put in."""
    whole: set[str] = set()
    parts: set[str] = set()
    for message in read("de"):
        ids, said = _all(message.id), " ".join(_all(message.string))
        whole |= {each for each in ids if each and each not in said}
        pieces = [piece.strip() for each in ids for piece in re.split(r"\{\w+\}|\n", each)]
        parts |= {each for each in pieces if len(each) >= LONG and " " in each and each not in said}
    return frozenset(whole), frozenset(parts)


def _all(text: str | Sequence[str]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def left_over(texts: Iterable[str]) -> list[str]:
    whole, parts = _sentences()
    said = set(texts)
    together = "\n".join(sorted(said))
    return sorted(said & whole) + sorted(each for each in parts if each in together)


def english_in(demo: Demo) -> list[str]:
    """Of all that growbot has sent to the local Slack, or answered it."""
    entries = demo.sandbox.ledger.entries
    sent = [entry.answer if entry.kind == "delivery" else entry.args for entry in entries]
    return [
        f"“{each}” is left in English" for each in left_over(text for each in sent for text in _texts(each))
    ]


def _texts(node: object) -> Iterator[str]:
    """What stands under "text" or is read out for a picture, wherever it is."""
    if isinstance(node, str) and node[:1] in ("{", "["):
        yield from _texts(json.loads(node))
    elif isinstance(node, dict):
        for key, value in node.items():
            if key in ("text", "alt_text") and isinstance(value, str):
                yield value
            else:
                yield from _texts(value)
    elif isinstance(node, list):
        for value in node:
            yield from _texts(value)
