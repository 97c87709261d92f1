"""The address of a picture. It holds the picture itself, sealed, and when it ends: nothing is kept, and nothing is looked up.

So whoever was shown an address can fetch that one picture for ten minutes, from any of several processes, and nobody can make
an address up. What is in it is what was to be seen when the form was opened.
"""

import os
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime, timedelta

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.core.database import Transaction
from bot.core.master_keys import NONCE_BYTES
from bot.core.vault import DataKey, DataKeyMissing

PATH = "/picture"
LIFE = timedelta(minutes=10)
MOST = 2800
"""Slack takes addresses of 3,000 characters."""
OWNER = "pictures"
"""Of the data key that seals addresses: the installation's, and no person's."""
OF_NO_WORKSPACE = ""
TIME_BYTES = 8


def ticket(db: Transaction, svg: str, now: datetime) -> str | None:
    """None: it is too large for an address."""
    sealer = db.vault.begin(db, OWNER, now, team_id=OF_NO_WORKSPACE)
    assert isinstance(sealer, DataKey)
    ends_at = int((now + LIFE).timestamp()).to_bytes(TIME_BYTES, "big")
    nonce = os.urandom(NONCE_BYTES)
    sealed = AESGCM(sealer.key).encrypt(nonce, ends_at + zlib.compress(svg.encode(), 9), OWNER.encode())
    token = urlsafe_b64encode(nonce + sealed).decode().rstrip("=")
    return token if len(token) <= MOST else None


def opened(db: Transaction, token: str, now: datetime) -> str | None:
    """The picture; None for what growbot did not make, and for what is over."""
    if len(token) > MOST:
        return None
    try:
        sealer = db.vault.sealer(db, OWNER, now, team_id=OF_NO_WORKSPACE)
        assert isinstance(sealer, DataKey)
        sealed = urlsafe_b64decode(token + "=" * (-len(token) % 4))
        plain = AESGCM(sealer.key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], OWNER.encode())
    except (DataKeyMissing, InvalidTag, ValueError):
        return None
    if int.from_bytes(plain[:TIME_BYTES], "big") <= now.timestamp():
        return None
    return zlib.decompress(plain[TIME_BYTES:]).decode()
