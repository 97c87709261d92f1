"""The three pictures, as SVG: numbers, weeks and words of ours, and nothing that anybody wrote.

They are 600 units wide and at most 400 high, which a phone shows at 60 %: letters are 20 units and more. Nothing is told by colour
alone, and nothing is red.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from bot.core.i18n import gettext as _
from bot.core.rendering import FONT
from bot.features.commitments.domain import Outcome
from bot.features.commitments.phrases import outcome_label
from bot.features.goals.domain import FocusArea, Scale, say_area
from bot.features.goals.views import say_level
from bot.features.progress.domain import WEEKS, Standing, Way, Week
from bot.features.progress.service import Moved, Progress
from bot.features.progress.views import say_week

WIDTH = 600
INK, SOFT, LINE, PALE = "#1d1c1d", "#5c5f66", "#1f5f8b", "#d5d9df"


def pictures(shown: Progress) -> dict[str, str]:
    """By name; those of which there is nothing to draw are left out."""
    drawn = {}
    if shown.has_moved:
        drawn["goals"] = goals(shown.goals, shown.weeks)
    if shown.areas:
        drawn["areas"] = areas(shown.areas)
    if shown.has_outcomes:
        drawn["outcomes"] = outcomes(shown.weeks)
    return drawn


CLEAR = 'stroke="#fff" stroke-width="7" stroke-linejoin="round" paint-order="stroke"'
"""Around a number that would stand on the line of what is wanted."""


# --- goals: a small curve each ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Box:
    """Where a curve goes: its left, its top, how wide and how high."""

    x: float
    y: float
    width: float
    height: float

    def at(self, week: float, share: float) -> tuple[int, int]:
        across = (week + 1) / WEEKS  # the first place is for where it stood before
        return round(self.x + across * self.width), round(self.y + (1 - share) * self.height)


def goals(shown: Sequence[Moved], weeks: Sequence[Week]) -> str:
    columns = 1 if len(shown) <= 2 else 2
    rows = -(-len(shown) // columns)
    width, height = WIDTH / columns, {1: 170, 2: 150, 3: 118}[rows]
    parts = []
    for index, each in enumerate(shown):
        left, top = index % columns * width, index // columns * height
        parts.append(_text(left + 14, top + 24, _("Goal {number}").format(number=each.number)))
        parts += _curve(each.way, _Box(left + 44, top + 43, width - 96, height - 57))
    foot = rows * height + 28
    dates = f"{say_week(weeks[0].monday)} – {say_week(weeks[-1].monday)}"
    parts.append(_text(14, foot, dates, fill=SOFT))
    if any(each.way.start is not None for each in shown):
        parts += [
            _dots([(WIDTH - 310, foot - 7)], "#fff"),
            _text(WIDTH - 294, foot, _("at first"), fill=SOFT),
        ]
    if any(each.way.wanted is not None for each in shown):
        parts.append(_dashes(WIDTH - 170, foot - 7, WIDTH - 120))
        parts.append(_text(WIDTH - 108, foot, _("wanted"), fill=SOFT))
    return _svg(foot + 14, parts)


def _curve(way: Way, box: _Box) -> list[str]:
    lowest, highest = way.scale.values[0], way.scale.values[-1]
    right = round(box.x + box.width)
    parts = [
        f'<path d="M{box.x:.0f} {box.at(0, share)[1]}H{right}" stroke="{PALE}" stroke-width="2"/>'
        for share in (0, 1)
    ]
    parts += [
        _text(
            box.x - 8, box.at(0, way.share(value))[1] + 7, _value(way.scale, value), fill=SOFT, anchor="end"
        )
        for value in (lowest, highest)
    ]
    if way.wanted is not None:
        parts.append(_dashes(round(box.x), box.at(0, way.share(way.wanted))[1], right))
    places = [box.at(each.week, way.share(each.value)) for each in way.points]
    before = [box.at(way.begins, way.share(way.start))] if way.start is not None else []
    track = " ".join(f"{x},{y}" for x, y in before + places)
    parts.append(f'<polyline points="{track}" fill="none" stroke="{LINE}" stroke-width="3"/>')
    if places:
        parts.append(_dots(places, LINE))
    if before:
        parts.append(_dots(before, "#fff"))
    return [*parts, *_last(way, (before + places)[-1:])]


def _last(way: Way, place: Sequence[tuple[int, int]]) -> list[str]:
    if way.latest is None:
        return []
    said = [_text(x + 12, y + 7, _value(way.scale, way.latest)) for x, y in place]
    return [f"<g {CLEAR}>{each}</g>" for each in said]


def _value(scale: Scale, value: int) -> str:
    return say_level(value) if scale is Scale.LEVELS else str(value)


def _dots(places: Sequence[tuple[int, int]], fill: str) -> str:
    """One path for all: an address has room for little."""
    rings = "".join(f"M{x - 6} {y}a6 6 0 1 0 12 0a6 6 0 1 0-12 0" for x, y in places)
    return f'<path d="{rings}" fill="{fill}" stroke="{LINE}" stroke-width="3"/>'


def _dashes(left: int, y: int, right: int) -> str:
    return f'<path d="M{left} {y}H{right}" stroke="{SOFT}" stroke-width="2" stroke-dasharray="7 6"/>'


# --- focus areas: from where to where -----------------------------------------------------------------------

TRACK = (284, 560)
ROW = 48
LABEL_LETTERS = 23


def areas(standings: Sequence[Standing]) -> str:
    """All seven, so that the place of each is the same every time; an area without a rated goal is an empty line."""
    found = {each.area: each for each in standings}
    parts = []
    for row, area in enumerate(FocusArea):
        middle = row * ROW + 32
        parts += _label(say_area(area), middle, INK if area in found else SOFT)
        parts.append(f'<path d="M{TRACK[0]} {middle}H{TRACK[1]}" stroke="{PALE}" stroke-width="4"/>')
        parts += _from_to(found[area], middle) if area in found else []
    foot = len(FocusArea) * ROW + 34
    parts.append(_dots([(TRACK[0], foot - 7)], "#fff"))
    parts.append(_text(TRACK[0] + 16, foot, _("at first"), fill=SOFT))
    parts.append(_dots([(TRACK[0] + 150, foot - 7)], LINE))
    parts.append(_text(TRACK[0] + 166, foot, _("now"), fill=SOFT))
    return _svg(foot + 14, parts)


def _label(text: str, middle: int, fill: str) -> list[str]:
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if len(longer) <= LABEL_LETTERS or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    top = middle + 7 - 11 * (len(lines) - 1)
    return [_text(14, top + 22 * each, line, fill=fill) for each, line in enumerate(lines)]


def _from_to(standing: Standing, middle: int) -> list[str]:
    first, latest = (_along(each) for each in (standing.first, standing.latest))
    way = f'<path d="M{first} {middle}H{latest}" stroke="{LINE}" stroke-width="5"/>'
    return [way, _dots([(first, middle)], "#fff"), _dots([(latest, middle)], LINE)]


def _along(percent: int) -> int:
    return round(TRACK[0] + percent / 100 * (TRACK[1] - TRACK[0]))


# --- commitments: a column for each week --------------------------------------------------------------------

FILLS = {
    Outcome.KEPT: LINE,
    Outcome.PARTLY: "url(#h)",
    Outcome.NOT_KEPT: "#fff",
    Outcome.NO_LONGER_RIGHT: PALE,
}
NUMBERS = {Outcome.KEPT: "#fff"}
HALO = 'stroke="#cfe3f1" stroke-width="7" stroke-linejoin="round" paint-order="stroke"'
"""Around a number that stands on lines."""
COLUMN = 47
TOP = 18
HIGHEST = 200
SEGMENT = 44
HATCH = (
    '<defs><pattern id="h" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    f'<path d="M0 0H8V8H0z" fill="#cfe3f1"/><path d="M0 0V8" stroke="{LINE}" stroke-width="3"/></pattern></defs>'
)


def outcomes(weeks: Sequence[Week]) -> str:
    """Of weeks in which at least one was answered."""
    most = max(each.total for each in weeks)
    unit = min(SEGMENT, HIGHEST / most)
    base = round(TOP + most * unit)
    parts = [HATCH, f'<path d="M14 {base}H586" stroke="{SOFT}" stroke-width="2"/>']
    for index, week in enumerate(weeks):
        left = 18 + index * COLUMN
        parts += _column(week, left, base, unit)
        if index % 4 == 0 or index == len(weeks) - 1:
            is_last = index == len(weeks) - 1
            x, anchor = (586, "end") if is_last else (left, "start")
            parts.append(_text(x, base + 28, say_week(week.monday), fill=SOFT, anchor=anchor))
    return _svg(base + 112, [*parts, *_legend(base + 68)])


def _column(week: Week, left: int, base: int, unit: float) -> list[str]:
    parts, bottom = [], float(base)
    for outcome, count in zip(Outcome, week.counts, strict=True):
        if count:
            top = bottom - count * unit
            parts.append(_block(outcome, left, top, COLUMN - 9, bottom - top))
            if bottom - top >= 22:
                middle, fill = (top + bottom) / 2 + 7, NUMBERS.get(outcome, INK)
                number = _text(left + (COLUMN - 9) / 2, middle, str(count), fill=fill, anchor="middle")
                parts.append(f"<g {HALO}>{number}</g>" if outcome is Outcome.PARTLY else number)
            bottom = top
    return parts


def _block(outcome: Outcome, left: float, top: float, width: float, height: float) -> str:
    return (
        f'<rect x="{left:.0f}" y="{top:.0f}" width="{width:.0f}" height="{height:.0f}" fill="{FILLS[outcome]}" '
        f'stroke="{LINE}" stroke-width="2"/>'
    )


def _legend(top: int) -> list[str]:
    parts = []
    for index, outcome in enumerate(Outcome):
        left, y = 14 + index % 2 * 290, top + index // 2 * 32
        parts.append(_block(outcome, left, y - 17, 20, 20))
        parts.append(_text(left + 32, y, outcome_label(outcome), fill=SOFT))
    return parts


# --- SVG ------------------------------------------------------------------------------------------------------


def _text(x: float, y: float, text: str, *, fill: str = INK, anchor: str = "start") -> str:
    return f'<text x="{x:.0f}" y="{y:.0f}" fill="{fill}" text-anchor="{anchor}">{escape(text)}</text>'


def _svg(height: float, parts: Sequence[str]) -> str:
    size = f'width="{WIDTH}" height="{height:.0f}"'
    page = f'<rect {size} rx="10" fill="#fff"/>'
    style = f'font-family="{FONT}" font-size="20"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} {style}>{page}{"".join(parts)}</svg>'
