"""`growbot init`: from an empty folder to settings, a master key and a database; and the manifest to paste at Slack."""

import os
import sys
from collections.abc import Mapping
from typing import Annotated

import typer
from sqlalchemy import inspect

from bot import keys as key_file
from bot import manifest, private_file, schema
from bot.commands.asking import Answers
from bot.commands.keys import KEEP_A_COPY, fresh_id
from bot.commands.questions import ALSO_KEPT, Questions, given_by
from bot.commands.terminal import give_up, settings_or_give_up, using
from bot.core.clock import SystemClock
from bot.core.database import Database
from bot.core.master_keys import MasterKeys
from bot.doctor import local_problems
from bot.manifest import Mode
from bot.settings import FILE, Settings, connection_problems, read

WAYS = {
    Mode.SOCKET: "one workspace, by Socket Mode: needs no public address",
    Mode.HTTP: "one workspace, over HTTP: Slack sends to an https address of yours",
    Mode.SEVERAL: "several workspaces or whole organisations, which install it themselves, over HTTP",
}
EPILOG = """With --no-input, tokens and secrets come from the environment, by the names of the settings: SLACK_BOT_TOKEN,
SLACK_APP_TOKEN, SLACK_SIGNING_SECRET, SLACK_CLIENT_ID, SLACK_CLIENT_SECRET, GROWBOT_DATABASE_URL."""
PASTE = """
The app at Slack: https://api.slack.com/apps → Create New App → From a manifest → YAML; or, if you have it already, its page →
App Manifest. Paste what stands between the two lines.
{line}
{manifest}{line}"""
LINE = "-" * 78
PROXY = "Let your proxy pass {public_url} on to {listening}. While growbot runs, let Slack verify the request URL: the app's page → Event Subscriptions"
ALONE = "nobody can be asked here: growbot init --no-input takes what it needs from the environment"
OFFER = "Whoever looks after a workspace's apps then opens {public_url}/slack/install"
WINS = "{name} says otherwise in the environment, which would win over .env: unset it there, or leave the option away"
NEXT = {Mode.SOCKET: [], Mode.HTTP: [PROXY], Mode.SEVERAL: [PROXY, OFFER]}


def init(
    mode: Annotated[Mode | None, typer.Option(help="How growbot is reached; asked for if left out.")] = None,
    public_url: Annotated[
        str | None, typer.Option(help="https://… at which Slack and browsers reach growbot (HTTP).")
    ] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on, behind that address (HTTP).")] = None,
    database: Annotated[
        str | None, typer.Option(help="Its address. With a password in it: GROWBOT_DATABASE_URL instead.")
    ] = None,
    org_wide: Annotated[
        bool, typer.Option("--org-wide", help="Several: whole organisations may install it, too.")
    ] = False,
    asks: Annotated[
        bool, typer.Option("--input/--no-input", help="Ask for what is not given; or only name it.")
    ] = True,
    asks_others: Annotated[
        bool,
        typer.Option("--check/--no-check", help="Ask Slack and the database if they take what is given."),
    ] = True,
) -> None:
    """Set growbot up. Asks for what it needs, checks it, writes .env, a master key and a database, prints the manifest for Slack."""
    named = {"GROWBOT_PUBLIC_URL": public_url, "PORT": port, "GROWBOT_DATABASE_URL": database}
    given = {name: str(value) for name, value in named.items() if value is not None}
    if os.path.exists(FILE):  # False, and no error, in a folder into which this account may not look
        _go_on(org_wide=org_wide, is_asked_to_change=mode is not None or bool(given))
        return
    folder = FILE.absolute().parent
    if not os.access(folder, os.W_OK):
        give_up("Nothing was written:", [f"{folder} can't be written to by this account"])
    try:
        _begin(mode, given, org_wide=org_wide, asks=asks, asks_others=asks_others)
    except typer.Abort:
        is_alone = asks and not sys.stdin.isatty()
        give_up("\nStopped before the end. Nothing was written.", [ALONE] if is_alone else [])


def _begin(
    mode: Mode | None, named: dict[str, str], *, org_wide: bool, asks: bool, asks_others: bool
) -> None:
    already, wrong = read()
    if wrong:
        give_up("Nothing was written: the environment sets what is wrong.", list(wrong.values()))
    set_there = given_by(already)
    given = set_there | named
    otherwise = [WINS.format(name=name) for name in named if set_there.get(name, given[name]) != given[name]]
    if otherwise:
        give_up("Nothing was written:", otherwise)
    answers = Answers(given, asks)
    mode = mode or _mode(asks=asks)
    _refuse_one_for_all(mode, org_wide=org_wide)
    questions = Questions(answers, already, SystemClock(), asks_others)
    for question in questions.of_address(mode):
        answers.settle(question)
    if asks:
        _show_manifest(mode, answers.kept.get("GROWBOT_PUBLIC_URL"), org_wide=org_wide)
    for question in questions.of_app(mode):
        answers.settle(question)
    if answers.problems:
        give_up("Nothing was written:", answers.problems)
    _write(answers.kept | {name: given[name] for name in ALSO_KEPT if name in given})
    if not asks:
        _show_manifest(mode, answers.kept.get("GROWBOT_PUBLIC_URL"), org_wide=org_wide)
    _finish(settings_or_give_up())


def _go_on(*, org_wide: bool, is_asked_to_change: bool) -> None:
    """The settings are there: make what is missing besides them, and show the manifest that fits them."""
    left = f"{FILE.absolute()} is there already, and was left as it is"
    if is_asked_to_change:
        give_up(f"{left}.", ["To answer anew, move it away. To change one setting, change its line"])
    typer.echo(f"{left}. For what it says:")
    settings = settings_or_give_up()
    _refuse_one_for_all(_mode_of(settings), org_wide=org_wide)
    _show_manifest(_mode_of(settings), settings.public_url, org_wide=org_wide)
    _finish(settings)


def _mode(*, asks: bool) -> Mode:
    if not asks:
        give_up("Nothing was written:", [f"--mode is missing: {', '.join(Mode)}"])
    typer.echo("How will growbot be reached?")
    for number, way in enumerate(WAYS.values(), 1):
        typer.echo(f"  {number}  {way}")
    ways = {str(number): way for number, way in enumerate(WAYS, 1)}
    while (answer := str(typer.prompt("Which one", default="1")).strip()) not in ways:
        typer.echo(f"  Please type one of {', '.join(ways)}.")
    return ways[answer]


def _refuse_one_for_all(mode: Mode, *, org_wide: bool) -> None:
    if org_wide and mode is not Mode.SEVERAL:
        give_up("Nothing was written:", ["--org-wide is for several workspaces only (--mode several)"])


def _mode_of(settings: Settings) -> Mode:
    if settings.serves_many:
        return Mode.SEVERAL
    return Mode.SOCKET if settings.uses_socket_mode else Mode.HTTP


def _show_manifest(mode: Mode, public_url: str | None, *, org_wide: bool) -> None:
    if mode is not Mode.SOCKET and public_url is None:
        typer.echo("For the manifest, GROWBOT_PUBLIC_URL is missing: the https address of growbot.")
        return
    address = public_url.rstrip("/") if public_url else None
    shown = manifest.text(manifest.fitting(mode, address, org_wide=org_wide))
    typer.echo(PASTE.format(line=LINE, manifest=shown))


# --- what is written ---------------------------------------------------------------------------------


def _write(settings: Mapping[str, str]) -> None:
    """For its owner's eyes; nothing is written over."""
    lines = ["# growbot's settings. What each means: docs/reference.md", *map("=".join, settings.items())]
    try:
        private_file.create(FILE, "".join(f"{line}\n" for line in lines))
    except OSError as error:
        give_up(f"{FILE.absolute()} can't be written:", [str(error.strerror)])
    typer.echo(f"\nWrote {FILE.absolute()}, for your eyes only: {', '.join(settings)}.")


def _finish(settings: Settings) -> None:
    """The key and the database, where neither is there yet; then what is still in the way, or what comes next."""
    with using(settings) as database:
        is_new = database.is_absent or not inspect(database.engine).get_table_names()
        _make_key(settings, is_new=is_new)
        _make_database(database, is_new=is_new)
    problems = [*connection_problems(settings), *local_problems(settings)]
    if problems:
        give_up("What is still in the way:", problems)
    _say_what_is_next(settings)


def _make_key(settings: Settings, *, is_new: bool) -> None:
    """Not beside a database that is there: it may hold what another key has sealed, and the doctor says so."""
    path = settings.master_key_file.absolute()
    if settings.master_key is not None:
        typer.echo(f"{key_file.ENVIRONMENT} is set, so no key file is made.")
    elif path.exists():
        typer.echo(f"{path} is there already, and was left as it is.")
    elif is_new:
        key_file.create_file(path, MasterKeys.generate(fresh_id()))
        typer.echo(f"Wrote {path}, the master key, for your eyes only. {KEEP_A_COPY}")


def _make_database(database: Database, *, is_new: bool) -> None:
    where = Database.describe(database.url.render_as_string())
    if not is_new:
        typer.echo(f"{where} is there already, and was left as it is.")
        return
    if database.is_absent:
        schema.create_file(database.engine)
    schema.upgrade(database.engine)
    typer.echo(f"Made {where}.")


def _say_what_is_next(settings: Settings) -> None:
    everywhere = settings.host in {"0.0.0.0", "::"}
    listening = f"port {settings.port} of this machine" if everywhere else f"{settings.host}:{settings.port}"
    facts = {"public_url": settings.public_url, "listening": listening}
    steps = ["growbot doctor   looks at all of it once more", "growbot run      starts it"]
    steps += [step.format(**facts) for step in NEXT[_mode_of(settings)]]
    typer.echo("\nNext:")
    for number, step in enumerate(steps, 1):
        typer.echo(f"  {number}. {step}")
