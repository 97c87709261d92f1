"""Plain Python values as a person's entries: `date(2026, 12, 4)` for a datepicker, `"high"` for a select."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from bot.sandbox.errors import NotPossible
from bot.sandbox.fields import VALUE_KEYS, Json, Values, fields_of

Plain = str | int | float | bool | date | time | datetime | Sequence[str] | None


def chosen_value(element: Json, value: Any) -> Json:
    """What a person's choice of `value` makes of this element, in the shape of an action or a state value."""
    kind = element["type"]
    if kind == "button":
        return {}
    if kind == "overflow":
        return {"selected_option": _option(element, value)}
    return {"type": kind, VALUE_KEYS[kind]: _slack_value(element, value)}


def claimed_choice(element: Json, claimed: Mapping[str, Any]) -> Json:
    """The same for what a page claims to have been chosen: options count only if the element offers them."""
    kind = element["type"]
    bare = claimed.get("selected_option" if kind == "overflow" else VALUE_KEYS.get(kind, ""))
    if isinstance(bare, list):
        return chosen_value(element, [option["value"] for option in bare])
    return chosen_value(element, bare["value"] if isinstance(bare, dict) else bare)


def claimed_values(blocks: Sequence[Json], claimed: Mapping[str, Any]) -> Values:
    """The same for all fields of some blocks, in the shape of `state.values`; other things are left out."""
    values: Values = {}
    for field in fields_of(blocks):
        block_id, action_id = field.place
        given = (claimed.get(block_id) or {}).get(action_id)
        if given is not None:
            values.setdefault(block_id, {})[action_id] = claimed_choice(field.element, given)
    return values


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
