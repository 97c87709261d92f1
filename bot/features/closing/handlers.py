"""The look back at an engagement that has ended."""

from bot.core.database import Transaction
from bot.core.directory import Person
from bot.core.slack.requests import Answer, Context
from bot.features.closing import service, views


async def open_review(context: Context) -> Answer:
    """“Look back”: the value is the engagement."""

    def work(db: Transaction, actor: Person) -> Answer:
        return Answer(view=views.review(service.read(db, actor, context.value, context.now)))

    return await context.run(work)


async def save(context: Context) -> Answer:
    engagement_id = context.metadata.meta("engagement")

    def work(db: Transaction, actor: Person) -> Answer:
        written = views.read(context.form)
        found, review = service.save(
            db, actor, engagement_id, written.changed, written.keep, written.is_shared, context.now
        )
        return Answer(notice=views.saved(found, review))

    return await context.run(work)
