"""Taking back one's strengths, which belong to no engagement: they go with everything else that is one's own."""

from bot.core.database import Transaction
from bot.core.i18n import ngettext
from bot.core.rights import Alone, erasable_alone
from bot.features.strengths import store


def _say(count: int) -> str:
    return ngettext("{count} strength", "{count} strengths", count).format(count=count)


def _count(db: Transaction, person_id: str) -> int:
    return len(store.ever_of_person(db, person_id))


def _erase(db: Transaction, person_id: str) -> None:
    """No goal draws on them any more: `goals` comes before."""
    for row in store.ever_of_person(db, person_id):
        store.remove(db, row)
    db.flush()


ERASABLE = erasable_alone("strengths", _say, Alone(_count, _erase))
