"""What the pictures are made of. Whether they please is for eyes: `make pictures`."""

import random
import struct
import zlib
from datetime import date, timedelta
from itertools import pairwise

import pytest

from bot.core.i18n import in_locale
from bot.core.rendering import png
from bot.features.goals.domain import FocusArea, Scale
from bot.features.progress import drawing
from bot.features.progress.domain import GOALS_SHOWN, WEEKS, Point, Standing, Way, Week
from bot.features.progress.service import Moved
from bot.features.progress.ticket import MOST

FIRST = date(2026, 9, 7)
MONDAYS = [FIRST + timedelta(weeks=each) for each in range(WEEKS)]
REDS = ("red", "#f00", "#e01e5a")


def moved(number: int, scale: Scale = Scale.ONE_TO_TEN) -> Moved:
    dice = random.Random(number)
    points = [Point(week, on, dice.choice(scale.values)) for week, on in enumerate(MONDAYS)]
    return Moved(number, "An aim", Way(scale, scale.values[0], points, scale.values[-2]), FocusArea.TEAM)


def weeks(*counts: tuple[int, int, int, int]) -> list[Week]:
    nothing = (0, 0, 0, 0)
    return [Week(on, counts[each] if each < len(counts) else nothing) for each, on in enumerate(MONDAYS)]


def fullest() -> dict[str, str]:
    return {
        "goals": drawing.goals([moved(each + 1) for each in range(GOALS_SHOWN)], weeks()),
        "areas": drawing.areas([Standing(each, 2, 13, 87) for each in FocusArea]),
        "outcomes": drawing.outcomes(weeks(*[(12, 7, 5, 3)] * WEEKS)),
    }


def inked(svg: str) -> int:
    """How many bytes the picture has before it is compressed that are not white; text that was not drawn leaves fewer."""
    drawn = png(svg)
    data, at = b"", 8
    while at < len(drawn):
        (length,) = struct.unpack(">I", drawn[at : at + 4])
        data += drawn[at + 8 : at + 8 + length] if drawn[at + 4 : at + 8] == b"IDAT" else b""
        at += 12 + length
    return sum(byte not in (0, 255) for byte in zlib.decompress(data))


@pytest.mark.parametrize("name", ["goals", "areas", "outcomes"])
def test_the_fullest_picture_fits_into_an_address_and_is_light(name: str) -> None:
    svg = fullest()[name]
    assert (len(zlib.compress(svg.encode(), 9)) + 40) * 4 / 3 < MOST
    assert len(png(svg)) < 80_000


@pytest.mark.parametrize("name", ["goals", "areas", "outcomes"])
def test_nothing_in_it_is_red(name: str) -> None:
    assert [each for each in REDS if each in fullest()[name].lower()] == []


def test_letters_are_drawn_also_where_no_font_is_installed() -> None:
    assert inked(drawing._svg(60, [drawing._text(10, 40, "Goal 1 −2 ÄÖÜß")])) > inked(drawing._svg(60, []))


def test_what_is_reached_is_not_struck_through_by_the_line_of_what_was_wanted() -> None:
    reached = Way(Scale.LEVELS, -2, [Point(0, MONDAYS[0], 1)], 1)
    drawn = drawing.goals([Moved(1, "An aim", reached, FocusArea.TEAM)], weeks())
    assert (
        drawn.index("stroke-dasharray")
        < drawn.index(f"<g {drawing.CLEAR}><text")
        < drawn.index(">+1</text></g>")
    )


def test_weeks_in_which_nothing_was_answered_are_empty_and_the_rest_keeps_its_place() -> None:
    svg = drawing.outcomes(weeks((1, 0, 0, 0)))
    assert svg.count("<rect") == 1 + 1 + 4  # the page, one column, the legend


def test_each_outcome_differs_by_more_than_colour() -> None:
    assert len(set(drawing.FILLS.values())) == 4
    assert all(first != second for first, second in pairwise(drawing.FILLS.values()))
    svg = drawing.outcomes(weeks((2, 2, 2, 2)))
    assert svg.count(">2</text>") == 4


def test_an_area_without_a_goal_keeps_its_place() -> None:
    svg = drawing.areas([Standing(FocusArea.TEAM, 1, 20, 60)])
    assert "Communication" in svg
    assert "Feedback and" in svg


def test_its_words_are_the_readers() -> None:
    with in_locale("de-DE"):
        assert "Ziel 1" in drawing.goals([moved(1)], weeks())
