"""Taking back the copies of a coach's own questions that one pair is asked, and with everything else the sets themselves."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select, update

from bot.core.database import Transaction
from bot.core.i18n import ngettext
from bot.core.rights import Alone, Erasable
from bot.features.engagements.store import by_id
from bot.features.questions.store import ChoiceRow, SetRow, SheetRow


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


def _count_sets(db: Transaction, person_id: str) -> int:
    return db.query(SetRow).filter(SetRow.owner_id == person_id).count()


def _erase_sets(db: Transaction, person_id: str) -> None:
    """The copies that pairs were asked are gone by then: a coach erases them in each engagement."""
    own = select(SetRow.id).where(SetRow.owner_id == person_id)
    db.execute(update(SheetRow).where(SheetRow.set_id.in_(own)).values(set_id=None))
    db.execute(delete(SetRow).where(SetRow.owner_id == person_id))
    db.expire_all()


ERASABLE = Erasable("question_sheets", _say, _count, _erase, Alone(_count_sets, _erase_sets))
