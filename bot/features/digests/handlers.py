"""Behind the button of the weekly message."""

from collections.abc import Sequence
from datetime import datetime

from slack_sdk.models.blocks import Block

from bot.core.database import Transaction
from bot.core.directory import Person
from bot.core.slack.requests import Answer, Context
from bot.features.checkins import service as checkins
from bot.features.checkins import views as checkin_views
from bot.features.digests import service, views
from bot.features.engagements.service import coaches_many, memberships


async def open_clients(context: Context) -> Answer:
    """Whoever has one client reads at once what that one shares."""

    def work(db: Transaction, actor: Person) -> Answer:
        found = service.some_weeks(db, actor, context.now)
        if len(found) == 1 and found[0].shared_at:
            return _read(db, actor, found[0].membership.engagement_id, context)
        return Answer(view=views.clients(found, actor, context.now))

    return await context.run(work)


async def read(context: Context) -> Answer:
    return await context.run(lambda db, actor: _read(db, actor, context.value, context))


def _read(db: Transaction, actor: Person, engagement_id: str, context: Context) -> Answer:
    shown = checkins.shared_by(db, actor, engagement_id, context.now)
    return Answer(view=checkin_views.shared([shown], actor, context.now))


def home_section(db: Transaction, person: Person, now: datetime) -> Sequence[Block]:
    """How a few clients are, check-ins say one by one."""
    if not coaches_many(memberships(db, person)):
        return []
    return views.home(service.by_need(db, person, now))
