"""What Slack says of people, before it is needed.

Once a day, each person's zone, language and state anew: events can be missed while nobody is connected. Shortly before somebody
is written to, whether Slack keeps messages from them; what is not known counts as no.
"""

from bot.core.errors import GrowbotError, PermanentError
from bot.core.slack.disturbing import DisturbingUnknown
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


async def ask_for_rests(services: Services) -> None:
    """Never while a transaction is open; and no more for this round where the scope was not granted."""
    now, rests = services.clock.now(), services.rests
    if rests is None:
        return
    for identity in await services.database.run(lambda db: store.due_for_rest(db, now, BATCH)):
        try:
            rest = await rests.fetch(identity)
        except DisturbingUnknown:
            continue
        except PermanentError:
            rest = None
        times = (rest.starts_at, rest.ends_at) if rest else None
        await services.database.run(
            lambda db, who=identity, at=times: service.learn_rest(db, who, at, now)  # type: ignore[misc]
        )
