"""The table in docs/security.md of what each column holds, made from the metadata. `make docs` writes it; a test compares."""

from pathlib import Path

from sqlalchemy import Column, DateTime, Table

from bot import schema
from bot.core.database import Sealed, UtcDateTime
from tests.core.test_vault import NO_WORDS

DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "security.md"
MARK = "columns"


def table() -> str:
    rows = [_row(each) for each in sorted(schema.METADATA.sorted_tables, key=lambda each: each.name)]
    return "\n".join(["| table | sealed | in the clear |", "|---|---|---|", *rows])


def _row(of: Table) -> str:
    columns = list(of.columns)
    sealed = [each.name for each in columns if isinstance(each.type, Sealed)]
    reasons: dict[str, list[str]] = {}
    for column in columns:
        if column.name not in sealed:
            reasons.setdefault(_reason(column), []).append(column.name)
    clear = [f"{reason}: {', '.join(f'`{name}`' for name in names)}" for reason, names in reasons.items()]
    return f"| `{of.name}` | {', '.join(f'`{name}`' for name in sealed) or '–'} | {'; '.join(clear)} |"


def _reason(column: "Column[object]") -> str:
    declared = NO_WORDS.get(f"{column.table.name}.{column.name}")
    if declared is not None:
        return declared
    if isinstance(column.type, UtcDateTime | DateTime):
        return "instants"
    if column.name.endswith("id"):
        return "ids"
    return "numbers, dates and yes or no"


def with_table(text: str) -> str:
    before, _, rest = text.partition(f"<!-- {MARK} -->")
    _, _, after = rest.partition(f"<!-- /{MARK} -->")
    return f"{before}<!-- {MARK} -->\n{table()}\n<!-- /{MARK} -->{after}"


if __name__ == "__main__":
    DOCUMENT.write_text(with_table(DOCUMENT.read_text()))
