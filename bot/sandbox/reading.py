"""What a person reads on a message or a view, from top to bottom, as lines of text."""

from typing import Any

from bot.sandbox.fields import VALUE_KEYS, Json, Values, elements_of
from bot.sandbox.messages import Message
from bot.sandbox.plain import options_of
from bot.sandbox.surfaces import View

GONE = "This file was deleted."


def texts(shown: Message | View | None) -> list[str]:
    """The visible texts: of a message its blocks (or its text, where it has none), of a view also its frame.

    Labels, hints, buttons, options, placeholders and the values that fields now hold are included.
    """
    if shown is None:
        return []
    if isinstance(shown, Message):
        lines = [shown.text] if shown.blocks is None else _lines(shown.blocks, {})
        return [*lines, *(GONE if file.is_deleted else file.title or file.name for file in shown.files)]
    frame = [shown.title, shown.submit, shown.close] if shown.type == "modal" else []
    return [part["text"] for part in frame if part] + _lines(shown.blocks, shown.values)


def text_of(shown: Message | View | None) -> str:
    """The same as one string."""
    return "\n".join(texts(shown))


def _lines(blocks: list[Json], values: Values) -> list[str]:
    lines: list[str] = []
    for block in blocks:
        lines += _block_lines(block)
        for element in elements_of(block):
            lines += _element_lines(element)
            lines += _value_lines(values.get(block["block_id"], {}).get(element["action_id"]))
    return lines


def _block_lines(block: Json) -> list[str]:
    parts = [block.get("label"), block.get("text"), *(block.get("fields") or ()), block.get("hint")]
    lines = [part["text"] for part in parts if part]
    if block["type"] == "context":
        lines += [e.get("text") or e["alt_text"] for e in block["elements"]]
    if block["type"] == "rich_text":
        lines += _rich_lines(block)
    if block["type"] == "image":
        title = block.get("title")
        lines += [title["text"], block["alt_text"]] if title else [block["alt_text"]]
    return lines


def _rich_lines(node: Any) -> list[str]:
    children = node.get("elements") or []
    if node["type"] == "rich_text_section" or not any("elements" in c for c in children):
        return ["".join(c.get("text") or c.get("url") or f"<@{c.get('user_id', '')}>" for c in children)]
    return [line for child in children for line in _rich_lines(child)]


def _element_lines(element: Json) -> list[str]:
    parts = [element.get("text"), element.get("placeholder")]
    lines = [part["text"] for part in parts if part]
    for option in options_of(element):
        lines += [
            option["text"]["text"],
            *([option["description"]["text"]] if option.get("description") else []),
        ]
    return lines


def _value_lines(value: Json | None) -> list[str]:
    if value is None:
        return []
    bare = value[VALUE_KEYS[value["type"]]]
    return [str(bare)] if isinstance(bare, str | int) else []
