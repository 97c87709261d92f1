"""The buttons below `/grow privacy`, the forms that they open, and the message that asks the other of the pair."""

from collections.abc import Sequence

from bot.core.database import Transaction
from bot.core.directory import Person
from bot.core.rights import Erasable
from bot.core.slack.requests import Answer, Context, Placement
from bot.features.people.service import People
from bot.features.rights import modal_views, reading_views
from bot.features.rights.agreeing import Agreeing
from bot.features.rights.delivering import Delivering
from bot.features.rights.domain import Receipt
from bot.features.rights.erasing import Erasing


class Handlers:
    def __init__(self, erasables: Sequence[Erasable], delivering: Delivering) -> None:
        self._delivering = delivering
        self._erasing, self._agreeing = Erasing(erasables), Agreeing(erasables)
        self._say = {each.kind: each.say for each in erasables}

    async def open_export(self, context: Context) -> Answer:
        await context.run(lambda _db, _actor: None)  # the reader's language
        return Answer(view=reading_views.export(may_come_as_file=await _may_send_files(context)))

    async def export(self, context: Context) -> Answer:
        """As a file only if that was chosen, and if the workspace allows it also now."""
        as_file = reading_views.wants_file(context.form) and await _may_send_files(context)

        def work(db: Transaction, actor: Person) -> Answer:
            self._delivering.ask(db, actor, context.now, as_file=as_file)
            return Answer(notice=reading_views.asked())

        return await context.run(work)

    async def get_export(self, context: Context) -> Answer:
        """The link is made when it is looked at, and shown where Slack keeps nothing: in a form."""
        address = context.services.public_url

        def work(db: Transaction, actor: Person) -> Answer:
            if address is None:
                code = self._delivering.code(db, actor, context.value, context.now)
                return Answer(view=reading_views.code(code, actor))
            token, until = self._delivering.link(db, actor, context.value, context.now)
            return Answer(view=reading_views.link(f"{address}/export/{token}", until, context.now, actor))

        return await context.run(work)

    async def open_erase(self, context: Context) -> Answer:
        def work(db: Transaction, actor: Person) -> Answer:
            choices, receipts = self._erasing.choices(db, actor), self._erasing.receipts(db, actor)
            waiting, people = self._agreeing.waiting(db, actor, context.now), _named(db, receipts)
            return Answer(view=modal_views.choose(choices, waiting, receipts, people, self._say, actor))

        return await context.run(work)

    async def choose(self, context: Context) -> Answer:
        def work(db: Transaction, actor: Person) -> Answer:
            kind, where = modal_views.read_choice(context.form)
            if kind == modal_views.ALL:
                return Answer(
                    view=modal_views.confirm_ask(self._agreeing.check(db, actor, where, context.now))
                )
            weighed = self._erasing.weigh(db, actor, where)
            return Answer(view=modal_views.confirm_own(where, weighed.memberships, weighed.counts, self._say))

        return await context.run(work)

    async def erase(self, context: Context) -> Answer:
        where = context.metadata.meta("what")

        def work(db: Transaction, actor: Person) -> Answer:
            receipts = self._erasing.erase(db, actor, where, context.now)
            return Answer(view=modal_views.erased(receipts, _named(db, receipts), self._say, actor))

        return await context.run(work)

    async def ask(self, context: Context) -> Answer:
        engagement_id = context.metadata.meta("engagement")
        return await context.run(
            lambda db, actor: Answer(
                notice=modal_views.asked(self._agreeing.ask(db, actor, engagement_id, context.now))
            )
        )

    async def take_back(self, context: Context) -> Answer:
        def work(db: Transaction, actor: Person) -> Answer:
            self._agreeing.take_back(db, actor, context.value, context.now)
            return Answer(view=modal_views.taken_back(), placement=Placement.REPLACE)

        return await context.run(work)

    async def open_agree(self, context: Context) -> Answer:
        def work(db: Transaction, actor: Person) -> Answer:
            found = self._agreeing.request(db, actor, context.value, context.now)
            return Answer(view=modal_views.confirm_agree(found.id, found.membership, found.counts, self._say))

        return await context.run(work)

    async def agree(self, context: Context) -> Answer:
        request_id = context.metadata.meta("request")
        return await context.run(
            lambda db, actor: Answer(
                notice=modal_views.agreed(self._agreeing.agree(db, actor, request_id, context.now))
            )
        )

    async def keep(self, context: Context) -> Answer:
        """The message itself says then what was answered."""

        def work(db: Transaction, actor: Person) -> Answer:
            self._agreeing.keep(db, actor, context.value, context.now)
            return Answer()

        return await context.run(work)


async def _may_send_files(context: Context) -> bool:
    files = context.services.files
    return files is not None and await files.may_send(context.identity)


def _named(db: Transaction, receipts: Sequence[Receipt]) -> dict[str, Person]:
    return dict(People().of_ids(db, {each.other_id for each in receipts}))
