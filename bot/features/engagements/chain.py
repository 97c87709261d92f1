"""A chain of entries: each one's digest covers all before it, keyed, so that whoever lacks the key can't mend it. Pure."""

import hmac
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

BEGUN = "begun"
"""The first entry of a chain, written along with what it is about."""
ACCEPTED = "accepted"
"""An operator has looked, and lets the chain begin anew from what is there."""
GAP = "gap"
"""What growbot writes before it goes on after a head that is missing or forged."""
NOTHING = b""


@dataclass(frozen=True, slots=True)
class Entry:
    """Who (a person's id, or our own name for a process) did what to which thing; no words."""

    chain: str
    seq: int
    who: str
    kind: str
    object_id: str
    at: datetime
    digest: bytes


@dataclass(frozen=True, slots=True)
class Head:
    """Where a chain ends, as far as growbot has written it: what is cut off its end is missed here."""

    chain: str
    seq: int
    digest: bytes
    mac: bytes


@dataclass(frozen=True, slots=True)
class Flaw:
    """The first thing that is wrong, at this entry; 0 is before all of them."""

    seq: int
    what: str


def key_from(data_key: bytes, chain: str) -> bytes:
    """A key of its own, so that no digest tells anything of what seals words."""
    return HKDF(SHA256(), 32, salt=None, info=f"access log|{chain}".encode()).derive(data_key)


def link(key: bytes, previous: bytes, entry: Entry) -> bytes:
    at = entry.at.astimezone(UTC).isoformat()
    said = (entry.chain, entry.seq, entry.who, entry.kind, entry.object_id, at)
    return _mac(key, ["entry", previous.hex(), *said])


def proven(key: bytes, chain: str, seq: int, digest: bytes) -> Head:
    return Head(chain, seq, digest, _mac(key, ["head", chain, seq, digest.hex()]))


def is_proven(key: bytes, head: Head) -> bool:
    return hmac.compare_digest(head.mac, proven(key, head.chain, head.seq, head.digest).mac)


def folded(key: bytes, entries: Iterable[Entry]) -> bytes:
    """The digest that the last of these must have; over what they say now, whatever digests they carry."""
    digest = NOTHING
    for entry in entries:
        digest = link(key, digest, entry)
    return digest


def first_flaw(key: bytes, head: Head | None, entries: Sequence[Entry]) -> Flaw | None:
    """None: every entry is as it was written, none is missing, and none was put in.

    What precedes the last acceptance is covered by the acceptance's own digest, and not looked at one by one.
    """
    start = max((index for index, each in enumerate(entries) if each.kind == ACCEPTED), default=0)
    if not entries or entries[start].kind not in (BEGUN, ACCEPTED):
        return Flaw(0, "the chain has no beginning")
    digest, seq = folded(key, entries[:start]), entries[start].seq if start else 1
    for entry in entries[start:]:
        digest = link(key, digest, entry)
        if entry.seq != seq:
            return Flaw(seq, "an entry is missing")
        if not hmac.compare_digest(digest, entry.digest):
            return Flaw(seq, "an entry is not what growbot wrote")
        if entry.kind == GAP:
            return Flaw(seq, "growbot found the chain's end missing or forged here")
        seq += 1
    return _flaw_of_head(key, head, entries[-1])


def _flaw_of_head(key: bytes, head: Head | None, last: Entry) -> Flaw | None:
    if head is None:
        return Flaw(last.seq, "the chain's end is not known any more")
    if not is_proven(key, head):
        return Flaw(last.seq, "the chain's end is forged")
    if head.seq > last.seq:
        return Flaw(last.seq + 1, "entries are cut off")
    if (head.seq, head.digest) != (last.seq, last.digest):
        return Flaw(last.seq, "there are entries beyond the chain's end")
    return None


def _mac(key: bytes, said: Sequence[str | int]) -> bytes:
    return hmac.digest(key, json.dumps(said, separators=(",", ":")).encode(), "sha256")
