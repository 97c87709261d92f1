"""Settings, pause and resume; and what Slack tells us about people."""

import re
from collections.abc import Sequence
from datetime import datetime

from slack_sdk.models.blocks import Block

from bot.core.database import Transaction
from bot.core.dates import Unclear, When, read_when, say_date, say_moment
from bot.core.directory import Person, profile_from_slack
from bot.core.i18n import current_locale
from bot.core.i18n import gettext as _
from bot.core.localtime import local_date
from bot.core.slack.disturbing import rest_from_slack
from bot.core.slack.requests import Answer, Context
from bot.features.people import lightening, service, views
from bot.features.people.domain import PauseOver, PauseUnclear


async def open_settings(context: Context) -> Answer:
    def work(db: Transaction, actor: Person) -> Answer:
        wishes, manner = service.wishes_of(db, actor.id), service.manner_of(db, actor.id)
        return Answer(view=views.settings(actor, wishes, manner, is_coach=service.is_coach(db, actor.id)))

    return await context.run(work)


async def save_settings(context: Context) -> Answer:
    def work(db: Transaction, actor: Person) -> None:
        wishes, rhythm = views.read_settings(context.form, actor.zone)
        service.set_schedule(db, actor, wishes, rhythm, context.now)
        context.actor = service.set_manner(db, actor, views.read_manner(context.form))

    await context.run(work)  # from here on, the language is the one just chosen
    return Answer(notice=_("Saved. Your next messages follow these settings."))


async def pause(context: Context) -> Answer:
    """`/grow pause`, `/grow pause until Friday`, and the Pause buttons."""

    def work(db: Transaction, actor: Person) -> Answer:
        if not context.text:
            return Answer(view=views.pause())
        until = read_when(_as_date(context.text), now=context.now, zone=actor.zone, locale=actor.locale)
        if isinstance(until, Unclear):
            raise PauseOver if until.kind == "past" else PauseUnclear(views.asked_back(until))
        if service.pause_ends_at(actor, until) <= context.now:
            raise PauseOver
        return Answer(notice=_paused(db, actor, until, context))

    return await context.run(work)


async def save_pause(context: Context) -> Answer:
    def work(db: Transaction, actor: Person) -> Answer:
        on = views.read_pause(context.form)
        return Answer(notice=_paused(db, actor, When(on, None) if on else None, context))

    return await context.run(work)


def _paused(db: Transaction, actor: Person, until: When | None, context: Context) -> str:
    ends_at = service.pause(db, actor, until, context.now)
    if until is None or ends_at is None:
        return _("Paused. I'll stay quiet until you type `/grow resume`. Nothing counts as missed.")
    if until.at is not None:
        moment = say_moment(ends_at, now=context.now, zone=actor.zone, locale=current_locale())
        return _("Paused until {moment}. `/grow resume` ends it earlier. Nothing counts as missed.").format(
            moment=moment
        )
    day = say_date(until.on, today=local_date(context.now, actor.zone), locale=current_locale())
    return _(
        "Paused until {day}; messages come again that morning. `/grow resume` ends it earlier. Nothing counts as missed."
    ).format(day=day)


def _as_date(text: str) -> str:
    """“for two weeks” means the same as “until in two weeks”."""
    return re.sub(r"^\s*for\b", "in", text, flags=re.IGNORECASE)


async def resume(context: Context) -> Answer:
    was_paused = await context.run(lambda db, actor: service.resume(db, actor, context.now))
    if was_paused:
        return Answer(notice=_("Welcome back. Messages come again, on your schedule: `/grow settings`."))
    return Answer(notice=_("You weren't paused; messages come on your schedule: `/grow settings`."))


async def quieter(context: Context) -> Answer:
    """The three dots below a message."""
    return await (pause(context) if context.value == "pause" else open_settings(context))


async def lighten(context: Context) -> Answer:
    """“Fewer reminders”."""
    intensity = await context.run(lambda db, actor: lightening.lighten(db, actor, context.now))
    return Answer(notice=views.lightened(intensity))


async def keep(context: Context) -> Answer:
    """“Keep as is”: pressing it is what ends the silence."""
    await context.run(lambda _db, _actor: None)
    return Answer(notice=_("Everything stays as it is. `/grow settings` changes it at any time."))


async def talk(context: Context) -> Answer:
    await context.run(lambda _db, _actor: None)
    return Answer(view=views.talk())


async def follow_user_change(context: Context) -> Answer:
    """Slack's user_change: a new zone, a new name, a deactivation. Only for people we know."""

    def work(db: Transaction) -> None:
        profile = profile_from_slack(
            context.payload["event"]["user"],
            team_id=context.identity.team_id,
            enterprise_id=context.identity.enterprise_id,
        )
        if context.services.directory.find(db, profile.identity) is not None:
            context.services.directory.learn(db, profile, context.now)
        context.stale_homes |= db.stale_homes
        context.outbox_changed |= db.outbox_changed

    await context.services.database.run(work)
    return Answer()


async def follow_rest(context: Context) -> Answer:
    """Slack's dnd_updated_user. Only for people we know; it is no act of theirs in growbot."""
    rest = rest_from_slack(context.payload["event"].get("dnd_status") or {})

    def work(db: Transaction) -> None:
        times = (rest.starts_at, rest.ends_at) if rest else None
        service.learn_rest(db, context.identity, times, context.now)
        context.outbox_changed |= db.outbox_changed

    await context.services.database.run(work)
    return Answer()


def home_section(db: Transaction, person: Person, now: datetime) -> Sequence[Block]:
    """Only for someone who works with somebody: nobody else is written to."""
    return views.home_section(person, service.wishes_of(db, person.id), now)
