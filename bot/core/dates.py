"""Dates as people write and read them, in their own zone and locale. Where a guess may be wrong, we ask.

How a phrase is read, today being any day of a week that runs from Monday to Sunday:

- "Friday", "by Friday", "this Friday": the coming one, and today on a Friday. "Friday 9am" is a week later
  when it is past 9 on a Friday.
- "next Friday", "Friday next week": that of the next calendar week.
- "next week": its Monday. "next month": its first day. "this week", "end of week": its Friday; at the weekend
  we ask.
- "in a month": the same day of the next month, or its last if it is shorter.
- "2 weeks" is "in two weeks", where a date is asked for. "in 3 hours" is a day and a time. "end of November" is its last day.
- "COB Friday", "Friday afternoon" and "Friday night" are Friday; of "Friday morning" we ask by what time.
- "tonight" is today; "tonight at 8" is 20:00. "this weekend" is asked back: its Saturday, or its Sunday?
- A date without a year is the next such date, today included, unless this year's has passed and the next one is more
  than nine months away: then we ask. "3.12." has the day first, but Americans are
  asked; "12/3" depends on the locale, and where that does not settle it, we ask. So we do if a weekday stands
  beside a date that has another.
- "at 9" is in the morning, "at 3" in the afternoon: a bare hour from 1 to 6 is after noon.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache, lru_cache
from typing import Literal

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton, format_time

from bot.core.date_phrases import Reading, read_day
from bot.core.date_words import Words, meaning, one_of, words_of
from bot.core.i18n import gettext as _
from bot.core.localtime import in_zone, local_date, to_utc

_MOST_WORDS = 12
_MOST_CHARACTERS = 100
"""More than the longest date phrase has, so that a long text costs nothing."""


@dataclass(frozen=True, slots=True)
class When:
    on: date
    at: time | None = None


@dataclass(frozen=True, slots=True)
class Unclear:
    """`candidates` are the dates that it may have meant (ambiguous), or did mean (past; time: what is missing).

    `at`: the time that has passed, when the day itself, today, has not.
    """

    kind: Literal["nothing", "ambiguous", "past", "time"]
    candidates: tuple[date, ...] = ()
    at: time | None = None


_Part = Literal["morning", "later", "end"]
"""Of the day, where no hour is named."""


@dataclass(frozen=True, slots=True)
class _Phrase:
    """A phrase that was understood, and how sure it is that it is a date and not part of a sentence."""

    day: Reading
    at: time | None
    marked: bool
    part: _Part | None = None

    @property
    def may_end_a_command(self) -> bool:
        is_marked = self.marked or self.part is not None
        return self.day.weight in {"clear", "alone"} or (self.day.weight == "marked" and is_marked)

    @property
    def may_follow_anything(self) -> bool:
        return self.marked or self.day.weight == "clear"


def read_when(
    text: str, *, now: datetime, zone: str, locale: str, is_other_day: bool = False
) -> When | Unclear:
    """`now` is an instant. What is read is never in the past; with no time, it may be today.

    `is_other_day`: what is due today is put off, so that on a Friday "Friday" is a week away.
    """
    phrase = _understood(text, now=now, zone=zone, locale=locale)
    return _judged(phrase, now, zone, is_other_day=is_other_day) if phrase else Unclear("nothing")


def split_command(text: str, *, now: datetime, zone: str, locale: str) -> tuple[str, When | Unclear | None]:
    """What to do, and the longest date phrase that ends it: "call the CFO by next tue 3pm".

    Words that may be part of the sentence stay: "prepare for Friday", "upgrade to 3.12", "talk to May".
    """
    text = text.strip()
    for word in list(re.finditer(r"\S+", text))[-_MOST_WORDS:]:
        phrase = _understood(text[word.start() :], now=now, zone=zone, locale=locale)
        if phrase and phrase.may_end_a_command:
            what = text[: word.start()].rstrip().rstrip(",;:–—-").rstrip()
            if not phrase.may_follow_anything and _wants_more(what, words_of(locale)):
                break
            return what, _judged(phrase, now, zone)
    return text, None


def _wants_more(what: str, words: Words) -> bool:
    return bool(what) and what.rsplit(maxsplit=1)[-1].lower() in words.dangling


def _understood(text: str, *, now: datetime, zone: str, locale: str) -> _Phrase | None:
    if len(text) > _MOST_CHARACTERS:
        return None
    words, today = words_of(locale), local_date(now, zone)
    tidy = re.sub(r"(?<![0-9])\.+$", "", " ".join(text.lower().split()).rstrip("!?,; "))
    if minutes := _minutes_ahead(tidy, words):
        soon = in_zone(now + timedelta(minutes=minutes), zone)
        return _Phrase(Reading((soon.date(),), "clear"), soon.time().replace(second=0, microsecond=0), True)
    rest, by_first = _without_by(tidy, words)
    rest, at = _split_time(rest, words)
    rest, by_then = _without_by(rest, words)
    if not rest and at:
        return _Phrase(Reading((today,), "marked"), at, by_first)
    rest, part = _split_part(rest, words)
    if at and (rest in words.evening or part == "later") and 1 <= at.hour < 12:
        at = at.replace(hour=at.hour + 12)
    day = Reading((today,), "alone") if part and not rest else read_day(rest, today=today, locale=locale)
    if day and day.weight == "clear" and (by_first or by_then):
        return None  # "log on in two weeks": the "on" is not the date's
    return _Phrase(day, at, by_first or by_then or at is not None, part) if day else None


def _minutes_ahead(phrase: str, words: Words) -> int | None:
    number = f"(?P<number>[0-9]{{1,3}}|{one_of(words.numbers)})"
    match = re.fullmatch(f"{one_of(words.within)} {number} ?(?P<unit>{one_of(words.hours)})", phrase)
    if match is None:
        return None
    digits = match["number"]
    count = int(digits) if digits.isdecimal() else meaning(words.numbers, digits)
    return count * meaning(words.hours, match["unit"])


def _split_part(phrase: str, words: Words) -> tuple[str, _Part | None]:
    """The phrase without the part of the day that is named with it; nothing is left of "this afternoon"."""
    if phrase in words.evening:
        return phrase, None
    for pattern, part in _part_patterns(words.morning, words.later_in_the_day, _closings(words)):
        if match := pattern.fullmatch(phrase):
            is_today = re.fullmatch(one_of(words.this), match["day"])
            return "" if is_today else match["day"], part
    return phrase, None


def _without_by(phrase: str, words: Words) -> tuple[str, bool]:
    rest = re.sub(f"^{one_of(words.by)}(?: the)? ", "", phrase)
    return rest, rest != phrase


def _split_time(phrase: str, words: Words) -> tuple[str, time | None]:
    """The phrase without the time at its end or beginning."""
    for pattern in _time_patterns(words.at | words.by, words.noon):
        for match in pattern.finditer(phrase):
            at = _time(match, words)
            if at is not None:
                return (phrase[: match.start()] + phrase[match.end() :]).strip(" ,"), at
    return phrase, None


def _closings(words: Words) -> frozenset[str]:
    return frozenset(word for word, unit in words.ends.items() if unit == "day") | {"end of (?:the )?day"}


@cache
def _part_patterns(
    morning: frozenset[str], later: frozenset[str], closing: frozenset[str]
) -> tuple[tuple[re.Pattern[str], _Part], ...]:
    return (
        (re.compile(f"(?P<day>.+?),? (?:in the )?{one_of(morning)}"), "morning"),
        (re.compile(f"(?P<day>.+?),? (?:in the )?{one_of(later)}"), "later"),
        (re.compile(f"{one_of(closing)},? (?:on |of )?(?P<day>.+)"), "end"),
        (re.compile(f"(?P<day>.+?),? {one_of(closing)}"), "end"),
    )


@cache
def _time_patterns(at: frozenset[str], noon: frozenset[str]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    clock = (
        f"(?:(?P<at>{one_of(at)}) |@ ?)?"
        f"(?:(?P<noon>{one_of(noon)})|(?P<hour>[0-9]{{1,2}})(?:(?P<mark>[:.])(?P<minute>[0-9]{{2}}))?"
        r"(?: ?(?P<half>[ap])\.?m\.?| ?(?P<oclock>uhr|o'clock))?)"
    )
    return re.compile(f"(?:^|(?:,| ) ?){clock}$"), re.compile(f"^{clock}(?:,? |$)")


def _time(match: re.Match[str], words: Words) -> time | None:
    """None for digits that are no time: "3.12" is one only after "at", or with "am" or "pm"."""
    if match["noon"]:
        return time(12)
    hour, minute, half = int(match["hour"]), int(match["minute"] or 0), match["half"]
    is_named = half or match["oclock"] or match["at"] in words.at
    if not (is_named or match["mark"] == ":") or minute > 59 or hour > 23:
        return None
    if half:
        return time(hour % 12 + (12 if half == "p" else 0), minute) if 1 <= hour <= 12 else None
    is_bare = match["minute"] is None and 1 <= hour <= 6
    return time(hour + 12 if is_bare else hour, minute)


def _judged(phrase: _Phrase, now: datetime, zone: str, *, is_other_day: bool = False) -> When | Unclear:
    candidates, at = phrase.day.candidates, phrase.at
    if at is None and phrase.part == "morning" and len(candidates) == 1:
        is_over = _is_past(candidates[0], time(12), now, zone)
        return Unclear("past", candidates, time(12)) if is_over else Unclear("time", candidates)
    if is_other_day and phrase.day.weekly and candidates == (local_date(now, zone),):
        return When(candidates[0] + timedelta(weeks=1), at)
    if all(_is_past(on, at, now, zone) for on in candidates):
        if not phrase.day.weekly:
            return Unclear("past", candidates, at if candidates == (local_date(now, zone),) else None)
        candidates = tuple(on + timedelta(weeks=1) for on in candidates)
    return When(candidates[0], at) if len(candidates) == 1 else Unclear("ambiguous", candidates)


def _is_past(on: date, at: time | None, now: datetime, zone: str) -> bool:
    return on < local_date(now, zone) or (at is not None and to_utc(on, at, zone) <= now)


def say_date(on: date, *, today: date, locale: str) -> str:
    """Such as "tomorrow", "Friday" within six days, "Fri 4 Dec", and with the year if it is not this one.

    It may end a sentence, so it does not end with the period of an abbreviation: "Fr., 4. Dezember".
    """
    match (on - today).days:
        case 0:
            return _("today")
        case 1:
            return _("tomorrow")
        case ahead if 1 < ahead < 7:
            return format_date(on, "EEEE", locale=babel_locale(locale))
    year = "" if on.year == today.year else "y"
    short = _written(f"{year}MMMEd", on, locale)
    return _written(f"{year}MMMMEd", on, locale) if short.endswith(".") else short


@lru_cache(1000)
def _written(skeleton: str, on: date, locale: str) -> str:
    """Few days are spoken of at a time, and Babel takes a while for each."""
    return _plain(format_skeleton(skeleton, on, locale=babel_locale(locale)))


def say_time(at: time, *, locale: str) -> str:
    """Such as "10:00", or "10:00 AM" where clocks have twelve hours."""
    return _plain(format_time(at.replace(tzinfo=None), "short", locale=babel_locale(locale)))


def say_moment(
    instant: datetime, *, now: datetime, zone: str, locale: str, reader_zone: str | None = None
) -> str:
    """Such as "tomorrow at 10:00", as clocks in `zone` show it. `reader_zone`: whose tomorrow it is, if another."""
    local = in_zone(instant, zone)
    day = say_date(local.date(), today=local_date(now, reader_zone or zone), locale=locale)
    return _("{day} at {time}").format(day=day, time=say_time(local.time(), locale=locale))


def beginning(said: str) -> str:
    """A day or moment where a line begins with it, such as "Today"."""
    return said[:1].upper() + said[1:]


def say_month(first: date, *, locale: str) -> str:
    """Such as "November 2026"."""
    return _written("yMMMM", first, locale)


@cache
def babel_locale(locale: str) -> Locale:
    """Babel's locale for a Slack one such as "en-GB", for its language, or English."""
    for name in (locale.replace("-", "_"), locale.partition("-")[0]):
        try:
            return Locale.parse(name)
        except (ValueError, TypeError, UnknownLocaleError):
            continue
    return Locale("en")


def _plain(text: str) -> str:
    """With plain spaces: CLDR's narrow ones ("10:00\u202fAM") cannot be typed, so cannot be searched for."""
    return " ".join(text.split())
