"""`/grow start`, the invitation's buttons, `/grow agreement` and `/grow end`."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from slack_sdk.models.blocks import Block

from bot.core.database import Transaction
from bot.core.dates import say_moment
from bot.core.directory import Person, Profile
from bot.core.errors import NotFound, OutdatedForm
from bot.core.i18n import current_locale
from bot.core.localtime import earliest_allowed
from bot.core.slack.requests import Answer, Context, Placement
from bot.features.engagements import (
    changing,
    list_views,
    modal_views,
    reading,
    reading_views,
    service,
    views,
)
from bot.features.engagements.changing import Overtaken, Seen
from bot.features.engagements.domain import NeedsSomeone, NobodyThere
from bot.features.engagements.inviting import check_named, check_pair, mentioned
from bot.features.engagements.privacy import openings
from bot.features.engagements.service import Membership


async def start(context: Context) -> Answer:
    """`/grow start @person`: refused with a sentence before anything is typed into a form for nothing."""
    user_ids = mentioned(context.text)
    if len(user_ids) != 1:
        return await context.run(lambda _db, _actor: _unnamed(context.text))
    # Who asks may be as new as who is asked: two look-ups, one after the other, would take longer than Slack waits.
    other, _nothing = await asyncio.gather(
        _profile(context, user_ids[0]), context.run(lambda _db, _actor: None)
    )

    def work(db: Transaction, actor: Person) -> Answer:
        check_pair(db, actor, other, context.now)
        return Answer(view=modal_views.propose(modal_views.default_terms(), other.identity.user_id))

    return await context.run(work)


def _unnamed(text: str) -> Answer:
    """The form, to choose in; unless something was typed. Raises NobodyNamed, SeveralNamed."""
    check_named(text)
    return Answer(view=modal_views.propose(modal_views.default_terms(), None))


async def propose(context: Context) -> Answer:
    user_id = context.form.user("with")
    if user_id is None:
        raise NeedsSomeone
    other = await _profile(context, user_id)

    def work(db: Transaction, actor: Person) -> Answer:
        terms, role = modal_views.read_terms(context.form), modal_views.read_role(context.form)
        proposed = service.propose(db, actor, other, role, terms, context.now)
        return Answer(notice=modal_views.proposed(proposed, _waits_until(proposed, context)))

    return await context.run(work)


async def _profile(context: Context, user_id: str) -> Profile:
    """Raises NobodyThere."""
    try:
        return await context.services.profiles.fetch(replace(context.identity, user_id=user_id))
    except NotFound:
        raise NobodyThere from None


def _waits_until(proposed: Membership, context: Context) -> str | None:
    """When the invitation is held back for the other's working hours: said in the actor's time."""
    allowed_at = earliest_allowed(context.now, proposed.other.rhythm)
    if allowed_at <= context.now:
        return None
    return say_moment(allowed_at, now=context.now, zone=proposed.actor.zone, locale=current_locale())


async def read(context: Context) -> Answer:
    """One agreement, from a message or a list: the value is `engagement` or `engagement:version`."""
    engagement_id = context.value.partition(":")[0]

    def work(db: Transaction, actor: Person) -> Answer:
        found = reading.read_agreement(db, actor, engagement_id, context.now)
        return Answer(view=reading_views.agreement(found, actor))

    return await context.run(work)


async def agreements(context: Context) -> Answer:
    """`/grow agreement`: the only one, or a list to choose from."""

    def work(db: Transaction, actor: Person) -> Answer:
        found = service.memberships(db, actor, only_active=False)
        if len(found) > 1:
            return Answer(view=reading_views.agreements(found))
        only = (found or service.some_membership(db, actor))[0].engagement_id
        read = reading.read_agreement(db, actor, only, context.now)
        return Answer(view=reading_views.agreement(read, actor))

    return await context.run(work)


async def sign(context: Context) -> Answer:
    view = context.metadata
    engagement_id, version = view.meta("engagement"), _version(view.meta("version"))

    def work(db: Transaction, actor: Person) -> Answer:
        found = service.sign(db, actor, engagement_id, version, context.now)
        return Answer(view=modal_views.signed(found))

    return await context.run(work)


async def open_suggest(context: Context) -> Answer:
    engagement_id = context.value.partition(":")[0]

    def work(db: Transaction, actor: Person) -> Answer:
        found = reading.read_for_answer(db, actor, engagement_id, context.now)
        form = modal_views.suggest(found.membership, found.agreement)
        return Answer(view=form, placement=Placement.REPLACE)

    return await context.run(work)


async def suggest(context: Context) -> Answer:
    view = context.metadata
    engagement_id, version = view.meta("engagement"), _version(view.meta("version"))

    def work(db: Transaction, actor: Person) -> Answer:
        terms, role = modal_views.read_terms(context.form), modal_views.read_role(context.form)
        found = service.suggest(db, actor, engagement_id, version, role, terms, context.now)
        return Answer(notice=modal_views.suggested(found))

    return await context.run(work)


async def decline(context: Context) -> Answer:
    engagement_id, _, version = context.value.partition(":")

    def work(db: Transaction, actor: Person) -> Answer:
        found = service.decline(db, actor, engagement_id, _version(version), context.now)
        return (
            Answer(view=modal_views.declined(found), placement=Placement.REPLACE)
            if context.view
            else Answer()
        )

    return await context.run(work)


async def withdraw(context: Context) -> Answer:
    """A proposal that was not answered yet, taken back."""
    engagement_id = context.value.partition(":")[0]

    def work(db: Transaction, actor: Person) -> Answer:
        found = service.withdraw(db, actor, engagement_id, context.now)
        return Answer(view=modal_views.withdrawn(found), placement=Placement.REPLACE)

    return await context.run(work)


# --- changing what both have signed -----------------------------------------------------------------


async def open_change(context: Context) -> Answer:
    def work(db: Transaction, actor: Person) -> Answer:
        form = modal_views.change(changing.draft(db, actor, context.value, context.now))
        return Answer(view=form, placement=Placement.REPLACE)

    return await context.run(work)


async def change(context: Context) -> Answer:
    view = context.metadata
    engagement_id, seen = view.meta("engagement"), Seen(view.meta("holds"), view.meta("change"))

    def work(db: Transaction, actor: Person) -> Answer:
        terms = modal_views.read_terms(context.form)
        found = changing.propose_change(db, actor, engagement_id, seen, terms, context.now)
        if isinstance(found, Overtaken):
            return Answer(view=modal_views.overtaken(found))
        return Answer(notice=modal_views.change_sent(found))

    return await context.run(work)


async def read_change(context: Context) -> Answer:
    def work(db: Transaction, actor: Person) -> Answer:
        found = reading.read_change(db, actor, context.value, context.now)
        return Answer(view=reading_views.change(found, actor))

    return await context.run(work)


async def sign_change(context: Context) -> Answer:
    view = context.metadata
    engagement_id, change_id = view.meta("engagement"), view.meta("change")

    def work(db: Transaction, actor: Person) -> Answer:
        found = changing.sign_change(db, actor, engagement_id, change_id, context.now)
        return Answer(view=reading_views.renewed(found))

    return await context.run(work)


async def keep(context: Context) -> Answer:
    engagement_id, _, change_id = context.value.partition(":")

    def work(db: Transaction, actor: Person) -> Answer:
        found = changing.keep(db, actor, engagement_id, change_id, context.now)
        return (
            Answer(view=reading_views.kept(found), placement=Placement.REPLACE) if context.view else Answer()
        )

    return await context.run(work)


async def take_back(context: Context) -> Answer:
    engagement_id, _, change_id = context.value.partition(":")

    def work(db: Transaction, actor: Person) -> Answer:
        found = changing.take_back(db, actor, engagement_id, change_id, context.now)
        return Answer(view=reading_views.taken_back(found), placement=Placement.REPLACE)

    return await context.run(work)


async def earlier(context: Context) -> Answer:
    return await context.run(
        lambda db, actor: Answer(view=reading_views.earlier(*reading.earlier(db, actor, context.value)))
    )


async def read_earlier(context: Context) -> Answer:
    engagement_id, _, version = context.value.partition(":")

    def work(db: Transaction, actor: Person) -> Answer:
        found = reading.read_earlier(db, actor, engagement_id, _version(version), context.now)
        return Answer(view=reading_views.earlier_version(found, actor))

    return await context.run(work)


# --- privacy, the end, Home -------------------------------------------------------------------------


async def privacy(context: Context) -> Answer:
    def work(db: Transaction, actor: Person) -> Answer:
        found = service.memberships(db, actor)
        return Answer(view=list_views.privacy(found, openings(db, actor), actor, context.now))

    return await context.run(work)


async def open_end(context: Context) -> Answer:
    return await context.run(
        lambda db, actor: Answer(view=modal_views.end(service.some_membership(db, actor)))
    )


async def end(context: Context) -> Answer:
    def work(db: Transaction, actor: Person) -> Answer:
        engagement_id = views.chosen(context.form, context.metadata)
        found = service.end(db, actor, engagement_id, context.form.text("reason"), context.now)
        return Answer(view=modal_views.ended(found))

    return await context.run(work)


def above_home(db: Transaction, person: Person, now: datetime) -> Sequence[Block]:
    """What waits for an answer of who coaches many; for others it stands with whom they work with."""
    found = service.open_memberships(db, person, now)
    if not service.coaches_many(found):
        return []
    changes = changing.waiting_for(db, person)
    return views.to_answer(
        service.waiting_for(db, found), [each for each in found if each.engagement_id in changes]
    )


def home_section(db: Transaction, person: Person, now: datetime) -> Sequence[Block]:
    found = service.open_memberships(db, person, now)
    has_past = not found and bool(service.memberships(db, person, only_active=False))
    waiting, changes = service.waiting_for(db, found), changing.waiting_for(db, person)
    return views.home_section(found, waiting, changes, has_past)


def _version(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise OutdatedForm from None
