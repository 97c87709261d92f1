"""Walking a piece of Block Kit JSON and noting what is wrong where, in Slack's words."""

from collections.abc import Collection, Iterator
from typing import Any


class Findings:
    """What was found wrong so far, in the form of Slack's `response_metadata.messages`."""

    def __init__(self) -> None:
        self.messages: list[str] = []

    def note(self, what: str, at: str) -> None:
        """Note one finding at a JSON pointer."""
        self.messages.append(f"[ERROR] {what} [json-pointer:{at}]")


class Node:
    """One JSON object under examination, and where it stands."""

    def __init__(self, value: Any, at: str, findings: Findings) -> None:
        self.value: dict[str, Any] = value if isinstance(value, dict) else {}
        self.at, self.findings = at, findings
        if not isinstance(value, dict):
            findings.note("must be an object", at)

    def note(self, what: str, key: str = "") -> None:
        """Note a finding about this object, or about one of its properties."""
        self.findings.note(what, f"{self.at}/{key}" if key else self.at)

    def has(self, key: str) -> bool:
        """Whether the property was given; null counts as not given."""
        return self.value.get(key) is not None

    def needs(self, *keys: str) -> bool:
        """Whether all these properties were given; those that were not are noted."""
        missing = [key for key in keys if not self.has(key)]
        for key in missing:
            self.note(f"missing required field: {key}")
        return not missing

    def only(self, *keys: str) -> None:
        """Note any property that Slack does not know here."""
        for key in self.value:
            if key not in keys:
                self.note(f"invalid additional property: {key}")

    def child(self, key: str) -> "Node":
        """A property that is an object."""
        return Node(self.value[key], f"{self.at}/{key}", self.findings)

    def string(self, key: str, most: int, least: int = 0) -> None:
        """Check a string property, if given, for its length."""
        if not self.has(key):
            return
        value = self.value[key]
        if not isinstance(value, str):
            self.note("must be a string", key)
        elif len(value) > most:
            self.note(f"must be less than {most + 1} characters", key)
        elif len(value) < least:
            self.note(f"must be more than {least - 1} characters", key)

    def boolean(self, *keys: str) -> None:
        """Check boolean properties, if given."""
        for key in keys:
            if self.has(key) and not isinstance(self.value[key], bool):
                self.note("must be a boolean", key)

    def integer(self, key: str, least: int, most: int) -> None:
        """Check an integer property, if given, for its range."""
        if not self.has(key):
            return
        value = self.value[key]
        if not isinstance(value, int) or isinstance(value, bool):
            self.note("must be an integer", key)
        elif not least <= value <= most:
            self.note(f"must be between {least} and {most}", key)

    def one_of(self, key: str, allowed: Collection[str]) -> None:
        """Check that a property, if given, is one of these."""
        if self.has(key) and self.value[key] not in allowed:
            self.note(f"must be one of {', '.join(sorted(allowed))}", key)

    def items(self, key: str, least: int, most: int) -> Iterator["Node"]:
        """The objects of a list property, checked for their number."""
        value = self.value.get(key)
        if not isinstance(value, list):
            self.note("must be an array", key)
            return
        if len(value) > most:
            self.note(f"no more than {most} items allowed", key)
        if len(value) < least:
            self.note(f"no less than {least} items allowed", key)
        for index, item in enumerate(value):
            yield Node(item, f"{self.at}/{key}/{index}", self.findings)
