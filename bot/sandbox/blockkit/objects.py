"""Composition objects: texts, options, option groups, confirmations."""

import re
from typing import Any

from bot.sandbox.blockkit.nodes import Node

PLAIN = ("plain_text",)
ANY_TEXT = ("plain_text", "mrkdwn")


def check_text(parent: Node, key: str, most: int, kinds: tuple[str, ...] = PLAIN) -> None:
    """A text object, if given: its kind, and 1 to `most` characters."""
    if parent.has(key):
        check_text_object(parent.child(key), most, kinds)


def check_text_object(text: Node, most: int, kinds: tuple[str, ...]) -> None:
    """The same for a text object that stands in a list."""
    if not text.needs("type", "text"):
        return
    text.one_of("type", kinds)
    text.string("text", most, least=1)
    text.only("type", "text", "emoji" if text.value["type"] == "plain_text" else "verbatim")
    text.boolean("emoji", "verbatim")


def check_options(
    parent: Node, key: str, most: int, kinds: tuple[str, ...] = PLAIN, *, url: bool = False
) -> None:
    """A list of options, from one to `most`."""
    for option in parent.items(key, 1, most):
        check_option(option, kinds, url=url)


def check_option(option: Node, kinds: tuple[str, ...], *, url: bool = False) -> None:
    """One option: text and description 75 characters, value 150; a url in overflow menus only."""
    option.only("text", "value", "description", *(("url",) if url else ()))
    if option.needs("text", "value"):
        check_text(option, "text", 75, kinds)
        option.string("value", 150, least=1)
    check_text(option, "description", 75, kinds)
    check_url(option, "url")


def check_grouped_options(element: Node) -> None:
    """A select's options: either a list or groups, 100 of each at most."""
    if element.has("options") == element.has("option_groups"):
        element.note("exactly one of options and option_groups is required")
    if element.has("options"):
        check_options(element, "options", 100)
    if element.has("option_groups"):
        for group in element.items("option_groups", 1, 100):
            group.only("label", "options")
            if group.needs("label", "options"):
                check_text(group, "label", 75)
                check_options(group, "options", 100)


def check_initial_options(element: Node) -> None:
    """`initial_option` and `initial_options` must be among those offered, word for word."""
    offered = [_identity(option) for option in _offered(element.value)]
    if element.has("initial_option") and _identity(element.value["initial_option"]) not in offered:
        element.note("must be one of the provided options", "initial_option")
    if element.has("initial_options"):
        for option in element.items("initial_options", 1, 100):
            if _identity(option.value) not in offered:
                option.note("must be one of the provided options")


def _offered(element: dict[str, Any]) -> list[Any]:
    groups = [g for g in element.get("option_groups") or () if isinstance(g, dict)]
    lists = [element.get("options"), *(g.get("options") for g in groups)]
    return [option for options in lists if isinstance(options, list) for option in options]


def _identity(option: Any) -> tuple[Any, Any]:
    if not isinstance(option, dict) or not isinstance(option.get("text"), dict):
        return None, None
    return option.get("value"), option["text"].get("text")


def check_confirm(parent: Node) -> None:
    """A confirmation dialog, if given."""
    if not parent.has("confirm"):
        return
    confirm = parent.child("confirm")
    confirm.only("title", "text", "confirm", "deny", "style")
    if confirm.needs("title", "text", "confirm", "deny"):
        check_text(confirm, "title", 100)
        check_text(confirm, "text", 300, ANY_TEXT)
        check_text(confirm, "confirm", 30)
        check_text(confirm, "deny", 30)
    confirm.one_of("style", ("primary", "danger"))


def check_url(node: Node, key: str) -> None:
    """An address, if given: up to 3,000 characters."""
    node.string(key, 3000, least=1)
    value = node.value.get(key)
    if isinstance(value, str) and not re.match(r"[a-z][a-z0-9+.-]*:", value, re.IGNORECASE):
        node.note("must be a valid URL", key)
