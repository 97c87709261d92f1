"""`/grow prep`, and the buttons of the message that asks for it."""

from bot.core.database import Transaction
from bot.core.directory import Person
from bot.core.slack.requests import Answer, Context, Placement
from bot.features.engagements.service import some_membership
from bot.features.prep import asking, list_views, service, views
from bot.features.prep.domain import NothingToPrepare
from bot.features.sessions import service as sessions


async def prep(context: Context) -> Answer:
    """The next session, or a list for a person with several; without any, what was prepared lately."""

    def work(db: Transaction, actor: Person) -> Answer:
        found = some_membership(db, actor)
        entries = sessions.current_of_each(db, found, context.now)
        entries += service.kept_of_cancelled(db, found, context.now)
        earlier = service.earlier(db, found, context.now)
        if not (entries or earlier):
            raise NothingToPrepare
        if len(entries) == 1:
            return _opened(db, actor, entries[0].session.id, context)
        return Answer(view=list_views.choose(entries, earlier, actor, context.now))

    return await context.run(work)


async def earlier(context: Context) -> Answer:
    """“Earlier ones”: the preparations of the last two weeks, to read."""

    def work(db: Transaction, actor: Person) -> Answer:
        found = service.earlier(db, some_membership(db, actor), context.now)
        return Answer(view=list_views.earlier(found, actor, context.now))

    return await context.run(work)


async def open_one(context: Context) -> Answer:
    return await context.run(lambda db, actor: _opened(db, actor, context.value, context))


def _opened(db: Transaction, actor: Person, session_id: str, context: Context) -> Answer:
    preparation = service.read(db, actor, session_id, context.now)
    return Answer(view=views.prepare(preparation, context.now), placement=_placement(context))


def _placement(context: Context) -> Placement:
    """In place of the earlier ones: they stand on top of a form already, and Slack stacks three views."""
    from_list = context.view is not None and context.view.callback_id == list_views.EARLIER
    return Placement.REPLACE if from_list else Placement.OPEN


async def save(context: Context) -> Answer:
    session_id = context.metadata.meta("session")

    def work(db: Transaction, actor: Person) -> Answer:
        entry = sessions.entry(db, actor, session_id)
        stages = service.asked_on(db, entry, context.metadata.metadata.get("questions"), context.now)
        given, asked = views.read(context.form, stages)
        wants_share = views.read_share(context.form)
        saved = service.save(db, actor, session_id, given, asked, wants_share, context.now)
        if saved.is_late:
            return Answer(view=views.kept(service.read(db, actor, session_id, context.now)))
        return Answer(notice=views.saved(entry, bool(given), saved.is_shared))

    return await context.run(work)


async def share(context: Context) -> Answer:
    session_id = context.metadata.meta("session")

    def work(db: Transaction, actor: Person) -> Answer:
        is_shared = views.read_share(context.form)
        service.share(db, actor, session_id, is_shared, context.now)
        other = sessions.entry(db, actor, session_id).membership.other
        return Answer(notice=views.share_saved(other, is_shared))

    return await context.run(work)


async def later(context: Context) -> Answer:
    """The message itself says then when it comes again."""
    choice, _, session_id = context.value.partition(":")
    await context.run(lambda db, actor: asking.later(db, actor, session_id, choice, context.now))
    return Answer()


async def skip(context: Context) -> Answer:
    await context.run(lambda db, actor: asking.skip(db, actor, context.value, context.now))
    return Answer()
