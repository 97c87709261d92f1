"""A small grammar for phrases that name a day. bot.core.dates says how they are read and why."""

import calendar
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Literal

from bot.core.date_words import Words, meaning, one_of, words_of

Weight = Literal["clear", "alone", "marked", "never"]
"""Which phrases end a command: clear ones ("in two weeks") after any word; those that may stand alone, but
not after a word that wants them ("for Friday"); those that need "by" or a time ("3/12"); and some never."""

_YEAR = r"(?P<year>(?:19|20)[0-9]{2})"
_FRIDAY, _SATURDAY, _SUNDAY = 5, 6, 7
_SO_FAR_AHEAD = timedelta(days=9 * 30)
"""A date without a year that would be later than this, because this year's has passed, was hardly meant."""


@dataclass(frozen=True, slots=True)
class Reading:
    """`weekly`: if the time has passed on that day, the one a week later was meant."""

    candidates: tuple[date, ...]
    weight: Weight
    weekly: bool = False


@dataclass(frozen=True, slots=True)
class _Asked:
    today: date
    words: Words
    month_first: bool | None


_Read = Callable[[re.Match[str], _Asked], list[date]]


@dataclass(frozen=True, slots=True)
class _Rule:
    pattern: re.Pattern[str]
    read: _Read
    weight: Weight
    weekly: bool = False


def read_day(phrase: str, *, today: date, locale: str) -> Reading | None:
    """`phrase` is in lower case, with single spaces."""
    asked = _Asked(today, words_of(locale), _month_first(locale))
    for rule in _rules(locale):
        if (match := rule.pattern.fullmatch(phrase)) and (found := rule.read(match, asked)):
            return Reading(tuple(sorted(set(found))), rule.weight, rule.weekly)
    return None


def _month_first(locale: str) -> bool | None:
    """Whether "12/3" is in December; None where people write both."""
    if locale.lower() in {"en-us", "en_us"}:
        return True
    return False if re.match("en[-_]gb|de", locale.lower()) else None


@cache
def _rules(locale: str) -> tuple[_Rule, ...]:
    return tuple(
        _Rule(re.compile(pattern), read, weight, weekly)
        for pattern, read, weight, weekly in (*_relative(words_of(locale)), *_named(words_of(locale)))
    )


def _relative(words: Words) -> Iterator[tuple[str, _Read, Weight, bool]]:
    day = f"(?P<weekday>{one_of([*words.weekdays, *words.short_weekdays])})\\.?"
    sure = f"(?P<weekday>{one_of({*words.weekdays, *words.short_weekdays} - words.also_other_words)})\\.?"
    this, following = one_of(words.this), one_of(words.next)
    unit, number = f"(?P<unit>{one_of(words.units)})", f"(?P<number>[0-9]{{1,3}}|{one_of(words.numbers)})"
    weekend = one_of(words.weekend)
    ahead, past = (
        {word: n for word, n in words.offsets.items() if (n < 0) == before} for before in (False, True)
    )
    yield f"(?P<offset>{one_of(ahead)})", _offset, "alone", False
    yield one_of(words.evening), lambda _match, asked: [asked.today], "alone", False
    yield f"(?P<offset>{one_of(past)})", _offset, "marked", False
    yield f"{this} {day}", _coming, "alone", False
    yield sure, _coming, "alone", True
    yield day, _coming, "marked", True
    yield f"{following} {day}", _of_next_week, "alone", False
    yield f"{day} {following} (?:week|woche)", _of_next_week, "alone", False
    yield f"{following} (?:week|woche) {day}", _of_next_week, "alone", False
    yield f"{one_of(words.within)} {number} {unit}", _ahead, "clear", False
    if words.from_now:
        yield f"{number} {unit} {one_of(words.from_now)}", _ahead, "clear", False
    yield f"{one_of(words.end_of)} (?:(?:{this}|(?P<next>{following})) )?{unit}", _end, "alone", False
    yield f"(?P<unit>{one_of(words.ends)})", _end, "alone", False
    yield f"{number} {unit}", _ahead, "never", False
    yield f"(?:{this}|(?P<next>{following})) {weekend}", _weekend, "alone", False
    yield f"{one_of(words.over)} {weekend}", _weekend, "alone", False
    yield weekend, _weekend, "marked", False
    yield f"{this} {unit}", _end, "alone", False
    yield f"{following} {unit}", _start, "alone", False


def _named(words: Words) -> Iterator[tuple[str, _Read, Weight, bool]]:
    weekday = f"(?:(?P<weekday>{one_of([*words.weekdays, *words.short_weekdays])})\\.?,? )?"
    month = f"(?P<month>{one_of(words.months)})\\.?"
    ordinal = one_of(words.ordinal)
    day = f"(?:the )?(?P<day>[0-9]{{1,2}})(?:{ordinal}|\\.)?"
    first, second = "(?P<first>[0-9]{1,2})", "(?P<second>[0-9]{1,2})"
    yield f"{one_of(words.end_of)} {month}(?:,? {_YEAR})?", _end_of_named, "alone", False
    iso = f"{_YEAR}(?P<mark>[-/.])(?P<month>[0-9]{{1,2}})(?P=mark)(?P<day>[0-9]{{1,2}})"
    yield f"{weekday}{iso}\\.?", _full, "alone", False
    yield f"{weekday}{day} (?:of )?{month}(?:,? {_YEAR})?\\.?", _full, "alone", False
    yield f"{weekday}{month} {day}(?:,? {_YEAR})?\\.?", _full, "alone", False
    yield f"{weekday}{first}(?P<mark>[./-]){second}(?P=mark){_YEAR}\\.?", _numeric, "alone", False
    yield (
        f"{weekday}{first}(?P<mark>[./-]){second}(?P=mark)(?P<short>[0-9]{{2}})\\.?",
        _numeric,
        "alone",
        False,
    )
    yield f"{weekday}{first}(?P<mark>[./]){second}\\.?", _numeric, "marked", False
    yield f"(?:the )?(?P<day>[0-9]{{1,2}}){ordinal}", _day_of_month, "marked", False
    yield f"(?:in )?{month}(?: {_YEAR})?", _some_time_in, "never", False


def _offset(match: re.Match[str], asked: _Asked) -> list[date]:
    return [asked.today + timedelta(days=meaning(asked.words.offsets, match["offset"]))]


def _weekday(match: re.Match[str], asked: _Asked) -> int:
    return meaning(asked.words.weekdays | asked.words.short_weekdays, match["weekday"])


def _coming(match: re.Match[str], asked: _Asked) -> list[date]:
    return [asked.today + timedelta(days=(_weekday(match, asked) - asked.today.isoweekday()) % 7)]


def _in_week(today: date, weekday: int, weeks: int = 0) -> date:
    return today + timedelta(days=weekday - today.isoweekday(), weeks=weeks)


def _of_next_week(match: re.Match[str], asked: _Asked) -> list[date]:
    return [_in_week(asked.today, _weekday(match, asked), weeks=1)]


def _ahead(match: re.Match[str], asked: _Asked) -> list[date]:
    number, unit = match["number"], meaning(asked.words.units, match["unit"])
    count = int(number) if number.isdecimal() else meaning(asked.words.numbers, number)
    match unit:
        case "month" | "year":
            return [_months_later(asked.today, count * (12 if unit == "year" else 1))]
        case _:
            return [asked.today + timedelta(days=count * {"day": 1, "week": 7, "fortnight": 14}[unit])]


def _months_later(on: date, months: int) -> date:
    """The same day of that month, or its last."""
    years, month = divmod(on.month - 1 + months, 12)
    last = calendar.monthrange(on.year + years, month + 1)[1]
    return date(on.year + years, month + 1, min(on.day, last))


def _end(match: re.Match[str], asked: _Asked) -> list[date]:
    unit = meaning(asked.words.units | asked.words.ends, match["unit"])
    later = 1 if match.groupdict().get("next") else 0
    match unit:
        case "day":
            return [asked.today + timedelta(days=later)]
        case "week":
            return _end_of_week(asked.today, later)
        case "month":
            return [_months_later(asked.today.replace(day=1), later + 1) - timedelta(days=1)]
        case "year":
            return [date(asked.today.year + later, 12, 31)]
        case _:
            return []


def _end_of_named(match: re.Match[str], asked: _Asked) -> list[date]:
    """Of a month by its name, without a year the next such month."""
    month, year = asked.words.months[match["month"]], int(match["year"]) if match["year"] else None
    found = _such(year, month, 1, asked.today.replace(day=1))
    return [_months_later(found, 1) - timedelta(days=1)] if found else []


def _end_of_week(today: date, later: int) -> list[date]:
    """A week ends on Friday, but at the weekend that has passed: is it Sunday then, or the Friday to come?"""
    friday = _in_week(today, _FRIDAY, later)
    return [friday] if friday >= today else [_in_week(today, _SUNDAY), _in_week(today, _FRIDAY, 1)]


def _weekend(match: re.Match[str], asked: _Asked) -> list[date]:
    """Its Saturday, or its Sunday?"""
    weeks = 1 if match.groupdict().get("next") else 0
    days = (_in_week(asked.today, weekday, weeks) for weekday in (_SATURDAY, _SUNDAY))
    return [on for on in days if on >= asked.today]


def _start(match: re.Match[str], asked: _Asked) -> list[date]:
    today = asked.today
    match meaning(asked.words.units, match["unit"]):
        case "day":
            return [today + timedelta(days=1)]
        case "week":
            return [_in_week(today, 1, weeks=1)]
        case "month":
            return [_months_later(today.replace(day=1), 1)]
        case "year":
            return [date(today.year + 1, 1, 1)]
        case _:
            return []


def _full(match: re.Match[str], asked: _Asked) -> list[date]:
    month = match["month"]
    number = int(month) if month.isdecimal() else asked.words.months[month]
    year = int(match["year"]) if match["year"] else None
    return _on_weekday(match, asked, [_such(year, number, int(match["day"]), asked.today)])


def _numeric(match: re.Match[str], asked: _Asked) -> list[date]:
    """Dots have the day first, except perhaps where people are used to the month."""
    first, second = int(match["first"]), int(match["second"])
    groups = match.groupdict()
    digits = groups.get("year") or ("20" + groups["short"] if groups.get("short") else None)
    year = int(digits) if digits else None
    by_order = {
        True: _such(year, first, second, asked.today),
        False: _such(year, second, first, asked.today),
    }
    order = asked.month_first
    if match["mark"] == ".":
        order = None if order else False
    if order is not None and by_order[order]:
        return _on_weekday(match, asked, [by_order[order]])
    return _on_weekday(match, asked, list(by_order.values()))


def _such(year: int | None, month: int, day: int, today: date) -> date | None:
    """That date, or without a year the next one; 29 February may be eight years away.

    On 25 November, "12 November" is this year's: in a year is not what people mean, so they are asked.
    """
    if year is not None:
        return _valid(year, month, day)
    found = [on for each in range(today.year, today.year + 9) if (on := _valid(each, month, day))]
    following = next((on for on in found if on >= today), None)
    has_just_passed = found and found[0].year == today.year and found[0] < today
    return found[0] if has_just_passed and following and following > today + _SO_FAR_AHEAD else following


def _valid(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _on_weekday(match: re.Match[str], asked: _Asked, found: list[date | None]) -> list[date]:
    """If a weekday was named beside the date and is not the date's, either may be the mistake."""
    dates = [on for on in found if on]
    if not match["weekday"] or not dates:
        return dates
    weekday = _weekday(match, asked)
    return [on for on in dates if on.isoweekday() == weekday] or [*dates, *_coming(match, asked)]


def _day_of_month(match: re.Match[str], asked: _Asked) -> list[date]:
    day, first = int(match["day"]), asked.today.replace(day=1)
    months = (_months_later(first, later) for later in range(3))
    found = (_such(month.year, month.month, day, asked.today) for month in months)
    return [on for on in found if on and on >= asked.today][:1]


def _some_time_in(match: re.Match[str], asked: _Asked) -> list[date]:
    """A month is no date: its first day, or its last?"""
    month, today = asked.words.months[match["month"]], asked.today
    year = int(match["year"] or today.year + (month < today.month))
    first = date(year, month, 1)
    return [max(first, today) if year == today.year else first, _months_later(first, 1) - timedelta(days=1)]
