"""Which master key wraps which data keys, and wrapping them all with the current one. No words are touched or opened."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Select, Table, func, select

from bot.core.database import Database, Transaction
from bot.core.errors import PermanentError
from bot.core.master_keys import KeyMissing, KeyService, KeyWrong
from bot.core.vault import DataKeyRow, engagement_owner, place_of

AT_ONCE = 200
TABLE = cast(Table, DataKeyRow.__table__)
"""And not the class: at the start, nothing else needs SQLAlchemy to look through all classes of rows, which takes 10 ms."""
IN_USE = TABLE.c.wrapped.is_not(None)


@dataclass(frozen=True, slots=True)
class Wrapped:
    """What one master key wraps. `unopened`: how many of the data keys that were tried it does not open."""

    key_id: str
    data_keys: int
    engagements: int
    is_missing: bool
    unopened: int

    @property
    def is_fine(self) -> bool:
        return not self.is_missing and not self.unopened


@dataclass(frozen=True, slots=True)
class Census:
    wrapped: tuple[Wrapped, ...]
    destroyed: int

    @property
    def data_keys(self) -> int:
        return sum(each.data_keys for each in self.wrapped)

    def by(self, key_id: str) -> int:
        return sum(each.data_keys for each in self.wrapped if each.key_id == key_id)


def census(db: Transaction, keys: KeyService, *, tries_all: bool) -> Census:
    """`tries_all`: every data key is unwrapped; otherwise the oldest and the newest of each master key."""
    of_engagements = func.count().filter(TABLE.c.owner.startswith(engagement_owner("")))
    counted = select(TABLE.c.master_key_id, func.count(), of_engagements).where(IN_USE)
    rows = db.core.execute(counted.group_by(TABLE.c.master_key_id).order_by(TABLE.c.master_key_id)).all()
    destroyed = db.core.scalar(select(func.count()).select_from(TABLE).where(~IN_USE)) or 0
    wrapped = []
    for key_id, data_keys, engagements in rows:
        is_missing = key_id not in keys.ids
        tried = iter(()) if is_missing else _all(db, key_id) if tries_all else _ends(db, key_id)
        unopened = sum(not _opens(keys, row) for row in tried)
        wrapped.append(Wrapped(key_id, data_keys, engagements, is_missing, unopened))
    return Census(tuple(wrapped), destroyed)


def check(db: Transaction, keys: KeyService) -> None:
    """Every master key that is in use is here and opens what it wrapped. Raises KeyMissing, KeyWrong."""
    for each in census(db, keys, tries_all=False).wrapped:
        if each.is_missing:
            raise KeyMissing(each.key_id)
        if each.unopened:
            raise KeyWrong(each.key_id)


def rotate(database: Database, keys: KeyService, tell: Callable[[int], object] = lambda _done: None) -> int:
    """Wrap every data key with the current master key, some at a time. Returns how many; those not opened are left as they are.

    `tell` is given how many are done after each transaction. Stopped anywhere, it goes on from there the next time: a data
    key is wrapped by one master key or by the other at any moment, and is the same key.
    Raises KeyMissing; KeyWrong, with nothing done, if the current key is another one than its id says.
    """
    if keys.current not in keys.ids:
        raise KeyMissing(keys.current)
    with database.transaction() as db:
        if not all(_opens(keys, row) for row in _ends(db, keys.current)):
            raise KeyWrong(keys.current)
    after, done = "", 0
    while True:
        with database.transaction() as db:
            rows = _others(db, keys, after)
            done += sum(_rewrap(row, keys) for row in rows)
            db.leaves_no_trace = True  # the old master key must open nothing that is left on the disk
        if not rows:
            return done
        after = rows[-1].owner
        tell(done)


def _others(db: Transaction, keys: KeyService, after: str) -> list[DataKeyRow]:
    """Locked, so that what is destroyed in the same moment stays destroyed."""
    old = set(keys.ids) - {keys.current}
    others = select(DataKeyRow).where(IN_USE, DataKeyRow.master_key_id.in_(old), DataKeyRow.owner > after)
    return list(db.scalars(others.order_by(DataKeyRow.owner).limit(AT_ONCE).with_for_update()))


def _rewrap(row: DataKeyRow, keys: KeyService) -> bool:
    assert row.wrapped is not None
    try:
        key = keys.unwrap(row.master_key_id, row.wrapped, place_of(row))
    except PermanentError:
        return False
    row.wrapped, row.master_key_id = keys.wrap(key, place_of(row)), keys.current
    return True


def _opens(keys: KeyService, row: DataKeyRow) -> bool:
    assert row.wrapped is not None
    try:
        keys.unwrap(row.master_key_id, row.wrapped, place_of(row))
    except PermanentError:
        return False
    return True


def _all(db: Transaction, key_id: str) -> Iterator[DataKeyRow]:
    of_this_key = select(TABLE).where(IN_USE, TABLE.c.master_key_id == key_id)
    return _looked_at(db, of_this_key.execution_options(yield_per=AT_ONCE))


def _ends(db: Transaction, key_id: str) -> Iterator[DataKeyRow]:
    of_this_key = select(TABLE).where(IN_USE, TABLE.c.master_key_id == key_id).limit(1)
    yield from _looked_at(db, of_this_key.order_by(TABLE.c.created_at))
    yield from _looked_at(db, of_this_key.order_by(TABLE.c.created_at.desc()))


def _looked_at(db: Transaction, rows: Select[Any]) -> Iterator[DataKeyRow]:
    return cast(Iterator[DataKeyRow], iter(db.core.execute(rows)))
