"""What was written after sessions, as a person takes it along."""

from datetime import datetime

from sqlalchemy import select

from bot.core.database import Transaction
from bot.core.directory import Person
from bot.core.i18n import gettext as _
from bot.core.rights import Chapter, Record
from bot.features.engagements.opening import sees
from bot.features.engagements.service import Membership, memberships
from bot.features.engagements.views import by
from bot.features.sessions.store import SessionRow
from bot.features.wrapups import store
from bot.features.wrapups.store import WrapupRow


def wrapups(db: Transaction, person: Person, now: datetime) -> Chapter:
    return Chapter(
        name="wrapups",
        title=_("After sessions"),
        labels={
            "by": _("Whose"),
            "after": _("After the session of"),
            "takeaway": _("Taken away"),
            "note": _("Note to yourself"),
            "is_shared": _("The other one can read what was taken away"),
            "written_at": _("Written"),
        },
        records=[
            _record(db, found, row, starts_at, now)
            for found in memberships(db, person, only_active=False)
            for row, starts_at in _written(db, found)
        ],
        read_as="wrapup",
    )


def _written(db: Transaction, found: Membership) -> list[tuple[WrapupRow, datetime]]:
    rows = (
        select(WrapupRow, SessionRow.starts_at)
        .join(SessionRow, SessionRow.id == WrapupRow.session_id)
        .where(WrapupRow.engagement_id == found.engagement_id, WrapupRow.written_at.is_not(None))
        .order_by(SessionRow.starts_at, WrapupRow.id)
    )
    return [(row, starts_at) for row, starts_at in db.execute(rows) if sees(found, store.takeaway(row))]


def _record(db: Transaction, found: Membership, row: WrapupRow, starts_at: datetime, now: datetime) -> Record:
    """A note is for its author alone, whatever else is shared."""
    written, is_own = store.opened(db, row, now), row.person_id == found.actor.id
    return {
        "id": row.id,
        "engagement": row.engagement_id,
        "session": row.session_id,
        "by": by(found, row.person_id),
        "after": starts_at,
        "takeaway": written.takeaway,
        "note": written.note if is_own else None,
        "is_shared": row.is_shared,
        "written_at": row.written_at,
    }
