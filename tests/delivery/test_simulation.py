"""A few pairs over the weeks in which clocks change; `make simulate` runs many over years."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
AUTUMN = ["--pairs", "12", "--weeks", "8"]
"""From the end of September: clocks change in London, New York, Cairo, Casablanca, on Lord Howe and in Troll."""


def test_every_promise_is_kept_while_clocks_change() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "tests.simulation", "--seed", "2026", *AUTUMN],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "seed 2026: every promise was kept" in ran.stdout
    looked_at = re.search(r"([\d,]+)  none twice", ran.stdout)
    assert looked_at is not None
    assert int(looked_at[1].replace(",", "")) > 100
