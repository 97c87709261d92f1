"""docs/coverage.md names tests that exist, and says of the rest why there is none."""

import ast
import re
from functools import cache
from pathlib import Path

TESTS = Path(__file__).resolve().parent
TEXT = (TESTS.parent / "docs" / "coverage.md").read_text()
SHOWN, WITHOUT = TEXT.split("\n## What no test shows\n")
NAMED = sorted(set(re.findall(r"`([^`\s]+\.py)::(\w+)`", TEXT)))
REASONS = ("not yet", "otherwise", "cannot")


@cache
def written_in(file: str) -> set[str]:
    path = TESTS / file
    tree = ast.parse(path.read_text()) if path.exists() else ast.Module([], [])
    return {each.name for each in tree.body if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)}


def rows(text: str) -> list[list[str]]:
    """The cells of each line of each table, without the heads."""
    lines = [line.strip("|").split(" | ") for line in text.splitlines() if line.startswith("| ")]
    return [cells for cells in lines if cells[0].strip() not in ("promise", "section")]


def test_every_test_that_it_names_is_there() -> None:
    assert len(NAMED) > 150
    assert [f"{file}::{name}" for file, name in NAMED if name not in written_in(file)] == []


def test_every_promise_names_a_test_and_every_gap_a_reason() -> None:
    assert len(rows(SHOWN)) > 100
    assert [promise for promise, *shown_by in rows(SHOWN) if ".py::test_" not in " ".join(shown_by)] == []
    assert len(rows(WITHOUT)) > 10
    assert [what for _section, what, why in rows(WITHOUT) if not why.strip().startswith(REASONS)] == []


def test_what_looks_like_a_test_is_one() -> None:
    assert TEXT.count("::") == len(re.findall(r"`[^`\s]+\.py::test_\w+`", TEXT))
