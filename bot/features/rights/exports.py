"""What was erased, as a person takes it along: kinds and numbers."""

from collections.abc import Mapping
from datetime import datetime

from bot.core.database import Transaction
from bot.core.directory import Person
from bot.core.i18n import gettext as _
from bot.core.rights import Chapter, Chosen, MakeChapter
from bot.features.people.service import People
from bot.features.rights import store
from bot.features.rights.domain import What
from bot.features.rights.views import Sayers, listed

MOST = 1000


def erasures(say: Sayers) -> MakeChapter:
    def make(db: Transaction, person: Person, now: datetime) -> Chapter:
        receipts = store.receipts_of(db, person.id, MOST)
        people: Mapping[str, Person] = People().of_ids(db, {each.other_id for each in receipts})
        return Chapter(
            name="erasures",
            title=_("What was erased"),
            labels={"erased_at": _("When"), "with": _("With"), "what": _("What"), "counts": _("How many")},
            records=[
                {
                    "erased_at": each.erased_at,
                    "with": people[each.other_id].name,
                    "what": Chosen(each.what, _what(each.what)),
                    "counts": listed(each.counts, say),
                }
                for each in receipts
            ],
        )

    return make


def _what(what: What) -> str:
    return {
        What.OWN: _("what you wrote"),
        What.BOTH: _("all that you two wrote, as you both agreed"),
        What.OVER: _("all that you two wrote, for its time was over"),
    }[what]
