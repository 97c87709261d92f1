"""Taking back what one wrote in goals: one's own, and what one suggested."""

from collections.abc import Sequence

from sqlalchemy import select

from bot.core.database import Transaction
from bot.core.i18n import ngettext
from bot.core.outbox.store import close
from bot.core.rights import Alone, erasable_rows
from bot.features.goals import store
from bot.features.goals.store import GoalRow
from bot.features.goals.suggesting import key_of


def _say(count: int) -> str:
    return ngettext("{count} goal", "{count} goals", count).format(count=count)


def _own(db: Transaction, person_id: str, engagement_id: str) -> Sequence[GoalRow]:
    rows = select(GoalRow).where(GoalRow.engagement_id == engagement_id)
    locked = db.scalars(rows.order_by(GoalRow.id).with_for_update())
    return [row for row in locked if store.item(row).author_id == person_id]


def _erase(db: Transaction, row: GoalRow) -> None:
    """With its ratings and dates; the steps towards it are erased before, or keep no more than their own words."""
    close(db, key_of(row.id), "withdrawn")
    store.remove(db, row)


def _count_alone(db: Transaction, person_id: str) -> int:
    return len(store.alone_of(db, person_id))


def _erase_alone(db: Transaction, person_id: str) -> None:
    """With what ties the person's other goals to strengths, which go after them."""
    for row in store.alone_of(db, person_id):
        store.remove(db, row)
    store.draw_on_nothing(db, person_id)


ERASABLE = erasable_rows("goals", _say, _own, _erase, Alone(_count_alone, _erase_alone))
