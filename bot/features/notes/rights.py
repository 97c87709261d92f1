"""Taking back one's notes."""

from collections.abc import Sequence

from sqlalchemy import select

from bot.core.database import Transaction
from bot.core.i18n import ngettext
from bot.core.rights import delete_row, erasable_rows
from bot.features.notes.store import NoteRow


def _say(count: int) -> str:
    return ngettext("{count} note", "{count} notes", count).format(count=count)


def _own(db: Transaction, person_id: str, engagement_id: str) -> Sequence[NoteRow]:
    rows = select(NoteRow).where(NoteRow.engagement_id == engagement_id, NoteRow.author_id == person_id)
    return db.scalars(rows.order_by(NoteRow.id).with_for_update()).all()


ERASABLE = erasable_rows("notes", _say, _own, delete_row)
