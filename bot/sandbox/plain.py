"""Plain Python values as a person's entries: `date(2026, 12, 4)` for a datepicker, `"high"` for a select."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from typing import Any

from bot.sandbox.errors import NotPossible
from bot.sandbox.fields import VALUE_KEYS, Json

Plain = str | int | float | bool | date | time | datetime | Sequence[str] | None


def chosen_value(element: Json, value: Any) -> Json:
    """What a person's choice of `value` makes of this element, in the shape of an action or a state value."""
    kind = element["type"]
    if kind == "button":
        return {}
    if kind == "overflow":
        return {"selected_option": _option(element, value)}
    return {"type": kind, VALUE_KEYS[kind]: _slack_value(element, value)}


def _slack_value(element: Json, value: Any) -> Any:
    kind = element["type"]
    if kind in ("multi_static_select", "checkboxes"):
        return [_option(element, one) for one in _several(element, value)]
    if value is None or value == "":
        return None
    if kind in ("static_select", "radio_buttons"):
        return _option(element, value)
    if kind == "datetimepicker":
        return int(value.timestamp()) if isinstance(value, datetime) else int(value)
    if isinstance(value, time):
        return value.strftime("%H:%M")
    return value.isoformat() if isinstance(value, date) else str(value)


def _several(element: Json, value: Any) -> list[Any]:
    if isinstance(value, bool):
        return [option["value"] for option in options_of(element)] if value else []
    if value is None:
        return []
    return [value] if isinstance(value, str) else list(value)


def options_of(element: Json) -> Iterator[Json]:
    """All options that an element offers, grouped or not."""
    yield from element.get("options") or ()
    for group in element.get("option_groups") or ():
        yield from group["options"]


def _option(element: Json, value: Any) -> Json:
    for option in options_of(element):
        if option["value"] == str(value):
            return option
    offered = ", ".join(option["value"] for option in options_of(element))
    raise NotPossible(f"There is no option {value!r}; offered are: {offered}")
