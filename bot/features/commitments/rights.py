"""Taking back what one wrote in commitments."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select

from bot.core.database import Transaction
from bot.core.i18n import ngettext
from bot.core.rights import Erasable
from bot.features.commitments import nudges
from bot.features.commitments.store import CommitmentMoveRow, CommitmentRow, set_goal


def _say(count: int) -> str:
    return ngettext("{count} commitment", "{count} commitments", count).format(count=count)


def _own(db: Transaction, person_id: str, engagement_id: str) -> Sequence[CommitmentRow]:
    rows = select(CommitmentRow).where(
        CommitmentRow.engagement_id == engagement_id, CommitmentRow.owner_id == person_id
    )
    return db.scalars(rows.order_by(CommitmentRow.id).with_for_update()).all()


def _count(db: Transaction, person_id: str, engagement_id: str) -> int:
    return len(_own(db, person_id, engagement_id))


def _erase(db: Transaction, person_id: str, engagement_id: str, now: datetime) -> None:
    """With the dates that they were moved from; no message speaks of them any more."""
    for row in _own(db, person_id, engagement_id):
        nudges.settle(db, row, "erased")
        set_goal(db, row.id, None)
        db.execute(delete(CommitmentMoveRow).where(CommitmentMoveRow.commitment_id == row.id))
        db.delete(row)
    db.flush()


ERASABLE = Erasable("commitments", _say, _count, _erase)
