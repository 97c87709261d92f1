"""What was written looking back, as a person takes it along."""

from datetime import datetime

from sqlalchemy import select

from bot.core.database import Transaction
from bot.core.directory import Person
from bot.core.i18n import gettext as _
from bot.core.rights import Chapter, Record
from bot.features.closing import store
from bot.features.closing.store import ReviewRow
from bot.features.engagements.authorization import Kind
from bot.features.engagements.opening import sees
from bot.features.engagements.service import Membership, memberships
from bot.features.engagements.views import by


def reviews(db: Transaction, person: Person, now: datetime) -> Chapter:
    return Chapter(
        name="looking_back",
        title=_("Looking back"),
        labels={
            "by": _("Whose"),
            "changed": _("What has changed"),
            "keep": _("What to keep"),
            "is_shared": _("The other one can read it"),
            "written_at": _("Written"),
        },
        records=[
            _record(db, found, row, now)
            for found in memberships(db, person, only_active=False)
            for row in _of(db, found)
        ],
        read_as=Kind.CLOSING,
    )


def _of(db: Transaction, found: Membership) -> list[ReviewRow]:
    rows = select(ReviewRow).where(ReviewRow.engagement_id == found.engagement_id).order_by(ReviewRow.id)
    return [row for row in db.scalars(rows) if sees(found, store.item(row))]


def _record(db: Transaction, found: Membership, row: ReviewRow, now: datetime) -> Record:
    review = store.opened(db, row, now)
    return {
        "id": row.id,
        "engagement": row.engagement_id,
        "by": by(found, row.person_id),
        "changed": review.changed,
        "keep": review.keep,
        "is_shared": review.is_shared,
        "written_at": row.written_at,
    }
