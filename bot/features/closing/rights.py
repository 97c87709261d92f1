"""Taking back one's look back."""

from collections.abc import Sequence

from sqlalchemy import select

from bot.core.database import Transaction
from bot.core.i18n import ngettext
from bot.core.rights import delete_row, erasable_rows
from bot.features.closing.store import ReviewRow


def _say(count: int) -> str:
    return ngettext("{count} look back", "{count} looks back", count).format(count=count)


def _own(db: Transaction, person_id: str, engagement_id: str) -> Sequence[ReviewRow]:
    rows = select(ReviewRow).where(ReviewRow.engagement_id == engagement_id, ReviewRow.person_id == person_id)
    return db.scalars(rows.order_by(ReviewRow.id).with_for_update()).all()


ERASABLE = erasable_rows("closing_reviews", _say, _own, delete_row)
