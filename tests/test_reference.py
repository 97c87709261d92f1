"""The guides for people say what is so: generated where it can be, and held to the code where it can't."""

import re
from pathlib import Path

import pytest

from bot.registry import FEATURES, routes_of
from tests.reference import REFERENCE, text

DOCS = REFERENCE.parent
COMMANDS = {command.word for command in routes_of(FEATURES).commands.values()}
GUIDES = ["coach.md", "client.md"]


def test_the_reference_is_the_code_s() -> None:
    assert REFERENCE.read_text() == text(), "run: make docs"


@pytest.mark.parametrize("name", GUIDES)
def test_every_command_that_a_guide_names_is_there(name: str) -> None:
    words = set(re.findall(r"`/grow ([a-z]+)", (DOCS / name).read_text()))
    assert words
    assert words <= COMMANDS


@pytest.mark.parametrize("name", [*GUIDES, "operating.md", "keys.md", "security.md", "reference.md"])
def test_every_file_that_a_document_links_to_is_there(name: str) -> None:
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", (DOCS / name).read_text())
    assert [link for link in links if not (DOCS / Path(link)).exists()] == []
