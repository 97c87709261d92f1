"""`/grow goal`, `/grow goals`, and the buttons of a goal."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.core.database import Transaction
from bot.core.directory import Person
from bot.core.errors import NotFound
from bot.core.i18n import gettext as _
from bot.core.slack.requests import Answer, Context, Placement
from bot.features.engagements.domain import Role
from bot.features.engagements.service import Membership, coached, memberships
from bot.features.engagements.views import chosen
from bot.features.goals import list_views, modal_views, reading, reading_views, service, suggesting, views
from bot.features.goals.domain import GoalState
from bot.features.goals.reading import Entry
from bot.features.strengths import service as strengths

# --- setting one ------------------------------------------------------------------------------------------


async def goal(context: Context) -> Answer:
    """`/grow goal my team decides without me`; for who only coaches, a suggestion to a client."""

    def work(db: Transaction, actor: Person) -> Answer:
        coached_in, clients = _roles(db, actor)
        if clients and not coached_in:
            return Answer(view=modal_views.suggest(clients, title=context.text))
        return _make(db, actor, context, Placement.OPEN)

    return await context.run(work)


async def new(context: Context) -> Answer:
    """“New goal”; from the form of a suggestion, in its place."""
    return await context.run(
        lambda db, actor: _make(db, actor, context, _in_place_of(context, modal_views.SUGGEST))
    )


def _make(db: Transaction, actor: Person, context: Context, placement: Placement) -> Answer:
    coached_in, clients = _roles(db, actor)
    view = modal_views.make(
        coached_in,
        strengths.own(db, actor, context.now),
        title=context.text,
        has_clients=bool(clients),
        below=_below(context),
    )
    return Answer(view=view, placement=placement)


async def make(context: Context) -> Answer:
    """Saved, it is followed by how it is measured; what was saved stays so if that is closed."""
    wording, engagement_id = (
        views.read_wording(context.form),
        modal_views.read_for(context.form, context.metadata),
    )

    def work(db: Transaction, actor: Person) -> Answer:
        is_shared = views.read_share(context.form)
        made = service.make(db, actor, engagement_id, wording, is_shared, context.now)
        return _measured_next(db, actor, context, made)

    return await context.run(work)


def _measured_next(db: Transaction, actor: Person, context: Context, made: Entry) -> Answer:
    form = modal_views.measure(made, made.goal.measure.scale, is_new=True, below=_below(context))
    return _redrawn(db, actor, context, Answer(view=form))


# --- suggesting one -----------------------------------------------------------------------------------------


async def open_suggest(context: Context) -> Answer:
    def work(db: Transaction, actor: Person) -> Answer:
        _coached_in, clients = _roles(db, actor)
        if not clients:
            return _make(db, actor, context, Placement.REPLACE)
        view = modal_views.suggest(clients, below=_below(context))
        return Answer(view=view, placement=_in_place_of(context, modal_views.MAKE))

    return await context.run(work)


async def suggest(context: Context) -> Answer:
    wording, engagement_id = views.read_wording(context.form), chosen(context.form, context.metadata)

    def work(db: Transaction, actor: Person) -> Answer:
        found = suggesting.suggest(db, actor, engagement_id, wording, context.now)
        return _redrawn(db, actor, context, Answer(notice=modal_views.suggested(found)))

    return await context.run(work)


async def take_up(context: Context) -> Answer:
    goal_id, wording = context.metadata.meta("goal"), views.read_wording(context.form)

    def work(db: Transaction, actor: Person) -> Answer:
        is_shared = views.read_share(context.form)
        taken = suggesting.accept(db, actor, goal_id, wording, is_shared, context.now)
        return _measured_next(db, actor, context, taken)

    return await context.run(work)


async def decline(context: Context) -> Answer:
    """From the message, which then says so itself; or from the form, which it closes with a word."""

    def work(db: Transaction, actor: Person) -> Answer:
        found = suggesting.decline(db, actor, context.value, context.now)
        if context.view is None:
            return Answer()
        told = Answer(view=modal_views.declined(found), placement=Placement.REPLACE)
        return _redrawn(db, actor, context, told)

    return await context.run(work)


async def withdraw(context: Context) -> Answer:
    def work(db: Transaction, actor: Person) -> Answer:
        suggesting.withdraw(db, actor, context.value, context.now)
        told = Answer(view=modal_views.withdrawn(), placement=Placement.REPLACE)
        return _redrawn(db, actor, context, told)

    return await context.run(work)


# --- reading ------------------------------------------------------------------------------------------------


async def goals(context: Context) -> Answer:
    def work(db: Transaction, actor: Person) -> Answer:
        return Answer(view=list_views.overview(reading.overview(db, actor, context.now), actor, context.now))

    return await context.run(work)


async def review(context: Context) -> Answer:
    """The value is the engagement with a client, or nothing for one's own."""

    def work(db: Transaction, actor: Person) -> Answer:
        shown = reading.review(db, actor, context.value or None, context.now)
        return Answer(view=reading_views.review(shown, context.now))

    return await context.run(work)


async def open_one(context: Context) -> Answer:
    """To read; a suggestion that waits for the actor, as a form."""

    def work(db: Transaction, actor: Person) -> Answer:
        entry, below = reading.entry(db, actor, context.value, context.now), _below(context)
        if entry.is_own and entry.goal.state is GoalState.SUGGESTED:
            return Answer(view=modal_views.take_up(entry, strengths.own(db, actor, context.now), below=below))
        return Answer(
            view=_read(db, actor, context, entry), placement=_in_place_of(context, reading_views.REVIEW)
        )

    return await context.run(work)


def _read(db: Transaction, actor: Person, context: Context, entry: Entry, said: str | None = None) -> View:
    coached_in, _clients = _roles(db, actor)
    can_bring = entry.membership is None and bool(coached_in)
    return reading_views.read(entry, context.now, can_bring=can_bring, said=said, below=_below(context))


# --- changing one: each form takes the place of the goal that it is about, and the goal its place again ---------


async def open_edit(context: Context) -> Answer:
    def work(db: Transaction, actor: Person) -> Answer:
        entry, mine = _own_open(db, actor, context), strengths.own(db, actor, context.now)
        return _in_place(modal_views.edit(entry, mine, below=_below(context)))

    return await context.run(work)


async def edit(context: Context) -> Answer:
    goal_id, wording = context.metadata.meta("goal"), views.read_wording(context.form)

    def work(db: Transaction, actor: Person) -> Answer:
        is_shared = views.read_share(context.form)
        edited = service.edit(db, actor, goal_id, wording, is_shared, context.now)
        return _done(db, actor, context, edited, _("Saved."))

    return await context.run(work)


async def open_measure(context: Context) -> Answer:
    """The value is the goal, or `goal:scale` for the other way to measure it."""
    goal_id, _colon, chosen_scale = context.value.partition(":")

    def work(db: Transaction, actor: Person) -> Answer:
        entry = reading.entry(db, actor, goal_id, context.now)
        scale = modal_views.read_scale(chosen_scale) if chosen_scale else entry.goal.measure.scale
        service.own_open(db, actor, goal_id)
        is_new = context.view is not None and modal_views.NEW in context.view.metadata
        return _in_place(modal_views.measure(entry, scale, is_new=is_new, below=_below(context)))

    return await context.run(work)


async def measure(context: Context) -> Answer:
    goal_id = context.metadata.meta("goal")
    asked = modal_views.read_measure(context.form, modal_views.read_scale(context.metadata.meta("scale")))

    def work(db: Transaction, actor: Person) -> Answer:
        measured = service.measure(db, actor, goal_id, asked, context.now)
        return _done(db, actor, context, measured, _("Saved."))

    return await context.run(work)


async def open_rate(context: Context) -> Answer:
    def work(db: Transaction, actor: Person) -> Answer:
        entry = _own_open(db, actor, context)
        return _in_place(modal_views.rate(entry, actor, context.now, below=_below(context)))

    return await context.run(work)


async def rate(context: Context) -> Answer:
    goal_id, value = context.metadata.meta("goal"), modal_views.read_rated(context.form)

    def work(db: Transaction, actor: Person) -> Answer:
        rated = service.rate(db, actor, goal_id, value, context.now)
        return _done(db, actor, context, rated, _("Saved."))

    return await context.run(work)


async def open_close(context: Context) -> Answer:
    def work(db: Transaction, actor: Person) -> Answer:
        entry = _own_open(db, actor, context)
        return _in_place(modal_views.close(entry, context.now, below=_below(context)))

    return await context.run(work)


async def close(context: Context) -> Answer:
    goal_id = context.metadata.meta("goal")
    ending, learned = modal_views.read_ending(context.form)

    def work(db: Transaction, actor: Person) -> Answer:
        closed = service.close(db, actor, goal_id, ending, learned, context.now)
        return _done(db, actor, context, closed, modal_views.closed(ending))

    return await context.run(work)


async def reopen(context: Context) -> Answer:
    def work(db: Transaction, actor: Person) -> Answer:
        entry = service.reopen(db, actor, context.value, context.now)
        return replace(_done(db, actor, context, entry, _("Saved.")), placement=Placement.REPLACE)

    return await context.run(work)


async def open_bring(context: Context) -> Answer:
    def work(db: Transaction, actor: Person) -> Answer:
        entry, (coached_in, _clients) = _own_open(db, actor, context), _roles(db, actor)
        if not coached_in:
            raise NotFound
        return _in_place(modal_views.bring(entry, coached_in, below=_below(context)))

    return await context.run(work)


async def bring(context: Context) -> Answer:
    goal_id, engagement_id = context.metadata.meta("goal"), chosen(context.form, context.metadata)

    def work(db: Transaction, actor: Person) -> Answer:
        is_shared = views.read_share(context.form)
        brought = service.bring(db, actor, goal_id, engagement_id, is_shared, context.now)
        return _done(db, actor, context, brought, _("Saved."))

    return await context.run(work)


async def erase(context: Context) -> Answer:
    def work(db: Transaction, actor: Person) -> Answer:
        service.erase(db, actor, context.value, context.now)
        told = Answer(view=modal_views.erased(), placement=Placement.REPLACE)
        return _redrawn(db, actor, context, told)

    return await context.run(work)


# --- App Home -------------------------------------------------------------------------------------------------


def home_section(db: Transaction, person: Person, now: datetime) -> Sequence[Block]:
    """For who has neither a goal nor anybody to work with, the welcome offers one."""
    own, suggested = reading.own_open(db, person, now), reading.suggested_to(db, person)
    coached_in, clients = _roles(db, person)
    if not (own or coached_in or clients):
        return []
    return list_views.home(own, suggested, person, now, has_clients=bool(clients))


# --- within ---------------------------------------------------------------------------------------------------


def _roles(db: Transaction, actor: Person) -> tuple[list[Membership], list[Membership]]:
    """The active engagements in which the actor is the client, and those in which they are the coach."""
    found = memberships(db, actor)
    as_client = [each for each in found if each.role is Role.CLIENT]
    return as_client, coached(found)


def _own_open(db: Transaction, actor: Person, context: Context) -> Entry:
    """The goal that a button names. Raises NotFound, HasEnded, GoalClosed."""
    service.own_open(db, actor, context.value)
    return reading.entry(db, actor, context.value, context.now)


def _in_place(view: View) -> Answer:
    return Answer(view=view, placement=Placement.REPLACE)


def _in_place_of(context: Context, form: str) -> Placement:
    """In place of this form, if that is where the button stands; on top of anything else."""
    is_there = context.view is not None and context.view.callback_id == form
    return Placement.REPLACE if is_there else Placement.OPEN


def _done(db: Transaction, actor: Person, context: Context, entry: Entry, said: str) -> Answer:
    return _redrawn(db, actor, context, Answer(view=_read(db, actor, context, entry, said)))


def _redrawn(db: Transaction, actor: Person, context: Context, answer: Answer) -> Answer:
    """And the list below as it is now, if the form was opened from it."""
    below = context.metadata.previous_view_id
    if below is None or _below(context) != list_views.LIST:
        return answer
    shown = reading.overview(db, actor, context.now)
    return replace(answer, redraw=(below, list_views.overview(shown, actor, context.now)))


def _below(context: Context) -> str:
    """Which list a view is put on top of: the one it comes from, or the one that the view it replaces is on top of."""
    if context.view is None or context.view.is_home:
        return ""
    return context.view.metadata.get("below") or context.view.callback_id
