"""`/grow wrapup`, and the buttons of the message that asks how it went."""

from bot.core.database import Transaction
from bot.core.directory import Person
from bot.core.slack.requests import Answer, Context, Placement
from bot.features.commitments.views import read_draft
from bot.features.engagements.service import some_membership
from bot.features.sessions import service as sessions
from bot.features.sessions.views import LIST
from bot.features.wrapups import asking, service, views
from bot.features.wrapups.domain import NothingToWrapUp


async def wrapup(context: Context) -> Answer:
    """The only session of the last two weeks, or a list: those without a wrap-up, and those to change."""

    def work(db: Transaction, actor: Person) -> Answer:
        some_membership(db, actor)
        agenda = sessions.agenda(db, actor, context.now)
        entries = [*agenda.unwrapped, *agenda.wrapped]
        if not entries:
            raise NothingToWrapUp
        if len(entries) > 1:
            return Answer(view=views.choose(agenda, actor, context.now))
        return _opened(db, actor, entries[0].session.id, context)

    return await context.run(work)


async def open_one(context: Context) -> Answer:
    return await context.run(lambda db, actor: _opened(db, actor, context.value, context))


def _opened(db: Transaction, actor: Person, session_id: str, context: Context) -> Answer:
    reading = service.read(db, actor, session_id, context.now)
    return Answer(view=views.wrap_up(reading, context.now), placement=_placement(context))


def _placement(context: Context) -> Placement:
    """In place of a list: Slack stacks three views, and a commitment's form may follow on top of this one."""
    from_list = context.view is not None and context.view.callback_id in (views.CHOOSE, LIST)
    return Placement.REPLACE if from_list else Placement.OPEN


async def save(context: Context) -> Answer:
    session_id = context.metadata.meta("session")

    def work(db: Transaction, actor: Person) -> Answer:
        found = sessions.check_started(db, actor, session_id, context.now).membership
        written = views.read(context.form)
        draft = read_draft(context.form, now=context.now, person=actor, place=found)
        reading = service.save(
            db, actor, session_id, written.takeaway, written.note, written.is_shared, draft, context.now
        )
        return Answer(view=views.saved(reading, context.now))

    return await context.run(work)


async def not_held(context: Context) -> Answer:
    entry = await context.run(lambda db, actor: service.not_held(db, actor, context.value, context.now))
    return Answer(notice=views.not_held(entry))


async def later(context: Context) -> Answer:
    """The message itself says then when it comes again."""
    choice, _, session_id = context.value.partition(":")
    await context.run(lambda db, actor: asking.later(db, actor, session_id, choice, context.now))
    return Answer()
