"""Sealing and opening of words.

One random data key per owner (an engagement, or a person for what belongs to no engagement), wrapped by a master key.
AES-256-GCM; the associated data names owner, table, column and row, so that a ciphertext moved elsewhere does not open.
Destroying the data key destroys the words, backups included.

Sealed:  format (1 byte) · data key version (2) · nonce (12) · ciphertext and tag
"""

import base64
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import LargeBinary, String, select
from sqlalchemy.orm import InstrumentedAttribute, Mapped, mapped_column

from bot.core.database import Base, Transaction, insert_once
from bot.core.errors import PermanentError

FORMAT = 1
NONCE_BYTES = 12
HEADER_BYTES = 3


class KeyMissing(PermanentError):
    """The master key that wraps a data key is not among those given."""


class WordsUnreadable(PermanentError):
    """The ciphertext does not open: another key, another place, or damaged."""


class WordsDestroyed(PermanentError):
    """The data key was destroyed, and the words with it."""


class WordsWithheld(PermanentError):
    """Words were asked for where they may not go: while a message is rendered."""


class DataKeyRow(Base):
    __tablename__ = "data_keys"

    owner: Mapped[str] = mapped_column(String(80), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, default=1)
    wrapped: Mapped[bytes | None] = mapped_column(LargeBinary)
    master_key_id: Mapped[str] = mapped_column(String(40))
    created_at: Mapped[datetime]
    destroyed_at: Mapped[datetime | None]


@dataclass(frozen=True)
class MasterKeys:
    """Master keys by id; `current` wraps new data keys, the others still open old ones."""

    current: str
    keys: Mapping[str, bytes]

    @classmethod
    def parse(cls, text: str) -> "MasterKeys":
        """Lines of `id:base64 of 32 bytes`; the first is the current one. Raises ValueError."""
        entries = [line.strip().partition(":") for line in text.split() if line.strip()]
        keys = {key_id: base64.b64decode(encoded, validate=True) for key_id, _, encoded in entries}
        if not keys or any(len(key) != 32 for key in keys.values()):
            raise ValueError("a master key is one line `id:key`, the key being 32 bytes in base64")
        return cls(current=entries[0][0], keys=keys)

    @staticmethod
    def generate(key_id: str) -> str:
        return f"{key_id}:{base64.b64encode(secrets.token_bytes(32)).decode()}"


class Sealer(Protocol):
    """Seals and opens the words of one owner."""

    def seal(self, column: InstrumentedAttribute[bytes], row_id: str, words: str) -> bytes: ...

    def seal_optional(
        self, column: InstrumentedAttribute[bytes | None], row_id: str, words: str | None
    ) -> bytes | None:
        """None and blank words are stored as nothing."""

    def open(self, column: InstrumentedAttribute[bytes], row_id: str, sealed: bytes) -> str: ...

    def open_optional(
        self, column: InstrumentedAttribute[bytes | None], row_id: str, sealed: bytes | None
    ) -> str | None: ...


class Vault:
    def __init__(self, master_keys: MasterKeys) -> None:
        self._master = master_keys

    def sealer(self, db: Transaction, owner: str, now: datetime) -> Sealer:
        """The sealer of `owner`, whose data key is made at its first use.

        Raises KeyMissing, WordsDestroyed, WordsUnreadable.
        """
        if owner not in db.sealers:
            row = _row_of(db, owner) or self._create(db, owner, now)
            db.sealers[owner] = DataKey(owner, row.version, self._unwrap(row))
        return db.sealers[owner]

    def destroy(self, db: Transaction, owner: str, now: datetime) -> None:
        for row in db.scalars(select(DataKeyRow).where(DataKeyRow.owner == owner)):
            row.wrapped, row.destroyed_at = None, now
        db.sealers.pop(owner, None)

    def check(self, db: Transaction) -> None:
        """Every data key's master key is here and opens it. Raises KeyMissing, WordsUnreadable."""
        used = select(DataKeyRow).where(DataKeyRow.destroyed_at.is_(None))
        by_master = {row.master_key_id: row for row in db.scalars(used)}
        for row in by_master.values():
            self._unwrap(row)

    def _create(self, db: Transaction, owner: str, now: datetime) -> DataKeyRow:
        """The new data key; another transaction's, if that was quicker."""
        key, nonce = AESGCM.generate_key(256), os.urandom(NONCE_BYTES)
        master = AESGCM(self._master.keys[self._master.current])
        insert_once(
            db,
            DataKeyRow,
            owner=owner,
            version=1,
            wrapped=nonce + master.encrypt(nonce, key, _wrapping_place(owner, 1)),
            master_key_id=self._master.current,
            created_at=now,
        )
        row = _row_of(db, owner)
        assert row is not None
        return row

    def _unwrap(self, row: DataKeyRow) -> bytes:
        if row.wrapped is None:
            raise WordsDestroyed(row.owner)
        master = self._master.keys.get(row.master_key_id)
        if master is None:
            raise KeyMissing(row.master_key_id)
        nonce, wrapped = row.wrapped[:NONCE_BYTES], row.wrapped[NONCE_BYTES:]
        try:
            return AESGCM(master).decrypt(nonce, wrapped, _wrapping_place(row.owner, row.version))
        except InvalidTag as error:
            raise WordsUnreadable(row.master_key_id) from error


class ClosedVault(Vault):
    """What a message is rendered with: no words can be opened, so none can be sent."""

    def __init__(self) -> None:
        pass

    def sealer(self, db: Transaction, owner: str, now: datetime) -> Sealer:
        raise WordsWithheld(owner)


@dataclass(frozen=True)
class DataKey:
    owner: str
    version: int
    key: bytes

    def seal(self, column: InstrumentedAttribute[bytes], row_id: str, words: str) -> bytes:
        return self._encrypt(_place(self.owner, column, row_id), words)

    def seal_optional(
        self, column: InstrumentedAttribute[bytes | None], row_id: str, words: str | None
    ) -> bytes | None:
        words = words.strip() if words else ""
        return self._encrypt(_place(self.owner, column, row_id), words) if words else None

    def open(self, column: InstrumentedAttribute[bytes], row_id: str, sealed: bytes) -> str:
        return self._decrypt(_place(self.owner, column, row_id), sealed)

    def open_optional(
        self, column: InstrumentedAttribute[bytes | None], row_id: str, sealed: bytes | None
    ) -> str | None:
        return None if sealed is None else self._decrypt(_place(self.owner, column, row_id), sealed)

    def _encrypt(self, place: bytes, words: str) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        return self._header + nonce + AESGCM(self.key).encrypt(nonce, words.encode(), place)

    @property
    def _header(self) -> bytes:
        return bytes([FORMAT]) + self.version.to_bytes(2, "big")

    def _decrypt(self, place: bytes, sealed: bytes) -> str:
        if sealed[:HEADER_BYTES] != self._header:
            raise WordsUnreadable(self.owner)
        nonce = sealed[HEADER_BYTES : HEADER_BYTES + NONCE_BYTES]
        try:
            return AESGCM(self.key).decrypt(nonce, sealed[HEADER_BYTES + NONCE_BYTES :], place).decode()
        except (InvalidTag, ValueError) as error:
            raise WordsUnreadable(self.owner) from error


def engagement_owner(engagement_id: str) -> str:
    return f"engagement:{engagement_id}"


def person_owner(person_id: str) -> str:
    return f"person:{person_id}"


def _row_of(db: Transaction, owner: str) -> DataKeyRow | None:
    return db.scalar(select(DataKeyRow).where(DataKeyRow.owner == owner))


def _wrapping_place(owner: str, version: int) -> bytes:
    return f"data_keys|{owner}|{version}".encode()


def _place(
    owner: str, column: InstrumentedAttribute[bytes] | InstrumentedAttribute[bytes | None], row_id: str
) -> bytes:
    return f"{owner}|{column.class_.__tablename__}|{column.key}|{row_id}".encode()
