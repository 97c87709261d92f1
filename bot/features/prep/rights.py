"""Taking back what one wrote before sessions."""

from collections.abc import Sequence

from sqlalchemy import delete, select

from bot.core.database import Transaction
from bot.core.i18n import ngettext
from bot.core.rights import erasable_rows
from bot.features.prep import service
from bot.features.prep.store import PrepAnswerRow, PrepRow


def _say(count: int) -> str:
    return ngettext("{count} preparation", "{count} preparations", count).format(count=count)


def _own(db: Transaction, person_id: str, engagement_id: str) -> Sequence[PrepRow]:
    rows = select(PrepRow).where(
        PrepRow.engagement_id == engagement_id,
        PrepRow.person_id == person_id,
        PrepRow.answered_at.is_not(None),
    )
    return db.scalars(rows.order_by(PrepRow.id).with_for_update()).all()


def _erase(db: Transaction, row: PrepRow) -> None:
    """That the person was to prepare stays; they are not asked once more."""
    db.execute(delete(PrepAnswerRow).where(PrepAnswerRow.prep_id == row.id))
    row.answered_at, row.is_shared = None, False
    db.flush()
    service.tell_other(db, row)


ERASABLE = erasable_rows("preps", _say, _own, _erase)
