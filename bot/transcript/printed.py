"""Steps and screens as lines of text, at most 100 columns wide, in the language of those who play."""

import re
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from textwrap import wrap

from babel.dates import format_skeleton

from bot.core.dates import babel_locale
from bot.core.i18n import gettext, in_locale
from bot.core.slack.commands import N_
from bot.sandbox import Message, Sandbox, View, outline
from bot.sandbox.outline import NO_BREAK

WIDTH = 99
INDENT = 18
LONG = 360
"""A paragraph of more characters is shortened."""
MOST_LINES = 6
"""Of one paragraph, such as a list."""
AS_BEFORE = "…"
"""In place of what was printed already."""
PICTURE = "▣"
SENTENCE = 100
"""So much of a picture's text alternative: the same stands below it."""


class StoryBroke(Exception):
    """Something did not happen as it should; the text says what, for whom and when."""


@dataclass
class Transcript:
    say: Callable[[str], object]
    sandbox: Sandbox
    locale: str = "en-GB"
    names: dict[str, str] = field(default_factory=dict)
    steps: int = 0
    told_at: datetime | None = None
    """The instant that what follows is told under."""
    printed: set[str] = field(default_factory=set)
    """What stood on a screen; it is printed once."""
    met: set[Hashable] = field(default_factory=set)
    """The kinds of screens that were printed whole."""
    _last: str | None = None
    """Who did what was told last; None where an empty line stands already."""

    def tr(self, text: str) -> str:
        """Our own sentence, or one of the players', in their language."""
        with in_locale(self.locale):
            return gettext(text) if text else ""

    def piece(self, text: str) -> str:
        """The longest part of a sentence, in their language, that stands between what is put into it."""
        return max(re.split(r"\{\w+\}", self.tr(text)), key=len)

    def remark(self, text: str) -> None:
        self.say("\n".join(wrap(text, WIDTH)))

    def heading(self, title: str) -> None:
        self.say(f"\n── {title} {'─' * (WIDTH - 4 - len(title))}")
        self._last = ""

    def moment(self, said: str) -> None:
        self.say("\n" + "\n".join(wrap(said, WIDTH)) + "\n")
        self._last = None

    def line(self, who: str, does: str, what: str) -> None:
        self.steps += 1
        if self._last not in (None, who):
            self.say("")
        self._last = who
        first, *more = self._wrapped(what) or [""]
        self.say(f"  {who:<5}{self.tr(does):<10} {first}".rstrip())
        for each in more:
            self.say(f"{'':<{INDENT}}{each}")

    @contextmanager
    def in_a_line(self, who: str, does: str, what: str) -> Iterator[None]:
        """What happens within is told by this line only. `does` and `what` are our own sentences."""
        said, last = self.say, self._last
        self.say = lambda _line: None
        try:
            yield
        finally:
            self.say, self._last = said, last
        self.line(who, does, self.tr(what))

    # --- screens ----------------------------------------------------------------------------------------

    def message(self, who: str, does: str, said: str, message: Message, kind: Hashable) -> None:
        """The first of its kind whole, behind a bar; of others the first line."""
        if kind in self.met:
            self.line(who, does, self._within(f"{said}: {outline(message)[0].text}", lines=2))
            return
        self.met.add(kind)
        self.line(who, does, said)
        self._behind_a_bar(self._new(message, ()))

    def view(
        self, who: str, does: str, said: str, view: View, expected: Sequence[str], *, whole: bool
    ) -> None:
        """Whole, as far as it was not printed before; or the lines that are looked for."""
        self.line(who, does, said)
        gist = (each.text for each in outline(view) if _holds(each.text, expected))
        self._behind_a_bar(self._new(view, expected) if whole else gist)

    def answer(self, who: str, button: str, view: View | None) -> None:
        """What a form says that was sent with this button: the first of its kind whole, of others how it begins."""
        lines = [each.text for each in outline(view)[:-1]] if view else []
        if view and view.callback_id in self.met:
            lines = [self._within(f"{button} → {lines[0]}", lines=2)]
        elif lines:
            lines[0] = f"{button} → {lines[0]}"
        self.met.add(view.callback_id if view else None)
        self.line(who, N_("presses"), "\n".join(lines) or button)

    def _new(self, shown: Message | View, expected: Sequence[str]) -> Iterator[str]:
        """What was not printed before, and what is looked for, without hints beside fields; a dot for what was."""
        is_form = isinstance(shown, View)
        lines = [each.text for each in outline(shown) if not (is_form and each.is_small_print)]
        marked = [(text, not text or text not in self.printed or _holds(text, expected)) for text in lines]
        self.printed |= {text for text in lines if text}
        for is_new, run in groupby(marked, key=lambda each: each[1]):
            texts = [text for text, _is_new in run]
            yield from texts if is_new else [AS_BEFORE]

    def _behind_a_bar(self, lines: Sequence[str] | Iterator[str]) -> None:
        for each in lines:
            for part in self._wrapped(_cut(each)) or [""]:
                self.say(f"{'':<{INDENT}}│ {part}".rstrip())

    # --- words ------------------------------------------------------------------------------------------

    def when(self, at: datetime) -> str:
        """Such as "Wed 25 Nov, 14:30", in the zone that `at` is in."""
        return f"{format_skeleton('MMMEd', at, locale=babel_locale(self.locale))}, {at:%H:%M}"

    def readable(self, text: str) -> str:
        """Mentions as names, as Slack shows them."""
        for user_id, name in self.names.items():
            text = text.replace(f"<@{user_id}>", f"@{name}").replace(user_id, name)
        return text

    def _within(self, text: str, *, lines: int) -> str:
        """As much of it as goes into so many lines."""
        first = self._wrapped(text)
        if len(first) <= lines:
            return text
        return "\n".join([*first[: lines - 1], _ending(first[lines - 1])])

    def _wrapped(self, text: str) -> list[str]:
        return [part for line in self.readable(text).splitlines() for part in _wrap(_shortened(line))]


def _cut(text: str) -> str:
    """Lists without their end; of what is read out for a picture the beginning."""
    if text.startswith(PICTURE):
        return text if len(text) <= SENTENCE else text[:SENTENCE].rpartition(" ")[0] + " …"
    lines = text.splitlines()
    return text if len(lines) <= MOST_LINES else "\n".join([*lines[:MOST_LINES], AS_BEFORE])


def _holds(text: str, expected: Sequence[str]) -> bool:
    return any(each in text.replace(NO_BREAK, " ") for each in expected)


def _wrap(line: str) -> list[str]:
    """What a person would not want broken holds no-break spaces, which become spaces here."""
    indent = " " * (len(line) - len(line.lstrip()))
    parts = wrap(line, WIDTH - INDENT - 2, subsequent_indent=indent, break_on_hyphens=False)
    return [part.replace(NO_BREAK, " ") for part in parts] or [""]


def _ending(line: str) -> str:
    """A line that is not the end, and says so."""
    room = WIDTH - INDENT - 4
    return (line if len(line) <= room else line[:room].rpartition(" ")[0]) + " …"


def _shortened(text: str) -> str:
    """Long paragraphs without their end, and without a broken word."""
    return text if len(text) <= LONG else text[: LONG - 1].rpartition(" ")[0] + " …"
