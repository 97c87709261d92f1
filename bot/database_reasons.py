"""Why a database can't be used, in one line for whoever runs the server, with how to mend it. No password is ever in it."""

import os
import sqlite3
from pathlib import Path

from sqlalchemy.engine import make_url

from bot import schema
from bot.core.database import Database

NO_CONNECTION = (
    "connection failed",
    "connection is bad",
    "connection timeout",
    "failed to resolve host",
    "invalid connection option",
)
"""How psycopg begins when it could not connect. What stands there is its own and the server's, nobody's words."""
NOT_ALLOWED = "42501"
DAMAGED = "{file} is damaged ({what}). Stop growbot, keep the file, and put back a copy: growbot db backup makes them"
LOCKED = "another process is writing to {file} just now. Try again in a moment"
FULL = "the disk of {file} is full"
BY_SQLITE = {"malformed": DAMAGED, "is locked": LOCKED, "is full": FULL}
"""By a part of SQLite's own sentence."""
MAKE_IT_THE_OWNER = (
    "its user may not make tables there. Make it the owner: ALTER DATABASE <name> OWNER TO <user>"
)
CHECK_THE_ADDRESS = "Check GROWBOT_DATABASE_URL, and that it is running"


def name_of(url: str) -> str:
    """The address without its password; SQLite's file by its whole path, for it hangs on the folder growbot is run in."""
    file = file_of(url)
    return str(file) if file else Database.describe(url)


def file_of(url: str) -> Path | None:
    parsed = make_url(url)
    is_file = parsed.get_backend_name() == "sqlite" and parsed.database
    return Path(parsed.database).absolute() if is_file and parsed.database else None


def database_reason(error: Exception, url: str) -> str:
    where, file = name_of(url), file_of(url)
    if isinstance(error, schema.NewerDatabase):
        return f"{where} was upgraded by a newer growbot (to {error}). Run that one, or restore a backup"
    if isinstance(error, schema.ForeignKeyBroken):
        return f"{where} was left as it was: a migration would have left rows that point to nothing ({error}). Please report it"
    if file is not None:
        return not_yours(file) or _of_sqlite(error, file)
    return f"{where} can't be used: {_of_postgres(error)}"


def not_yours(file: Path) -> str | None:
    """What keeps this account from writing SQLite's file, or making it. SQLite writes into its folder, too."""
    folder = file.parent
    if not _is_there(folder):
        return f"there is no folder {folder} for the database. Make it, or change GROWBOT_DATABASE_URL"
    mend = "Run growbot as the account that owns it, or let this one own it: chown"
    if not os.access(folder, os.W_OK | os.X_OK):
        return f"{folder}, the folder of the database, can't be written to by this account. {mend}"
    if file.exists() and not os.access(file, os.R_OK | os.W_OK):
        return f"{file} can't be read and written by this account. {mend}"
    return None


def _is_there(folder: Path) -> bool:
    """Also where this account may not look."""
    try:
        return folder.is_dir()
    except PermissionError:
        return True


def _of_sqlite(error: Exception, file: Path) -> str:
    """With SQLite's own sentence where it holds nothing of a row."""
    found = _driver_error(error)
    is_told = isinstance(found, sqlite3.DatabaseError) and not isinstance(found, sqlite3.IntegrityError)
    what = str(found) if is_told else type(error).__name__
    for part, sentence in BY_SQLITE.items():
        if part in what:
            return sentence.format(file=file, what=what)
    return f"{file} can't be used: {what}. Check GROWBOT_DATABASE_URL"


def _of_postgres(error: Exception) -> str:
    found = _driver_error(error)
    first = str(found).partition("\n")[0].strip()
    state = getattr(found, "sqlstate", None)
    if state == NOT_ALLOWED:
        return MAKE_IT_THE_OWNER
    if first.startswith(NO_CONNECTION):
        why = first.rpartition(" failed: ")[2].removeprefix("FATAL:").strip()
        return f"{why}. {CHECK_THE_ADDRESS}"
    if state is not None:
        return f"it answers {type(found).__name__} (SQLSTATE {state}), and nothing was changed"
    return f"{type(error).__name__}. {CHECK_THE_ADDRESS}"


def _driver_error(error: BaseException) -> BaseException:
    """What the driver said, below SQLAlchemy's and our own errors."""
    below = getattr(error, "orig", None) or error.__cause__
    return _driver_error(below) if isinstance(below, BaseException) else error
