"""What the README says is so."""

import re
import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import cli
from bot.features import ORDER
from tests.readme import README, with_tables

ROOT = README.parent
TEXT = README.read_text()


def test_its_tables_of_commands_and_settings_are_the_code_s() -> None:
    assert with_tables(TEXT) == TEXT, "run: make docs"


@pytest.mark.parametrize("target", sorted(set(re.findall(r"make ([a-z-]+)", TEXT))))
def test_every_make_target_it_names_is_there(target: str) -> None:
    subprocess.run(["make", "-n", target], cwd=ROOT, check=True, capture_output=True)


@pytest.mark.parametrize("command", sorted(set(re.findall(r"`growbot ([a-z]+(?: [a-z]+)?)`", TEXT))))
def test_every_command_it_names_is_there(command: str) -> None:
    answer = CliRunner().invoke(cli, [*command.split(), "--help"])
    assert answer.exit_code == 0, answer.output


@pytest.mark.parametrize("link", sorted(set(re.findall(r'\]\(([^)#:]+)\)|src="([^"]+)"', TEXT))))
def test_every_file_it_links_to_is_there(link: tuple[str, str]) -> None:
    assert (ROOT / Path(link[0] or link[1])).exists()


def test_its_order_of_features_is_the_code_s() -> None:
    assert " > ".join(ORDER) in TEXT


def test_its_two_commands_stand_near_the_top() -> None:
    assert TEXT.index("make demo") < TEXT.index("make test") < 1500
