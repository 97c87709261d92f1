"""Whether requests may be sent here: asked every few seconds by whatever stands before growbot."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.core import rotation
from bot.core.clock import Clock
from bot.core.database import Database, DatabaseUnavailable
from bot.core.errors import PermanentError
from bot.core.slack.client import Clients

Check = Callable[[], Awaitable[str | None]]
STOPPING = "stopping"
SLACK_SECONDS = 2.0
LOOK_SECONDS = 2.0
T = TypeVar("T")


class Readiness:
    """Asks each check in turn; one that found nothing wrong is not asked again for as long as it says."""

    def __init__(self, clock: Clock, *checks: tuple[Check, timedelta]) -> None:
        self._clock, self._checks = clock, checks
        self._fine_until: dict[int, datetime] = {}
        self.is_stopping = False

    async def problem(self) -> str | None:
        """None, or one line on why requests could not be served now."""
        if self.is_stopping:
            return STOPPING
        now = self._clock.now()
        for number, (check, keeps) in enumerate(self._checks):
            if self._fine_until.get(number, now) > now:
                continue
            if problem := await check():
                return problem
            self._fine_until[number] = now + keeps
        return None


class Look(Generic[T]):
    """Something that blocks, done in a thread. While it hangs, it is not begun once more: each would keep a thread and a connection."""

    def __init__(self, look: Callable[[], T]) -> None:
        self._look = look
        self._running: asyncio.Task[T] | None = None

    async def answer(self) -> T:
        """Raises TimeoutError after LOOK_SECONDS, and what the look raises."""
        if self._running is None or self._running.done():
            self._running = asyncio.create_task(asyncio.to_thread(self._look))
            self._running.add_done_callback(_heard)
        async with asyncio.timeout(LOOK_SECONDS):
            return await asyncio.shield(self._running)


def _heard(look: "asyncio.Task[Any]") -> None:
    """Or asyncio complains of an error that nobody waited for any more."""
    if not look.cancelled():
        look.exception()


def key_check(database: Database) -> Check:
    """Whether the master keys open what is stored."""

    async def check() -> str | None:
        try:
            await database.run(lambda db: rotation.check(db, db.vault.keys), within=LOOK_SECONDS)
        except DatabaseUnavailable:
            return "the database can't be used"
        except PermanentError:
            return "the master key does not open what is stored: growbot doctor"
        return None

    return check


def slack_check(clients: Clients) -> Check:
    """Whether Slack can be reached at all."""

    async def check() -> str | None:
        try:
            async with asyncio.timeout(SLACK_SECONDS):
                await clients.with_token(None).api_test()
        except SlackApiError as error:
            is_down = int(error.response.status_code or 200) >= 500
            return "Slack can't be reached" if is_down else None
        except (aiohttp.ClientError, OSError, TimeoutError, SlackClientError, ValueError):
            return "Slack can't be reached"
        return None

    return check
