"""`growbot keys`: making, changing and looking after master keys."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from bot import doctor, reasons
from bot import keys as key_file
from bot.commands.terminal import give_up, opened, settings_or_give_up
from bot.core import rotation
from bot.core.clock import SystemClock
from bot.core.database import Database
from bot.core.errors import PermanentError
from bot.core.master_keys import KeyService, KeysUnavailable, MasterKeys, NoMasterKeys
from bot.core.rotation import Census, Wrapped
from bot.settings import Settings

keys = typer.Typer(help="Master keys, which wrap the keys that seal people's words.", no_args_is_help=True)

File = Annotated[Path | None, typer.Option("--file", help="The key file; the settings' one if left out.")]

KEEP_A_COPY = "Keep a copy in a safe place: without it, nobody can read what people wrote."
ORDER = """\
With several growbots on one database, each has to know the new key before any of them uses it:
  1. growbot keys new --add --standby; bring the file to each, and restart each
  2. growbot keys use <id>, for each; restart each
  3. growbot keys rotate, once
  4. growbot keys status: once the old key wraps nothing, take its line out everywhere"""


@keys.command("new", epilog=ORDER)
def new(
    path: File = None,
    add: Annotated[
        bool, typer.Option("--add", help="Beside the keys in the file, as the new current one.")
    ] = False,
    standby: Annotated[
        bool, typer.Option("--standby", help="With --add: only known for now, and current after `keys use`.")
    ] = False,
) -> None:
    """Make a master key. The file is for your eyes only, and no key in it is ever overwritten."""
    settings = settings_or_give_up()
    target = (path or settings.master_key_file).absolute()
    if standby and not add:
        give_up("Nothing was written:", ["--standby needs --add: the only key of a file is the current one"])
    if add:
        _add(target, fresh_id(), is_current=not standby)
    else:
        _create(target, fresh_id())
    if path is None and settings.master_key is not None:
        typer.echo(f"{key_file.ENVIRONMENT} is set, so growbot does not look into this file.")


def fresh_id() -> str:
    """What a key made now is called."""
    return SystemClock().now().strftime("k%Y%m%d%H%M%S")


def _create(target: Path, key_id: str) -> None:
    try:
        key_file.create_file(target, MasterKeys.generate(key_id))
    except FileExistsError:
        give_up(
            f"{target} exists already, and nothing was written:",
            ["a lost master key loses all words sealed under it. For a second key: growbot keys new --add"],
        )
    except OSError as error:
        give_up(f"{target} can't be written:", [str(error.strerror)])
    typer.echo(f"Wrote {target}, with the master key {key_id}. {KEEP_A_COPY}")


def _add(target: Path, key_id: str, *, is_current: bool) -> None:
    with _changing(target):
        key_file.add_to_file(target, MasterKeys.generate(key_id), is_current=is_current)
    typer.echo(f"Added the master key {key_id} to {target}. {KEEP_A_COPY}")
    if is_current:
        typer.echo("It is the current one from the next start of growbot on. Then: growbot keys rotate")
    else:
        typer.echo(f"It opens from the next start of growbot on, and wraps nothing yet.\n{ORDER}")


@contextmanager
def _changing(target: Path) -> Iterator[None]:
    """What is in the way of changing a key file that is there is said in a sentence."""
    try:
        yield
    except FileNotFoundError:
        give_up(f"{target} does not exist, and nothing was written:", ["growbot keys new makes it"])
    except NoMasterKeys as error:
        give_up(f"{target} was left as it is:", [f"it holds no master keys that can be read ({error})"])
    except key_file.NoSuchKey as error:
        give_up(
            f"{target} was left as it is:", [f"there is no {error} in it: growbot keys status names them"]
        )
    except OSError as error:
        give_up(f"{target} can't be changed:", [str(error.strerror)])


@keys.command("use")
def use(
    key_id: Annotated[str, typer.Argument(help="The id of a key in the file.")], path: File = None
) -> None:
    """Make a key of the file the current one. It wraps from the next start of growbot on."""
    target = (path or settings_or_give_up().master_key_file).absolute()
    with _changing(target):
        key_file.make_current(target, key_id)
    typer.echo(f"{key_id} is the current master key in {target}. Restart growbot, then: growbot keys rotate")


@keys.command("status")
def status() -> None:
    """Which master keys there are. And what each wraps, and which data keys none of them opens."""
    settings = settings_or_give_up()
    service, problem = _service(settings)
    with opened(settings, service) as database:
        found = _census(database, service or MasterKeys.none())
    if service is None:
        advice = key_file.lost(found, key_file.origin_of(settings)) if found.wrapped else doctor.MAKE_ONE
        give_up("There is no master key to work with:", [problem, advice])
    _show(service, found)
    _give_up_if_closed("Not everything can be opened:", found, service)


def _show(service: KeyService, found: Census) -> None:
    typer.echo(f"Master keys, from {service.origin}:")
    by_id = {each.key_id: each for each in found.wrapped}
    for key_id in dict.fromkeys([*service.ids, *by_id]):
        mark = "current" if key_id == service.current else "" if key_id in service.ids else "MISSING"
        typer.echo(f"  {key_id:<20} {mark:<8} {_wraps(by_id.get(key_id))}")
    if any(key_id not in by_id and key_id != service.current for key_id in service.ids):
        typer.echo(
            "One that was replaced and wraps nothing can be taken out there. Keep it for as long as you keep backups from its time."
        )
    if found.destroyed:
        typer.echo(f"{found.destroyed:,} more were destroyed, and the words with them.")


def _wraps(each: Wrapped | None) -> str:
    if each is None:
        return "wraps nothing"
    closed = f", and opens {each.data_keys - each.unopened:,} of them" if each.unopened else ""
    return f"wraps {key_file.held([each])}{closed}"


@keys.command("rotate", epilog=ORDER)
def rotate() -> None:
    """Wrap all data keys with the current master key. What people wrote is not touched; growbot may run meanwhile."""
    settings = settings_or_give_up()
    service, problem = _service(settings)
    if service is None:
        give_up("Nothing was rewrapped:", [problem])
    with opened(settings, service) as database:
        before = _census(database, service, tries_all=False)
        others = [each for each in before.wrapped if each.key_id in set(service.ids) - {service.current}]
        if others:
            _announce(service, others)
        done = _rotated(database, service, sum(each.data_keys for each in others))
        after = _census(database, service)
    typer.echo(f"{done:,} rewrapped." if others else "There is nothing to rewrap.")
    _show(service, after)
    _give_up_if_closed("Not everything could be opened, and that was left as it is:", after, service)


def _announce(service: KeyService, others: list[Wrapped]) -> None:
    old = ", ".join(each.key_id for each in others)
    typer.echo(f"From now on {service.current} wraps {key_file.held(others)} in place of {old}.")
    typer.echo(
        f"A growbot that was started without {service.current} can't open these until it is started again with it; nothing is lost. "
        "Interrupted, this goes on from there when it is run again."
    )


def _give_up_if_closed(headline: str, found: Census, service: KeyService) -> None:
    closed = [key_file.unopened(each, service) for each in found.wrapped if not each.is_fine]
    if closed:
        give_up(headline, closed)


def _rotated(database: Database, service: KeyService, total: int) -> int:
    try:
        return rotation.rotate(database, service, lambda done: typer.echo(f"  {done:,} of {total:,}"))
    except (KeysUnavailable, PermanentError) as error:
        give_up("Stopped before the end:", [reasons.reason(error)])


def _census(database: Database, service: KeyService, *, tries_all: bool = True) -> Census:
    try:
        with database.transaction() as db:
            return rotation.census(db, service, tries_all=tries_all)
    except KeysUnavailable as error:
        give_up("The master keys could not be asked:", [str(error)])


def _service(settings: Settings) -> tuple[KeyService | None, str]:
    try:
        return key_file.key_service(settings), ""
    except (PermanentError, OSError, ValueError) as error:
        return None, key_file.unreadable(settings, error)
