"""`growbot db`: bringing the database up to this version, and copying it."""

import sqlite3
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.exc import SQLAlchemyError

from bot import schema
from bot.commands.terminal import give_up, opened, settings_or_give_up
from bot.core import embedded
from bot.core.database import Database
from bot.core.master_keys import MasterKeys
from bot.core.vault import Vault
from bot.database_reasons import DAMAGED, database_reason

db = typer.Typer(help="Bring the database up to this version, or copy it.", no_args_is_help=True)


@db.command("upgrade")
def upgrade() -> None:
    """Bring the database up to this version. Harmless when it is."""
    settings = settings_or_give_up()
    database = Database(settings.database_url, Vault(MasterKeys.none()))
    try:
        if database.is_absent:
            schema.create_file(database.engine)
        missing = schema.pending(database.engine)
        schema.upgrade(database.engine)
    except (SQLAlchemyError, OSError, schema.NewerDatabase, schema.ForeignKeyBroken) as error:
        give_up("The database could not be upgraded:", [database_reason(error, settings.database_url)])
    finally:
        database.close()
    typer.echo(f"Applied: {', '.join(missing)}" if missing else "The database is up to date.")


@db.command("backup")
def backup(target: Annotated[Path, typer.Argument(help="A file that is not there yet.")]) -> None:
    """Copy a SQLite database, also while growbot runs. The copy is checked, and for your eyes only."""
    settings = settings_or_give_up()
    with opened(settings) as database:
        if database.file is None:
            give_up("Nothing was copied:", ["PostgreSQL has its own way to do it: pg_dump"])
        try:
            embedded.copy(database.file, target)
        except FileExistsError:
            give_up("Nothing was copied:", [f"{target} is there already, and is not written over"])
        except embedded.Damaged as error:
            give_up("Nothing was copied:", [DAMAGED.format(file=database.file, what=error)])
        except (OSError, sqlite3.Error) as error:
            why = error.strerror if isinstance(error, OSError) else error
            give_up("Nothing was copied:", [f"{target.absolute()} could not be written ({why})"])
    typer.echo(
        f"Copied to {target}. What people wrote is sealed in it: without the master key, it is of no use."
    )
