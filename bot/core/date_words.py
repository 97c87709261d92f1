"""The words of dates, as regular expressions. English is always read, German in its own locales."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, fields
from functools import cache
from typing import TypeVar

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Words:
    """Each word with what it means. A weekday is ISO, an offset is in days, an end is that of a unit."""

    weekdays: dict[str, int]
    short_weekdays: dict[str, int]
    months: dict[str, int]
    numbers: dict[str, int]
    units: dict[str, str]
    offsets: dict[str, int]
    ends: dict[str, str]
    by: frozenset[str]
    this: frozenset[str]
    next: frozenset[str]
    within: frozenset[str]
    end_of: frozenset[str]
    at: frozenset[str]
    noon: frozenset[str]
    ordinal: frozenset[str]
    from_now: frozenset[str]
    also_other_words: frozenset[str]
    """Short weekdays that also mean something else, so that they need "by" or a time beside them."""
    evening: frozenset[str]
    """Today, and an hour beside them is after noon."""
    weekend: frozenset[str]
    over: frozenset[str]
    """What stands before a weekend."""
    morning: frozenset[str]
    later_in_the_day: frozenset[str]
    """After "morning" one wants to know the hour; these mean until the day is over."""
    hours: dict[str, int]
    """Units of time, in minutes."""
    dangling: frozenset[str]
    """Words that a phrase cannot end with: what follows them is no deadline ("prepare for Friday")."""


def one_of(words: Iterable[str]) -> str:
    """A pattern for any of the words, the longest first, so that none hides behind its own beginning."""
    return "(?:" + "|".join(sorted(words, key=lambda word: (-len(word), word))) + ")"


def _numbered(names: str, first: int = 1) -> dict[str, int]:
    """`"a|b c"` means a and b are `first`, c is the next number."""
    return {name: n for n, group in enumerate(names.split(), first) for name in group.split("|")}


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split("|"))


_ENGLISH = Words(
    weekdays=_numbered("monday tuesday wednesday thursday friday saturday sunday"),
    short_weekdays=_numbered("mon tue|tues wed|weds thu|thur|thurs fri sat sun"),
    months=_numbered(
        "january|jan february|feb march|mar april|apr may june|jun july|jul august|aug september|sept|sep"
        " october|oct november|nov december|dec"
    ),
    numbers=_numbered("a|an|one two three four five six seven eight nine ten eleven twelve")
    | {"(?:a )?couple(?: of)?": 2},
    units={
        "days?": "day",
        "weeks?": "week",
        "fortnights?": "fortnight",
        "months?": "month",
        "years?": "year",
    },
    offsets={"today": 0, "tomorrow|tmrw|tmr": 1, "(?:the )?day after tomorrow": 2, "yesterday": -1},
    ends={"eod|eob|cob|close of business": "day", "eow": "week", "eom": "month", "eoy": "year"},
    by=_set("by|on|until|till|til|due|due by|due on|no later than"),
    this=_set("this"),
    next=_set("next"),
    within=_set("in|due in|within"),
    end_of=_set("(?:at (?:the )?)?end of(?: the)?"),
    at=_set("at"),
    noon=_set("noon|midday"),
    ordinal=_set("st|nd|rd|th"),
    from_now=_set("from now|from today"),
    also_other_words=_set("wed|sat|sun"),
    evening=_set("tonight|this evening"),
    weekend=_set("weekend|week-end"),
    over=_set("at the|over the"),
    morning=_set("morning"),
    later_in_the_day=_set("afternoon|evening|night"),
    hours={"hours?|hrs?|h": 60, "minutes?|mins?": 1},
    dangling=_set(
        "a|about|after|an|and|any|at|before|between|by|each|every|for|from|her|his|in|is|its|last|like|my|next|not"
        "|of|on|or|our|past|since|than|that|the|their|this|through|till|to|until|versus|via|vs|was|with|your"
    ),
)
_GERMAN = Words(
    weekdays=_numbered("montag dienstag mittwoch donnerstag freitag samstag|sonnabend sonntag"),
    short_weekdays=_numbered("mo di mi do fr sa so"),
    months=_numbered(
        "januar|jänner|jan februar|feb märz|mär april|apr mai juni|jun juli|jul august|aug september|sept|sep"
        " oktober|okt november|nov dezember|dez"
    ),
    numbers=_numbered("ein|eine|einem|einer zwei drei vier fünf sechs sieben acht neun zehn elf zwölf"),
    units={"tag(?:en?)?": "day", "wochen?": "week", "monat(?:en?|s)?": "month", "jahr(?:en?|es)?": "year"},
    offsets={"heute": 0, "morgen": 1, "übermorgen": 2, "gestern": -1},
    ends={},
    by=_set("am|bis|bis am|bis zum|spätestens|spätestens am|bis spätestens"),
    this=_set("diese[rnms]?"),
    next=_set("nächste[rnms]?|kommende[rnms]?"),
    within=_set("in|innerhalb von"),
    end_of=_set("ende(?: de[rs])?"),
    at=_set("um"),
    noon=_set("mittags?"),
    ordinal=_set(r"\."),
    from_now=frozenset(),
    also_other_words=_set("mo|di|mi|do|fr|sa|so"),
    evening=_set("heute abend"),
    weekend=_set("wochenende"),
    over=_set("übers"),
    morning=_set("morgen|früh|vormittags?"),
    later_in_the_day=_set("nachmittags?|abends?"),
    hours={"stunden?": 60, "minuten?": 1},
    dangling=_set(
        "ab|als|an|auf|aus|das|dem|den|der|des|die|ein|eine|einen|für|gegen|ist|jede|jeden|jeder|jedes|letzte|letzten"
        "|letzter|mit|nach|nächste|nächsten|oder|ohne|seit|über|und|vom|von|vor|war|zu|zum|zur|zwischen"
    ),
)


def meaning(table: dict[str, _T], text: str) -> _T:
    return next(value for pattern, value in table.items() if re.fullmatch(pattern, text))


@cache
def words_of(locale: str) -> Words:
    if not locale.lower().startswith("de"):
        return _ENGLISH
    names = [field.name for field in fields(Words)]
    return Words(**{name: getattr(_ENGLISH, name) | getattr(_GERMAN, name) for name in names})
