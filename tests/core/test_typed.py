"""Whatever a person types is shown as typed, stays in its place, and is never cut inside of a character."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.core.slack import blocks as b
from bot.core.slack.forms import Form
from bot.core.typed import ELLIPSIS, clip, inline, own, units

CONTROLS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"
MARKUP = (
    "<!channel>",
    "<@U0DANA>",
    "<http://evil|http://good>",
    "*b*",
    "`c`",
    "> q",
    ":tada:",
    "&lt;",
    "http://a.b",
)
PIECES = st.sampled_from(
    ("a", " ", "\n", "א", "ب", "1", "👩‍👩‍👧", "🇩🇪", "👍🏽", "e\u0301", *CONTROLS, *MARKUP)
)
HOSTILE = st.one_of(st.text(), st.lists(PIECES, max_size=60).map("".join)).filter(
    lambda text: text.strip() != ""
)
MARKS = "\u2068\u2069"


def bare(text: str) -> str:
    return "".join(each for each in text if each not in MARKS)


def depth_is_kept(line: str) -> bool:
    """Every isolate that is opened is closed in this line, and none is closed that was not opened in it."""
    depth = 0
    for each in line:
        depth += (unicodedata.bidirectional(each) in {"LRI", "RLI", "FSI"}) - (each == "\u2069")
        if depth < 0:
            return False
    return depth == 0


@given(HOSTILE)
def test_words_are_shown_character_by_character_as_typed(text: str) -> None:
    shown = b.words(text).to_dict()["text"]
    assert (shown["type"], shown["emoji"]) == ("plain_text", False)
    assert bare(shown["text"]) == bare(text)


@given(HOSTILE)
@example("\u2069\u202eevil")
@example("שלום")
def test_no_direction_reaches_beyond_the_words(text: str) -> None:
    line = f"Kept: {inline(text)} – Friday"
    assert depth_is_kept(line)
    inside = line.removeprefix("Kept: ").removesuffix(" – Friday")
    if any(unicodedata.bidirectional(each) in {"R", "AL", "RLO", "RLE", "LRO", "LRE"} for each in text):
        assert (inside[0], inside[-1]) == ("\u2068", "\u2069")


@given(HOSTILE)
def test_words_in_a_line_of_ours_begin_no_line_of_their_own(text: str) -> None:
    assert len(inline(text).splitlines()) <= 1


@given(HOSTILE, st.integers(24, 75))
def test_whatever_is_cut_fits_however_slack_counts(text: str, limit: int) -> None:
    assert units(own(text, limit)) <= limit
    assert len(clip(text, limit).encode("utf-16-le")) // 2 <= limit


@pytest.mark.parametrize("character", ["👩‍👩‍👧", "🇩🇪", "👍🏽", "e\u0301", "❤️", "🏴󠁧󠁢󠁳󠁣󠁴󠁿"])
def test_a_cut_falls_between_characters_as_people_see_them(character: str) -> None:
    for limit in range(units(character) + 1, 60):
        kept = clip(character * 30, limit).removesuffix(ELLIPSIS)
        assert kept == character * (len(kept) // len(character))


def test_as_many_emoji_as_a_field_takes_are_all_shown() -> None:
    emoji = "🎉" * b.INPUT_LIMIT
    assert b.words(emoji).to_dict()["text"]["text"] == emoji


def test_three_thousand_emoji_are_cut_to_what_slack_shows() -> None:
    shown = b.words("🎉" * 3000).to_dict()["text"]["text"]
    assert units(shown) <= b.SECTION_LIMIT
    assert set(shown) == {"🎉", ELLIPSIS}


@given(HOSTILE)
def test_a_form_to_edit_holds_exactly_what_was_typed(text: str) -> None:
    assert b.text_input(initial=text).to_dict()["initial_value"] == text


@given(HOSTILE)
def test_options_and_labels_and_quiet_lines_show_words_as_typed_too(text: str) -> None:
    short = text[:20]
    given_ = b.field("f", short or "x", b.text_input()).to_dict()["label"]
    for shown in (
        given_,
        b.option(short or "x", "v").to_dict()["text"],
        *b.quiet_words(short or "x").to_dict()["elements"],
    ):
        assert (shown["type"], shown["emoji"]) == ("plain_text", False)
        if units(short) < 20:
            assert bare(shown["text"]) == bare(short or "x")


def test_half_a_character_is_read_as_a_mark_that_something_is_missing() -> None:
    form = Form({"what": {"what": {"value": "half \ud83d"}}})
    assert form.text("what") == "half \ufffd"
