"""The buttons below `/grow privacy`, and the forms that they open."""

from collections.abc import Sequence

from bot.core.database import Transaction
from bot.core.directory import Person
from bot.core.rights import Erasable
from bot.core.slack.requests import Answer, Context
from bot.features.people.service import People
from bot.features.rights import modal_views
from bot.features.rights.domain import Receipt
from bot.features.rights.erasing import Erasing


class Handlers:
    def __init__(self, erasables: Sequence[Erasable]) -> None:
        self._erasing = Erasing(erasables)
        self._say = {each.kind: each.say for each in erasables}

    async def open_erase(self, context: Context) -> Answer:
        def work(db: Transaction, actor: Person) -> Answer:
            found, receipts = self._erasing.choices(db, actor), self._erasing.receipts(db, actor)
            return Answer(view=modal_views.choose(found, receipts, _named(db, receipts), self._say, actor))

        return await context.run(work)

    async def choose(self, context: Context) -> Answer:
        def work(db: Transaction, actor: Person) -> Answer:
            where = modal_views.read_choice(context.form)
            weighed = self._erasing.weigh(db, actor, where)
            return Answer(view=modal_views.confirm_own(where, weighed.memberships, weighed.counts, self._say))

        return await context.run(work)

    async def erase(self, context: Context) -> Answer:
        where = context.metadata.meta("what")

        def work(db: Transaction, actor: Person) -> Answer:
            receipts = self._erasing.erase(db, actor, where, context.now)
            return Answer(view=modal_views.erased(receipts, _named(db, receipts), self._say, actor))

        return await context.run(work)


def _named(db: Transaction, receipts: Sequence[Receipt]) -> dict[str, Person]:
    return dict(People().of_ids(db, {each.other_id for each in receipts}))
