"""Getting payloads to the app within three seconds by either transport, and events again after a failure."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

from bot.sandbox.clock import SandboxClock
from bot.sandbox.errors import SlackError, Unanswered
from bot.sandbox.ledger import Entry, Ledger
from bot.sandbox.manifest import APP_ID
from bot.sandbox.parcels import Parcel
from bot.sandbox.people import BOT_USER_ID
from bot.sandbox.retries import Retries
from bot.sandbox.workspace import Workspace

VERIFICATION_TOKEN = "sandbox-verification-token"
ANSWER_SECONDS = 3.0
"""Real seconds within which the app must acknowledge."""


class Deliveries:
    """Delivers by whatever `transport()` names at that moment and writes everything into the ledger."""

    def __init__(
        self, transport: Callable[[], Callable[[Parcel], Awaitable[Any]]], clock: SandboxClock, ledger: Ledger
    ) -> None:
        self._transport, self._clock, self._ledger = transport, clock, ledger
        self.answer_seconds = ANSWER_SECONDS
        self.retries = Retries(clock, self.deliver)

    async def deliver(self, parcel: Parcel) -> dict[str, Any] | None:
        """Deliver once and return what the acknowledgement carried; Unanswered if there was none in time."""
        started, answer, error = time.monotonic(), None, None
        at = self._clock.now()
        try:
            answer = await asyncio.wait_for(self._transport()(parcel), self.answer_seconds)
        except TimeoutError:
            error = "http_timeout"
            raise Unanswered(error) from None
        except Unanswered as problem:
            error = problem.reason
            raise
        finally:
            seconds = time.monotonic() - started
            entry = Entry(at, "delivery", parcel.name, parcel.payload, answer, error, seconds, error is None)
            self._ledger.add(entry)
        return answer if isinstance(answer, dict) and answer else None

    def unusable(self, name: str, answer: Any, error: SlackError) -> None:
        """Write down an acknowledgement that Slack cannot use; nobody but the person is told."""
        entry = Entry(self._clock.now(), "delivery", f"{name}:answer", {}, answer, str(error), 0.0, False)
        self._ledger.add(entry)

    async def event(self, event: dict[str, Any], space: Workspace) -> None:
        """Deliver an event of a workspace; returns after the first attempt, and tries again later if that failed."""
        parcel = Parcel("events_api", self._event_payload(event, space))
        try:
            await self.deliver(parcel)
        except Unanswered as problem:
            self.retries.plan(parcel, problem)

    def _event_payload(self, event: dict[str, Any], space: Workspace) -> dict[str, Any]:
        team = space.team
        authorization = {
            "enterprise_id": team.enterprise_id,
            "team_id": None if space.app.is_org_wide else team.id,
            "user_id": BOT_USER_ID,
            "is_bot": True,
            "is_enterprise_install": space.app.is_org_wide,
        }
        return {
            "token": VERIFICATION_TOKEN,
            "team_id": team.id,
            **({"enterprise_id": team.enterprise_id} if team.enterprise_id else {}),
            "context_team_id": team.id,
            "context_enterprise_id": team.enterprise_id,
            "api_app_id": APP_ID,
            "event": event,
            "type": "event_callback",
            "event_id": space.ids.new("Ev"),
            "event_time": int(self._clock.now().timestamp()),
            "authorizations": [authorization],
            "is_ext_shared_channel": False,
        }
