"""What a person sees of a message or a view, as lines that a terminal can show; and what they enter, by its labels."""

import html
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from bot.sandbox.fields import VALUE_KEYS, Field, Json, elements_of, fields_of
from bot.sandbox.messages import Message
from bot.sandbox.plain import Plain, options_of
from bot.sandbox.surfaces import View

MOST_OPTIONS = 6
EMPTY = "______"
NO_BREAK = "\N{NO-BREAK SPACE}"
"""Within what had better stay on one line: an option, a button."""
LONGEST_WHOLE = 40
PICKERS = ("datepicker", "timepicker")
_TITLE = re.compile(r"^\*([^*\n]+)\*$", re.MULTILINE)
_MARKED = re.compile(r"(?<![\w*_])([*_])(?! )([^*_\n]+)\1(?![\w*_])")


class Line(NamedTuple):
    """`is_small_print`: a hint beside a field, or the last quiet line of a message."""

    text: str
    is_small_print: bool = False


def outline(shown: Message | View) -> list[Line]:
    """From top to bottom, without a modal's title; an empty line stands before a header."""
    if isinstance(shown, Message) and shown.blocks is None:
        return [Line(shown.text)]
    lines: list[Line] = []
    for block in shown.blocks or []:
        lines += [Line("")] if block["type"] == "header" and lines else []
        lines += _block(block, shown)
    if isinstance(shown, Message) and lines and (shown.blocks or [])[-1]["type"] == "context":
        lines[-1] = Line(lines[-1].text, is_small_print=True)
    frame = [shown.submit, shown.close] if isinstance(shown, View) and shown.type == "modal" else []
    buttons = "  ".join(_whole(f"[{part['text']}]") for part in frame if part)
    return [*lines, Line(buttons)] if buttons else lines


def pressable(element: Json) -> str:
    """A button or a menu, as it is labelled."""
    label = (element.get("text") or element.get("placeholder") or {}).get("text", "…")
    return _whole(f"[{label}{' ▾' if 'options' in element else ''}]")


def entered(view: View, name: str, value: Plain) -> Iterator[tuple[str, str]]:
    """What a person does who gives the field of this block_id or action_id another value: verb and object."""
    field = next((each for each in fields_of(view.blocks) if name in each.place), None)
    if field is None:
        return
    if list(options_of(field.element)):
        yield from _chosen(field, view, [value] if isinstance(value, str) else value)
    elif value != _value(field, view):
        is_picker = field.element["type"] in PICKERS
        yield (
            ("chooses", f"{_label(field)} → {value}")
            if is_picker
            else ("fills in", f"{_label(field)} → “{value}”")
        )


def _chosen(field: Field, view: View, values: Any) -> Iterator[tuple[str, str]]:
    before = _value(field, view)
    has_ticks = field.element["type"] == "checkboxes"
    for option in options_of(field.element):
        text = _plain(option["text"])
        was = option in before if has_ticks else option == before
        is_now = option["value"] in (values or ())
        if is_now and not was:
            yield ("ticks", text) if has_ticks else ("chooses", f"{_label(field)} → {text}")
        if was and not is_now and has_ticks:
            yield "unticks", text


def label_of(view: View, name: str) -> str:
    """What stands beside the field of this block_id or action_id."""
    return next((_label(each) for each in fields_of(view.blocks) if name in each.place), name)


# --- one block ----------------------------------------------------------------------------------------


def _block(block: Json, shown: Message | View) -> Iterator[Line]:
    match block["type"]:
        case "header":
            yield Line(f"▸ {_plain(block['text'])}")
        case "context":
            yield from (Line(_plain(each)) for each in block["elements"] if "text" in each)
        case "actions":
            yield Line("  ".join(pressable(each) for each in block["elements"]))
        case "input":
            yield from _input(Field(block, block["element"]), shown)
        case "image":
            yield Line(f"▣ {block['alt_text']}")
        case "section":
            parts = [block.get("text"), *(block.get("fields") or ())]
            said = "\n".join(_plain(part) for part in parts if part)
            yield Line("  ".join((said, *(pressable(each) for each in elements_of(block)))))


def _input(field: Field, shown: Message | View) -> Iterator[Line]:
    yield Line(f"{_label(field)}  {_held(field, shown)}")
    if hint := field.block.get("hint"):
        yield Line(f"  {_plain(hint)}", is_small_print=True)


def _held(field: Field, shown: Message | View) -> str:
    """What the field holds now, among what it offers."""
    value, kind = _value(field, shown), field.element["type"]
    options = list(options_of(field.element))
    if kind == "checkboxes":
        return "  ".join(_option(each, "☑" if each in value else "☐") for each in options)
    if options and len(options) <= MOST_OPTIONS:
        return "  ".join(_option(each, "◉" if each == value else "○") for each in options)
    if options:
        return f"{_plain(value['text']) if value else EMPTY} ▾"
    if kind == "users_select":
        return f"<@{value}> ▾" if value else f"{EMPTY} ▾"
    if kind in PICKERS:
        return str(value) if value else EMPTY
    return f"“{value}”" if value else EMPTY


def _option(option: Json, mark: str) -> str:
    return _whole(f"{mark} {_plain(option['text'])}")


def _value(field: Field, shown: Message | View) -> Any:
    """As in `view.state.values`."""
    block_id, action_id = field.place
    values = shown.values if isinstance(shown, View) else {}
    held = values.get(block_id, {}).get(action_id) or field.initial()
    return held[VALUE_KEYS[field.element["type"]]]


def _label(field: Field) -> str:
    return _plain(field.block["label"]) if "label" in field.block else "…"


def _plain(part: Json) -> str:
    """Bold and slanted text as it reads; what a person wrote is no mrkdwn and stays as it is."""
    text = str(part["text"])
    if part["type"] != "mrkdwn":
        return text
    return html.unescape(_MARKED.sub(r"\2", _TITLE.sub(r"▸ \1", text)))


def _whole(text: str) -> str:
    return text.replace(" ", NO_BREAK) if len(text) <= LONGEST_WHOLE else text
