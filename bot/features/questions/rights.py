"""Taking back the copies of a coach's own questions that one pair is asked; the coach's own sets are theirs, and stay."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select

from bot.core.database import Transaction
from bot.core.i18n import ngettext
from bot.core.rights import Erasable
from bot.features.engagements.store import by_id
from bot.features.questions.store import ChoiceRow, SheetRow


def _say(count: int) -> str:
    return ngettext("{count} set of questions", "{count} sets of questions", count).format(count=count)


def _own(db: Transaction, person_id: str, engagement_id: str) -> Sequence[SheetRow]:
    pair = by_id(db, engagement_id)
    if pair is None or pair.coach_id != person_id:
        return []
    rows = select(SheetRow).where(SheetRow.engagement_id == engagement_id)
    return db.scalars(rows.order_by(SheetRow.id).with_for_update()).all()


def _count(db: Transaction, person_id: str, engagement_id: str) -> int:
    return len(_own(db, person_id, engagement_id))


def _erase(db: Transaction, person_id: str, engagement_id: str, now: datetime) -> None:
    """What was chosen goes with them: GROW is asked again. Answers keep their question until their author erases them."""
    sheets = _own(db, person_id, engagement_id)
    db.execute(delete(ChoiceRow).where(ChoiceRow.sheet_id.in_([row.id for row in sheets])))
    for row in sheets:
        db.delete(row)
    db.flush()
    db.expire_all()


ERASABLE = Erasable("question_sheets", _say, _count, _erase)
