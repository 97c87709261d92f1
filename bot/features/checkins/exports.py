"""Check-ins, as a person takes them along."""

from datetime import datetime

from sqlalchemy import select

from bot.core.database import Transaction
from bot.core.directory import Person
from bot.core.i18n import gettext as _
from bot.core.rights import Chapter, Record
from bot.features.checkins import store
from bot.features.checkins.store import CheckinRow
from bot.features.engagements.opening import sees
from bot.features.engagements.service import Membership, memberships
from bot.features.engagements.views import by


def checkins(db: Transaction, person: Person, now: datetime) -> Chapter:
    return Chapter(
        name="checkins",
        title=_("Weekly check-ins"),
        labels={
            "by": _("Whose"),
            "week": _("Week"),
            "helped": _("What helped"),
            "hindered": _("What got in the way"),
            "is_shared": _("The coach can read it"),
            "created_at": _("Written"),
        },
        records=[
            _record(db, found, row, now)
            for found in memberships(db, person, only_active=False)
            for row in _of(db, found)
        ],
        read_as="checkin",
    )


def _of(db: Transaction, found: Membership) -> list[CheckinRow]:
    """The client's own; for the coach, those that are shared."""
    rows = select(CheckinRow).where(CheckinRow.engagement_id == found.engagement_id).order_by(CheckinRow.week)
    return [row for row in db.scalars(rows) if sees(found, store.item(row, found.client.id))]


def _record(db: Transaction, found: Membership, row: CheckinRow, now: datetime) -> Record:
    checkin = store.opened(db, row, now)
    return {
        "id": row.id,
        "engagement": row.engagement_id,
        "by": by(found, found.client.id),
        "week": checkin.week,
        "helped": checkin.helped,
        "hindered": checkin.hindered,
        "is_shared": checkin.is_shared,
        "created_at": checkin.created_at,
    }
