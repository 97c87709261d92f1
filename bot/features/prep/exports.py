"""Preparations, as a person takes them along."""

from datetime import datetime

from sqlalchemy import select

from bot.core.database import Transaction
from bot.core.directory import Person
from bot.core.i18n import gettext as _
from bot.core.rights import Asked, Chapter, Record
from bot.features.engagements.opening import sees
from bot.features.engagements.service import Membership, memberships
from bot.features.engagements.views import by
from bot.features.prep import store
from bot.features.prep.store import PrepRow
from bot.features.sessions.store import SessionRow


def preparations(db: Transaction, person: Person, now: datetime) -> Chapter:
    return Chapter(
        name="preparations",
        title=_("Preparation for sessions"),
        labels={
            "by": _("Whose"),
            "for": _("For the session of"),
            "answers": _("Answers"),
            "is_shared": _("The coach can read it"),
            "answered_at": _("Written"),
        },
        records=[
            _record(db, found, row, starts_at, now)
            for found in memberships(db, person, only_active=False)
            for row, starts_at in _answered(db, found)
        ],
        read_as="prep",
    )


def _answered(db: Transaction, found: Membership) -> list[tuple[PrepRow, datetime]]:
    """One's own, and what the client shares with the coach."""
    rows = (
        select(PrepRow, SessionRow.starts_at)
        .join(SessionRow, SessionRow.id == PrepRow.session_id)
        .where(PrepRow.engagement_id == found.engagement_id, PrepRow.answered_at.is_not(None))
        .order_by(SessionRow.starts_at, PrepRow.id)
    )
    return [(row, starts_at) for row, starts_at in db.execute(rows) if sees(found, store.item(row))]


def _record(db: Transaction, found: Membership, row: PrepRow, starts_at: datetime, now: datetime) -> Record:
    return {
        "id": row.id,
        "engagement": row.engagement_id,
        "session": row.session_id,
        "by": by(found, row.person_id),
        "for": starts_at,
        "answers": [Asked(each.question, each.words) for each in store.answers(db, row, now)],
        "is_shared": row.is_shared,
        "answered_at": row.answered_at,
    }
