"""The whole cycle, as the tour plays it: both transports, both databases, both languages; and what it prints."""

import re
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot import tour
from bot.core.i18n import Language
from bot.demo import Demo
from bot.features.engagements.domain import Role
from bot.features.questions.built_in import stages_of
from bot.features.questions.domain import Choice
from bot.tour import first_month
from bot.tour.playing import WEEKS, Week
from bot.transcript import Player, StoryBroke, Transcript, Travel
from tests.scenarios import story
from tests.scenarios.leftover import english_in, left_over
from tests.scenarios.plans import explained

RAW = re.compile(r"\b(?!growbot\.|commitments\.csv)[a-z]+\.[a-z_]+\b|\bU0[A-Z]+|\['")
"""Ids of ours and of Slack's, and lists as Python prints them."""
MOST_LINES = 1250
"""So that a newcomer gets through it."""


async def played(
    language: Language, database_url: str, *, http: bool, weeks: Sequence[Week] = WEEKS
) -> list[str]:
    """What was printed, once everything went as it should."""
    lines: list[str] = []
    audit = english_in if language is Language.GERMAN else None
    code = await tour.play(
        lines.append, language, database_url=database_url, http=http, weeks=weeks, audit=audit
    )
    assert code == 0, "\n".join(lines[-12:])
    return [line for each in lines for line in each.splitlines()]


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
async def test_twelve_weeks_of_coaching_show_every_question_and_no_id_and_fit_the_terminal(
    database_url: str,
) -> None:
    """By Socket Mode. However much there will be, what is looked for is found by an index."""
    with explained() as plans:
        printed = await played(Language.ENGLISH, database_url, http=False)
    assert plans.searches() == []
    assert printed[-2].startswith("12 weeks, ")
    assert sum(line.startswith("── Week ") for line in printed) == 12
    assert len(printed) < MOST_LINES
    assert [line for line in printed if len(line) > 100 or RAW.search(line)] == []
    asked = [
        each.text
        for role in Role
        for stage in stages_of(Choice(), role, is_first=True)
        for each in stage.questions
    ]
    assert [text for text in asked if not any(f"│ {text}  ______" in line for line in printed)] == []


@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
async def test_in_german_they_leave_no_english_sentence_anywhere(database_url: str) -> None:
    """By signed HTTP, on PostgreSQL."""
    printed = await played(Language.GERMAN, database_url, http=True)
    assert printed[-2].startswith("12 Wochen, ")
    assert [line for line in printed if len(line) > 100] == []
    assert left_over([line.strip() for line in printed]) == []


@pytest.mark.parametrize(
    ("database_kind", "http"), [("sqlite", True), ("postgresql", False)], indirect=["database_kind"]
)
async def test_the_first_four_weeks_go_through_the_other_ways_too(database_url: str, http: bool) -> None:
    printed = await played(Language.ENGLISH, database_url, http=http, weeks=first_month.WEEKS)
    assert sum(line.startswith("── Week ") for line in printed) == 4


async def test_the_tour_ends_with_1_and_a_sentence_when_something_is_wrong() -> None:
    lines: list[str] = []
    assert await tour.play(lines.append, weeks=(), audit=lambda _demo: ["a word leaked"]) == 1
    assert lines[-1] == "WRONG: a word leaked"


async def test_the_tour_ends_with_1_and_a_sentence_when_it_cannot_begin(tmp_path: Path) -> None:
    lines: list[str] = []
    assert await tour.play(lines.append, database_url=f"sqlite:///{tmp_path}/no/such/folder.db") == 1
    assert lines == ["\nThe tour broke off: OperationalError. `growbot demo` may show why."]


# --- the transcript by itself ---------------------------------------------------------------------------


def seats(demo: Demo, say: Callable[[str], object]) -> tuple[Transcript, Player, Player]:
    transcript = Transcript(say, demo.sandbox)
    dana = Player(transcript, story.DANA, "Dana", "Europe/London")
    return transcript, dana, Player(transcript, story.BEN, "Ben", "America/New_York")


async def test_a_message_is_printed_with_the_local_time_at_which_it_came(sqlite_demo: Demo) -> None:
    lines: list[str] = []
    _transcript, _dana, ben = seats(sqlite_demo, lines.append)
    await story.propose(sqlite_demo)
    await ben.gets("engagements.read")
    assert lines[0] == "  Ben  gets       a message on Wed 25 Nov, 09:30"


async def test_what_is_told_in_a_line_happens_all_the_same(sqlite_demo: Demo) -> None:
    lines: list[str] = []
    transcript, _dana, ben = seats(sqlite_demo, lines.append)
    await story.propose(sqlite_demo)
    with transcript.in_a_line("Ben", "reads", "what he got"):
        await ben.gets("engagements.read")
        await ben.presses("engagements.read")
        await ben.sees("engagements.sign", whole=True)
    assert lines == ["  Ben  reads      what he got"]
    assert transcript.steps == 4


async def test_what_was_printed_before_is_not_printed_again_unless_it_is_looked_for(
    sqlite_demo: Demo,
) -> None:
    lines: list[str] = []
    _transcript, _dana, ben = seats(sqlite_demo, lines.append)
    await story.propose(sqlite_demo)
    await ben.presses("engagements.read")
    await ben.sees("engagements.sign", whole=True)
    lines.clear()
    await ben.sees("engagements.sign", story.PURPOSE, whole=True)
    assert [line.strip() for line in lines] == [
        "Ben  sees       the window “Your agreement”",
        "│ …",
        f"│ {story.PURPOSE}",
        "│ …",
    ]


async def test_a_message_told_under_a_later_moment_breaks_the_story_off(
    sqlite_demo: Demo, now: datetime
) -> None:
    transcript, dana, ben = seats(sqlite_demo, str)
    await story.propose(sqlite_demo)
    await Travel(transcript, (dana, ben)).to(now + timedelta(hours=1))
    with pytest.raises(StoryBroke, match=r"Ben, Wed 25 Nov, 10:30: the message had come before, .* 09:30"):
        await ben.gets("engagements.read")


async def test_another_message_than_the_story_tells_of_breaks_it_off(sqlite_demo: Demo) -> None:
    _transcript, _dana, ben = seats(sqlite_demo, str)
    await story.propose(sqlite_demo)
    with pytest.raises(StoryBroke, match=r"should have had the button commitments\.kept, and had"):
        await ben.gets("commitments.kept")
