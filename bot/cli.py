"""The `growbot` command: parse, call, print."""

import asyncio
import platform
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Annotated

import typer

from bot import __version__, doctor, reasons, rights_cli, schema
from bot.app import Growbot
from bot.commands.audit import audit
from bot.commands.counts import counts
from bot.commands.database import db
from bot.commands.init import EPILOG, init
from bot.commands.keys import keys
from bot.commands.terminal import give_up, keys_or_give_up, opened, settings_or_give_up
from bot.core import embedded, logs, process
from bot.core.clock import SystemClock
from bot.core.database import Database, Transaction
from bot.core.i18n import Language
from bot.core.outbox import desk
from bot.core.outbox.domain import State
from bot.core.outbox.store import OutboxRow
from bot.keys import too_open
from bot.settings import connection_problems, read, unknown

START_SECONDS = 60
DRAIN_SECONDS = 2.0
"""How long a process that is replaced still serves: until whatever stands before it has seen that it stops."""
END_SECONDS = 9.5
"""After it was told to stop. `Growbot.stop` takes 9 at most; what has not ended then waits for a database that does not answer."""
MOST_CLIENTS = 60

cli = typer.Typer(
    name="growbot",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
outbox = typer.Typer(help="Messages that were not sent, or may not have been.", no_args_is_help=True)
cli.add_typer(db, name="db")
cli.add_typer(audit, name="audit")
cli.add_typer(outbox, name="outbox")
cli.add_typer(keys, name="keys")
cli.command("init", epilog=EPILOG)(init)


def main() -> None:
    cli(prog_name="growbot")


def _tell_version(is_asked: bool) -> None:
    if is_asked:
        typer.echo(f"growbot {__version__}, database {schema.newest()}, Python {platform.python_version()}")
        raise typer.Exit


@cli.callback()
def growbot(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_tell_version, is_eager=True, help="Its version, and the database's."
        ),
    ] = False,
) -> None:
    """A Slack bot for coaching accountability. Try it: growbot demo. Set it up: growbot init"""


@cli.command()
def run() -> None:
    """Connect to Slack and serve, until stopped. Ctrl-C or SIGTERM stop it."""
    settings, wrong = read()
    logs.configure(settings.log_level)
    logs.hold_python()
    problems = [
        *wrong.values(),
        *connection_problems(settings, wrong),
        *doctor.local_problems(settings, wrong),
    ]
    if problems:
        give_up("growbot can't start:", problems)
    for note in filter(None, (too_open(settings), *unknown())):
        typer.echo(f"growbot starts, but: {note}", err=True)
    served = Growbot(settings)
    by_force = process.after(END_SECONDS, "growbot.ended_by_force")
    try:
        with _alone(served.database):
            process.serve(_serve(served, by_force.start))
    finally:
        by_force.cancel()


@contextmanager
def _alone(database: Database) -> Iterator[None]:
    """Two growbots on one SQLite file would plan and send the same things side by side."""
    if database.file is None:
        yield
        return
    try:
        with embedded.held(database.file):
            yield
    except embedded.FileInUse as error:
        give_up(
            "growbot can't start:",
            [
                f"{database.file} is served by another growbot (process {error}). Stop that one, or use PostgreSQL for several"
            ],
        )
    except embedded.LockUnusable as error:
        give_up(
            "growbot can't start:", [f"{error}. Run growbot as the account that owns it, or take it away"]
        )


async def _serve(growbot: Growbot, stopping: Callable[[], None]) -> None:
    """`stopping` is called when it is told to stop."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    told: list[signal.Signals] = []

    def tell(name: signal.Signals) -> None:
        told.append(name)
        stop.set()

    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, tell, name)
    problem = await _start(growbot, stop)
    if problem is None and not stop.is_set():
        where = f"listening on port {growbot.port}" if growbot.port else "connected by Socket Mode"
        typer.echo(f"growbot is running, {where}. Stop it with Ctrl-C.")
        await stop.wait()
    for name in (signal.SIGINT, signal.SIGTERM):  # told twice, it ends without finishing what is in flight
        loop.remove_signal_handler(name)
    stopping()
    await growbot.stop(drain=DRAIN_SECONDS if signal.SIGTERM in told else 0.0)
    if problem is not None:
        give_up("growbot can't start:", [problem])


async def _start(growbot: Growbot, stop: asyncio.Event) -> str | None:
    """Until it has started, or is told to stop. Returns what was in the way."""
    starting = asyncio.ensure_future(growbot.start())
    stopping = asyncio.ensure_future(stop.wait())
    await asyncio.wait({starting, stopping}, timeout=START_SECONDS, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if not starting.done():
        starting.cancel()
        await asyncio.wait({starting}, timeout=5)
        return None if stop.is_set() else reasons.TOO_SLOW.format(seconds=START_SECONDS)
    error = starting.exception()
    return reasons.reason(error) if isinstance(error, Exception) else None


@cli.command("doctor")
def doctor_() -> None:
    """Say what is wrong and how to mend it. Looks at settings, tokens, scopes, database, migrations, key and clock."""
    settings, wrong = read()
    logs.configure("CRITICAL")
    findings = asyncio.run(doctor.examine(settings, SystemClock(), wrong))
    for finding in findings:
        mark = "WRONG" if not finding.is_fine else "note" if finding.is_note else "ok  "
        typer.echo(f"{mark} {finding.subject}: {finding.line}")
    if not all(finding.is_fine for finding in findings):
        raise typer.Exit(1)


@outbox.command("list")
def outbox_list(
    state: Annotated[
        list[str] | None,
        typer.Option(
            help="pending, sending, ambiguous, sent, stale, cancelled, dead or parked; can be repeated."
        ),
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="No more than so many.")] = 50,
) -> None:
    """What needs a look. Messages that were given up (dead), and those of which nothing tells whether they arrived (parked)."""
    unknown = sorted(set(state or ()) - set(State))
    if unknown:
        give_up("There is no such state:", unknown)
    with _open() as transaction:
        counted = desk.counts(transaction)
        rows = desk.rows(transaction, state or desk.NEED_A_LOOK, limit)
        typer.echo(", ".join(f"{counted[each]} {each}" for each in State if each in counted) or "no messages")
        for row in rows:
            due = f"{row.due_at:%Y-%m-%d %H:%M}"
            typer.echo(f"{row.id[:10]}  {row.state:<9}  due {due} UTC  {row.template}  {row.reason or ''}")


@outbox.command("show")
def outbox_show(message: Annotated[str, typer.Argument(help="The beginning of its id.")]) -> None:
    """All that is kept of one message. There are no words in it."""
    with _open() as transaction:
        row = desk.find(transaction, message)
        for column in OutboxRow.__table__.columns:
            typer.echo(f"{column.key:<16} {getattr(row, column.key)}")


@outbox.command("retry")
def outbox_retry(message: Annotated[str, typer.Argument(help="The beginning of its id.")]) -> None:
    """Send it once more. If it was parked, it may arrive twice."""
    with _open() as transaction:
        row = desk.retry(transaction, message, SystemClock().now())
        typer.echo(f"{row.id[:10]} goes out at the next tick, if its person may be written to then.")


@outbox.command("drop")
def outbox_drop(message: Annotated[str, typer.Argument(help="The beginning of its id.")]) -> None:
    """Never send it."""
    with _open() as transaction:
        typer.echo(f"{desk.drop(transaction, message).id[:10]} will not be sent.")


@contextmanager
def _open(with_key: bool = False) -> Iterator[Transaction]:
    """One transaction on the settings' database, in which no words can be opened unless that is what it is for."""
    settings = settings_or_give_up()
    with opened(settings, keys_or_give_up(settings) if with_key else None) as database:
        try:
            with database.transaction() as transaction:
                yield transaction
        except desk.Undecided as error:
            give_up("Nothing was done:", [str(error)])


rights_cli.register(cli, _open)
cli.command("counts")(counts)


@cli.command()
def demo(
    tour: Annotated[
        bool, typer.Option("--tour", help="Play twelve weeks and print what each side saw and did.")
    ] = False,
    language: Annotated[Language, typer.Option(help="Of the tour: English, or German.")] = Language.ENGLISH,
    port: Annotated[
        int | None,
        typer.Option(
            min=0, max=65535, help="Where the local Slack's page listens; 8737, or a free one, if left out."
        ),
    ] = None,
    browser: Annotated[bool, typer.Option(help="Open the page in the browser.")] = True,
    clients: Annotated[
        int | None,
        typer.Option(min=1, max=MOST_CLIENTS, help="Be a coach with so many clients, four weeks in."),
    ] = None,
) -> None:
    """Try growbot with a local Slack. It needs no account and no token, and keeps nothing."""
    from bot import demo as demonstration
    from bot import practice
    from bot import tour as transcript

    logs.configure("ERROR")
    if tour:
        raise typer.Exit(asyncio.run(transcript.play(typer.echo, language)))
    try:
        listening = demonstration.listening_port(port, typer.echo)
    except OSError as error:
        problem = f"port {port} can't be used ({error.strerror}). Without --port, it takes one that is free"
        give_up("growbot can't start:", [problem])
    past = None
    if clients:
        typer.echo(f"Four weeks with {clients} clients are being lived through; that can take half a minute.")
        past = demonstration.Past(practice.HISTORY, partial(practice.prepare, count=clients, say=typer.echo))
    asyncio.run(demonstration.serve(listening, opens_browser=browser, say=typer.echo, past=past))
