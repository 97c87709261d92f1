"""`growbot` itself: whatever is typed, and wherever, it answers in sentences."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot import __version__, schema
from bot.cli import cli
from tests.commands.process import growbot, started

INTERRUPTED_WHILE_IT_IS_LOADED = """
import sys
class Loading:
    def find_spec(self, name, *_rest):
        if name == "bot.cli":
            raise KeyboardInterrupt
sys.meta_path.insert(0, Loading())
"""


async def test_interrupted_while_it_is_loaded_it_says_nothing(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    (tmp_path / "sitecustomize.py").write_text(INTERRUPTED_WHILE_IT_IS_LOADED)
    path = {"PYTHONPATH": f"{tmp_path}:{environment['PYTHONPATH']}"}
    assert await growbot(tmp_path, environment | path, "--help") == (130, "")


async def test_a_terminal_that_lacks_a_letter_gets_a_question_mark(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    process = await started(tmp_path, environment | {"PYTHONIOENCODING": "latin-1"}, "run")
    _out, err = await process.communicate()
    assert (process.returncode, "(xoxb-?)" in err.decode("latin-1")) == (1, True)
    assert b"Traceback" not in err


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("export", "U0BEN", "--to", "x"), "there is no master key: "),
        (("export", "U0BEN", "--to", "none/x"), "none is not there or can't be written to"),
        (("retention", "--days", "99999999"), "less than or equal to 3650"),
    ],
)
async def test_what_can_t_be_done_is_said(
    tmp_path: Path, environment: dict[str, str], words: tuple[str, ...], sentence: str
) -> None:
    code, said = await growbot(tmp_path, environment, *words)
    assert code != 0
    assert sentence in said
    assert "Traceback" not in said


@pytest.mark.parametrize("group", [[], ["db"], ["audit"], ["outbox"], ["keys"]])
def test_no_command_s_line_in_the_help_is_cut_off(group: list[str]) -> None:
    said = CliRunner().invoke(cli, [*group, "--help"], env={"COLUMNS": "80"}).output
    assert "..." not in said.replace("[ARGS]...", "")


def test_it_says_which_version_it_is_and_which_the_database_has_to_be_of() -> None:
    said = CliRunner().invoke(cli, ["--version"]).output
    assert said.startswith(f"growbot {__version__}, database {schema.newest()}, Python 3.")
