"""A file into somebody's direct messages, where `files:write` was granted (docs: messaging/working-with-files).

slack_sdk's `files_upload_v2` makes the same three calls in a row. Here they are apart: until the last of them nobody sees
anything, and before that the file's id is written down.
"""

from collections.abc import Awaitable

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.core.directory import Identity
from bot.core.errors import GrowbotError, PermanentError, TransientError
from bot.core.outbox.domain import Failure, Refused, Uncertain, Unreached
from bot.core.slack.client import Clients, error_name
from bot.core.slack.installations import Installations
from bot.core.slack.sender import refusal

SCOPE = "files:write"


class SlackFiles:
    def __init__(self, clients: Clients, installations: Installations) -> None:
        self._clients, self._installations = clients, installations

    async def may_send(self, identity: Identity) -> bool:
        """Whether this installation was granted the scope; where that can't be known, it was not."""
        try:
            return SCOPE in await self._installations.scopes(identity)
        except GrowbotError:
            return False

    async def upload(self, to: Identity, name: str, content: bytes) -> str | Failure:
        """The file's id. Nobody sees it, and Slack lets go of it, until it is shared."""
        answer: dict[str, str] = {}

        async def announce() -> None:
            client = await self._clients.of(to)
            found = await client.files_getUploadURLExternal(filename=name, length=len(content))
            answer.update(address=str(found["upload_url"]), file=str(found["file_id"]))

        async def hand_over() -> None:
            status = await self._clients.put(answer["address"], content)
            if status != 200:
                raise ValueError(status)

        failure = await _failure(announce()) or await _failure(hand_over())
        return failure or answer["file"]

    async def share(self, to: Identity, file_id: str, title: str, channel: str) -> Failure | None:
        """Show it in this channel. None when it is there."""

        async def complete() -> None:
            client = await self._clients.of(to)
            await client.files_completeUploadExternal(
                files=[{"id": file_id, "title": title}], channel_id=channel
            )

        return await _failure(complete())

    async def delete(self, to: Identity, file_id: str) -> Failure | None:
        """None when it is gone."""

        async def go() -> None:
            client = await self._clients.of(to)
            await client.files_delete(file=file_id)

        return await _failure(go())


async def _failure(call: Awaitable[None]) -> Failure | None:
    try:
        await call
    except SlackApiError as error:
        response = error.response
        return refusal(int(response.status_code or 200), error_name(error), response.headers or {})
    except (aiohttp.ClientConnectorError, TransientError) as error:
        return Unreached(type(error).__name__)
    except PermanentError as error:
        return Refused(type(error).__name__, by_workspace=True)
    except (aiohttp.ClientError, SlackClientError, TimeoutError, ValueError, KeyError) as error:
        return Uncertain(type(error).__name__)
    return None
