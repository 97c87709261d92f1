"""Sealing and opening of words.

One random data key per owner (an engagement, or a person for what belongs to no engagement), wrapped by a master key.
AES-256-GCM; the associated data names workspace, owner, table, column and row, so that a ciphertext moved elsewhere does
not open. Destroying the data key destroys the words, backups included that were made without it.

Sealed:  format (1 byte) · data key version (2) · nonce (12) · ciphertext and tag
"""

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import LargeBinary, String, bindparam, delete, select
from sqlalchemy.orm import InstrumentedAttribute, Mapped, mapped_column

from bot.core.database import Base, Transaction, insert_once
from bot.core.errors import PermanentError
from bot.core.master_keys import NONCE_BYTES, KeyService

FORMAT = 1
HEADER_BYTES = 3
VERSION = 2
"""Of a new data key. Those of version 1 are from before seals named the workspace, and open what they sealed as before."""


class WordsUnreadable(PermanentError):
    """The ciphertext does not open: another key, another place, or damaged. The text is its owner."""


class DataKeyMissing(PermanentError):
    """There is no data key of this owner (the text). None is made in its place: the right one may be in a backup."""


class WordsDestroyed(PermanentError):
    """The data key was destroyed, and the words with it."""


class WordsWithheld(PermanentError):
    """Words were asked for where they may not go: while a message is rendered."""


class DataKeyRow(Base):
    """`team_id`: the workspace that its seals name; None for a key of version 1."""

    __tablename__ = "data_keys"

    owner: Mapped[str] = mapped_column(String(80), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, default=VERSION)
    team_id: Mapped[str | None] = mapped_column(String(20))
    wrapped: Mapped[bytes | None] = mapped_column(LargeBinary)
    master_key_id: Mapped[str] = mapped_column(String(40))
    created_at: Mapped[datetime]
    destroyed_at: Mapped[datetime | None]


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
    def __init__(self, keys: KeyService) -> None:
        self.keys = keys
        self._remembered: dict[tuple[str, str, bytes], tuple[datetime, bytes]] = {}

    def begin(self, db: Transaction, owner: str, now: datetime, *, team_id: str) -> Sealer:
        """The sealer of `owner`, whose data key is made if there is none. Raises as `sealer`, but DataKeyMissing."""
        if db.scalar(_HELD, {"owner": owner}) is None:
            self._create(db, owner, now, team_id)
        return self.sealer(db, owner, now, team_id=team_id)

    def sealer(self, db: Transaction, owner: str, now: datetime, *, team_id: str) -> Sealer:
        """The sealer of `owner` in its workspace; never makes a data key, so that none takes the place of a lost one.

        Raises DataKeyMissing, WordsDestroyed, WordsUnreadable (another workspace's), KeyMissing, KeyWrong, KeysUnavailable.
        """
        if (team_id, owner) not in db.sealers:
            row = _row_of(db, owner)
            if row is None:
                raise DataKeyMissing(owner)
            if row.team_id not in (team_id, None):
                raise WordsUnreadable(owner)
            key = self._unwrapped(row, now)
            db.sealers[team_id, owner] = DataKey(row.team_id, owner, row.version, key)
        return db.sealers[team_id, owner]

    def destroy(self, db: Transaction, owner: str, now: datetime) -> None:
        for row in db.scalars(select(DataKeyRow).where(DataKeyRow.owner == owner)):
            row.wrapped, row.destroyed_at = None, now
        for sealer in [each for each in db.sealers if each[1] == owner]:
            del db.sealers[sealer]
        for key in [each for each in list(self._remembered) if each[0] == owner]:
            self._remembered.pop(key, None)
        db.leaves_no_trace = True

    def forget(self, db: Transaction, owner: str, now: datetime) -> None:
        """As `destroy`, and another may begin in its place. To be called before what it seals is deleted.

        Whoever just begins to seal by it is waited for, so that their row is there to be deleted.
        """
        self.destroy(db, owner, now)
        db.flush()
        db.execute(delete(DataKeyRow).where(DataKeyRow.owner == owner))

    def _create(self, db: Transaction, owner: str, now: datetime, team_id: str) -> None:
        """Another transaction's stays, if that was quicker."""
        insert_once(
            db,
            DataKeyRow,
            owner=owner,
            version=VERSION,
            team_id=team_id,
            wrapped=self.keys.wrap(AESGCM.generate_key(256), wrapping_place(team_id, owner, VERSION)),
            master_key_id=self.keys.current,
            created_at=now,
        )

    def _unwrapped(self, row: DataKeyRow, now: datetime) -> bytes:
        """From the row in any case, so that what was destroyed is destroyed at once, for every process."""
        if row.wrapped is None:
            raise WordsDestroyed(row.owner)
        place = place_of(row)
        same = (row.owner, place + row.master_key_id, row.wrapped)
        if same in self._remembered and abs(now - self._remembered[same][0]) < self.keys.remembered_for:
            return self._remembered[same][1]
        key = self.keys.unwrap(row.master_key_id, row.wrapped, place)
        if self.keys.remembered_for:
            self._forget_old(now)
            self._remembered[same] = now, key
        return key

    def _forget_old(self, now: datetime) -> None:
        for known, (at, _key) in list(self._remembered.items()):
            if abs(now - at) >= self.keys.remembered_for:
                self._remembered.pop(known, None)


class ClosedVault(Vault):
    """What a message is rendered with: no words can be opened, so none can be sent."""

    def __init__(self) -> None:
        pass

    def begin(self, db: Transaction, owner: str, now: datetime, *, team_id: str) -> Sealer:
        raise WordsWithheld(owner)

    def sealer(self, db: Transaction, owner: str, now: datetime, *, team_id: str) -> Sealer:
        raise WordsWithheld(owner)


@dataclass(frozen=True)
class DataKey:
    team_id: str | None
    owner: str
    version: int
    key: bytes = field(repr=False)

    def seal(self, column: InstrumentedAttribute[bytes], row_id: str, words: str) -> bytes:
        return self._encrypt(self._place(column, row_id), words)

    def seal_optional(
        self, column: InstrumentedAttribute[bytes | None], row_id: str, words: str | None
    ) -> bytes | None:
        words = words.strip() if words else ""
        return self._encrypt(self._place(column, row_id), words) if words else None

    def open(self, column: InstrumentedAttribute[bytes], row_id: str, sealed: bytes) -> str:
        return self._decrypt(self._place(column, row_id), sealed)

    def open_optional(
        self, column: InstrumentedAttribute[bytes | None], row_id: str, sealed: bytes | None
    ) -> str | None:
        return None if sealed is None else self._decrypt(self._place(column, row_id), sealed)

    def _place(
        self, column: InstrumentedAttribute[bytes] | InstrumentedAttribute[bytes | None], row_id: str
    ) -> bytes:
        return _joined(self.team_id, self.owner, column.class_.__tablename__, column.key, row_id).encode()

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


def seal_anew(row: Any, columns: Iterable[InstrumentedAttribute[Any]], before: Sealer, after: Sealer) -> None:
    """What the row's columns hold, under another key."""
    for column in columns:
        words = before.open_optional(column, row.id, getattr(row, column.key))
        setattr(row, column.key, after.seal_optional(column, row.id, words))


def wrapping_place(team_id: str | None, owner: str, version: int) -> str:
    """What is authenticated when a data key is wrapped and unwrapped."""
    return _joined("data_keys", team_id, owner, str(version))


def place_of(row: DataKeyRow) -> str:
    return wrapping_place(row.team_id, row.owner, row.version)


def _joined(*names: str | None) -> str:
    """Nothing that names a place holds the bar: our own names, random ids, and Slack's ids."""
    given: Iterable[str] = (name for name in names if name is not None)
    return "|".join(given)


_HELD = (
    select(DataKeyRow.owner)
    .where(DataKeyRow.owner == bindparam("owner"))
    .with_for_update(read=True, key_share=True)
)
"""Nobody deletes it before the end of the transaction."""


_OF_OWNER = select(DataKeyRow).where(DataKeyRow.owner == bindparam("owner"))


def _row_of(db: Transaction, owner: str) -> DataKeyRow | None:
    return db.view_one(_OF_OWNER, {"owner": owner})
