"""The wheel that `pip install` takes is a whole growbot: nothing is missing that a clone has."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LOOK = """
import bot.demo, bot.sandbox, bot.schema
from pathlib import Path
from bot.core.i18n import gettext, in_locale
inside = Path.cwd() / "installed"
assert Path(bot.demo.__file__).is_relative_to(inside)
assert bot.schema.MIGRATIONS.is_relative_to(inside)
assert bot.demo.manifest()["features"]["slash_commands"][0]["command"] == "/grow"
assert (Path(bot.sandbox.__file__).parent / "page" / "index.html").is_file()
with in_locale("de-DE"):
    assert gettext("Weekly check-in") == "Wöchentlicher Check-in"
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with nothing of the clone in it, and the wheel's content in `installed`."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    with zipfile.ZipFile(next(folder.glob("growbot-*.whl"))) as wheel:
        wheel.extractall(folder / "installed")
    return folder


def run(place: Path, *arguments: str) -> str:
    environment = {**os.environ, "PYTHONPATH": str(place / "installed")}
    command = [sys.executable, *arguments]
    done = subprocess.run(command, cwd=place, env=environment, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_migrations_translations_page_and_manifest_are_in_it(place: Path) -> None:
    run(place, "-c", LOOK)


def test_it_makes_a_key_and_a_database_in_an_empty_folder(place: Path) -> None:
    run(place, "-m", "bot", "keys", "new")
    assert "Applied:" in run(place, "-m", "bot", "db", "upgrade")
    assert "up to date" in run(place, "-m", "bot", "db", "upgrade")
