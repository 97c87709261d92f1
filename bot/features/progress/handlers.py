"""`/grow progress`, its button on App Home, and the choice of a client in the form."""

from collections.abc import Callable

from bot.core.database import Transaction
from bot.core.directory import Person
from bot.core.slack.requests import Answer, Context
from bot.features.progress import service, views
from bot.features.progress.drawing import pictures
from bot.features.progress.service import Progress
from bot.features.progress.ticket import PATH, ticket


async def show(context: Context) -> Answer:
    return await _shown(context, lambda db, actor: service.own(db, actor, context.now))


async def of_client(context: Context) -> Answer:
    """The value is the engagement with that client."""
    return await _shown(context, lambda db, actor: service.of_client(db, actor, context.value, context.now))


async def _shown(context: Context, read: Callable[[Transaction, Person], Progress]) -> Answer:
    address = context.services.public_url

    def work(db: Transaction, actor: Person) -> Answer:
        found = read(db, actor)
        view = views.progress(found, {})
        if address is None:
            return Answer(view=view)
        drawn = {name: ticket(db, svg, context.now) for name, svg in pictures(found).items()}
        addresses = {name: f"{address}{PATH}/{token}.png" for name, token in drawn.items() if token}
        return Answer(view=view, pictured=views.progress(found, addresses) if addresses else None)

    return await context.run(work)
