"""Taking back one's notes."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from bot.core.database import Transaction
from bot.core.i18n import ngettext
from bot.core.rights import Erasable
from bot.features.notes.store import NoteRow


def _say(count: int) -> str:
    return ngettext("{count} note", "{count} notes", count).format(count=count)


def _own(db: Transaction, person_id: str, engagement_id: str) -> Sequence[NoteRow]:
    rows = select(NoteRow).where(NoteRow.engagement_id == engagement_id, NoteRow.author_id == person_id)
    return db.scalars(rows.order_by(NoteRow.id).with_for_update()).all()


def _count(db: Transaction, person_id: str, engagement_id: str) -> int:
    return len(_own(db, person_id, engagement_id))


def _erase(db: Transaction, person_id: str, engagement_id: str, now: datetime) -> None:
    for row in _own(db, person_id, engagement_id):
        db.delete(row)
    db.flush()


ERASABLE = Erasable("notes", _say, _count, _erase)
