"""Steps and screens as lines of text, at most 100 columns wide."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from textwrap import wrap

from bot.sandbox import Message, Sandbox, View, outline
from bot.sandbox.outline import NO_BREAK

WIDTH = 99
INDENT = 18
LONG = 360
"""A paragraph of more characters is shortened."""


class StoryBroke(Exception):
    """Something did not happen as it should; the text says what, for whom and when."""


@dataclass
class Transcript:
    say: Callable[[str], object]
    sandbox: Sandbox
    names: dict[str, str] = field(default_factory=dict)
    steps: int = 0
    told_at: datetime | None = None
    """The instant that what follows is told under."""
    read_before: set[tuple[str, str]] = field(default_factory=set)
    """Who has read which small print; it is printed once."""
    _last: str | None = None

    def remark(self, text: str) -> None:
        self.say("\n".join(wrap(text, WIDTH)))

    def heading(self, title: str) -> None:
        self.say(f"\n── {title} {'─' * (WIDTH - 4 - len(title))}")

    def moment(self, said: str) -> None:
        self.say(f"\n{said}\n")
        self._last = None

    def line(self, who: str, does: str, what: str) -> None:
        self.steps += 1
        if self._last not in (None, who):
            self.say("")
        self._last = who
        first, *more = self._wrapped(what) or [""]
        self.say(f"  {who:<5}{does:<10} {first}".rstrip())
        for each in more:
            self.say(f"{'':<{INDENT}}{each}")

    def screen(self, who: str, does: str, title: str, shown: View | Message) -> None:
        """What stands on the screen, behind a bar."""
        self.line(who, does, title)
        for each in outline(shown):
            if each.is_small_print and (who, each.text) in self.read_before:
                continue
            if each.is_small_print:
                self.read_before.add((who, each.text))
            for part in self._wrapped(each.text) or [""]:
                self.say(f"{'':<{INDENT}}│ {part}".rstrip())

    def readable(self, text: str) -> str:
        """Mentions as names, as Slack shows them."""
        for user_id, name in self.names.items():
            text = text.replace(f"<@{user_id}>", f"@{name}").replace(user_id, name)
        return text

    def _wrapped(self, text: str) -> list[str]:
        return [part for line in self.readable(text).splitlines() for part in _wrap(_shortened(line))]


def moment(at: datetime) -> str:
    return f"{at:%a} {at.day} {at:%b}, {at:%H:%M}"


def _wrap(line: str) -> list[str]:
    """What a person would not want broken holds no-break spaces, which become spaces here."""
    indent = " " * (len(line) - len(line.lstrip()))
    parts = wrap(line, WIDTH - INDENT - 2, subsequent_indent=indent, break_on_hyphens=False)
    return [part.replace(NO_BREAK, " ") for part in parts] or [""]


def _shortened(text: str) -> str:
    """Long paragraphs without their end, and without a broken word."""
    return text if len(text) <= LONG else text[: LONG - 1].rpartition(" ")[0] + " …"
