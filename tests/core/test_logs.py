"""At every level and whatever goes wrong, no log line holds a word, a token, a secret or a key."""

import asyncio
import gc
import json
import logging
import os
import sys
import threading
import warnings
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
import structlog
from slack_bolt.async_app import AsyncBoltRequest
from sqlalchemy import event, text

from bot.core import logs
from bot.core.database import Database, Transaction
from bot.core.scheduling import Ticker
from bot.core.slack.requests import HandledRow
from bot.sandbox.errors import Unanswered
from bot.sandbox.parcels import Parcel
from tests.conftest import NOW
from tests.core.slack.probe import Bot, running
from tests.core.test_web import Http, http

__all__ = ["http"]

CANARY = "CANARY-0123"


@pytest.fixture
def log(capfd: pytest.CaptureFixture[str]) -> Iterator[Callable[[], str]]:
    """All that is printed while everything logs as much as it can: growbot, and every library by force."""
    hooks = sys.excepthook, threading.excepthook, sys.unraisablehook
    logs.configure("DEBUG", json_lines=True)
    logs.hold_python()
    everything = [logging.getLogger(name) for name in logging.root.manager.loggerDict]
    levels = {logger: logger.level for logger in everything}
    for logger in everything:
        logger.setLevel(logging.DEBUG)
    logging.getLogger().setLevel(logging.DEBUG)
    yield lambda: "".join(capfd.readouterr())
    for logger, level in levels.items():
        logger.setLevel(level)
    sys.excepthook, threading.excepthook, sys.unraisablehook = hooks
    logging.captureWarnings(False)
    logging.raiseExceptions = True
    structlog.reset_defaults()
    logging.getLogger().handlers.clear()
    capfd.readouterr()  # what came last would be printed among the tests' dots


def secrets_of(bot: Bot) -> list[str]:
    settings = bot.growbot.settings
    key = settings.master_key.get_secret_value() if settings.master_key else ""
    return [
        CANARY,
        bot.sandbox.bot_token,
        bot.sandbox.app_token,
        bot.sandbox.signing_secret,
        key.partition(":")[2],
    ]


def check(bot: Bot, logged: str) -> None:
    assert [each for each in secrets_of(bot) if each in logged] == []


@pytest.fixture(params=["socket", "http"])
async def office(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> AsyncIterator[Bot]:
    async with running(tmp_path, http=request.param == "http", database_url=database_url) as bot:
        yield bot


# --- the database refuses ---------------------------------------------------------------------------------------


@contextmanager
def full(database: Database) -> Iterator[None]:
    """No room is left. SQLite is told so; PostgreSQL's table says it, and quotes the row, as its own errors do."""
    if database.is_sqlite:

        def bound(connection: Any, _record: object, _proxy: object) -> None:
            used = connection.execute("PRAGMA page_count").fetchone()[0]
            connection.execute(f"PRAGMA max_page_count = {used}")

        event.listen(database.engine, "checkout", bound)
        yield
        event.remove(database.engine, "checkout", bound)
        database.engine.dispose()  # every connection was told
        return
    with database.transaction() as db:
        for statement in DISK_FULL:
            db.execute(text(statement))
    yield
    with database.transaction() as db:
        db.execute(text("DROP TRIGGER disk_full ON handled_requests"))


DISK_FULL = (
    "CREATE FUNCTION disk_full() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    "RAISE EXCEPTION 'could not extend file for %', NEW::text USING ERRCODE = '53100', DETAIL = NEW::text; END $$",
    "CREATE TRIGGER disk_full BEFORE INSERT ON handled_requests FOR EACH ROW EXECUTE FUNCTION disk_full()",
)


def fill(db: Transaction) -> None:
    """More than a page that is there already has room for."""
    for number in range(200):
        db.add(HandledRow(key=f"{CANARY}{number:080}", handled_at=NOW))
        db.flush()


def twice(db: Transaction) -> None:
    for _time in range(2):
        db.execute(HandledRow.__table__.insert().values(key=CANARY, handled_at=NOW))


def misfit(db: Transaction) -> None:
    db.execute(text("INSERT INTO handled_requests (key, handled_at) VALUES (:key, NULL)"), {"key": CANARY})


def no_such_column(db: Transaction) -> None:
    db.execute(text(f'SELECT "{CANARY}".x FROM handled_requests'))


@pytest.mark.parametrize("work", [twice, misfit, no_such_column, fill])
async def test_what_a_database_refuses_is_not_quoted(
    office: Bot, work: Callable[[Transaction], None], log: Callable[[], str]
) -> None:
    ticker = Ticker()
    ticker.every(0.01, "probe", lambda: office.database.run(work))
    with full(office.database) if work is fill else contextmanager(lambda: iter([None]))():
        ticker.start()
        lines = ""
        while "tick." not in lines:
            await asyncio.sleep(0.01)
            lines += log()
        ticker.stop()
    check(office, lines)


async def test_a_form_sent_to_a_full_disk_is_answered_and_not_quoted(
    office: Bot, log: Callable[[], str]
) -> None:
    await office.ben.command("/grow form")
    await office.ben.wait_modal()
    with full(office.database):
        if office.database.is_sqlite:
            await _use_up(office)
        answer = await office.ben.submit({"what": CANARY, "more": CANARY})
    assert "Nothing was saved" in str(answer.errors)
    lines = log()
    assert "request.unavailable" in lines
    check(office, lines)
    await office.ben.submit({"what": CANARY})
    assert office.effects() == 1


async def _use_up(office: Bot) -> None:
    """Every page's last room: rows that are ever smaller, until none is taken any more."""
    for size in (80, 40, 10, 1):
        number = 0
        while True:
            number += 1
            key = f"{size}:{number}:".ljust(size, "x")
            try:
                await office.database.run(lambda db, key=key: db.add(HandledRow(key=key, handled_at=NOW)))
            except Exception:
                break


# --- what cannot be read, or is nobody's ------------------------------------------------------------------------


async def test_requests_that_are_refused_are_not_quoted(http: Http, log: Callable[[], str]) -> None:
    form = f"command=%2Fgrow&text={CANARY}".encode()
    for headers in ({"X-Slack-Signature": f"v0={CANARY}"}, {"X-Slack-Request-Timestamp": CANARY}):
        await http.post(form, headers=headers)
    await http.post(f"{{not json {CANARY}".encode(), "application/json")
    await http.post(b"payload=%7B" + CANARY.encode())
    await http.post(json.dumps({"type": CANARY, "event": {"type": CANARY}}).encode(), "application/json")
    await http.post(b"payload=" + json.dumps({"type": CANARY, "actions": CANARY}).encode())
    reader, writer = await asyncio.open_connection("127.0.0.1", http.bot.growbot.port)
    writer.write(f"NONSENSE {CANARY} HTTP/9\r\n{CANARY}\r\n\r\n".encode())
    await reader.read()
    writer.close()
    lines = log()
    assert "slack.signature_refused" in lines
    check(http.bot, lines)


UNKNOWN: tuple[dict[str, Any], ...] = (
    {"type": "block_actions", "actions": [], "user": {"id": CANARY}},
    {"type": "view_submission", "view": {"state": CANARY, "callback_id": CANARY}},
    {"type": "view_submission", "view": None},
    {"type": CANARY},
    {"type": "shortcut", "callback_id": CANARY, "user": CANARY, "team": CANARY},
)


@pytest.mark.parametrize("payload", UNKNOWN)
async def test_payloads_that_nobody_understands_are_not_quoted(
    office: Bot, payload: dict[str, Any], log: Callable[[], str]
) -> None:
    base = {"team": {"id": "T0BRIGHTW"}, "user": {"id": "U0BEN"}, "trigger_id": "1.2.3"}
    office.sandbox.deliveries.answer_seconds = 0.5
    with suppress(Unanswered):
        await office.sandbox.deliveries.deliver(Parcel("interactive", base | payload))
    check(office, log())


async def test_what_slack_s_own_errors_say_is_not_quoted(office: Bot, log: Callable[[], str]) -> None:
    for fault in ("internal_error", "500", "drop_before", "unreadable", "429"):
        office.sandbox.faults.add("views.open", fault)
        await office.ben.command(f"/grow form {CANARY}")
        await office.growbot.settle()
    await office.command(f"/grow probe crash {CANARY}")
    await office.command(f"/grow {CANARY}")
    lines = log()
    assert "slack.view_refused" in lines
    check(office, lines)


# --- what Python says by itself ---------------------------------------------------------------------------------


class _Fails:
    def __del__(self) -> None:
        raise ValueError(CANARY)


def _raise() -> None:
    raise ValueError(CANARY)


async def test_what_python_prints_by_itself_is_held_too(log: Callable[[], str]) -> None:
    async def fail() -> None:
        _raise()

    task = asyncio.ensure_future(fail())
    await asyncio.wait({task})
    del task
    gc.collect()  # "Task exception was never retrieved"
    asyncio.get_running_loop().call_soon(_raise)
    await asyncio.sleep(0)
    thread = threading.Thread(target=_raise)
    thread.start()
    thread.join()
    _Fails()
    gc.collect()
    warnings.warn(CANARY, stacklevel=1)
    try:
        _raise()
    except ValueError:
        sys.excepthook(*sys.exc_info())  # type: ignore[arg-type]
        structlog.get_logger().error("probe", exc_info=True, token="xoxb-1234-abc", other="xapp-1-A-2-b")
        logging.getLogger("slack_bolt").exception(CANARY)
    lines = log()
    assert CANARY not in lines
    assert "xoxb" not in lines
    assert lines.count("process.failed") >= 2
    assert lines.count("library.logged") >= 3


def test_lines_for_people_show_no_local_values_either(capfd: pytest.CaptureFixture[str]) -> None:
    logs.configure("DEBUG", json_lines=False)
    words = CANARY  # noqa: F841  # what a traceback with local values would show
    try:
        raise ValueError(os.linesep)
    except ValueError:
        structlog.get_logger().exception("probe")
    structlog.reset_defaults()
    logging.getLogger().handlers.clear()
    assert CANARY not in "".join(capfd.readouterr())


def test_bolt_says_what_it_is_given_where_nothing_holds_it() -> None:
    """The tests above could pass because nothing is ever said: Bolt does quote the request, if it may."""
    request = AsyncBoltRequest(body={"type": CANARY}, mode="socket_mode")
    from slack_bolt.logger.messages import warning_unhandled_request

    assert CANARY in warning_unhandled_request(request)
