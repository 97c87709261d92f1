"""Block elements: what each may hold, as Slack's reference documents it."""

import re
from collections.abc import Callable
from datetime import date

from bot.sandbox.blockkit.nodes import Node
from bot.sandbox.blockkit.objects import (
    ANY_TEXT,
    check_confirm,
    check_grouped_options,
    check_initial_options,
    check_options,
    check_text,
    check_url,
)

LONGEST_INPUT = 3000
_EVERYWHERE = ("type", "action_id")


def check_element(element: Node, allowed: frozenset[str]) -> None:
    """An element in a place that takes the kinds `allowed`."""
    if not element.needs("type"):
        return
    kind = str(element.value["type"])
    if kind not in allowed or kind not in _CHECKS:
        element.note(f"unsupported type: {kind}", "type")
        return
    element.string("action_id", 255, least=1)
    element.boolean("focus_on_load")
    _CHECKS[kind](element)


def _button(element: Node) -> None:
    element.only(*_EVERYWHERE, "text", "url", "value", "style", "confirm", "accessibility_label")
    if element.needs("text"):
        check_text(element, "text", 75)
    check_url(element, "url")
    element.string("value", 2000)
    element.string("accessibility_label", 75)
    element.one_of("style", ("primary", "danger"))
    check_confirm(element)


def _chooser(element: Node, *more: str) -> None:
    element.only(*_EVERYWHERE, "placeholder", "confirm", "focus_on_load", *more)
    check_text(element, "placeholder", 150)
    check_confirm(element)


def _static_select(element: Node) -> None:
    _chooser(element, "options", "option_groups", "initial_option")
    check_grouped_options(element)
    check_initial_options(element)


def _multi_static_select(element: Node) -> None:
    _chooser(element, "options", "option_groups", "initial_options", "max_selected_items")
    check_grouped_options(element)
    check_initial_options(element)
    element.integer("max_selected_items", 1, 100)


def _users_select(element: Node) -> None:
    _chooser(element, "initial_user")
    if element.has("initial_user") and not re.fullmatch(r"[UW][A-Z0-9]+", str(element.value["initial_user"])):
        element.note("must be a valid user id", "initial_user")


def _overflow(element: Node) -> None:
    element.only(*_EVERYWHERE, "options", "confirm")
    if element.needs("options"):
        check_options(element, "options", 5, url=True)
    check_confirm(element)


def _radio_buttons(element: Node) -> None:
    element.only(*_EVERYWHERE, "options", "initial_option", "confirm", "focus_on_load")
    _few_options(element)


def _checkboxes(element: Node) -> None:
    element.only(*_EVERYWHERE, "options", "initial_options", "confirm", "focus_on_load")
    _few_options(element)


def _few_options(element: Node) -> None:
    if element.needs("options"):
        check_options(element, "options", 10, ANY_TEXT)
        check_initial_options(element)
    check_confirm(element)


def _datepicker(element: Node) -> None:
    _chooser(element, "initial_date")
    if element.has("initial_date") and not _is_date(str(element.value["initial_date"])):
        element.note("must be a valid date in the format YYYY-MM-DD", "initial_date")


def _is_date(value: str) -> bool:
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return re.fullmatch(r"\d{4}-\d{2}-\d{2}", value) is not None


def _timepicker(element: Node) -> None:
    _chooser(element, "initial_time", "timezone")
    value = element.value.get("initial_time")
    if value is not None and not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", str(value)):
        element.note("must be a valid time in the format HH:mm", "initial_time")


def _datetimepicker(element: Node) -> None:
    element.only(*_EVERYWHERE, "initial_date_time", "confirm", "focus_on_load")
    element.integer("initial_date_time", 1_000_000_000, 9_999_999_999)
    check_confirm(element)


def _plain_text_input(element: Node) -> None:
    _typed(element, "multiline", "min_length", "max_length")
    element.boolean("multiline")
    element.integer("min_length", 0, LONGEST_INPUT)
    element.integer("max_length", 1, LONGEST_INPUT)
    longest = element.value.get("max_length")
    longest = longest if isinstance(longest, int) else LONGEST_INPUT
    element.string("initial_value", longest)
    shortest = element.value.get("min_length")
    if isinstance(shortest, int) and shortest > longest:
        element.note("must be less than or equal to max_length", "min_length")


def _number_input(element: Node) -> None:
    _typed(element, "is_decimal_allowed", "min_value", "max_value")
    if element.needs("is_decimal_allowed"):
        element.boolean("is_decimal_allowed")
    for key in ("initial_value", "min_value", "max_value"):
        value = element.value.get(key)
        if value is not None and not re.fullmatch(r"-?\d+(\.\d+)?", value if isinstance(value, str) else ""):
            element.note("must be a number in a string", key)


def _address_input(element: Node) -> None:
    _typed(element)
    element.string("initial_value", LONGEST_INPUT)


def _typed(element: Node, *more: str) -> None:
    known = (*_EVERYWHERE, "placeholder", "initial_value", "focus_on_load", "dispatch_action_config")
    element.only(*known, *more)
    check_text(element, "placeholder", 150)
    if element.has("dispatch_action_config"):
        config = element.child("dispatch_action_config")
        triggers = config.value.get("trigger_actions_on")
        known_triggers = ("on_enter_pressed", "on_character_entered")
        if not isinstance(triggers, list) or not triggers or any(t not in known_triggers for t in triggers):
            config.note("must list on_enter_pressed or on_character_entered", "trigger_actions_on")


def check_image_source(element: Node) -> None:
    """What an image element and an image block share."""
    if element.needs("image_url", "alt_text"):
        check_url(element, "image_url")
        element.string("alt_text", 2000, least=1)


def _image(element: Node) -> None:
    element.only("type", "image_url", "alt_text")
    check_image_source(element)


_CHECKS: dict[str, Callable[[Node], None]] = {
    "button": _button,
    "static_select": _static_select,
    "multi_static_select": _multi_static_select,
    "users_select": _users_select,
    "overflow": _overflow,
    "radio_buttons": _radio_buttons,
    "checkboxes": _checkboxes,
    "datepicker": _datepicker,
    "timepicker": _timepicker,
    "datetimepicker": _datetimepicker,
    "plain_text_input": _plain_text_input,
    "number_input": _number_input,
    "email_text_input": _address_input,
    "url_text_input": _address_input,
    "image": _image,
}
