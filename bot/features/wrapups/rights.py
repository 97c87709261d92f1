"""Taking back what one wrote after sessions."""

from collections.abc import Sequence

from sqlalchemy import select

from bot.core.database import Transaction
from bot.core.i18n import ngettext
from bot.core.outbox.store import repaint
from bot.core.rights import erasable_rows
from bot.features.engagements.store import by_id
from bot.features.wrapups import asking
from bot.features.wrapups.store import WrapupRow


def _say(count: int) -> str:
    return ngettext("{count} wrap-up", "{count} wrap-ups", count).format(count=count)


def _own(db: Transaction, person_id: str, engagement_id: str) -> Sequence[WrapupRow]:
    rows = select(WrapupRow).where(
        WrapupRow.engagement_id == engagement_id,
        WrapupRow.person_id == person_id,
        WrapupRow.written_at.is_not(None),
    )
    return db.scalars(rows.order_by(WrapupRow.id).with_for_update()).all()


def _erase(db: Transaction, row: WrapupRow) -> None:
    """That the session took place stays."""
    pair = by_id(db, row.engagement_id)
    assert pair is not None
    other_id = pair.client_id if pair.coach_id == row.person_id else pair.coach_id
    row.takeaway = row.note = row.written_at = None
    row.is_shared = False
    db.flush()
    if (key := asking.message_key(db, row.session_id, other_id)) is not None:
        repaint(db, key)


ERASABLE = erasable_rows("wrapups", _say, _own, _erase)
