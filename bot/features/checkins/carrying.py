"""What was open or partly done at the last check-in stands in the next one too."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.core.database import Transaction
from bot.core.localtime import local_date
from bot.features.checkins import store
from bot.features.checkins.domain import Series
from bot.features.checkins.store import CheckinRow
from bot.features.commitments.domain import Commitment, Outcome


@dataclass(frozen=True, slots=True)
class Before:
    """The check-ins of the weeks before, the latest first; and the commitments that were partly done in the last of them."""

    rows: Sequence[CheckinRow]
    partly: frozenset[str]

    def since(self, shown: Sequence[Commitment], zone: str) -> dict[str, date]:
        """The day of the first check-in at which each of these stood already, of those that did."""
        stood = {
            each.id: [row.created_at for row in self.rows if row.created_at > each.created_at]
            for each in shown
        }
        return {each: local_date(min(moments), zone) for each, moments in stood.items() if moments}


def before(db: Transaction, series: Series, week: str) -> Before:
    rows = store.before(db, series, week)
    said = store.outcomes(db, rows[0].id) if rows else {}
    return Before(rows, frozenset(each for each, outcome in said.items() if outcome is Outcome.PARTLY))
