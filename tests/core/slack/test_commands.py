"""Which command a line means, and which one it may have meant."""

import pytest

from bot.core.slack.commands import did_you_mean, split
from bot.registry import FEATURES, routes_of


@pytest.mark.parametrize(
    "line", ["commit call Ana", " COMMIT  call Ana ", "commit\ncall Ana", "commit\tcall Ana"]
)
def test_a_word_ends_at_any_white_space(line: str) -> None:
    assert split(line) == ("commit", "call Ana")


def test_what_stands_behind_the_word_keeps_its_lines() -> None:
    assert split("commit call Ana\nby friday") == ("commit", "call Ana\nby friday")


@pytest.mark.parametrize("line", ["", "  ", "\n"])
def test_no_word_is_the_hub(line: str) -> None:
    assert split(line) == ("", "")


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("comit", "`/grow commit`"),
        ("stop", "`/grow pause` or `/grow end`"),
        ("todo", "`/grow commitments`"),
        ("objective", "`/grow goal`"),
        ("?", "`/grow help`"),
    ],
)
def test_an_unknown_word_is_answered_with_what_it_may_mean(word: str, meant: str) -> None:
    assert f"Did you mean {meant}?" in did_you_mean(word, routes_of(FEATURES).commands)


def test_nothing_is_offered_that_no_feature_declares() -> None:
    commands = {name: each for name, each in routes_of(FEATURES).commands.items() if name != "end"}
    assert "Did you mean `/grow pause`?" in did_you_mean("stop", commands)
