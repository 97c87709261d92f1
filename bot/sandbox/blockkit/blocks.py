"""Layout blocks: what each may hold, and what must be unique among them."""

from collections import Counter
from collections.abc import Callable
from itertools import chain
from typing import Any

from bot.sandbox.blockkit.elements import check_element, check_image_source
from bot.sandbox.blockkit.nodes import Node
from bot.sandbox.blockkit.objects import ANY_TEXT, check_text, check_text_object
from bot.sandbox.blockkit.richtext import check_rich_text

_CHOOSERS = frozenset(
    {"static_select", "users_select", "datepicker", "timepicker", "radio_buttons", "checkboxes"}
)
_BOTH = _CHOOSERS | {"button", "overflow"}
IN_SECTIONS = _BOTH | {"multi_static_select", "image"}
IN_ACTIONS = _BOTH | {"datetimepicker"}
IN_INPUTS = _CHOOSERS | {
    "multi_static_select",
    "datetimepicker",
    "plain_text_input",
    "number_input",
    "email_text_input",
    "url_text_input",
}
_EVERYWHERE = ("type", "block_id")


def check_blocks(parent: Node, most: int, *, in_view: bool = False) -> None:
    """The property `blocks` of a message or view.

    Slack documents an action_id as unique in its block; in a view it is taken for unique throughout, as apps do
    that find a field or a button of a view by its action_id alone.
    """
    blocks = list(parent.items("blocks", 0, most))
    for block in blocks:
        _check_block(block)
    _check_block_ids(blocks)
    groups = [_elements(block) for block in blocks]
    for group in [list(chain.from_iterable(groups))] if in_view else groups:
        _check_action_ids(group)
    _check_focus(blocks)


def _check_block(block: Node) -> None:
    if not block.needs("type"):
        return
    kind = block.value["type"]
    if not isinstance(kind, str) or kind not in _CHECKS:
        block.note(f"unsupported type: {kind}", "type")
        return
    block.string("block_id", 255, least=1)
    _CHECKS[kind](block)


def _section(block: Node) -> None:
    block.only(*_EVERYWHERE, "text", "fields", "accessory", "expand")
    block.boolean("expand")
    if not block.has("text") and not block.has("fields"):
        block.note("missing required field: text")
    check_text(block, "text", 3000, ANY_TEXT)
    if block.has("fields"):
        for field in block.items("fields", 1, 10):
            check_text_object(field, 2000, ANY_TEXT)
    if block.has("accessory"):
        check_element(block.child("accessory"), IN_SECTIONS)


def _divider(block: Node) -> None:
    block.only(*_EVERYWHERE)


def _header(block: Node) -> None:
    block.only(*_EVERYWHERE, "text")
    if block.needs("text"):
        check_text(block, "text", 150)


def _context(block: Node) -> None:
    block.only(*_EVERYWHERE, "elements")
    if block.needs("elements"):
        for element in block.items("elements", 1, 10):
            if element.value.get("type") == "image":
                check_element(element, frozenset({"image"}))
            else:
                check_text_object(element, 3000, ANY_TEXT)


def _actions(block: Node) -> None:
    block.only(*_EVERYWHERE, "elements")
    if not block.needs("elements"):
        return
    for element in block.items("elements", 1, 25):
        check_element(element, IN_ACTIONS)


def _input(block: Node) -> None:
    block.only(*_EVERYWHERE, "label", "element", "hint", "optional", "dispatch_action")
    block.boolean("optional", "dispatch_action")
    if block.needs("label", "element"):
        check_text(block, "label", 2000)
        check_element(block.child("element"), IN_INPUTS)
    check_text(block, "hint", 2000)


def _image(block: Node) -> None:
    block.only(*_EVERYWHERE, "image_url", "alt_text", "title")
    check_image_source(block)
    check_text(block, "title", 2000)


_CHECKS: dict[str, Callable[[Node], None]] = {
    "section": _section,
    "divider": _divider,
    "header": _header,
    "context": _context,
    "actions": _actions,
    "input": _input,
    "image": _image,
    "rich_text": check_rich_text,
}


def _elements(block: Node) -> list[Node]:
    """Those that have an action_id."""
    several = _listed(block.value.get("elements")) if block.value.get("type") == "actions" else []
    places = {f"elements/{index}": part for index, part in enumerate(several)}
    places |= {key: block.value.get(key) for key in ("element", "accessory")}
    found = ((place, part) for place, part in places.items() if isinstance(part, dict))
    return [Node(part, f"{block.at}/{place}", block.findings) for place, part in found]


def _check_action_ids(elements: list[Node]) -> None:
    counted = Counter(str(e.value["action_id"]) for e in elements if e.has("action_id"))
    for element in elements:
        action_id = str(element.value.get("action_id"))
        if counted[action_id] > 1:
            element.note(f'`action_id` "{action_id}" already exists', "action_id")


def _check_block_ids(blocks: list[Node]) -> None:
    counted = Counter(str(b.value["block_id"]) for b in blocks if b.has("block_id"))
    for block in blocks:
        block_id = str(block.value.get("block_id"))
        if counted[block_id] > 1:
            block.note(f'`block_id` "{block_id}" already exists', "block_id")


def _check_focus(blocks: list[Node]) -> None:
    focused = [b for b in blocks for e in _parts(b.value) if e.get("focus_on_load") is True]
    for block in focused[1:]:
        block.note("only one element may have focus_on_load")


def _parts(block: dict[str, Any]) -> list[dict[str, Any]]:
    parts = [block.get("element"), block.get("accessory"), *_listed(block.get("elements"))]
    return [part for part in parts if isinstance(part, dict)]


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
