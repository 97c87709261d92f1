"""`/grow questions`, choosing what is asked before sessions, and a coach's own sets."""

from collections.abc import Sequence
from datetime import datetime

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.core.database import Transaction
from bot.core.directory import Person
from bot.core.slack.requests import Answer, Context, Placement
from bot.features.engagements.domain import Role
from bot.features.engagements.service import memberships
from bot.features.questions import modal_views, service, views
from bot.features.questions.domain import OwnQuestions
from bot.features.sessions import service as sessions


async def questions(context: Context) -> Answer:
    return await context.run(lambda db, actor: Answer(view=_list(db, actor, context)))


def _list(db: Transaction, actor: Person, context: Context) -> View:
    return views.overview(service.overview(db, actor, context.now), context.now)


# --- choosing ---------------------------------------------------------------------------------------


async def open_choice(context: Context) -> Answer:
    """“Choose”: the value is the engagement."""

    def work(db: Transaction, actor: Person) -> Answer:
        offer = service.offer(db, actor, context.value, context.now)
        return Answer(view=modal_views.choose(offer, context.now, _below(context)))

    return await context.run(work)


async def choose(context: Context) -> Answer:
    engagement_id = context.metadata.meta("engagement")

    def work(db: Transaction, actor: Person) -> Answer:
        picked, now = modal_views.read_choice(context.form), context.now
        choice = (picked.source, picked.set_id, picked.area, now)
        if picked.is_for_all:
            all_asked = service.choose_for_all(db, actor, *choice)
            return _told(db, actor, context, modal_views.chosen_for_all(all_asked))
        asked = service.choose(db, actor, engagement_id, picked.session_id, *choice)
        session = sessions.get(db, actor, picked.session_id) if picked.session_id else None
        found = service.as_coach(db, actor, engagement_id)
        return _told(db, actor, context, modal_views.chosen(found, asked, session, now))

    return await context.run(work)


# --- a coach's own sets -----------------------------------------------------------------------------


async def new(context: Context) -> Answer:
    def work(db: Transaction, actor: Person) -> Answer:
        service.check_room(db, actor)
        return Answer(view=modal_views.create("", OwnQuestions((), ()), None, _below(context)))

    return await context.run(work)


async def copy(context: Context) -> Answer:
    """The form of a new set, filled with another one: the value is a set's id, or a built-in one's name."""

    def work(db: Transaction, actor: Person) -> Answer:
        title, copied, area = service.draft_copy(db, actor, context.value, context.now)
        return Answer(view=modal_views.create(title, copied, area, _below(context)))

    return await context.run(work)


async def create(context: Context) -> Answer:
    def work(db: Transaction, actor: Person) -> Answer:
        written = modal_views.read_set(context.form)
        service.create(db, actor, written.title, written.questions, written.area, context.now)
        return _told(db, actor, context, modal_views.saved([]))

    return await context.run(work)


async def open_edit(context: Context) -> Answer:
    def work(db: Transaction, actor: Person) -> Answer:
        own = service.own_set(db, actor, context.value, context.now)
        users = service.asked_now(db, actor, own.id, context.now)
        return Answer(view=modal_views.edit(own, users, _below(context)))

    return await context.run(work)


async def edit(context: Context) -> Answer:
    set_id = context.metadata.meta("set")

    def work(db: Transaction, actor: Person) -> Answer:
        before = service.own_set(db, actor, set_id, context.now)
        written = modal_views.read_set(context.form, before.questions)
        service.edit(db, actor, set_id, written.title, written.questions, written.area, context.now)
        users = service.asked_now(db, actor, set_id, context.now)
        return _told(db, actor, context, modal_views.saved(users))

    return await context.run(work)


async def put_away(context: Context) -> Answer:
    def work(db: Transaction, actor: Person) -> Answer:
        service.put_away(db, actor, context.value, context.now)
        return Answer(view=_list(db, actor, context), placement=Placement.REPLACE)

    return await context.run(work)


async def bring_back(context: Context) -> Answer:
    def work(db: Transaction, actor: Person) -> Answer:
        service.bring_back(db, actor, context.value)
        return Answer(view=_list(db, actor, context), placement=Placement.REPLACE)

    return await context.run(work)


def home_section(db: Transaction, person: Person, now: datetime) -> Sequence[Block]:
    """For coaches: a client meets the questions when they prepare."""
    return views.home() if any(each.role is Role.COACH for each in memberships(db, person)) else []


def _told(db: Transaction, actor: Person, context: Context, notice: str) -> Answer:
    """What was done, and the list below as it is now, if the form was opened from it."""
    below = context.metadata.previous_view_id
    if below is None or context.metadata.metadata.get("below") != views.LIST:
        return Answer(notice=notice)
    return Answer(notice=notice, redraw=(below, _list(db, actor, context)))


def _below(context: Context) -> str:
    """Which view a form is put on top of."""
    return context.view.callback_id if context.view else ""
