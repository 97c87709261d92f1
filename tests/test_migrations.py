"""The migrations make the database that the code expects, on both engines, and can be taken back."""

import uuid
from datetime import datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, inspect, make_url, text

from bot import schema
from bot.core.database import Database
from bot.features.engagements import store
from tests.builders import TERMS, an_engagement
from tests.conftest import _administer, _psycopg


@pytest.fixture
def engine(database: Database) -> Engine:
    """As `growbot db upgrade` uses it; migrated to the newest revision."""
    return database.engine


def tables(engine: Engine) -> set[str]:
    return set(inspect(engine).get_table_names()) - {"alembic_version"}


def differences(engine: Engine) -> list[object]:
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        return list(compare_metadata(context, schema.METADATA))


def test_the_migrated_database_is_what_the_code_expects(engine: Engine) -> None:
    assert tables(engine) == set(schema.METADATA.tables)
    assert differences(engine) == []


def test_an_index_holds_the_rows_that_the_code_says(engine: Engine) -> None:
    kind = engine.dialect.name
    said = {
        index.name: index.info.get("where", {}).get(kind)
        for table in schema.METADATA.tables.values()
        for index in table.indexes
    }
    with engine.connect() as connection:
        made = {name: where for name, where in connection.execute(text(PARTIAL[kind])) if name in said}
    assert made.keys() == said.keys()
    assert {name for name, where in made.items() if where} == {name for name, where in said.items() if where}
    if kind == "sqlite":  # PostgreSQL says it in its own words
        assert made == said


PARTIAL = {
    "sqlite": "SELECT name, nullif(substr(sql, instr(sql, ' WHERE ') + 7), substr(sql, 7)) FROM sqlite_master WHERE type = 'index'",
    "postgresql": "SELECT indexrelid::regclass::text, pg_get_expr(indpred, indrelid) FROM pg_index",
}


def test_down_to_nothing_and_up_again(engine: Engine) -> None:
    schema.downgrade(engine, "base")
    assert tables(engine) == set()
    schema.upgrade(engine)
    assert differences(engine) == []


def test_each_step_can_be_taken_back_and_made_again(engine: Engine) -> None:
    for revision in reversed(_revisions()):
        schema.downgrade(engine, "-1")
        assert schema.pending(engine)[0] == revision
    for revision in _revisions():
        schema.upgrade(engine, revision)
    assert differences(engine) == []


def test_upgrading_twice_is_harmless(engine: Engine) -> None:
    schema.upgrade(engine)
    assert (schema.pending(engine), differences(engine)) == ([], [])


def test_what_is_pending_is_named_oldest_first(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path}/new.db")
    assert schema.pending(engine) == _revisions()
    schema.upgrade(engine, _revisions()[0])
    assert schema.pending(engine) == _revisions()[1:]
    engine.dispose()


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_a_migration_that_fails_leaves_the_database_as_it_was(engine: Engine) -> None:
    schema.downgrade(engine, _revisions()[0])
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE checkins (in_the_way INTEGER)")
    before = tables(engine)
    with pytest.raises(Exception, match="already exists"):
        schema.upgrade(engine)
    assert tables(engine) == before
    assert schema.pending(engine) == _revisions()[1:]


def test_there_is_one_line_of_revisions() -> None:
    script = ScriptDirectory(str(schema.MIGRATIONS))
    assert script.get_heads() == [schema.newest()], "the last file by name is the last revision"


def _revisions() -> list[str]:
    script = ScriptDirectory(str(schema.MIGRATIONS))
    return [each.revision for each in reversed(list(script.walk_revisions()))]


def test_what_was_sealed_in_a_workspace_opens_after_going_back_and_forth(
    database: Database, engine: Engine, now: datetime
) -> None:
    with database.transaction() as db:
        _of_coach, of_client = an_engagement(db, now)
    schema.downgrade(engine, "20261125_1090")
    schema.upgrade(engine)
    with database.transaction() as db:
        written = store.latest_agreement(db, of_client.engagement_id)
        assert store.opened(db, written, now).terms == TERMS


def test_on_postgresql_a_role_that_owns_the_database_and_no_more_will_do(postgres_url: str) -> None:
    """As docs/security.md advises whoever runs it."""
    name = f"owner_{uuid.uuid4().hex[:12]}"
    _administer(postgres_url, f"CREATE ROLE {name} NOSUPERUSER NOCREATEDB NOCREATEROLE")
    _administer(postgres_url, f"CREATE DATABASE {name} OWNER {name}")
    url = make_url(_psycopg(postgres_url, name)).update_query_dict({"options": f"-c role={name}"})
    engine = create_engine(url)
    try:
        schema.upgrade(engine)
        with engine.connect() as connection:
            assert connection.scalar(text("SELECT current_user")) == name
        assert schema.pending(engine) == []
        schema.downgrade(engine, "base")
    finally:
        engine.dispose()
