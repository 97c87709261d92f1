"""The tables in README.md, made from the code. `make docs` writes them; test_readme.py compares."""

from pathlib import Path

from bot.registry import FEATURES, routes_of
from bot.settings import Settings

README = Path(__file__).resolve().parent.parent / "README.md"


def commands_table() -> str:
    lines = ["| command | does |", "|---|---|"]
    for command in routes_of(FEATURES).commands.values():
        if command.word:
            typed = f"/grow {command.word} {command.hint}".strip()
            lines.append(f"| `{typed}` | {command.help} |")
    return "\n".join(lines)


def settings_table() -> str:
    lines = ["| setting | default | meaning |", "|---|---|---|"]
    for field in Settings.model_fields.values():
        default = "" if field.default is None else f"`{field.default}`"
        lines.append(f"| `{field.alias}` | {default} | {field.description} |")
    return "\n".join(lines)


def with_tables(text: str) -> str:
    for name, table in (("commands", commands_table()), ("settings", settings_table())):
        before, _, rest = text.partition(f"<!-- {name} -->")
        _, _, after = rest.partition(f"<!-- /{name} -->")
        text = f"{before}<!-- {name} -->\n{table}\n<!-- /{name} -->{after}"
    return text


if __name__ == "__main__":
    README.write_text(with_tables(README.read_text()))
