"""Master keys, which wrap the data keys: as a service of which a key file's is one kind, and a KMS may be another."""

import base64
import binascii
import os
import re
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.core.errors import PermanentError, TransientError

NONCE_BYTES = 12
KEY_BYTES = 32
KEY_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,39}")


class KeyMissing(PermanentError):
    """The master key that wraps a data key is not among those given; the text is its id."""


class KeyWrong(PermanentError):
    """The master key of this id (the text) is another one than that which wrapped the data key, or that is damaged."""


class KeysUnavailable(TransientError):
    """The service that keeps the master keys does not answer."""


class NoMasterKeys(ValueError):
    """What was given holds no master keys; the text says where it is wrong, and quotes nothing: it may be a key."""


class KeyService(Protocol):
    """Wraps and unwraps data keys. All that growbot asks of what keeps the master keys: they never need to leave it.

    `place`: whose data key it is, in which workspace. Authenticated, not secret: a KMS takes it as encryption context.
    `origin`: where the keys are, as told to whoever runs the server. `current`: the id of the key that wraps.
    `remembered_for`: how long an opened data key may be kept in memory instead of being asked for again.
    Called within a transaction, so that it answers or raises KeysUnavailable within a second.
    """

    @property
    def current(self) -> str: ...

    @property
    def ids(self) -> Collection[str]: ...

    @property
    def origin(self) -> str: ...

    @property
    def remembered_for(self) -> timedelta: ...

    def wrap(self, data_key: bytes, place: str) -> bytes:
        """With the current key. Raises KeysUnavailable."""

    def unwrap(self, key_id: str, wrapped: bytes, place: str) -> bytes:
        """Raises KeyMissing, KeyWrong, KeysUnavailable."""


@dataclass(frozen=True)
class MasterKeys:
    """The kind of which growbot is told the keys themselves. `current` wraps, the others still open what they wrapped."""

    current: str
    keys: Mapping[str, bytes] = field(repr=False)
    origin: str = "the settings"
    remembered_for: timedelta = timedelta(0)  # unwrapping costs two microseconds here

    @classmethod
    def parse(cls, text: str, origin: str = "the settings") -> "MasterKeys":
        """Lines of `id:base64 of 32 bytes`; the first is the current one. Raises NoMasterKeys."""
        keys: dict[str, bytes] = {}
        for number, entry in enumerate(text.split(), 1):
            key_id, _, encoded = entry.partition(":")
            if not KEY_ID.fullmatch(key_id):
                raise NoMasterKeys(f"key {number} does not begin with an id and a colon")
            if key_id in keys:
                raise NoMasterKeys(f"key {number} has the id of one before it")
            keys[key_id] = _decoded(encoded, number)
        if not keys:
            raise NoMasterKeys("nothing stands there")
        return cls(next(iter(keys)), keys, origin)

    @staticmethod
    def generate(key_id: str) -> str:
        return f"{key_id}:{base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()}"

    @classmethod
    def none(cls, origin: str = "the settings") -> "MasterKeys":
        """For what needs a database and no words."""
        return cls("", {}, origin)

    @property
    def ids(self) -> Collection[str]:
        return self.keys.keys()

    def wrap(self, data_key: bytes, place: str) -> bytes:
        if self.current not in self.keys:
            raise KeyMissing(self.current)
        nonce = os.urandom(NONCE_BYTES)
        return nonce + AESGCM(self.keys[self.current]).encrypt(nonce, data_key, place.encode())

    def unwrap(self, key_id: str, wrapped: bytes, place: str) -> bytes:
        if key_id not in self.keys:
            raise KeyMissing(key_id)
        try:
            nonce, sealed = wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:]
            return AESGCM(self.keys[key_id]).decrypt(nonce, sealed, place.encode())
        except (InvalidTag, ValueError) as error:
            raise KeyWrong(key_id) from error


def _decoded(encoded: str, number: int) -> bytes:
    try:
        key = base64.b64decode(encoded, validate=True)
    except binascii.Error:
        key = b""
    if len(key) != KEY_BYTES:
        raise NoMasterKeys(f"key {number} is not {KEY_BYTES} bytes in base64")
    return key
