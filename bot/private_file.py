"""A new file that only its owner reads."""

import os
from pathlib import Path


def create(path: Path, text: str) -> None:
    """On the disk when this returns. Raises FileExistsError: what is there is never overwritten; OSError."""
    write(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), text)
    keep_folder(path.parent)


def write(descriptor: int, text: str) -> None:
    """All of it, and close it."""
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def keep_folder(folder: Path) -> None:
    """That a file is in it outlives a loss of power too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
