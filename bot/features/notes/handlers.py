"""`/grow note`, `/grow notes`, and the buttons of the list."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.core.database import Transaction
from bot.core.directory import Person
from bot.core.slack.requests import Answer, Context, Handler, Placement
from bot.features.commitments.mentions import names_in
from bot.features.commitments.message_text import of_command
from bot.features.engagements.service import memberships, some_membership
from bot.features.engagements.views import chosen
from bot.features.notes import modal_views, service, views
from bot.features.notes.domain import Filter

# --- writing ----------------------------------------------------------------------------------------


async def note(context: Context) -> Answer:
    """`/grow note she asked for time to think`: the form, with what was typed."""
    words = of_command(context.text, await names_in(context, context.text))
    return await context.run(lambda db, actor: _form(db, actor, context, words, None))


async def new(context: Context) -> Answer:
    """“New note”: the value is the engagement to begin with, if any."""
    return await context.run(lambda db, actor: _form(db, actor, context, "", context.value))


def _form(db: Transaction, actor: Person, context: Context, words: str, with_: str | None) -> Answer:
    found = some_membership(db, actor)
    sessions = service.sessions_to_name(db, found, context.now)
    view = modal_views.write(
        found, sessions, context.now, words=words, chosen=with_, carried=_carried(context)
    )
    return Answer(view=view)


async def write(context: Context) -> Answer:
    def work(db: Transaction, actor: Person) -> Answer:
        draft, engagement_id = modal_views.read(context.form), chosen(context.form, context.metadata)
        entry = service.write(db, actor, engagement_id, draft, context.now)
        return _told(db, actor, context, modal_views.saved(entry))

    return await context.run(work)


async def open_edit(context: Context) -> Answer:
    def work(db: Transaction, actor: Person) -> Answer:
        entry = service.own(db, actor, context.value, context.now)
        sessions = service.sessions_to_name(db, [entry.membership], context.now)
        return Answer(view=modal_views.change(entry, sessions, context.now, _carried(context)))

    return await context.run(work)


async def change(context: Context) -> Answer:
    note_id = context.metadata.meta("note")

    def work(db: Transaction, actor: Person) -> Answer:
        entry = service.edit(db, actor, note_id, modal_views.read(context.form), context.now)
        return _told(db, actor, context, modal_views.saved(entry))

    return await context.run(work)


# --- finding them again -----------------------------------------------------------------------------


async def notes(context: Context) -> Answer:
    return await context.run(lambda db, actor: Answer(view=_list(db, actor, context, Filter())))


def narrow(by: str) -> Handler:
    """One of the lists to choose from, above the notes."""

    async def handler(context: Context) -> Answer:
        return await _again(context, views.narrowed(_filter(context), by, context.value))

    return handler


async def turn(context: Context) -> Answer:
    """“Older ones”, “Newer ones”: the value is the place of the first."""
    start = views.read_filter({"list_start": context.value}).start
    return await _again(context, replace(_filter(context), start=start))


async def delete(context: Context) -> Answer:
    def work(db: Transaction, actor: Person) -> Answer:
        service.delete(db, actor, context.value, context.now)
        view = _list(db, actor, context, _filter(context))
        return Answer(view=view, placement=Placement.REPLACE)

    return await context.run(work)


async def _again(context: Context, wanted: Filter) -> Answer:
    return await context.run(
        lambda db, actor: Answer(view=_list(db, actor, context, wanted), placement=Placement.REPLACE)
    )


def _list(db: Transaction, actor: Person, context: Context, wanted: Filter) -> View:
    return views.notes(service.page(db, actor, wanted, context.now), actor, context.now)


def home_section(db: Transaction, person: Person, now: datetime) -> Sequence[Block]:
    found = memberships(db, person)
    return views.home([(each, service.count_theirs(db, each)) for each in found]) if found else []


def _told(db: Transaction, actor: Person, context: Context, notice: str) -> Answer:
    """What was done, and the list below as it is now, if the form was opened from it."""
    below = context.metadata.previous_view_id
    if below is None or context.metadata.metadata.get("below") != views.LIST:
        return Answer(notice=notice)
    return Answer(notice=notice, redraw=(below, _list(db, actor, context, _filter(context))))


def _carried(context: Context) -> Mapping[str, str]:
    """What a form remembers of the list that it is put on top of."""
    if context.view is None or context.view.callback_id != views.LIST:
        return {}
    return {"below": views.LIST, **views.as_metadata(_filter(context))}


def _filter(context: Context) -> Filter:
    return views.read_filter(context.view.metadata if context.view else {})
