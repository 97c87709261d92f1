"""Where the master keys are, by the settings; the key file; and sentences on what is wrong with either."""

import os
import stat
from collections.abc import Sequence
from pathlib import Path

from bot import private_file
from bot.core.errors import PermanentError
from bot.core.master_keys import KeyService, MasterKeys, NoMasterKeys
from bot.core.rotation import Census, Wrapped
from bot.settings import Settings

ENVIRONMENT = "GROWBOT_MASTER_KEY"
UNTIL_THEN = "Until then growbot doesn't start, and what is stored stays as it is"


class KeyFileMissing(PermanentError):
    """No master key is where the settings say; the text names where it was looked for."""


class NoSuchKey(PermanentError):
    """The key file holds no key of that id (the text)."""


def key_service(settings: Settings) -> KeyService:
    """What wraps the data keys. A KMS would be chosen here: nothing else knows which kind it is.

    Raises KeyFileMissing, NoMasterKeys, OSError.
    """
    if settings.master_key is not None:
        return MasterKeys.parse(settings.master_key.get_secret_value(), ENVIRONMENT)
    path = settings.master_key_file.absolute()
    if not path.is_file():
        what = "is no file" if path.exists() else "does not exist"
        raise KeyFileMissing(f"there is no master key: {path} {what}, and {ENVIRONMENT} is not set")
    return read_file(path)


def origin_of(settings: Settings) -> str:
    return ENVIRONMENT if settings.master_key is not None else str(settings.master_key_file.absolute())


def is_closed(settings: Settings) -> bool:
    """There is a key file, and this account may not read it, or not even look into its folder."""
    if settings.master_key is not None:
        return False
    try:
        is_there = settings.master_key_file.is_file()
    except PermissionError:
        return True
    return is_there and not os.access(settings.master_key_file, os.R_OK)


# --- the key file -----------------------------------------------------------------------------------------


def read_file(path: Path) -> MasterKeys:
    """Raises NoMasterKeys, OSError."""
    try:
        text = path.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise NoMasterKeys("it is not text") from error
    return MasterKeys.parse(text, str(path))


def create_file(path: Path, entry: str) -> None:
    """For its owner's eyes. Raises FileExistsError: what is there is never overwritten; OSError."""
    private_file.create(path, _text([entry]))


def add_to_file(path: Path, entry: str, *, is_current: bool) -> None:
    """Beside the keys that are there: before them as the current one, or after them. Raises NoMasterKeys, OSError."""
    read_file(path)
    entries = path.read_text("utf-8").split()
    _replace(path, [entry, *entries] if is_current else [*entries, entry])


def make_current(path: Path, key_id: str) -> None:
    """Raises NoSuchKey, NoMasterKeys, OSError."""
    if key_id not in read_file(path).ids:
        raise NoSuchKey(key_id)
    entries = path.read_text("utf-8").split()
    _replace(path, sorted(entries, key=lambda each: not each.startswith(f"{key_id}:")))


def _replace(path: Path, entries: Sequence[str]) -> None:
    """At once, or not at all; its owner and mode stay, so that whoever read it still can."""
    target = path.resolve()
    was, new = target.stat(), target.with_name(f".{target.name}.new")
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        if (was.st_uid, was.st_gid) != (os.geteuid(), os.getegid()):
            os.fchown(descriptor, was.st_uid, was.st_gid)
        os.fchmod(descriptor, stat.S_IMODE(was.st_mode))
        private_file.write(descriptor, _text(entries))
        new.replace(target)
    except OSError:
        new.unlink(missing_ok=True)
        raise
    private_file.keep_folder(target.parent)


def _text(entries: Sequence[str]) -> str:
    return "".join(f"{entry}\n" for entry in entries)


# --- sentences for whoever runs the server ------------------------------------------------------------------


def too_open(settings: Settings) -> str | None:
    """A warning if others on the machine may read the key file, or change it."""
    path = settings.master_key_file.absolute()
    if settings.master_key is not None or not path.is_file():
        return None
    mode = stat.S_IMODE(path.stat().st_mode)
    if not mode & 0o077:
        return None
    return (
        f"{path} is open to others on this machine (mode {mode:04o}). Unless that is meant: chmod 600 {path}"
    )


def unreadable(settings: Settings, error: Exception) -> str:
    """Why there are no master keys. Nothing of what stands there is quoted: it may be a key with one letter too few."""
    where = origin_of(settings)
    if isinstance(error, KeyFileMissing):
        return str(error)
    if isinstance(error, OSError):
        mend = "Run growbot as the account that owns it, or let this one own it: chown"
        return f"{where} can't be read ({error.strerror}). {mend}"
    return f"{where} holds no master key that can be read ({error}): each is one line `id:key`, the key being 32 bytes in base64"


def lost(found: Census, where: str) -> str:
    """What stays closed without any master key."""
    ids = ", ".join(each.key_id for each in found.wrapped)
    return (
        f"The database holds {held(found.wrapped)}, wrapped by the master key {ids}. Put it into {where}, from your copy. "
        f"A new one would open nothing. {UNTIL_THEN}"
    )


def unopened(each: Wrapped, keys: KeyService) -> str:
    if each.is_missing:
        return (
            f"the master key {each.key_id} wraps {held([each])}, and is not in {keys.origin} (there: {_named(keys)}). "
            f"Put it back there, from your copy. {UNTIL_THEN}"
        )
    which = held([each]) if each.unopened == each.data_keys else f"{each.unopened:,} of {held([each])}"
    return (
        f"the master key {each.key_id} in {keys.origin} is not the one that wrapped {which}: same id, "
        f"another key. Put the right one there, from your copy. {UNTIL_THEN}"
    )


def held(wrapped: Sequence[Wrapped]) -> str:
    data_keys, engagements = (
        sum(each.data_keys for each in wrapped),
        sum(each.engagements for each in wrapped),
    )
    of = f" (of {counted(engagements, 'engagement')})" if engagements else ""
    return f"{counted(data_keys, 'data key')}{of}"


def counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _named(keys: KeyService) -> str:
    return ", ".join(keys.ids) or "none"
