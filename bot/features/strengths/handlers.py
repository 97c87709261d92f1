"""`/grow strengths`, and the buttons of the list."""

from bot.core.database import Transaction
from bot.core.directory import Person
from bot.core.slack.requests import Answer, Context, Placement
from bot.features.strengths import service, views


async def show(context: Context) -> Answer:
    return await context.run(lambda db, actor: Answer(view=views.mine(service.mine(db, actor, context.now))))


async def save(context: Context) -> Answer:
    """The list as it is now stands in place of the form."""
    names, shared = views.read_names(context.form), views.read_shared(context.form)

    def work(db: Transaction, actor: Person) -> Answer:
        saved = service.save(db, actor, names, shared, context.now)
        times = views.times_saved(context.view) + 1
        return Answer(view=views.mine(saved, times_saved=times, is_saved=True))

    return await context.run(work)


async def retire(context: Context) -> Answer:
    def work(db: Transaction, actor: Person) -> Answer:
        left = service.retire(db, actor, context.value, context.now)
        view = views.mine(left, times_saved=views.times_saved(context.view))
        return Answer(view=view, placement=Placement.REPLACE)

    return await context.run(work)
