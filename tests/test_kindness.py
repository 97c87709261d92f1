"""What no screen and no message of ours does, whoever writes the next one: count people, colour them red, or write without a way out."""

import ast
import re

import pytest

from tests.test_architecture import BOT, FEATURE_SOURCES, SOURCES, called, calls, named
from tests.translations import read

COUNTS = re.compile(
    r"\b(streaks?|leaderboards?|scores?|scored|rank(ing|ed)?|badges?|points|Serien?|Bestenliste|Rangliste|Punkte[n]?|Abzeichen)\b",
    re.IGNORECASE,
)
WITHOUT = {
    # The kinds of messages without the line that says how to get fewer, and why.
    "bot/features/engagements/messages.py:invitation": "says that no reminders come",
    "bot/features/engagements/messages.py:change": "says that no reminders come",
    "bot/features/goals/messages.py:_suggested": "says that no reminders come",
    "bot/features/people/messages.py:_offer": "is the offer of fewer",
    "bot/features/rights/messages.py:_export": "what its reader waits for",
}


def sentences(language: str) -> list[str]:
    """The English ones are what the German ones translate."""
    found = [message.id if language == "en" else message.string for message in read("de") if message.id]
    return [text for each in found for text in ((each,) if isinstance(each, str) else each)]


@pytest.mark.parametrize("language", ["en", "de"])
def test_no_sentence_speaks_of_streaks_scores_or_ranks(language: str) -> None:
    assert len(sentences(language)) > 500
    assert [each for each in sentences(language) if COUNTS.search(each)] == []


def test_no_button_is_red() -> None:
    """Slack draws `danger` in red; what can't be undone says so in words."""
    ours = [path for path in SOURCES if not path.is_relative_to(BOT / "sandbox")]
    assert [named(path) for path in ours if '"danger"' in path.read_text()] == []


def test_each_message_says_how_to_get_fewer_or_is_listed_with_the_reason() -> None:
    without = set()
    for path in FEATURE_SOURCES:
        for function in ast.walk(ast.parse(path.read_text())):
            if isinstance(function, ast.FunctionDef):
                drawn = [call for call in calls(function) if called(call) == "Message"]
                if any("fewer()" not in ast.unparse(each) for each in drawn):
                    without.add(f"{named(path)}:{function.name}")
    assert without == set(WITHOUT)
