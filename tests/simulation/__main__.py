"""`python -m tests.simulation [--seed N] [--pairs N] [--weeks N]`: exits with 1 when a promise was broken."""

import argparse
import os
import sys
import time
from collections import Counter
from random import SystemRandom

from tests.simulation.run import Plan, Report, simulate

MOST_SHOWN = 20


def main() -> int:
    usual = Plan(seed=SystemRandom().randrange(10**6))
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seed", type=int, default=usual.seed)
    parser.add_argument("--pairs", type=int, default=usual.pairs)
    parser.add_argument("--weeks", type=int, default=usual.weeks)
    chosen = parser.parse_args()
    plan = Plan(seed=chosen.seed, pairs=chosen.pairs, weeks=chosen.weeks)
    print(f"seed {plan.seed}: {plan.pairs} pairs, {plan.weeks} weeks", flush=True)
    started = time.perf_counter()
    report = simulate(plan, lambda line: print(line, flush=True))
    _show(report)
    print(f"took {time.perf_counter() - started:.0f} s")
    if report.findings.violations:
        again = f"python -m tests.simulation --seed {plan.seed} --pairs {plan.pairs} --weeks {plan.weeks}"
        print(f"{len(report.findings.violations)} VIOLATIONS. Once more: {again}")
        return 1
    print(f"seed {plan.seed}: every promise was kept")
    return 0


def _show(report: Report) -> None:
    world = report.world
    _table("what people did", report.life.done)
    _table("what the rules refused them", world.said_no)
    _table("what Slack did", world.slack.done)
    states = Counter(f"{row.state}: {row.reason or ''}".rstrip(": ") for row in world.evidence.rows)
    _table("what became of the messages", states)
    _table("checked", report.findings.looked_at)
    print(f"{report.ticks} ticks, {world.crashes} crashes, {world.outages_of_database} times no database")
    for violation in report.findings.violations[:MOST_SHOWN]:
        print("VIOLATION", violation)


def _table(title: str, counts: dict[str, int] | Counter[str]) -> None:
    print(f"{title}:")
    for name, number in sorted(counts.items(), key=lambda each: -each[1]):
        print(f"  {number:9,}  {name}")


if __name__ == "__main__":
    if os.environ.get("PYTHONHASHSEED") != "0":  # sets have the same order each time, so a seed tells all
        os.execve(
            sys.executable,
            [sys.executable, "-m", "tests.simulation", *sys.argv[1:]],
            {**os.environ, "PYTHONHASHSEED": "0"},
        )
    sys.exit(main())
