"""How SQLite finds the rows of each statement: by an index, or by looking through the whole table."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Engine, event

from bot.schema import METADATA

WHOLE = re.compile(r"SCAN (\w+)(?: USING (?:COVERING )?INDEX (\w+))?$")
OF_A_FEW = {
    str(index.name) for table in METADATA.tables.values() for index in table.indexes if "where" in index.info
}
"""Partial indexes hold what is open; to go through all of that is no search through what was ever there."""
RARELY = 3
"""What happens no more often than that in twelve weeks may take its time: upgrading, erasing, ending."""


@dataclass
class Plans:
    times: Counter[str] = field(default_factory=Counter)
    steps: dict[str, Sequence[str]] = field(default_factory=dict)

    def searches(self) -> list[str]:
        """Statements that are made again and again and look through a whole table, with how they do."""
        often = (sql for sql, times in self.times.items() if times > RARELY)
        return [
            f"{step}: {sql}" for sql in often for step in self.steps.get(sql, ()) if _looks_through_all(step)
        ]

    def ran(
        self, connection: Connection, _cursor: object, sql: str, values: Any, _context: object, is_many: bool
    ) -> None:
        self.times[sql] += 1
        if sql not in self.steps and sql.startswith(("SELECT", "UPDATE", "DELETE", "WITH")):
            cursor = connection.connection.cursor()
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}", values[0] if is_many else values)
            self.steps[sql] = [str(row[3]) for row in cursor.fetchall()]


@contextmanager
def explained() -> Iterator[Plans]:
    """Of every SQLite database that is used meanwhile."""
    plans = Plans()
    event.listen(Engine, "after_cursor_execute", plans.ran)
    try:
        yield plans
    finally:
        event.remove(Engine, "after_cursor_execute", plans.ran)


def _looks_through_all(step: str) -> bool:
    found = WHOLE.match(step)
    return found is not None and found[1] in METADATA.tables and found[2] not in OF_A_FEW
