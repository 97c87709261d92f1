"""Taking back what one wrote in check-ins."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select

from bot.core.database import Transaction
from bot.core.i18n import ngettext
from bot.core.rights import Erasable
from bot.features.checkins.store import CheckinItemRow, CheckinPlanRow, CheckinRow


def _say(count: int) -> str:
    return ngettext("{count} check-in", "{count} check-ins", count).format(count=count)


def _own(db: Transaction, person_id: str, engagement_id: str) -> Sequence[CheckinRow]:
    """Only the client checks in."""
    rows = (
        select(CheckinRow)
        .join(CheckinPlanRow, CheckinPlanRow.engagement_id == CheckinRow.engagement_id)
        .where(CheckinRow.engagement_id == engagement_id, CheckinPlanRow.person_id == person_id)
    )
    return db.scalars(rows.order_by(CheckinRow.id).with_for_update(of=CheckinRow)).all()


def _count(db: Transaction, person_id: str, engagement_id: str) -> int:
    return len(_own(db, person_id, engagement_id))


def _erase(db: Transaction, person_id: str, engagement_id: str, now: datetime) -> None:
    """When the person is asked next stays: they are not asked once more about the same week."""
    for row in _own(db, person_id, engagement_id):
        db.execute(delete(CheckinItemRow).where(CheckinItemRow.checkin_id == row.id))
        db.delete(row)
    db.flush()


ERASABLE = Erasable("checkins", _say, _count, _erase)
