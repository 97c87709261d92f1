"""`make bench`: every measurement, as one table of ratios; `--write` puts it into docs/performance.md.

`--only NAME` runs one of: draining pacing ticking engines edge memory starting drawing; written, its lines take the place of
their like, and the others stay. `--small` uses smaller tables, to try the measurements out.
"""

import argparse
import os
import platform
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tests.bench import draining, edge, engines, pacing, starting, ticking
from tests.bench.databases import database, new_postgres, server
from tests.bench.edgescene import scene
from tests.bench.slackstub import slack

REPEATS = 5
KINDS = ("sqlite", "postgresql")
TARGET = Path(__file__).resolve().parents[2] / "docs" / "performance.md"
BEGIN, END = "<!-- measured -->", "<!-- /measured -->"


@dataclass(frozen=True)
class Line:
    """One row of the table; `holds` is whether the ratio keeps to its bound."""

    what: str
    figures: str
    ratio: float
    bound: str
    holds: bool

    def __str__(self) -> str:
        return f"| {self.what} | {self.figures} | {self.ratio:.2f} | {self.bound} | {'yes' if self.holds else '**no**'} |"


def at_most(what: str, figures: str, ratio: float, bound: float) -> Line:
    return Line(what, figures, ratio, f"≤ {bound:g}", ratio <= bound)


def at_least(what: str, figures: str, ratio: float, bound: float) -> Line:
    return Line(what, figures, ratio, f"≥ {bound:g}", ratio >= bound)


def measure_draining(address: str, small: bool) -> Iterator[Line]:
    with slack() as url:
        for kind in KINDS:
            with database(kind, address) as found:
                bare, ours = draining.alternately(
                    REPEATS, lambda: draining.bare(url), lambda db=found: draining.outbox(url, db)
                )
            ratio = median(ours) / median(bare)
            figures = f"{median(ours):.0f} against {median(bare):.0f} messages/s"
            yield at_least(
                f"draining the outbox over HTTP, {kind}, to a bare AsyncWebClient loop", figures, ratio, 0.8
            )


def measure_pacing(address: str, small: bool) -> Iterator[Line]:
    with database("sqlite", address) as found:
        took = pacing.seconds(found, 1, 1000)
    yield at_most(
        "1,000 messages to one workspace, to what the pace dictates",
        f"{took:.0f} s of 1000 s (virtual)",
        took / 1000,
        1.02,
    )
    with database("sqlite", address) as found:
        one, many = pacing.seconds(found, 1, 50), pacing.seconds(found, 200, 50)
    yield at_most(
        "200 workspaces at once, to one (50 messages each)",
        f"{many:.0f} s against {one:.0f} s (virtual)",
        many / one,
        1.0,
    )


def measure_ticking(address: str, small: bool) -> Iterator[Line]:
    most = 50_000 if small else 1_000_000
    for kind in KINDS:
        with database(kind, address) as few, database(kind, address) as many:
            little, much = ticking.Filled(few, 1000), ticking.Filled(many, most)
            pairs = [(much.idle_seconds(), little.idle_seconds()) for _ in range(REPEATS)]
            yield _idle(kind, most, pairs)
            yield _linear(kind, little)
        with database(kind, address) as few, database(kind, address) as many:
            clean = median(ticking.claim_seconds(few, 0) for _ in range(REPEATS))
            ticking.claim_seconds(many, most, 10)
            full = median(ticking.claim_seconds(many, 0) for _ in range(REPEATS))
        figures = f"{1000 / full:.0f} against {1000 / clean:.0f} rows/s"
        yield at_most(
            f"claiming in tens with {most:,} finished rows, to with none, {kind}", figures, full / clean, 1.5
        )


def _idle(kind: str, most: int, pairs: Sequence[tuple[float, float]]) -> Line:
    much, little = median(pair[0] for pair in pairs), median(pair[1] for pair in pairs)
    figures = f"{much * 1000:.2f} against {little * 1000:.2f} ms"
    return at_most(
        f"a tick with nothing due, {most:,} commitments to 1,000, {kind}", figures, much / little, 1.5
    )


def _linear(kind: str, filled: ticking.Filled) -> Line:
    """Four times as much due takes four times as long."""
    runs = [(filled.busy_seconds(250), filled.busy_seconds(1000)) for _ in range(REPEATS)]
    small, large = median(run[0] for run in runs), median(run[1] for run in runs)
    figures = f"{large:.2f} s for 1,000 against {small:.2f} s for 250"
    return at_most(
        f"a tick with 1,000 due, to four times one with 250, {kind}", figures, large / small / 4, 1.25
    )


def measure_engines(address: str, small: bool) -> Iterator[Line]:
    with database("postgresql", address) as found:
        url = new_postgres(address)
        ours, theirs = draining.alternately(
            REPEATS, lambda: engines.outbox(found), lambda: engines.procrastinate_jobs(url)
        )
    figures = f"{median(ours):.0f} rows/s against {median(theirs):.0f} jobs/s"
    yield at_least(
        "claim, commit “sending”, finish with a no-op sender, to procrastinate's no-op jobs",
        figures,
        median(ours) / median(theirs),
        3.0,
    )


def measure_edge(address: str, small: bool) -> Iterator[Line]:
    number = 50 if small else 500
    for kind in KINDS:
        with slack() as url, database(kind, address) as found:
            place = edge.Place(scene(found), url)
            for each in edge.request_costs(place, min(200, number), REPEATS):
                yield _cost(kind, each)
            yield _slowest(kind, edge.slowest(place, 8 * number, REPEATS))
    with slack() as url, database("sqlite", address) as found:
        place = edge.Place(scene(found), url)
        every, one = edge.feature_costs(place, number, REPEATS)
        yield at_most(
            "a button with all features, to one feature", _milliseconds(every, one), every / one, 1.1
        )
        ours, bare = edge.refusal_costs(place, 10 * number, REPEATS)
        what = "refusing an unsigned request, to a handler that only verifies"
        yield at_most(what, _milliseconds(ours, bare), ours / bare, 2.0)


def _milliseconds(one: float, other: float) -> str:
    return f"{one:.2f} against {other:.2f} ms"


def _cost(kind: str, costs: edge.Costs) -> Line:
    return at_most(
        f"CPU for {costs.what}, {kind}, to a minimal Bolt app with as many statements and calls to Slack",
        f"{_milliseconds(costs.ours, costs.floor)} ({costs.work.statements} statements, {costs.work.calls} calls;"
        f" {costs.without_calls:.2f} without the calls, {costs.on_the_driver:.2f} without SQLAlchemy too)",
        costs.ours / costs.floor,
        1.0,
    )


def _slowest(kind: str, found: Sequence[float]) -> Line:
    ours, floor = found
    what = f"p99 of {edge.AT_ONCE} requests at once while the outbox is drained, {kind}, to the minimal app's"
    return at_most(what, _milliseconds(ours, floor), ours / floor, 2.0)


def measure_memory(address: str, small: bool) -> Iterator[Line]:
    number = 2000 if small else 100_000
    with slack() as url, database("sqlite", address) as found:
        first, last, floor = edge.memory(edge.Place(scene(found), url), number)
    what = f"memory after {number:,} requests and deliveries"
    yield at_most(
        f"{what}, to a minimal app's with the same imports",
        f"{last:.0f} against {floor:.0f} MiB",
        last / floor,
        1.5,
    )
    yield at_most(
        f"{what}, to after a tenth of them", f"{last:.0f} against {first:.0f} MiB", last / first, 1.1
    )


def measure_starting(address: str, small: bool) -> Iterator[Line]:
    with slack() as url, database("sqlite", address) as found:
        ready, bare = starting.seconds(found, url, REPEATS)
    figures = f"{ready:.2f} against {bare:.2f} s"
    yield at_most("ready to answer, to importing the libraries alone", figures, ready / bare, 1.5)


def measure_drawing(address: str, small: bool) -> Iterator[Line]:
    for kind in KINDS:
        with database(kind, address) as few, database(kind, address) as many:
            little, much = scene(few, 10, 10), scene(many, 500, 5 * 52)
            for what, more, less in edge.drawing_costs(little, much, REPEATS):
                figures = _milliseconds(more, less)
                about = f"{what} with 500 commitments and 5 years of check-ins, to 10 and 10 weeks, {kind}"
                yield at_most(f"drawing {about}", figures, more / less, 2.0)


MEASUREMENTS: dict[str, Callable[[str, bool], Iterator[Line]]] = {
    "draining": measure_draining,
    "pacing": measure_pacing,
    "ticking": measure_ticking,
    "engines": measure_engines,
    "edge": measure_edge,
    "memory": measure_memory,
    "starting": measure_starting,
    "drawing": measure_drawing,
}


def machine() -> str:
    model = next(
        (
            line.split(":", 1)[1].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.processor(),
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} cores ({model}), {memory:.0f} GiB, {platform.system()}, Python {platform.python_version()}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=MEASUREMENTS, action="append")
    parser.add_argument("--small", action="store_true")
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    header = ["| measured | figures | ratio | bound | holds |", "|---|---|---|---|---|"]
    print("\n".join(header), flush=True)
    lines: list[Line] = []
    with server() as address:
        for name in asked.only or MEASUREMENTS:
            for line in MEASUREMENTS[name](address, asked.small):
                print(line, flush=True)
                lines.append(line)
    print(f"\nMedians of {REPEATS}, in turn. {machine()}.")
    if asked.write:
        write(
            f"Medians of {REPEATS} runs, in turn, on {machine()}.",
            header,
            lines,
            keeps_others=bool(asked.only),
        )
    return 0 if all(line.holds for line in lines) else 1


def write(about: str, header: Sequence[str], lines: Sequence[Line], *, keeps_others: bool) -> None:
    """In the order that they had; new ones follow."""
    before, rest = TARGET.read_text().split(BEGIN)
    table, after = rest.split(END)
    rows = (
        {each.split(" | ")[0]: each for each in table.splitlines() if each.startswith("| ")}
        if keeps_others
        else {}
    )
    rows |= {text.split(" | ")[0]: text for text in map(str, lines)}
    rows.pop(header[0].split(" | ")[0], None)
    TARGET.write_text("\n".join([before + BEGIN, about, "", *header, *rows.values(), END + after]))


if __name__ == "__main__":
    sys.exit(main())
