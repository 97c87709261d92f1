"""Exchanging tokens that end for the next ones, ahead of time: one process at a time, whoever comes first.

slack_sdk's AsyncTokenRotator goes by the machine's clock and holds no lock; the call itself is slack_sdk's. A refresh token works
once, so what Slack answered is never thrown away because somebody stopped waiting.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog
from slack_sdk.errors import SlackApiError
from sqlalchemy import select

from bot.core.clock import Clock
from bot.core.database import Database, Transaction
from bot.core.errors import PermanentError
from bot.core.outbox.reopening import reopen
from bot.core.slack.client import Clients, error_name
from bot.core.slack.effects import FAILURES
from bot.core.slack.installation_store import InstallationRow, refresh_token_of, rotation_at, sealer_of
from bot.core.slack.sender import WAITING_REASONS

log = structlog.get_logger(__name__)

AT_ONCE = 20
LEASE = timedelta(minutes=5)
"""Nobody else tries meanwhile; and so long after a failure it is tried again. No call takes that long."""

Counted = Callable[[str], None]


class Rotation:
    """`counted` is told of each exchange: "done", or Slack's name for what went wrong."""

    def __init__(
        self, database: Database, clock: Clock, client_id: str, client_secret: str, counted: Counted
    ) -> None:
        self._database, self._clock, self._counted = database, clock, counted
        self._client_id, self._client_secret = client_id, client_secret
        self._clients: Clients | None = None
        self._running: set[asyncio.Task[None]] = set()

    def connect(self, clients: Clients) -> None:
        """From here on calls can be made."""
        self._clients = clients

    async def run(self) -> int:
        """Exchange every token whose time has come. Returns how many were tried."""
        claimed = await self._database.run(lambda db: claim(db, self._clock.now(), AT_ONCE))
        await asyncio.gather(*(self._shielded(*each) for each in claimed))
        return len(claimed)

    async def renew(self, installation_id: str) -> None:
        """Exchange this one's token now, unless somebody tries just now, or did so in vain minutes ago."""
        due = await self._database.run(lambda db: claim(db, self._clock.now(), 1, only=installation_id))
        await asyncio.gather(*(self._shielded(*each) for each in due))

    async def idle(self) -> None:
        """Returns when no exchange is under way."""
        while self._running:
            # From Python 3.12 on, gather returns at once where all is done, so nothing would ever leave.
            await asyncio.wait(self._running)

    async def _shielded(self, installation_id: str, refresh_token: str) -> None:
        task = asyncio.get_running_loop().create_task(self._exchange(installation_id, refresh_token))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        await asyncio.shield(task)

    async def _exchange(self, installation_id: str, refresh_token: str) -> None:
        assert self._clients is not None
        try:
            answer = await self._clients.with_token(None).oauth_v2_access(
                client_id=self._client_id,
                client_secret=self._client_secret,
                grant_type="refresh_token",
                refresh_token=refresh_token,
            )
            work = partial(_record, row_id=installation_id, used=refresh_token, now=self._clock.now())
            await self._database.run(partial(work, token=answer["access_token"], given=answer))
        except FAILURES as error:
            name = error_name(error) if isinstance(error, SlackApiError) else type(error).__name__
            log.warning("rotation.failed", error=name)
            self._counted("failed")
        else:
            self._counted("done")


def claim(db: Transaction, now: datetime, limit: int, only: str | None = None) -> list[tuple[str, str]]:
    """Ids and refresh tokens of installations whose token is to be exchanged, and of which nobody else is doing it."""
    due = select(InstallationRow).where(InstallationRow.next_rotation_at <= now)
    if only is not None:
        due = due.where(InstallationRow.id == only)
    due = due.order_by(InstallationRow.next_rotation_at).limit(limit).with_for_update(skip_locked=True)
    claimed = []
    for row in db.scalars(due):
        row.next_rotation_at = now + LEASE
        try:
            refresh_token = refresh_token_of(db, row, now)
        except PermanentError as error:  # nobody else's token waits for that
            log.error("rotation.unreadable", installation=row.id, error=type(error).__name__)
            continue
        if refresh_token:
            claimed.append((row.id, refresh_token))
    return claimed


def _record(db: Transaction, *, row_id: str, used: str, now: datetime, token: str, given: Any) -> None:
    """Not where the installation has ended meanwhile, or another token is there."""
    row = db.scalar(select(InstallationRow).where(InstallationRow.id == row_id).with_for_update())
    if row is None or refresh_token_of(db, row, now) != used:
        return
    sealer = sealer_of(db, row, now)
    has_ended = row.expires_at is not None and row.expires_at <= now
    row.token = sealer.seal(InstallationRow.token, row.id, token)
    row.refresh_token = sealer.seal_optional(InstallationRow.refresh_token, row.id, given["refresh_token"])
    row.expires_at = now + timedelta(seconds=int(given["expires_in"]))
    row.next_rotation_at = rotation_at(row.expires_at, now)
    if has_ended:
        reopen(db, row.team_id or None, WAITING_REASONS, now)
