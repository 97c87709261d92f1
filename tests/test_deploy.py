"""What deploy/ says is true of this clone, as far as that can be seen without a container engine or systemd."""

import re
from pathlib import Path

import typer
import yaml

from bot.cli import cli

ROOT = Path(__file__).resolve().parent.parent
DEPLOY = ROOT / "deploy"
BY_HAND = (ROOT / "docs" / "operating.md").read_text()


def is_command(words: list[str]) -> bool:
    command = typer.main.get_command(cli)
    for word in words:
        command = getattr(command, "commands", {}).get(word)
    return command is not None


def test_every_growbot_that_is_started_is_a_command() -> None:
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    started = [each["command"] for each in compose["services"].values() if "command" in each]
    unit = (DEPLOY / "growbot.service").read_text()
    started += [words.split() for words in re.findall(r"^Exec\w+=\S+/growbot (.+)$", unit, re.M)]
    assert started == [["db", "upgrade"], ["db", "upgrade"], ["run"]]
    assert all(map(is_command, started))


def test_the_image_is_made_of_what_is_there_and_keeps_settings_out() -> None:
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", (DEPLOY / "Containerfile").read_text(), re.M)
    names = {name for line in copied for name in line.split()}
    assert all((ROOT / name).exists() for name in names)
    assert names >= {"pyproject.toml", "README.md", "LICENSE", "app.yaml", "migrations", "bot"}
    left_out = (DEPLOY / "Containerfile.dockerignore").read_text().split()
    assert {".env", "*.key", "deploy/settings", "deploy/database_password"} <= set(left_out)


def test_settings_user_and_port_are_those_of_the_guide() -> None:
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    container = (DEPLOY / "Containerfile").read_text()
    assert compose["services"]["growbot"]["volumes"] == ["./settings:/var/lib/growbot"]
    assert compose["services"]["growbot"]["expose"] == ["3000"]
    assert "WORKDIR /var/lib/growbot" in container
    assert "--uid 10001" in container
    assert "install -d -m 0700 -o 10001 -g 10001 settings" in BY_HAND
