"""Asking for an export, and getting it: it is put together to see that it can be, and again when it is handed over.

In between nothing of it is kept: what is taken back meanwhile is not in it.
"""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.core.database import Transaction
from bot.core.directory import Person
from bot.core.errors import NotFound
from bot.core.i18n import in_locale
from bot.core.limits import Limit, spend
from bot.core.outbox.store import close, enqueue, repaint
from bot.core.rights import MakeChapter
from bot.features.people.service import People
from bot.features.rights import file_store, store
from bot.features.rights.domain import (
    EXPORT_HOLDS,
    LINK_HOLDS,
    ExportOver,
    TooManyExports,
)
from bot.features.rights.exporting import Export, put_together, record_reading
from bot.features.rights.files import as_zip
from bot.features.rights.sealed_file import new_code, public_half, sealed_page
from bot.features.rights.store import ExportRow

EXPORT = "rights.export"
EXPORTS = Limit("rights.export", 3, timedelta(days=1), TooManyExports)
AT_ONCE = 5


class Delivering:
    """`chapters`: of all features, in the order in which they are read."""

    def __init__(self, chapters: Sequence[MakeChapter]) -> None:
        self._chapters = chapters

    def ask(self, db: Transaction, actor: Person, now: datetime, *, as_file: bool = False) -> None:
        """A message tells how it goes on. `as_file`: it comes into the direct messages. Raises TooManyExports."""
        spend(db, actor, EXPORTS, now)
        row = store.add_export(db, actor.id, now, now + EXPORT_HOLDS)
        if as_file:
            file_store.add(db, row.id, actor.id)
        enqueue(
            db,
            key=key_of(row),
            template=EXPORT,
            to=actor.address,
            subject={"export": row.id},
            due_at=now,
            expires_at=row.expires_at,
            now=now,
        )

    def prepare_due(self, db: Transaction, now: datetime) -> int:
        """Put together what was asked for, to see that it can be; its message says then that it is ready."""
        rows = store.unprepared(db, AT_ONCE)
        for row in rows:
            put_together(db, self._chapters, People().get(db, row.person_id), now)
            row.ready_at = now
            if (file := file_store.file_of(db, row.id)) is not None:
                file.next_at = now
            repaint(db, key_of(row))
        db.flush()
        return len(rows)

    def link(self, db: Transaction, actor: Person, export_id: str, now: datetime) -> tuple[str, datetime]:
        """A token that works once, and until when. One that was given before no longer works. Raises NotFound, ExportOver."""
        row = self._own(db, actor, export_id, now)
        token = secrets.token_urlsafe(32)
        row.token_digest, row.token_until = _digest(token), min(now + LINK_HOLDS, row.expires_at)
        return token, row.token_until

    def take(self, db: Transaction, token: str, now: datetime) -> Export | None:
        """The export, for whoever has the token; and never again."""
        row = store.by_token(db, _digest(token))
        if row is None or row.taken_at is not None or row.token_until is None or row.token_until <= now:
            return None
        return self._hand_over(db, row, now)

    def code(self, db: Transaction, actor: Person, export_id: str, now: datetime) -> str:
        """What opens the file that an operator hands over; only half of it is kept. Raises NotFound, ExportOver."""
        row, code = self._own(db, actor, export_id, now), new_code()
        row.public_half = public_half(code)
        return code

    def seal(self, db: Transaction, person: Person, now: datetime) -> str | None:
        """The page that only the person's code opens; None unless they have asked for it, and were shown a code."""
        row = store.to_be_sealed(db, person.id, now)
        if row is None or row.public_half is None:
            return None
        with in_locale(person.locale):
            return sealed_page(as_zip(self._hand_over(db, row, now)), row.public_half)

    def _hand_over(self, db: Transaction, row: ExportRow, now: datetime) -> Export:
        row.taken_at, row.token_digest = now, None
        close(db, key_of(row), "taken")
        export = put_together(db, self._chapters, People().get(db, row.person_id), now)
        record_reading(db, export, now)
        return export

    def _own(self, db: Transaction, actor: Person, export_id: str, now: datetime) -> ExportRow:
        row = store.locked_export(db, export_id)
        if row is None or row.person_id != actor.id:
            raise NotFound
        if row.ready_at is None or row.taken_at is not None or row.expires_at <= now:
            raise ExportOver
        return row


def _digest(token: str) -> str:
    """All that is kept of it."""
    return hashlib.sha256(token.encode()).hexdigest()


def key_of(row: ExportRow) -> str:
    """Of the message that tells how it goes on with this export."""
    return f"{EXPORT}:{row.id}"
