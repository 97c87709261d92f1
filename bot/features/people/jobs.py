"""Once a day, each person's zone, language and state anew: events can be missed while nobody is connected."""

from bot.core.errors import GrowbotError
from bot.core.slack.requests import Services
from bot.features.people import service, store

BATCH = 20


async def refresh_people(services: Services) -> None:
    now = services.clock.now()
    for identity in await services.database.run(lambda db: store.due_for_refresh(db, now, BATCH)):
        try:
            profile = await services.profiles.fetch(identity)
        except GrowbotError:  # one who can't be asked about must not hold up those behind them
            await services.database.run(lambda db, who=identity: service.ask_later(db, who, now))  # type: ignore[misc]
            continue
        await services.database.run(lambda db, found=profile: service.learn(db, found, now))  # type: ignore[misc]
