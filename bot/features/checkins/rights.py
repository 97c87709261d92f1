"""Taking back what one wrote in check-ins."""

from collections.abc import Sequence

from sqlalchemy import delete, select

from bot.core.database import Transaction
from bot.core.i18n import ngettext
from bot.core.outbox.store import recall_alone
from bot.core.rights import Alone, erasable_rows
from bot.features.checkins.domain import PROMPT, Series
from bot.features.checkins.store import CheckinItemRow, CheckinPlanRow, CheckinRow, locked_plan, of


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


def _erase(db: Transaction, row: CheckinRow) -> None:
    """When the person is asked next stays: they are not asked once more about the same week."""
    db.execute(delete(CheckinItemRow).where(CheckinItemRow.checkin_id == row.id))
    db.delete(row)


def _own_alone(db: Transaction, person_id: str) -> Sequence[CheckinRow]:
    return db.scalars(of(Series(None, person_id)).order_by(CheckinRow.id)).all()


def _count_alone(db: Transaction, person_id: str) -> int:
    return len(_own_alone(db, person_id))


def _erase_alone(db: Transaction, person_id: str) -> None:
    """With the messages about those that are done, which name no engagement either."""
    locked_plan(db, Series(None, person_id))
    for row in _own_alone(db, person_id):
        _erase(db, row)
    recall_alone(db, person_id, PROMPT)


ERASABLE = erasable_rows("checkins", _say, _own, _erase, Alone(_count_alone, _erase_alone))
