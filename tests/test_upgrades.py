"""Every revision is one that somebody may upgrade from: with rows in every table, and with the version before it still running."""

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory
from sqlalchemy.engine import make_url

from bot import schema
from bot.core.database import Base, Database
from bot.core.master_keys import MasterKeys
from bot.core.vault import Vault
from tests.conftest import NOW

Row = dict[str, Any]

NOT_FOR_OLD_ONES = {
    "20261125_1070": "outbox.team_id: nobody can be sent to without a workspace, and the old version does not name one",
    "20261125_1080": "commitments.confidence is sealed: what the old version would write there was in the clear",
    "20261125_1110": "access_log is chained: what the old version would write would look like an entry that was put in",
    "20261125_1145": "outbox.needs_recall and .recall_attempts lost their defaults",
    "20261125_1150": "outbox and people: columns lost their defaults",
}
"""Old processes have to be stopped before these, and the changelog says so. A new one in this list needs a better reason."""
MIGRATED = {
    "commitments.confidence": "sealed since 20261125_1080, which holds no key and erases what stood there in the clear"
}
"""Columns whose values a migration changes on purpose."""


def revisions() -> list[str]:
    script = ScriptDirectory(str(schema.MIGRATIONS))
    return [each.revision for each in reversed(list(script.walk_revisions()))]


# --- rows for every table, of whatever shape it has then --------------------------------------------------------


def value(column: sa.Column[Any], number: int) -> Any:
    """Something that fits, another one for each `number`."""
    if column.name == "state":
        return "ended" if number % 2 else "declined"
    match column.type:
        case sa.Boolean():
            return True
        case sa.Integer() | sa.Float():
            return number
        case sa.LargeBinary():
            return b"sealed %d" % number
        case sa.JSON():
            return {"number": number}
        case sa.DateTime() as moment:
            at = NOW + timedelta(days=number)
            return at if moment.timezone else at.replace(tzinfo=None)
        case sa.Date():
            return date(2026, 1, 1) + timedelta(days=number)
        case sa.Time():
            return time(9)
        case sa.String() as text:
            return f"{number:03}{column.name}"[: text.length or 80]
    raise NotImplementedError(column.type)


def row_of(table: sa.Table, number: int, parents: Mapping[str, Row], *, is_full: bool) -> Row:
    """`is_full`: with every column; otherwise only with those that must be there."""
    row: Row = {}
    for column in table.columns:
        if column.nullable and not is_full:
            continue
        (target, *_others) = [key.column for key in column.foreign_keys] or [None]
        if target is not None and target.table.name in parents:
            row[column.name] = parents[target.table.name][target.name]
        else:
            row[column.name] = value(column, number)
    return row


@dataclass
class Filled:
    """What was put in, by table, from the first revision on."""

    rows: dict[str, list[Row]] = field(default_factory=dict)
    number: int = 0

    def add(self, engine: sa.Engine, shape: sa.MetaData) -> None:
        for is_full in (True, False):
            self.number += 1
            parents: dict[str, Row] = {}
            with engine.begin() as connection:
                for table in shape.sorted_tables:
                    row = row_of(table, self.number, parents, is_full=is_full)
                    connection.execute(table.insert().values(row))
                    parents[table.name] = row
                    self.rows.setdefault(table.name, []).append(row)


def reflected(engine: sa.Engine) -> sa.MetaData:
    shape = sa.MetaData()
    shape.reflect(engine)
    if "alembic_version" in shape.tables:
        shape.remove(shape.tables["alembic_version"])
    return shape


def lost(engine: sa.Engine, filled: Filled) -> list[str]:
    """What is not there any more as it was put in."""
    missing = []
    for table in reflected(engine).sorted_tables:
        with engine.connect() as connection:
            rows = connection.execute(table.select()).mappings().all()
        by_key = {key_of(table, row): row for row in rows}
        for row in filled.rows.get(table.name, []):
            now = by_key.get(key_of(table, row), {})
            missing += [
                f"{table.name}.{column}: {was!r} is {now.get(column)!r}"
                for column, was in row.items()
                if f"{table.name}.{column}" not in MIGRATED and instant(now.get(column)) != instant(was)
            ]
    return missing


def key_of(table: sa.Table, row: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(instant(row[column.name]) for column in table.primary_key)


def instant(value: Any) -> Any:
    return value.astimezone(UTC) if isinstance(value, datetime) and value.tzinfo else value


# --- what the version before would stumble over ---------------------------------------------------------------------


def broken_for_old_ones(before: sa.MetaData, after: sa.MetaData) -> Iterator[str]:
    """The old version names the columns that it knows, when it reads and when it writes; of the others it gives none."""
    for name, was in before.tables.items():
        now = after.tables.get(name)
        if now is None:
            yield f"{name} is gone"
            continue
        yield from (
            f"{name}.{column.name} is gone" for column in was.columns if column.name not in now.columns
        )
        for column in now.columns:
            old = was.columns.get(column.name)
            if old is None and not column.nullable and column.server_default is None:
                yield f"{name}.{column.name} is needed, and the old version does not give it"
            if old is not None and old.nullable and not column.nullable:
                yield f"{name}.{column.name} may not be empty any more"
            if old is not None and repr(old.type) != repr(column.type):
                yield f"{name}.{column.name} was {old.type!r} and is {column.type!r}"
        for rule in rules(now) - rules(was):
            yield f"{name} has a new rule: {rule}"


def rules(table: sa.Table) -> set[str]:
    unique = [index for index in table.indexes if index.unique]
    held = [each for each in table.constraints if not isinstance(each, sa.PrimaryKeyConstraint)]
    return {
        f"{type(each).__name__} {sorted(column.name for column in each.columns)}" for each in (*unique, *held)
    }


# --- from the first revision to the newest ---------------------------------------------------------------------------


@pytest.fixture
def empty(database_kind: str, request: pytest.FixtureRequest, tmp_path: Any) -> Iterator[Database]:
    """A database without any table, as `growbot db upgrade` first finds it."""
    if database_kind == "sqlite":
        url = f"sqlite:///{tmp_path / 'growbot.db'}"
    else:
        server = make_url(request.getfixturevalue("postgres_url")).set(drivername="postgresql+psycopg")
        name = f"empty_{uuid.uuid4().hex[:12]}"
        with sa.create_engine(server, isolation_level="AUTOCOMMIT").connect() as connection:
            connection.execute(sa.text(f"CREATE DATABASE {name}"))
        url = server.set(database=name).render_as_string(False)
    database = Database(url, Vault(MasterKeys.none()))
    yield database
    database.close()


def test_from_every_revision_nothing_is_lost_and_the_version_before_may_go_on_running(
    empty: Database,
) -> None:
    engine, filled, stumbles, before = empty.engine, Filled(), {}, sa.MetaData()
    for revision in revisions():
        schema.upgrade(engine, revision)
        after = reflected(engine)
        filled.add(engine, after)
        if stumbled := list(broken_for_old_ones(before, after)):
            stumbles[revision] = stumbled
        before = after
    assert lost(engine, filled) == []
    assert set(stumbles) == set(NOT_FOR_OLD_ONES), stumbles
    with empty.transaction() as db:  # the newest version reads all of it, to change it and to look at it
        for mapper in Base.registry.mappers:
            names = [column.name for column in mapper.local_table.columns]
            rows = [
                tuple(getattr(row, each) for each in names) for row in db.scalars(sa.select(mapper.class_))
            ]
            assert len(rows) >= len(filled.rows[mapper.local_table.name]), mapper.class_
            assert db.view(sa.select(mapper.class_), {}) == rows


def test_the_search_for_what_breaks_the_version_before_finds_each_kind() -> None:
    def table(*columns: sa.Column[Any]) -> sa.MetaData:
        return sa.Table("t", sa.MetaData(), *columns).metadata

    was = table(sa.Column("a", sa.Integer), sa.Column("b", sa.Integer), sa.Column("c", sa.Integer))
    b, c = sa.Column("b", sa.Integer, nullable=False), sa.Column("c", sa.String, unique=True)
    now = table(b, c, sa.Column("d", sa.Integer, nullable=False), sa.Column("e", sa.Integer))
    assert [each.partition(" ")[0] for each in broken_for_old_ones(was, now)] == [
        "t.a",
        "t.b",
        "t.c",
        "t.d",
        "t",
    ]
    assert list(broken_for_old_ones(was, sa.MetaData())) == ["t is gone"]
    assert list(broken_for_old_ones(was, was)) == []
