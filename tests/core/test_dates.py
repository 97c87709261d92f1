"""Reading and saying dates. Today is Wednesday, 25 November 2026, and it is 10:00 in Berlin."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from babel.localedata import locale_identifiers
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.dates import Unclear, When, read_when, say_date, say_moment, say_time, split_command
from bot.core.localtime import local_date, to_utc

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
TODAY = date(2026, 11, 25)


def read(
    text: str, locale: str = "en-GB", now: datetime = NOW, zone: str = "Europe/Berlin"
) -> When | Unclear:
    return read_when(text, now=now, zone=zone, locale=locale)


def split(text: str, locale: str = "en-US") -> tuple[str, When | Unclear | None]:
    return split_command(text, now=NOW, zone="Europe/Berlin", locale=locale)


def the(month: int, day: int, hour: int | None = None, minute: int = 0, year: int = 2026) -> When:
    return When(date(year, month, day), None if hour is None else time(hour, minute))


# What is understood


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("today", the(11, 25)),
        ("Tomorrow", the(11, 26)),
        ("the day after tomorrow", the(11, 27)),
        ("by Friday", the(11, 27)),
        ("on fri", the(11, 27)),
        ("until Tues.", the(12, 1)),
        ("by Wednesday", the(11, 25)),
        ("this wed", the(11, 25)),
        ("mon", the(11, 30)),
        ("next tue", the(12, 1)),
        ("next wed", the(12, 2)),
        ("next Friday", the(12, 4)),
        ("Friday next week", the(12, 4)),
        ("in 3 days", the(11, 28)),
        ("in two weeks", the(12, 9)),
        ("within a fortnight", the(12, 9)),
        ("a week from now", the(12, 2)),
        ("in a month", the(12, 25)),
        ("in a year", the(11, 25, year=2027)),
        ("end of day", the(11, 25)),
        ("end of week", the(11, 27)),
        ("by the end of next week", the(12, 4)),
        ("by the end of the month", the(11, 30)),
        ("end of next month", the(12, 31)),
        ("tmrw", the(11, 26)),
        ("2 weeks", the(12, 9)),
        ("a month", the(12, 25)),
        ("end of november", the(11, 30)),
        ("by the end of feb", the(2, 28, year=2027)),
        ("end of February 2028", the(2, 29, year=2028)),
        ("COB friday", the(11, 27)),
        ("Friday EOD", the(11, 27)),
        ("by close of business on Friday", the(11, 27)),
        ("end of day friday", the(11, 27)),
        ("cob", the(11, 25)),
        ("friday afternoon", the(11, 27)),
        ("tomorrow evening", the(11, 26)),
        ("this afternoon", the(11, 25)),
        ("tomorrow night at 8", the(11, 26, 20)),
        ("friday morning at 9", the(11, 27, 9)),
        ("in 3 hours", the(11, 25, NOW.hour + 4, NOW.minute)),
        ("within an hour", the(11, 25, NOW.hour + 2, NOW.minute)),
        (
            "in 90 min",
            the(11, 25, (NOW + timedelta(minutes=150)).hour, (NOW + timedelta(minutes=150)).minute),
        ),
        ("eoy", the(12, 31)),
        ("this week", the(11, 27)),
        ("next week", the(11, 30)),
        ("next month", the(12, 1)),
        ("tonight", the(11, 25)),
        ("by tonight", the(11, 25)),
        ("in a couple of weeks", the(12, 9)),
        ("in couple weeks", the(12, 9)),
    ],
)
def test_phrases_relative_to_today_are_read(text: str, when: When) -> None:
    assert read(text) == when
    assert read(f"  {text.upper()}! ") == when


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("3 Dec", the(12, 3)),
        ("the 3rd of December", the(12, 3)),
        ("December 3rd", the(12, 3)),
        ("Dec 3, 2027", the(12, 3, year=2027)),
        ("2026-12-03", the(12, 3)),
        ("2026-12-03 15:00", the(12, 3, 15)),
        ("3.12.", the(12, 3)),
        ("03.12.2026", the(12, 3)),
        ("3/12/26", the(12, 3)),
        ("13/2", the(2, 13, year=2027)),
        ("25 November", the(11, 25)),
        ("29 Feb", the(2, 29, year=2028)),
        ("on the 3rd", the(12, 3)),
        ("by the 31st", the(12, 31)),
        ("Fri 4 Dec", the(12, 4)),
        ("Friday, December 4, 2026", the(12, 4)),
    ],
)
def test_dates_are_read(text: str, when: When) -> None:
    assert read(text) == when


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("3pm", the(11, 25, 15)),
        ("15:00", the(11, 25, 15)),
        ("noon", the(11, 25, 12)),
        ("next tue 3pm", the(12, 1, 15)),
        ("next tue, 3 p.m.", the(12, 1, 15)),
        ("tomorrow at 9", the(11, 26, 9)),
        ("tomorrow at 3", the(11, 26, 15)),
        ("tomorrow at 6", the(11, 26, 18)),
        ("tomorrow at 7", the(11, 26, 7)),
        ("tomorrow at 03:00", the(11, 26, 3)),
        ("9.30am on Friday", the(11, 27, 9, 30)),
        ("by noon tomorrow", the(11, 26, 12)),
        ("tomorrow 12am", the(11, 26, 0)),
        ("wed 11am", the(11, 25, 11)),
        ("wed 9am", the(12, 2, 9)),
        ("tonight at 8", the(11, 25, 20)),
        ("8.30pm tonight", the(11, 25, 20, 30)),
    ],
)
def test_times_are_read(text: str, when: When) -> None:
    assert read(text) == when


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("bis Freitag", the(11, 27)),
        ("nächsten Dienstag 15 Uhr", the(12, 1, 15)),
        ("morgen um 9", the(11, 26, 9)),
        ("übermorgen", the(11, 27)),
        ("in zwei Wochen", the(12, 9)),
        ("am 3.", the(12, 3)),
        ("3. Dezember", the(12, 3)),
        ("bis Ende nächster Woche", the(12, 4)),
        ("Ende des Monats", the(11, 30)),
        ("nächste Woche", the(11, 30)),
        ("by Friday", the(11, 27)),
    ],
)
def test_germans_may_write_german_or_english(text: str, when: When) -> None:
    assert read(text, "de-DE") == when


def test_a_day_is_that_of_the_persons_zone() -> None:
    late = datetime(2026, 11, 25, 23, 30, tzinfo=UTC)
    assert read("today", now=late, zone="Asia/Tokyo") == the(11, 26)
    assert read("today", now=late, zone="America/Los_Angeles") == the(11, 25)
    assert read("9am", now=late, zone="Asia/Tokyo") == the(11, 26, 9)


def test_in_a_month_is_no_later_than_the_end_of_the_next() -> None:
    assert read("in a month", now=datetime(2027, 1, 31, 12, tzinfo=UTC)) == the(2, 28, year=2027)


# What is asked back


@pytest.mark.parametrize(
    ("locale", "when"),
    [
        ("en-US", the(12, 3)),
        ("en-GB", the(3, 12, year=2027)),
        ("de-DE", the(3, 12, year=2027)),
        ("fr-FR", Unclear("ambiguous", (date(2026, 12, 3), date(2027, 3, 12)))),
        ("", Unclear("ambiguous", (date(2026, 12, 3), date(2027, 3, 12)))),
    ],
)
def test_whether_the_month_comes_first_is_the_locales_or_asked(locale: str, when: When | Unclear) -> None:
    assert read("12/3", locale) == when
    assert read("12/12", locale) == the(12, 12)
    assert read("13/12", locale) == read("12/13", locale) == the(12, 13)


@pytest.mark.parametrize(
    ("text", "candidates"),
    [
        ("Mon 4 Dec", (date(2026, 11, 30), date(2026, 12, 4))),
        ("in March", (date(2027, 3, 1), date(2027, 3, 31))),
        ("this weekend", (date(2026, 11, 28), date(2026, 11, 29))),
        ("by the weekend", (date(2026, 11, 28), date(2026, 11, 29))),
        ("next weekend", (date(2026, 12, 5), date(2026, 12, 6))),
    ],
)
def test_what_may_mean_two_dates_is_asked_back(text: str, candidates: tuple[date, ...]) -> None:
    assert read(text) == Unclear("ambiguous", candidates)


def test_a_date_with_dots_has_the_day_first_but_americans_are_asked() -> None:
    assert read("3.12.", "fr-FR") == the(12, 3)
    assert read("3.12.", "en-US") == Unclear("ambiguous", (date(2026, 12, 3), date(2027, 3, 12)))


def test_on_a_friday_the_end_of_the_week_is_today() -> None:
    assert read("end of week", now=datetime(2026, 11, 27, 12, tzinfo=UTC)) == the(11, 27)


def test_at_the_weekend_the_end_of_the_week_is_asked_back() -> None:
    saturday = datetime(2026, 11, 28, 12, tzinfo=UTC)
    assert read("end of week", now=saturday) == Unclear("ambiguous", (date(2026, 11, 29), date(2026, 12, 4)))


@pytest.mark.parametrize(
    ("text", "on"),
    [
        ("yesterday", date(2026, 11, 24)),
        ("12/11", date(2026, 11, 12)),
        ("24 November", date(2026, 11, 24)),
        ("Thu 12 Nov", date(2026, 11, 12)),
        ("2020-01-01", date(2020, 1, 1)),
        ("24 Nov 2026", date(2026, 11, 24)),
    ],
)
def test_what_has_passed_is_asked_back(text: str, on: date) -> None:
    assert read(text) == Unclear("past", (on,))


@pytest.mark.parametrize(
    ("text", "at"),
    [("at 9", time(9)), ("10:00", time(10)), ("today 9am", time(9)), ("this wed 9am", time(9))],
)
def test_a_time_that_has_passed_today_is_asked_back_as_a_time(text: str, at: time) -> None:
    assert read(text) == Unclear("past", (TODAY,), at)


@pytest.mark.parametrize(
    "text",
    [
        "",
        ".",
        "soon",
        "12",
        "3",
        "before Friday",
        "2/30",
        "31 Feb",
        "0.0.",
        "friday 25:00",
        "13pm",
        "0am",
        "9999-12-31",
        "end",
    ],
)
def test_what_is_no_date_is_asked_back(text: str) -> None:
    assert read(text) == Unclear("nothing")


def test_of_a_morning_the_hour_is_asked() -> None:
    assert read("tomorrow morning") == Unclear("time", (date(2026, 11, 26),))
    afternoon = datetime(2026, 11, 25, 13, tzinfo=UTC)
    assert read("this morning", now=afternoon) == Unclear("past", (TODAY,), time(12))
    assert read("freitag vormittag", "de-DE") == Unclear("time", (date(2026, 11, 27),))
    assert read("Freitag Nachmittag", "de-DE") == the(11, 27)


def test_who_puts_off_what_is_due_today_means_the_next_such_day() -> None:
    friday = datetime(2026, 11, 27, 9, tzinfo=UTC)
    put_off = {"now": friday, "zone": "Europe/Berlin", "locale": "en-GB", "is_other_day": True}
    assert read_when("friday", **put_off) == the(12, 4)  # type: ignore[arg-type]
    assert read_when("monday", **put_off) == the(11, 30)  # type: ignore[arg-type]
    assert read_when("today", **put_off) == the(11, 27)  # type: ignore[arg-type]


# Commands


@pytest.mark.parametrize(
    ("text", "what", "when"),
    [
        ("call the CFO by next tue 3pm", "call the CFO", the(12, 1, 15)),
        ("call Dana tomorrow", "call Dana", the(11, 26)),
        ("call Dana tonight", "call Dana", the(11, 25)),
        ("call Dana fri", "call Dana", the(11, 27)),
        ("call Dana friday afternoon", "call Dana", the(11, 27)),
        ("call Dana wed afternoon", "call Dana", the(11, 25)),
        ("call Dana tomorrow morning", "call Dana", Unclear("time", (date(2026, 11, 26),))),
        ("call Dana tmrw", "call Dana", the(11, 26)),
        ("call Dana in 3 hours", "call Dana", the(11, 25, NOW.hour + 4, NOW.minute)),
        ("call Dana by COB friday", "call Dana", the(11, 27)),
        ("finish it by end of november", "finish it", the(11, 30)),
        ("call Dana, by Friday!", "call Dana", the(11, 27)),
        ("hand it in by friday", "hand it in", the(11, 27)),
        ("log on in two weeks", "log on", the(12, 9)),
        ("send it at the end of the week", "send it", the(11, 27)),
        ("Send Numbers – 2026-12-03.", "Send Numbers", the(12, 3)),
        ("pay by 12/13", "pay", the(12, 13)),
        ("meet on the 3rd", "meet", the(12, 3)),
        ("meet sat 3pm", "meet", the(11, 28, 15)),
        ("done by 3pm", "done", the(11, 25, 15)),
        ("by Friday", "", the(11, 27)),
        ("report by 2020-01-01", "report", Unclear("past", (date(2020, 1, 1),))),
    ],
)
def test_a_date_at_the_end_of_a_command_is_taken_off(text: str, what: str, when: When | Unclear) -> None:
    assert split(text) == (what, when)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "prepare for march",
        "prepare for Friday",
        "talk to May",
        "stop by May",
        "read 12 pages",
        "read 24/7",
        "upgrade python 3.12",
        "upgrade to 3.12.",
        "enjoy the sun",
        "find where we sat",
        "write the report every Friday",
        "meet on Monday and Friday",
        "finish before next Friday",
        "describe what happened yesterday",
        "celebrate the end of the year",
        "a stand-up each day at 9",
        "plan the 3rd",
        "rest for 2 weeks",
        "travel 3 days at 9",
        "prepare for friday afternoon",
        "celebrate the end of november",
        "sleep in the morning",
    ],
)
def test_words_that_are_no_deadline_stay(text: str) -> None:
    assert split(text) == (text, None)


def test_german_deadlines_are_taken_off_for_germans_only() -> None:
    assert split("Dana anrufen bis Freitag", "de-DE") == ("Dana anrufen", the(11, 27))
    assert split("so mach ich es so", "de-DE") == ("so mach ich es so", None)
    assert split("call Ms Morgen", "en-US") == ("call Ms Morgen", None)


# Any text at all

zones = st.sampled_from(
    ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Apia", "Asia/Beirut"]
)
locales = st.sampled_from(["en-US", "en-GB", "de-DE", "fr-FR", "", "x"])
instants = st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
_PIECES = (
    "by on in at the next this end of day week month year two 3 12 31 . / - : 2026 2027 feb dec may friday"
    " tue tomorrow today yesterday pm 9am noon 15:00 12/3 3.12. 2026-12-03 29 rd a bis am um 0 999 morgen ²"
)
phrases = st.lists(st.sampled_from(_PIECES.split()), max_size=7).map(" ".join)


@given(phrases | st.text(max_size=40), instants, zones, locales)
@settings(max_examples=600, deadline=None)
def test_any_text_is_read_or_asked_back_and_never_lies_in_the_past(
    text: str, now: datetime, zone: str, locale: str
) -> None:
    when = read_when(text, now=now, zone=zone, locale=locale)
    if isinstance(when, When):
        assert when.on >= local_date(now, zone)
        assert when.at is None or to_utc(when.on, when.at, zone) > now
    else:
        assert (when.kind == "nothing") == (not when.candidates)
        assert when.kind != "ambiguous" or len(set(when.candidates)) > 1


@given(st.text(max_size=20), phrases | st.text(max_size=40), instants, zones, locales)
@settings(max_examples=300, deadline=None)
def test_splitting_loses_no_word_that_is_not_of_the_date(
    what: str, phrase: str, now: datetime, zone: str, locale: str
) -> None:
    text = f"{what} {phrase}"
    kept, when = split_command(text, now=now, zone=zone, locale=locale)
    assert text.strip().startswith(kept)
    assert when is not None or kept == text.strip()


@given(st.integers(0, 730), locales)
def test_every_date_of_the_next_two_years_reads_as_itself_in_iso(ahead: int, locale: str) -> None:
    on = TODAY + timedelta(days=ahead)
    assert read(on.isoformat(), locale) == When(on)
    assert split(f"call Dana by {on}", locale) == ("call Dana", When(on))


@given(st.integers(0, 730), st.sampled_from(["en-US", "en-GB"]))
def test_what_we_say_can_be_read_again(ahead: int, locale: str) -> None:
    on = TODAY + timedelta(days=ahead)
    assert read(say_date(on, today=TODAY, locale=locale), locale) == When(on)


# Saying


@pytest.mark.parametrize(
    ("on", "american", "british", "german"),
    [
        (date(2026, 11, 27), "Friday", "Friday", "Freitag"),
        (date(2026, 12, 1), "Tuesday", "Tuesday", "Dienstag"),
        (date(2026, 12, 2), "Wed, Dec 2", "Wed 2 Dec", "Mi., 2. Dezember"),
        (date(2026, 11, 24), "Tue, Nov 24", "Tue 24 Nov", "Di., 24. November"),
        (date(2027, 1, 4), "Mon, Jan 4, 2027", "Mon, 4 Jan 2027", "Mo., 4. Jan. 2027"),
    ],
)
def test_dates_are_said_as_the_locale_writes_them(on: date, american: str, british: str, german: str) -> None:
    assert say_date(on, today=TODAY, locale="en-US") == american
    assert say_date(on, today=TODAY, locale="en-GB") == british
    assert say_date(on, today=TODAY, locale="de-DE") == german


@pytest.mark.parametrize("month", range(1, 13))
def test_a_date_ends_without_a_period_as_sentences_end_with_it(month: int) -> None:
    assert not say_date(date(2026, month, 3), today=date(2026, 12, 28), locale="de-DE").endswith(".")


def test_today_and_tomorrow_are_said_so() -> None:
    assert say_date(TODAY, today=TODAY, locale="en-US") == "today"
    assert say_date(TODAY + timedelta(days=1), today=TODAY, locale="en-US") == "tomorrow"


def test_times_are_said_as_the_locale_writes_them() -> None:
    said = [say_time(time(14, 5), locale=locale) for locale in ("en-US", "en-GB", "de-DE", "tlh-QO")]
    assert said == ["2:05 PM", "14:05", "14:05", "2:05 PM"]


def test_a_moment_is_said_in_the_readers_zone() -> None:
    instant = datetime(2026, 11, 26, 9, tzinfo=UTC)
    assert say_moment(instant, now=NOW, zone="Europe/Berlin", locale="en-GB") == "tomorrow at 10:00"
    assert say_moment(instant, now=NOW, zone="America/New_York", locale="en-US") == "tomorrow at 4:00 AM"
    assert say_moment(instant, now=NOW, zone="Pacific/Kiritimati", locale="en-GB") == "tomorrow at 23:00"
    assert say_moment(NOW, now=NOW, zone="Europe/Berlin", locale="en-GB") == "today at 10:00"


@pytest.mark.parametrize(
    "locale",
    ["es-LA", "zh-CN", "pt-BR", "ja-JP", "", "-", "!!", "xx-YY", "a" * 99, *locale_identifiers()[::20]],
)
def test_every_locale_can_be_said_a_moment(locale: str) -> None:
    for ahead in (0, 3, 30, 400):
        assert say_moment(NOW + timedelta(days=ahead), now=NOW, zone="UTC", locale=locale)
