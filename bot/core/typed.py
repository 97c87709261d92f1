"""A person's words as they were typed, where they cannot disturb what stands around them. Pure.

Nothing is taken out or replaced: what is copied from a view is what was typed. Three things are seen to instead. A text is cut
between two characters as people see them, never inside one. Its length is counted as the stricter of the two ways in which
Slack may count. And what writes from right to left, or says so, is closed off, so that it ends where the words end.
"""

import unicodedata

ELLIPSIS = "…"
FIRST_STRONG_ISOLATE, POP_ISOLATE = "\u2068", "\u2069"
OPENS_ISOLATE = frozenset("\u2066\u2067\u2068")
TURNS = frozenset(("R", "AL", "AN", "LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"))
"""The bidirectional classes (UAX #9) of what is written from right to left, or changes the direction."""
JOINER = "\u200d"
MODIFIERS = range(0x1F3FB, 0x1F400)
"""Skin tones."""
TAGS = range(0xE0020, 0xE0080)
"""What flags of regions are spelt with."""
FLAG_LETTERS = range(0x1F1E6, 0x1F200)


def units(text: str) -> int:
    """Its length in UTF-16, which is never less than in characters: Slack does not say which of the two it counts."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def clip(text: str, limit: int) -> str:
    """At most `limit` units, and marked where something is left out."""
    if units(text) <= limit:
        return text
    kept, room = 0, limit - units(ELLIPSIS)
    for character in text:
        room -= units(character)
        if room < 0:
            break
        kept += 1
    return text[: _boundary(text, kept)] + ELLIPSIS


def _boundary(text: str, at: int) -> int:
    """The nearest place before `at` that is not inside of what people see as one character; `at` if there is none near."""
    earlier = at
    while earlier > 0 and at - earlier < 50 and _belong_together(text, earlier):
        earlier -= 1
    return at if _belong_together(text, earlier) else earlier


def _belong_together(text: str, at: int) -> bool:
    """Whether the characters before and after this place are shown as one."""
    if not 0 < at < len(text):
        return False
    before, after = text[at - 1], text[at]
    if JOINER in (before, after) or unicodedata.category(after).startswith("M"):
        return True
    return ord(after) in MODIFIERS or ord(after) in TAGS or _inside_flag(text, at)


def _inside_flag(text: str, at: int) -> bool:
    """Flags are two letters each, written without anything between one flag and the next."""
    if ord(text[at]) not in FLAG_LETTERS:
        return False
    letters = 0
    while letters < at and ord(text[at - 1 - letters]) in FLAG_LETTERS:
        letters += 1
    return letters % 2 == 1


def own(text: str, limit: int) -> str:
    """Words that stand by themselves: within the limit, and each line closed off."""
    room, shown = limit, _isolated(clip(text, limit))
    while units(shown) > limit and room > 1:  # only a text made to that end
        room -= min(room - 1, units(shown) - limit)
        shown = _isolated(clip(text, room))
    return shown


def inline(text: str, limit: int = 3000) -> str:
    """Words, or a name, inside a line of ours: they can begin no line of their own."""
    return own(" ".join(text.split()), limit)


def _isolated(text: str) -> str:
    """A paragraph ends whatever direction it had; so each is closed off by itself."""
    return "\n".join(_closed_off(line) for line in text.split("\n"))


def _closed_off(line: str) -> str:
    """Isolated, with as many marks as it takes: those in the words may close what they did not open, or the reverse."""
    if line.isascii() or not any(unicodedata.bidirectional(each) in TURNS for each in line):
        return line
    still_open = closed_too_often = 0
    for each in line:
        if each in OPENS_ISOLATE:
            still_open += 1
        elif each == POP_ISOLATE and still_open:
            still_open -= 1
        elif each == POP_ISOLATE:
            closed_too_often += 1
    return FIRST_STRONG_ISOLATE * (closed_too_often + 1) + line + POP_ISOLATE * (still_open + 1)
