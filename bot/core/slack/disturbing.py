"""Slack's own do-not-disturb, where `dnd:read` was granted (docs: methods/dnd.info, events/dnd_updated_user)."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.core.directory import Identity
from bot.core.errors import PermanentError, TransientError
from bot.core.slack.client import Clients, error_name

TIMEOUT_SECONDS = 5
NOT_GRANTED = {"missing_scope", "no_permission", "not_allowed_token_type", "access_denied"}


@dataclass(frozen=True, slots=True)
class Rest:
    """From when until when a person is not to be disturbed: now, or the next time."""

    starts_at: datetime
    ends_at: datetime


class DisturbingUnknown(TransientError):
    """Slack did not say; it may later."""


class DisturbingHidden(PermanentError):
    """Slack does not say it to this installation: the scope was not granted."""


class SlackRests:
    def __init__(self, clients: Clients) -> None:
        self._clients = clients

    async def fetch(self, identity: Identity) -> Rest | None:
        """None: at any time. Raises DisturbingUnknown, DisturbingHidden."""
        try:
            client = await self._clients.of(identity)
            async with asyncio.timeout(TIMEOUT_SECONDS):
                answer = await client.dnd_info(user=identity.user_id)
        except SlackApiError as error:
            if error_name(error) in NOT_GRANTED:
                raise DisturbingHidden(error_name(error)) from error
            raise DisturbingUnknown(error_name(error)) from error
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            raise DisturbingUnknown(type(error).__name__) from error
        return rest_from_slack(answer.data if isinstance(answer.data, dict) else {})


def rest_from_slack(status: Mapping[str, Any]) -> Rest | None:
    """What an answer or an event says; what is not understood counts as none."""
    starts, ends = status.get("next_dnd_start_ts"), status.get("next_dnd_end_ts")
    if not status.get("dnd_enabled") or not isinstance(starts, int) or not isinstance(ends, int):
        return None
    if ends <= starts:
        return None
    return Rest(datetime.fromtimestamp(starts, UTC), datetime.fromtimestamp(ends, UTC))
