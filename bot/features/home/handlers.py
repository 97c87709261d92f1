"""`/grow`, `/grow help`, the Home tab, and a word to people who write to the bot."""

from collections.abc import Callable, Mapping

from bot.core.feature import HomeView
from bot.core.slack.commands import Command
from bot.core.slack.requests import Answer, Context, Handler
from bot.features.home import views
from bot.features.people.service import opened_home


def open_hub(hub_view: HomeView) -> Handler:
    async def hub(context: Context) -> Answer:
        return await context.run(lambda db, actor: Answer(view=hub_view(db, actor, context.now)))

    return hub


def open_help(commands: Callable[[], Mapping[str, Command]]) -> Handler:
    async def help_(context: Context) -> Answer:
        await context.run(lambda _db, _actor: None)  # the reader's language
        return Answer(view=views.help_modal(commands()))

    return help_


async def home_opened(context: Context) -> Answer:
    """From now on there is a Home to keep up to date; it is drawn once this is answered."""
    if context.payload["event"].get("tab") == "home":
        await context.run(opened_home)
    return Answer()


async def message_written(context: Context) -> Answer:
    """A DM to the bot: never silence, and never a place for confidential words."""
    event = context.payload["event"]
    if event.get("subtype") or event.get("bot_id") or event.get("channel_type") != "im":
        return Answer()
    await context.run(lambda _db, _actor: None)
    return Answer(notice=views.not_read_here())
