"""Taking back one's look back."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from bot.core.database import Transaction
from bot.core.i18n import ngettext
from bot.core.rights import Erasable
from bot.features.closing.store import ReviewRow


def _say(count: int) -> str:
    return ngettext("{count} look back", "{count} looks back", count).format(count=count)


def _own(db: Transaction, person_id: str, engagement_id: str) -> Sequence[ReviewRow]:
    rows = select(ReviewRow).where(ReviewRow.engagement_id == engagement_id, ReviewRow.person_id == person_id)
    return db.scalars(rows.order_by(ReviewRow.id).with_for_update()).all()


def _count(db: Transaction, person_id: str, engagement_id: str) -> int:
    return len(_own(db, person_id, engagement_id))


def _erase(db: Transaction, person_id: str, engagement_id: str, now: datetime) -> None:
    for row in _own(db, person_id, engagement_id):
        db.delete(row)
    db.flush()


ERASABLE = Erasable("closing_reviews", _say, _count, _erase)
