"""Notes, as a person takes them along."""

from datetime import datetime

from sqlalchemy import select

from bot.core.database import Transaction
from bot.core.directory import Person
from bot.core.i18n import gettext as _
from bot.core.rights import Chapter, Record
from bot.features.engagements.authorization import Kind
from bot.features.engagements.opening import sees
from bot.features.engagements.service import Membership, memberships
from bot.features.engagements.views import by
from bot.features.notes import store
from bot.features.notes.store import NoteRow


def notes(db: Transaction, person: Person, now: datetime) -> Chapter:
    return Chapter(
        name="notes",
        title=_("Notes"),
        labels={
            "by": _("Whose"),
            "noted_on": _("Of the day"),
            "words": _("Note"),
            "is_shared": _("The other one can read it"),
            "created_at": _("Written"),
        },
        records=[
            _record(db, found, row, now)
            for found in memberships(db, person, only_active=False)
            for row in _of(db, found)
        ],
        read_as=Kind.OWN_NOTE,
    )


def _of(db: Transaction, found: Membership) -> list[NoteRow]:
    rows = select(NoteRow).where(NoteRow.engagement_id == found.engagement_id)
    return [
        row
        for row in db.scalars(rows.order_by(NoteRow.noted_on, NoteRow.created_at, NoteRow.id))
        if sees(found, store.item(row))
    ]


def _record(db: Transaction, found: Membership, row: NoteRow, now: datetime) -> Record:
    note = store.opened(db, row, now)
    return {
        "id": row.id,
        "engagement": row.engagement_id,
        "session": row.session_id,
        "by": by(found, row.author_id),
        "noted_on": note.noted_on,
        "words": note.words,
        "is_shared": note.is_shared,
        "created_at": row.created_at,
    }
