"""`python -m tests.simulation [--seed N] [--pairs N] [--weeks N] [--parts N]`: exits with 1 when a promise was broken."""

import argparse
import os
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from multiprocessing import get_context
from random import SystemRandom

from tests.simulation.outcome import Outcome, outcome_of
from tests.simulation.run import Plan

PAIRS_IN_ONE = 50
"""An installation of fewer is not parted any further."""

MOST_SHOWN = 20


def main() -> int:
    usual = Plan(seed=SystemRandom().randrange(10**6))
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seed", type=int, default=usual.seed)
    parser.add_argument("--pairs", type=int, default=usual.pairs)
    parser.add_argument("--weeks", type=int, default=usual.weeks)
    parser.add_argument("--parts", type=int, default=None, help="installations that share the pairs")
    chosen = parser.parse_args()
    plans = _parted(Plan(seed=chosen.seed, pairs=chosen.pairs, weeks=chosen.weeks), chosen.parts)
    print(
        f"seed {chosen.seed}: {chosen.pairs} pairs in {len(plans)} installations, {chosen.weeks} weeks",
        flush=True,
    )
    started = time.perf_counter()
    with get_context("spawn").Pool(min(len(plans), os.cpu_count() or 1)) as pool:
        outcomes = list(pool.imap_unordered(outcome_of, plans))
    _show(outcomes)
    print(f"took {time.perf_counter() - started:.0f} s")
    found = sum(len(outcome.violations) for outcome in outcomes)
    if found:
        print(f"{found} VIOLATIONS. Once more: python -m tests.simulation {_arguments(chosen, len(plans))}")
        return 1
    print(f"seed {chosen.seed}: every promise was kept")
    return 0


def _parted(plan: Plan, parts: int | None) -> list[Plan]:
    """As many installations as keep the processors busy, each with people, troubles and a seed of its own."""
    number = parts or max(1, min(plan.pairs // PAIRS_IN_ONE, 2 * (os.cpu_count() or 1)))
    sizes = [plan.pairs // number + (part < plan.pairs % number) for part in range(number)]
    return [replace(plan, seed=plan.seed + part, pairs=size) for part, size in enumerate(sizes)]


def _show(outcomes: Sequence[Outcome]) -> None:
    for title in outcomes[0].tables:
        counts = sum((outcome.tables[title] for outcome in outcomes), Counter[str]())
        print(f"{title}:")
        for name, number in counts.most_common():
            print(f"  {number:9,}  {name}")
    for violation in [each for outcome in outcomes for each in outcome.violations][:MOST_SHOWN]:
        print("VIOLATION", violation)


def _arguments(chosen: argparse.Namespace, parts: int) -> str:
    return f"--seed {chosen.seed} --pairs {chosen.pairs} --weeks {chosen.weeks} --parts {parts}"


if __name__ == "__main__":
    if os.environ.get("PYTHONHASHSEED") != "0":  # sets have the same order each time, so a seed tells all
        os.execve(
            sys.executable,
            [sys.executable, "-m", "tests.simulation", *sys.argv[1:]],
            {**os.environ, "PYTHONHASHSEED": "0"},
        )
    sys.exit(main())
