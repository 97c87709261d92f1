"""Check-ins, as a person takes them along."""

from datetime import datetime

from bot.core.database import Transaction
from bot.core.directory import Person
from bot.core.i18n import gettext as _
from bot.core.rights import Chapter, Record
from bot.features.checkins import service, store
from bot.features.checkins.store import CheckinRow
from bot.features.engagements.opening import sees
from bot.features.engagements.places import Place, places
from bot.features.engagements.views import by, of_engagement


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
            for found in places(db, person, only_active=False)
            for row in _of(db, found)
        ],
        read_as="checkin",
    )


def _of(db: Transaction, found: Place) -> list[CheckinRow]:
    """The client's own; for the coach, those that are shared."""
    rows = store.of(service.series_of(found)).order_by(CheckinRow.week)
    return [row for row in db.scalars(rows) if sees(found, store.item(row, found.client.id))]


def _record(db: Transaction, found: Place, row: CheckinRow, now: datetime) -> Record:
    checkin = store.opened(db, row, now)
    return {
        "id": row.id,
        **of_engagement(found),
        "by": by(found, found.client.id),
        "week": checkin.week,
        "helped": checkin.helped,
        "hindered": checkin.hindered,
        "is_shared": checkin.is_shared,
        "created_at": checkin.created_at,
    }
