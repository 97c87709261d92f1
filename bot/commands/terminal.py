"""What the commands share: the settings, the database, and giving up in a sentence."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NoReturn

import typer
from sqlalchemy.exc import SQLAlchemyError

from bot import schema
from bot.core.database import Database, DatabaseUnavailable
from bot.core.errors import PermanentError
from bot.core.master_keys import KeyService, MasterKeys
from bot.core.vault import Vault
from bot.database_reasons import database_reason, name_of
from bot.keys import key_service, unreadable
from bot.settings import Settings, SettingsInvalid, load, nothing_is_set


def settings_or_give_up() -> Settings:
    try:
        return load()
    except SettingsInvalid as error:
        give_up("These settings are wrong:", error.problems)


def keys_or_give_up(settings: Settings) -> KeyService:
    try:
        return key_service(settings)
    except (PermanentError, OSError, ValueError) as error:
        give_up("The master key could not be read:", [unreadable(settings, error)])


@contextmanager
def opened(settings: Settings, keys: KeyService | None = None) -> Iterator[Database]:
    """The settings' database, without words unless `keys` are given; what is in the way is said in a sentence."""
    with using(settings, keys) as database:
        if database.is_absent:
            give_up(
                f"There is no database at {name_of(settings.database_url)}:",
                [nothing_is_set(settings) or "growbot db upgrade makes it"],
            )
        if schema.pending(database.engine):
            give_up("The database is not of this version:", ["growbot db upgrade brings it up to it"])
        yield database


@contextmanager
def using(settings: Settings, keys: KeyService | None = None) -> Iterator[Database]:
    """As `opened`, of whatever version, and if it is not there yet."""
    database = Database(settings.database_url, Vault(keys or MasterKeys.none()))
    try:
        yield database
    except BrokenPipeError:
        raise  # nobody reads what is printed
    except (SQLAlchemyError, DatabaseUnavailable, schema.NewerDatabase, OSError) as error:
        give_up("The database could not be used:", [database_reason(error, settings.database_url)])
    finally:
        database.close()


def give_up(headline: str, problems: Sequence[str]) -> NoReturn:
    typer.echo(headline, err=True)
    for problem in problems:
        typer.echo(f"  - {problem}", err=True)
    sys.exit(1)
