"""The SDK's models as plain dictionaries: what their `to_dict` gives, for a quarter of its price.

`JsonObject.to_dict` looks through everything that an object has for its validators, each time. What validators and
attributes there are is the class's, so it is looked up once for each class here. (Half of the CPU time of sending a message
went there: `make bench ARGS="--only draining"`.)
"""

from functools import cache
from typing import Any

from slack_sdk.models.basic_objects import EMPTY_ALLOWED_TYPE_AND_PROPERTY_LIST, JsonObject
from slack_sdk.models.blocks import Option
from slack_sdk.models.blocks.basic_components import PlainTextObject

_MAY_BE_EMPTY = {(each["type"], each["property"]) for each in EMPTY_ALLOWED_TYPE_AND_PROPERTY_LIST}

_PLAIN = {str, bool, int}


def plain(value: Any) -> Any:
    """A model, or a list of them, as Slack's API takes it. Raises SlackObjectFormationError, as `to_dict` does."""
    if isinstance(value, JsonObject):
        return _object(value)
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    return value.to_dict() if hasattr(value, "to_dict") else value  # such as the style of a rich text


def _object(model: JsonObject) -> dict[str, Any]:
    kind = type(model)
    if kind is Option:
        return _option(model)  # type: ignore[arg-type]
    if kind.to_dict is not JsonObject.to_dict:
        return dict(model.to_dict())
    _validate(model)
    found = {}
    for name in _attributes(kind, model):
        value = getattr(model, name, None)
        if value is not None and _says_something(model, name, value):
            found[name] = value if type(value) in _PLAIN else plain(value)
    return found


def _option(option: Option) -> dict[str, Any]:
    _validate(option)
    text = option._text or PlainTextObject.from_str(str(option.label))
    found = {"text": plain(text), "value": option.value}
    if option._block_description:
        found["description"] = plain(option._block_description)
    return found | ({"url": option.url} if option.url else {})


def _validate(model: JsonObject) -> None:
    for name in _validators(type(model)):
        getattr(model, name)()


@cache
def _validators(kind: type[JsonObject]) -> tuple[str, ...]:
    names = (name for name in dir(kind) if not name.startswith("__"))
    return tuple(name for name in names if hasattr(getattr(kind, name, None), "validator"))


_NAMES: dict[type[JsonObject], tuple[str, ...]] = {}


def _attributes(kind: type[JsonObject], model: JsonObject) -> tuple[str, ...]:
    if kind not in _NAMES:
        _NAMES[kind] = tuple(sorted(model.attributes))
    return _NAMES[kind]


def _says_something(model: JsonObject, name: str, value: Any) -> bool:
    if not hasattr(value, "__len__"):
        return True
    return len(value) > 0 or (getattr(model, "type", None), name) in _MAY_BE_EMPTY
