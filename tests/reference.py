"""docs/reference.md, made from the code. `make docs` writes it; test_reference.py compares."""

from pathlib import Path
from typing import Any

import typer

from bot import manifest
from bot.cli import cli
from tests.readme import commands_table, settings_table

REFERENCE = Path(__file__).resolve().parent.parent / "docs" / "reference.md"
HEAD = "<!-- Made from the code by `make docs`. -->\n# Commands and settings\n"


def text() -> str:
    parts = [
        HEAD,
        "## What people type in Slack\n",
        "`/grow` alone shows what can be done now.\n",
        commands_table(),
        "\nWhat can be chosen without typing: App Home has all of it as buttons, and these are in Slack's menus.\n",
        *_shortcuts(),
        "\n## `growbot`, for whoever runs it\n",
        "Every command says more with `--help`; `growbot --version` says which one it is. "
        "What goes wrong is said in sentences, with the exit code 1.\n",
        *_commands(),
        "## Settings\n",
        "From the environment, or from a file `.env` in the working directory; the environment wins. "
        "What is set to nothing counts as not set. `growbot init` writes the file.\n",
        settings_table(),
    ]
    return "\n".join(parts) + "\n"


def _shortcuts() -> list[str]:
    where = {"global": "the shortcuts menu", "message": "a message's menu"}
    return [
        f"- *{each['name']}*, in {where[each['type']]}: {each['description'][0].lower()}{each['description'][1:]}"
        for each in manifest.read()["features"]["shortcuts"]
    ]


def _commands() -> list[str]:
    lines = []
    for name, command in _leaves("growbot", typer.main.get_command(cli)):
        arguments = [each for each in command.params if each.param_type_name == "argument"]
        options = [each for each in command.params if each.param_type_name == "option"]
        lines.append(f"### `{' '.join([name, *(f'<{each.name}>' for each in arguments)])}`\n")
        lines.append(f"{_one_line(command.help)}\n")
        described = [("/".join([*each.opts, *each.secondary_opts]), each.help) for each in options]
        described += [(f"<{each.name}>", each.help) for each in arguments]
        lines += [f"- `{name}`: {_one_line(help_)}" for name, help_ in described]
        lines += [""] if described else []
    return lines


def _leaves(name: str, command: Any) -> list[tuple[str, Any]]:
    inside = getattr(command, "commands", None)
    if inside is None:
        return [(name, command)]
    return [leaf for word, each in inside.items() for leaf in _leaves(f"{name} {word}", each)]


def _one_line(words: str | None) -> str:
    return " ".join((words or "").split())


if __name__ == "__main__":
    REFERENCE.write_text(text())
