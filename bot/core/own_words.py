"""The one way through the wall around messages: what a person wrote, for themself (docs/decisions/0026).

Messages are drawn with a vault that opens nothing. Only what a column declares to be written by the person whose id stands in
another column of its row (`mapped_column(Sealed, info=written_by("owner_id"))`) can be opened for that person, and for nobody else.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import inspect
from sqlalchemy.orm import InstrumentedAttribute

from bot.core.database import Transaction
from bot.core.vault import ClosedVault, Sealer, Vault, WordsWithheld

AUTHOR = "author"


def written_by(column: str) -> dict[str, str]:
    """For `info` of a sealed column: the column of the same row that says who wrote it, always and alone."""
    return {AUTHOR: column}


class MessageVault(ClosedVault):
    """What messages are drawn with: closed, but for what one person wrote and is shown themself."""

    def __init__(self, behind: Vault) -> None:
        self._behind = behind

    @contextmanager
    def opened_for(self, db: Transaction, reader_id: str) -> Iterator[None]:
        db.vault = _OwnWordsVault(self._behind, reader_id)
        try:
            yield
        finally:
            db.vault = self


class _OwnWordsVault(ClosedVault):
    def __init__(self, behind: Vault, reader_id: str) -> None:
        self._behind, self._reader_id = behind, reader_id

    def sealer(self, db: Transaction, owner: str, now: datetime, *, team_id: str) -> Sealer:
        return _OwnWords(db, self._behind.sealer(db, owner, now, team_id=team_id), self._reader_id)


@dataclass(frozen=True)
class _OwnWords:
    """Opens what its reader wrote."""

    db: Transaction
    whole: Sealer
    reader_id: str

    def seal(self, column: InstrumentedAttribute[bytes], row_id: str, words: str) -> bytes:
        raise WordsWithheld(column.key)

    def seal_optional(
        self, column: InstrumentedAttribute[bytes | None], row_id: str, words: str | None
    ) -> bytes | None:
        raise WordsWithheld(column.key)

    def open(self, column: InstrumentedAttribute[bytes], row_id: str, sealed: bytes) -> str:
        self._check(column, row_id)
        return self.whole.open(column, row_id, sealed)

    def open_optional(
        self, column: InstrumentedAttribute[bytes | None], row_id: str, sealed: bytes | None
    ) -> str | None:
        self._check(column, row_id)
        return self.whole.open_optional(column, row_id, sealed)

    def _check(
        self, column: InstrumentedAttribute[bytes] | InstrumentedAttribute[bytes | None], row_id: str
    ) -> None:
        row = self.db.get(inspect(column.class_), row_id)
        author = column.info.get(AUTHOR)
        if author is None or row is None or getattr(row, author) != self.reader_id:
            raise WordsWithheld(f"{column.class_.__tablename__}.{column.key}")
