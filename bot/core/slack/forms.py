"""Reading what a person filled in: `view.state.values`, keyed by our field names (the block ids).

Every reader returns None for an empty field and for one that is not in the form; a value that Slack would not send
counts as empty, so that garbage is answered like an omission.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any

from bot.core.errors import OutdatedForm


@dataclass(frozen=True, slots=True)
class Form:
    values: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def _element(self, name: str) -> Mapping[str, Any]:
        block = self.values.get(name) or {}
        element = next(iter(block.values()), None)
        return element if isinstance(element, Mapping) else {}

    def text(self, name: str) -> str | None:
        value = self._element(name).get("value")
        return _whole_characters(value).strip() or None if isinstance(value, str) else None

    def number(self, name: str) -> int | None:
        try:
            return int(self.text(name) or "")
        except ValueError:
            return None

    def choice(self, name: str) -> str | None:
        """The value of the selected option (select, radio buttons)."""
        selected = self._element(name).get("selected_option")
        return str(selected["value"]) if isinstance(selected, Mapping) and selected.get("value") else None

    def choices(self, name: str) -> frozenset[str]:
        """The values of the selected options (checkboxes, multi-select)."""
        selected = self._element(name).get("selected_options") or []
        return frozenset(str(each["value"]) for each in selected if isinstance(each, Mapping))

    def user(self, name: str) -> str | None:
        user = self._element(name).get("selected_user")
        return user if isinstance(user, str) else None

    def date(self, name: str) -> date | None:
        try:
            return date.fromisoformat(str(self._element(name).get("selected_date")))
        except ValueError:
            return None

    def time(self, name: str) -> time | None:
        try:
            return time.fromisoformat(str(self._element(name).get("selected_time")))
        except ValueError:
            return None

    def names(self, prefix: str) -> list[str]:
        """The fields whose name starts with `prefix`, in no order: forms with one field per row."""
        return [name for name in self.values if name.startswith(prefix)]


def _whole_characters(text: str) -> str:
    """JSON can hold one half of a character, which nothing can store."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


@dataclass(frozen=True, slots=True)
class ViewRef:
    """The modal or Home that a payload comes from."""

    id: str
    hash: str
    callback_id: str
    metadata: Mapping[str, str]
    first_input: str | None
    """The block id of the first input: where a sentence about the whole form goes."""
    inputs: frozenset[str]
    is_home: bool
    previous_view_id: str | None
    is_intact: bool
    """False when private_metadata is not what we wrote."""

    def meta(self, name: str) -> str:
        """An id that our own view carried. Raises OutdatedForm."""
        if name not in self.metadata:
            raise OutdatedForm
        return self.metadata[name]


def view_ref(view: Mapping[str, Any]) -> ViewRef:
    inputs = [
        str(block.get("block_id")) for block in view.get("blocks") or [] if block.get("type") == "input"
    ]
    metadata, is_intact = _metadata(str(view.get("private_metadata") or "{}"))
    return ViewRef(
        id=str(view.get("id")),
        hash=str(view.get("hash")),
        callback_id=str(view.get("callback_id") or ""),
        metadata=metadata,
        first_input=inputs[0] if inputs else None,
        inputs=frozenset(inputs),
        is_home=view.get("type") == "home",
        previous_view_id=view.get("previous_view_id"),
        is_intact=is_intact,
    )


def _metadata(raw: str) -> tuple[Mapping[str, str], bool]:
    try:
        metadata = json.loads(raw)
    except ValueError:
        return {}, False
    if not isinstance(metadata, dict) or not all(isinstance(value, str) for value in metadata.values()):
        return {}, False
    return metadata, True


def our_number(value: str) -> int:
    """What we put into a button or a view, such as the place where a list goes on; 0 for anything else."""
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 6 else 0
