"""Taking back what one wrote in commitments."""

from collections.abc import Sequence

from sqlalchemy import delete, select

from bot.core.database import Transaction
from bot.core.i18n import ngettext
from bot.core.outbox.store import recall_alone
from bot.core.rights import Alone, erasable_rows
from bot.features.commitments import nudges, occurrence_store
from bot.features.commitments.store import CommitmentMoveRow, CommitmentRow, alone_of, set_goal


def _say(count: int) -> str:
    return ngettext("{count} commitment", "{count} commitments", count).format(count=count)


def _own(db: Transaction, person_id: str, engagement_id: str) -> Sequence[CommitmentRow]:
    rows = select(CommitmentRow).where(
        CommitmentRow.engagement_id == engagement_id, CommitmentRow.owner_id == person_id
    )
    return db.scalars(rows.order_by(CommitmentRow.id).with_for_update()).all()


def _erase(db: Transaction, row: CommitmentRow) -> None:
    """With the dates that it was moved from, and what became of each; no message speaks of it any more."""
    nudges.settle(db, row, "erased")
    set_goal(db, row.id, None)
    occurrence_store.erase(db, row.id)
    db.execute(delete(CommitmentMoveRow).where(CommitmentMoveRow.commitment_id == row.id))
    db.delete(row)


def _count_alone(db: Transaction, person_id: str) -> int:
    return len(alone_of(db, person_id))


def _erase_alone(db: Transaction, person_id: str) -> None:
    """With the messages about what was answered, which name no engagement either."""
    for row in alone_of(db, person_id, locked=True):
        _erase(db, row)
    recall_alone(db, person_id, nudges.NUDGE)


ERASABLE = erasable_rows("commitments", _say, _own, _erase, Alone(_count_alone, _erase_alone))
