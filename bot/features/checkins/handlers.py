"""`/grow checkin`, and the buttons of the weekly message."""

from collections.abc import Sequence
from datetime import datetime

from slack_sdk.models.blocks import Block

from bot.core.database import Transaction
from bot.core.directory import Person
from bot.core.slack.forms import our_number
from bot.core.slack.requests import Answer, Context, Placement
from bot.features.checkins import service, views
from bot.features.engagements.places import named
from bot.features.engagements.service import coaches_many, memberships


async def checkin(context: Context) -> Answer:
    """The form, if there is one that can be meant; for a coach, what clients share."""

    def work(db: Transaction, actor: Person) -> Answer:
        found = service.places(db, actor)
        if not found:
            service.check_any(db, actor)
            return _read(db, actor, context)
        as_coach = service.as_coach(db, actor)
        if len(found) > 1 or as_coach:
            return Answer(view=views.choices(found, bool(as_coach)))
        asked = service.form(db, actor, found[0].engagement_id, None, context.now)
        return Answer(view=views.form(asked, context.now))

    return await context.run(work)


async def open_form(context: Context) -> Answer:
    """The value is `engagement`, or `engagement:week`; alone, “alone” stands in its place."""
    return await _open_form(context, Placement.OPEN)


async def switch(context: Context) -> Answer:
    return await _open_form(context, Placement.REPLACE)


async def _open_form(context: Context, placement: Placement) -> Answer:
    engagement_id, _colon, week = context.value.partition(":")

    def work(db: Transaction, actor: Person) -> Answer:
        asked = service.form(db, actor, named(engagement_id), week or None, context.now)
        return Answer(view=views.form(asked, context.now), placement=placement)

    return await context.run(work)


async def save(context: Context) -> Answer:
    view = context.metadata
    engagement_id, week = view.meta("engagement"), view.meta("week")

    def work(db: Transaction, actor: Person) -> Answer:
        done = service.save(
            db,
            actor,
            named(engagement_id),
            week,
            views.read(context.form, week, view.metadata.get("at")),
            context.now,
        )
        return Answer(notice=views.saved(done, context.now))

    return await context.run(work)


async def later(context: Context) -> Answer:
    """The message itself says then when it comes again."""
    choice, _colon, letter_id = context.value.partition(":")
    await context.run(lambda db, actor: service.postpone(db, actor, letter_id, choice, context.now))
    return Answer()


async def skip(context: Context) -> Answer:
    engagement_id, _colon, week = context.value.partition(":")
    await context.run(lambda db, actor: service.skip(db, actor, named(engagement_id), week, context.now))
    return Answer()


async def read(context: Context) -> Answer:
    return await context.run(lambda db, actor: _read(db, actor, context))


async def read_next(context: Context) -> Answer:
    """Of more clients than one form shows; the value is the place of the first."""
    start = our_number(context.value)
    return await context.run(lambda db, actor: _read(db, actor, context, start, Placement.REPLACE))


def _read(
    db: Transaction,
    actor: Person,
    context: Context,
    start: int = 0,
    placement: Placement = Placement.OPEN,
) -> Answer:
    shown, more = service.shared_with(db, actor, context.now, start=start, most=views.CLIENTS_SHOWN)
    return Answer(view=views.shared(shown, actor, context.now, start=start, more=more), placement=placement)


def home_section(db: Transaction, person: Person, now: datetime) -> Sequence[Block]:
    """How many clients are, digests say."""
    is_said_there = coaches_many(memberships(db, person))
    clients = [] if is_said_there else service.seen_by(db, person, now)
    return views.home(service.standings(db, person, now), clients, person, now)
