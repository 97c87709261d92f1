"""How goals moved and what became of commitments, week by week, over the last twelve weeks; and what is only counted. Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from bot.core.localtime import local_date, to_utc
from bot.features.commitments.domain import Outcome
from bot.features.goals.domain import FocusArea, Measure, Rating, Scale
from bot.features.sessions.domain import WRAP_UP_WITHIN

WEEKS = 12
GOALS_SHOWN = 6
"""More lines than that are no picture any more."""
GOALS_COUNTED = 40
"""So many, open or lately closed, are in the averages by focus area; nobody works on more."""
FEWEST = 5
"""People of whom anybody but the two of a pair is told how much they did, taken together."""


@dataclass(frozen=True, slots=True)
class Span:
    """Twelve weeks from a Monday on; the last one is the week that now is in, in this zone."""

    first_on: date
    zone: str

    @classmethod
    def until(cls, now: datetime, zone: str) -> "Span":
        today = local_date(now, zone)
        return cls(today - timedelta(days=today.weekday(), weeks=WEEKS - 1), zone)

    @property
    def begins_at(self) -> datetime:
        return to_utc(self.first_on, time(0), self.zone)

    @property
    def mondays(self) -> Sequence[date]:
        return [self.first_on + timedelta(weeks=each) for each in range(WEEKS)]

    def week_of(self, on: date) -> int:
        """0 is the first week; below it is what lies before."""
        return (on - self.first_on).days // 7


# --- goals ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Point:
    week: int
    on: date
    value: int


@dataclass(frozen=True, slots=True)
class Way:
    """Where one goal stood. `start`: when the weeks began, or when the goal was set; None where nobody said.

    `begins`: the week in which it is drawn; −1 is before the first.
    """

    scale: Scale
    start: int | None
    points: Sequence[Point]
    wanted: int | None
    begins: int = -1

    @property
    def first(self) -> int | None:
        return self.points[0].value if self.start is None and self.points else self.start

    @property
    def latest(self) -> int | None:
        return self.points[-1].value if self.points else self.start

    def share(self, value: int) -> float:
        """Where this lies between the lowest (0) and the highest (1) of its scale."""
        lowest, highest = self.scale.values[0], self.scale.values[-1]
        return (value - lowest) / (highest - lowest)


def way_of(measure: Measure, ratings: Sequence[Rating], span: Span) -> Way:
    """`ratings`: the oldest first. A week is its owner's, whoever looks."""
    weeks = [span.week_of(_monday(each.week)) for each in ratings]
    before = [each.value for each, week in zip(ratings, weeks, strict=True) if week < 0]
    points = [
        Point(min(week, WEEKS - 1), local_date(each.rated_at, span.zone), each.value)
        for each, week in zip(ratings, weeks, strict=True)
        if week >= 0
    ]
    if before:
        return Way(measure.scale, before[-1], points, measure.target)
    begins = points[0].week - 1 if points else -1  # it was set some time before it was first rated
    return Way(measure.scale, measure.baseline, points, measure.target, begins)


def _monday(week: str) -> date:
    return date.fromisocalendar(int(week[:4]), int(week[-2:]), 1)


# --- focus areas ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Standing:
    """The goals of one focus area on average, each from 0, the lowest of its scale, to 100."""

    area: FocusArea
    goals: int
    first: int
    latest: int


def by_area(ways: Iterable[tuple[FocusArea | None, Way]]) -> Sequence[Standing]:
    """Of the areas in which a goal was rated, in their order."""
    found = list(ways)
    standings = (_standing(area, [way for each, way in found if each is area]) for area in FocusArea)
    return [each for each in standings if each is not None]


def _standing(area: FocusArea, ways: Sequence[Way]) -> Standing | None:
    ends = [
        (way.share(way.first), way.share(way.latest))
        for way in ways
        if way.first is not None and way.latest is not None
    ]
    if not ends:
        return None
    first, latest = (round(100 * sum(each) / len(ends)) for each in zip(*ends, strict=True))
    return Standing(area, len(ends), first, latest)


# --- commitments ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Week:
    """How many commitments were answered in it, by outcome."""

    monday: date
    counts: tuple[int, ...]
    """In the order of Outcome."""

    @property
    def total(self) -> int:
        return sum(self.counts)


def by_week(answered: Iterable[tuple[Outcome, datetime]], span: Span) -> Sequence[Week]:
    """All twelve; the week is the one in which it was answered."""
    counts = [[0] * len(Outcome) for _week in range(WEEKS)]
    for outcome, at in answered:
        week = span.week_of(local_date(at, span.zone))
        if 0 <= week < WEEKS:
            counts[week][list(Outcome).index(outcome)] += 1
    return [Week(on, tuple(each)) for on, each in zip(span.mondays, counts, strict=True)]


# --- counts ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Counts:
    """Sessions held, and check-ins answered of those asked: of one pair, or of a group. Skipped and paused weeks are not asked."""

    sessions: int = 0
    answered: int = 0
    asked: int = 0


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """Of the calendar, in UTC. There are no other spans: two that overlap would tell of what lies in one of them only."""

    year: int
    number: int

    @classmethod
    def named(cls, text: str) -> "Quarter | None":
        """Such as 2026-Q3."""
        found = re.fullmatch(r"(20\d\d)-[Qq]([1-4])", text.strip())
        return cls(int(found[1]), int(found[2])) if found else None

    @classmethod
    def latest(cls, now: datetime) -> "Quarter":
        """The last one that is settled."""
        at = now - WRAP_UP_WITHIN
        return cls(at.year, (at.month + 2) // 3).before

    @property
    def before(self) -> "Quarter":
        return Quarter(self.year, self.number - 1) if self.number > 1 else Quarter(self.year - 1, 4)

    @property
    def begins_at(self) -> datetime:
        return datetime(self.year, 3 * self.number - 2, 1, tzinfo=UTC)

    @property
    def ends_at(self) -> datetime:
        after = Quarter(self.year + self.number // 4, self.number % 4 + 1)
        return after.begins_at

    @property
    def settled_at(self) -> datetime:
        """From then on growbot asks nothing more about it: until then, wrap-ups and check-ins of its last days still come."""
        return self.ends_at + WRAP_UP_WITHIN

    def __str__(self) -> str:
        return f"{self.year}-Q{self.number}"
