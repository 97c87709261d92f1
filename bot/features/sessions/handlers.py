"""`/grow session`, and the buttons to plan, move and cancel."""

from slack_sdk.models.views import View

from bot.core.database import Transaction
from bot.core.dates import read_when
from bot.core.directory import Person
from bot.core.slack.forms import our_number
from bot.core.slack.requests import Answer, Context, Placement
from bot.features.engagements.service import some_membership
from bot.features.engagements.views import chosen
from bot.features.sessions import gaps, modal_views, planning, postponing, service, views


async def session(context: Context) -> Answer:
    """`/grow session` shows what is planned, or plans; `/grow session next tue 3pm` plans."""

    def work(db: Transaction, actor: Person) -> Answer:
        found, agenda = some_membership(db, actor), service.agenda(db, actor, context.now)
        repeats = planning.usual(db, found)
        if context.text:
            phrase = read_when(context.text, now=context.now, zone=actor.zone, locale=actor.locale)
            return Answer(view=modal_views.plan(found, actor, context.now, phrase=phrase, repeats=repeats))
        if agenda.upcoming or agenda.unwrapped:
            return Answer(view=views.agenda(agenda, actor, context.now))
        return Answer(view=modal_views.plan(found, actor, context.now, repeats=repeats))

    return await context.run(work)


async def show(context: Context) -> Answer:
    return await context.run(lambda db, actor: Answer(view=_list(db, actor, context)))


async def show_next(context: Context) -> Answer:
    """Of more sessions than one list shows; the value is the place of the first."""
    only = context.view.metadata.get("with") if context.view else None
    start = our_number(context.value)
    return await _show_instead(context, only, start)


async def show_with(context: Context) -> Answer:
    """“With anyone”, or with whom: the value is the engagement."""
    return await _show_instead(context, context.value, 0)


async def _show_instead(context: Context, only: str | None, start: int) -> Answer:
    return await context.run(
        lambda db, actor: Answer(view=_list(db, actor, context, only, start), placement=Placement.REPLACE)
    )


def _list(db: Transaction, actor: Person, context: Context, only: str | None = None, start: int = 0) -> View:
    some_membership(db, actor)
    agenda = service.agenda(db, actor, context.now, only)
    return views.agenda(agenda, actor, context.now, start=start)


async def open_plan(context: Context) -> Answer:
    """The value is the engagement to choose at first, if any."""

    def work(db: Transaction, actor: Person) -> Answer:
        found = some_membership(db, actor)
        wanted = [each for each in found if each.engagement_id == context.value]
        initial = wanted[0].engagement_id if wanted else None
        repeats, below = planning.usual(db, wanted or found), _below(context)
        view = modal_views.plan(found, actor, context.now, initial=initial, repeats=repeats, below=below)
        return Answer(view=view)

    return await context.run(work)


async def plan(context: Context) -> Answer:
    def work(db: Transaction, actor: Person) -> Answer:
        engagement_id = chosen(context.form, context.metadata)
        slot, recurrence = modal_views.read_slot(context.form), modal_views.read_recurrence(context.form)
        planned = planning.plan(db, actor, engagement_id, slot, recurrence, context.now)
        entry = service.entry(db, actor, planned.id)
        return _told(db, actor, context, modal_views.planned(entry, context.now))

    return await context.run(work)


async def show_slot(context: Context) -> Answer:
    """A day or a time was chosen in a form: the same form, with what that is for the other one."""
    session_id = context.metadata.metadata.get("session")

    def work(db: Transaction, actor: Person) -> Answer:
        if session_id is None:
            view = modal_views.plan_again(
                some_membership(db, actor), actor, context.now, context.form, context.metadata
            )
        else:
            entry = service.check_planned(db, actor, session_id)
            view = modal_views.move_again(entry, context.now, context.form, context.metadata)
        return Answer(view=view, placement=Placement.REPLACE)

    return await context.run(work)


async def open_move(context: Context) -> Answer:
    def work(db: Transaction, actor: Person) -> Answer:
        entry = service.check_planned(db, actor, context.value)
        return Answer(view=modal_views.move(entry, context.now, _below(context)))

    return await context.run(work)


async def move(context: Context) -> Answer:
    session_id, reach = context.metadata.meta("session"), modal_views.read_reach(context.form)

    def work(db: Transaction, actor: Person) -> Answer:
        planning.move(db, actor, session_id, modal_views.read_slot(context.form), reach, context.now)
        entry = service.entry(db, actor, session_id)
        return _told(db, actor, context, modal_views.moved(entry, reach, context.now))

    return await context.run(work)


async def open_cancel(context: Context) -> Answer:
    def work(db: Transaction, actor: Person) -> Answer:
        entry = service.check_planned(db, actor, context.value)
        return Answer(view=modal_views.cancel(entry, context.now, _below(context)))

    return await context.run(work)


async def cancel(context: Context) -> Answer:
    session_id, reach = context.metadata.meta("session"), modal_views.read_reach(context.form)

    def work(db: Transaction, actor: Person) -> Answer:
        planning.cancel(db, actor, session_id, reach, context.now)
        entry = service.entry(db, actor, session_id)
        return _told(db, actor, context, modal_views.cancelled(entry, reach, context.now))

    return await context.run(work)


def _told(db: Transaction, actor: Person, context: Context, notice: str) -> Answer:
    """What was done, and the list below as it is now, if the form was opened from it."""
    below = context.metadata.previous_view_id
    which = views.list_below(context.metadata.metadata.get("below", ""))
    if below is None or which is None:
        return Answer(notice=notice)
    return Answer(notice=notice, redraw=(below, _list(db, actor, context, *which)))


def _below(context: Context) -> str:
    return views.below(context.view) if context.view else ""


async def put_off(context: Context) -> Answer:
    """“Pick a time…” below a message."""
    letter_id = context.metadata.meta("letter")

    def work(db: Transaction, actor: Person) -> Answer:
        on, at = views.read_picked(context.form)
        moment = postponing.postpone(db, actor, letter_id, on, at, context.now)
        return Answer(notice=views.picked(moment, actor, context.now))

    return await context.run(work)


async def later(context: Context) -> Answer:
    """Below the question whether to plan; the message itself says then when it comes again."""
    choice, _colon, letter_id = context.value.partition(":")
    await context.run(lambda db, actor: postponing.later(db, actor, letter_id, choice, context.now))
    return Answer()


async def elsewhere(context: Context) -> Answer:
    """“We meet elsewhere”: both messages say so then."""
    await context.run(lambda db, actor: gaps.elsewhere(db, actor, context.value))
    return Answer()
