"""SQLite as the embedded engine: one file, one growbot that serves it, and copies made while it does."""

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from bot.core.errors import PermanentError

PAGES_AT_ONCE = 1000
"""Copied before others may write again."""


class FileInUse(PermanentError):
    """Another growbot serves this file; the text is its process id, as far as it is known."""


class LockUnusable(PermanentError):
    """The file beside the database that is locked can't be opened; the text names it, and says why."""


class Damaged(PermanentError):
    """SQLite finds that the file is not whole; the text is the first thing that it names."""


@contextmanager
def held(file: Path) -> Iterator[None]:
    """Serve this file alone: two growbots would plan and send the same things side by side. Raises FileInUse,
    LockUnusable.

    The lock is on a file beside it, `….lock`, and the system lets go of it when the process ends, however it ends. (A lock
    on the database file itself would undo SQLite's own when it is closed.)
    """
    try:
        beside = os.open(f"{file}.lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise LockUnusable(f"{error.filename} can't be opened ({error.strerror})") from error
    try:
        try:
            fcntl.flock(beside, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise FileInUse(os.read(beside, 20).decode(errors="replace").strip() or "unknown") from error
        os.ftruncate(beside, 0)
        os.pwrite(beside, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(beside)


def check(file: Path) -> None:
    """Read the whole file and see that it hangs together. Raises Damaged, and sqlite3.Error when it can't be read."""
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            (found,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError):
            raise
        raise Damaged(str(error)) from error
    if found != "ok":
        raise Damaged(found)


def copy(file: Path, target: Path) -> None:
    """A whole copy, as of one moment, of a file that may be in use; only its owner reads it.

    It is there under its name only once it is complete and was checked. Raises FileExistsError when something is there
    already, Damaged, OSError and sqlite3.Error, with nothing left behind.
    """
    if target.exists():
        raise FileExistsError(target)
    part = target.with_name(f".{target.name}.part")
    os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
    try:
        with (
            closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as source,
            closing(sqlite3.connect(part)) as into,
        ):
            source.backup(into, pages=PAGES_AT_ONCE)
            into.execute(
                "PRAGMA journal_mode=DELETE"
            )  # one file, with nothing beside it that could be forgotten
        check(part)
        with part.open("rb") as written:
            os.fsync(written.fileno())
        part.rename(target)
    finally:
        with suppress(FileNotFoundError):
            part.unlink()
