"""The fields that hold a value: where they are, what they start with, what a person may enter."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

Json = dict[str, Any]
Values = dict[str, dict[str, Json]]

VALUE_KEYS = {
    "plain_text_input": "value",
    "number_input": "value",
    "email_text_input": "value",
    "url_text_input": "value",
    "static_select": "selected_option",
    "radio_buttons": "selected_option",
    "multi_static_select": "selected_options",
    "checkboxes": "selected_options",
    "users_select": "selected_user",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
}
_INITIAL_KEYS = {"value": "initial_value"} | {
    key: key.replace("selected", "initial") for key in VALUE_KEYS.values() if key != "value"
}


class Field(NamedTuple):
    """One element that holds a value, with the block it stands in."""

    block: Json
    element: Json

    @property
    def place(self) -> tuple[str, str]:
        """Its block_id and action_id."""
        return self.block["block_id"], self.element["action_id"]

    @property
    def is_input(self) -> bool:
        """Whether it stands in an input block, so that it can be required and can have an error."""
        return bool(self.block["type"] == "input")

    def initial(self) -> Json:
        """Its value before anybody touched it, null when empty, as in `view.state.values`."""
        key = VALUE_KEYS[self.element["type"]]
        empty: Any = [] if key == "selected_options" else None
        return {"type": self.element["type"], key: self.element.get(_INITIAL_KEYS[key], empty)}

    def value_in(self, values: Values) -> Any:
        """The bare value that `values` hold for it."""
        block_id, action_id = self.place
        return values[block_id][action_id][VALUE_KEYS[self.element["type"]]]


def elements_of(block: Mapping[str, Any]) -> list[Json]:
    """The interactive elements of a block, whatever the block calls their place."""
    if block["type"] == "input":
        return [block["element"]]
    if block["type"] == "actions":
        return list(block["elements"])
    accessory = block.get("accessory")
    return [accessory] if accessory and accessory["type"] != "image" else []


def all_elements(blocks: Sequence[Json]) -> Iterator[tuple[Json, Json]]:
    """Every interactive element with its block, from top to bottom."""
    for block in blocks:
        for element in elements_of(block):
            yield block, element


def fields_of(blocks: Sequence[Json]) -> list[Field]:
    """Every element that holds a value, from top to bottom."""
    return [Field(b, e) for b, e in all_elements(blocks) if e["type"] in VALUE_KEYS]


def starting_values(blocks: Sequence[Json], kept: Values | None = None) -> Values:
    """The values of a fresh or updated view: what was typed stays where block_id, action_id and type stay."""
    values: Values = {}
    for field in fields_of(blocks):
        block_id, action_id = field.place
        old = (kept or {}).get(block_id, {}).get(action_id)
        same = old is not None and old["type"] == field.element["type"]
        values.setdefault(block_id, {})[action_id] = old if old and same else field.initial()
    return values


def merged(values: Values, entered: Values) -> Values:
    """`values` with those that a person entered since."""
    both = {**dict.fromkeys(values), **dict.fromkeys(entered)}
    return {block_id: {**values.get(block_id, {}), **entered.get(block_id, {})} for block_id in both}


def complaints(blocks: Sequence[Json], values: Values) -> dict[str, str]:
    """What Slack's own client refuses before the app hears of it: a sentence for each block_id."""
    found = {}
    for field in fields_of(blocks):
        if field.is_input and (sentence := _complaint(field, field.value_in(values))):
            found[field.block["block_id"]] = sentence
    return found


def _complaint(field: Field, value: Any) -> str | None:
    if value in (None, []):
        return None if field.block.get("optional") else "Please complete this required field."
    kind = field.element["type"]
    if kind == "plain_text_input":
        return _length_complaint(field.element, value)
    if kind == "number_input":
        return _number_complaint(field.element, value)
    if kind == "email_text_input" and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", value):
        return "Please enter a valid email address."
    if kind == "url_text_input" and not re.fullmatch(r"https?://\S+", value):
        return "Please enter a valid URL."
    return None


def _length_complaint(element: Json, value: str) -> str | None:
    if len(value) < element.get("min_length", 0):
        return f"Please enter at least {element['min_length']} characters."
    if len(value) > (most := element.get("max_length", 3000)):
        return f"Please enter {most} characters or fewer."
    return None


def _number_complaint(element: Json, value: str) -> str | None:
    pattern = r"-?\d+(\.\d+)?" if element["is_decimal_allowed"] else r"-?\d+"
    if not re.fullmatch(pattern, value):
        return "Please enter a valid number."
    if "min_value" in element and float(value) < float(element["min_value"]):
        return f"Please enter a number that is at least {element['min_value']}."
    if "max_value" in element and float(value) > float(element["max_value"]):
        return f"Please enter a number that is at most {element['max_value']}."
    return None
