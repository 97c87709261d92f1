"""A file is put into direct messages as Slack documents it: announced, uploaded, completed; and deleted."""

from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError, SlackRequestError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Sandbox
from tests.sandbox.test_methods import error_of

CONTENT = b"PK all that was written"


async def announced(client: AsyncWebClient, content: bytes = CONTENT) -> tuple[str, str]:
    """The upload address and the file's id."""
    answer = await client.files_getUploadURLExternal(filename="export.zip", length=len(content))
    return str(answer["upload_url"]), str(answer["file_id"])


async def upload(url: str, content: bytes = CONTENT) -> int:
    async with aiohttp.ClientSession() as session, session.post(url, data=content) as answer:
        return answer.status


async def uploaded(client: AsyncWebClient) -> str:
    url, file_id = await announced(client)
    assert await upload(url) == 200
    return file_id


async def channel_of_ben(client: AsyncWebClient) -> str:
    return str((await client.conversations_open(users="U0BEN"))["channel"]["id"])


async def complete(client: AsyncWebClient, file_id: str, channel: str | None) -> Any:
    return await client.files_completeUploadExternal(
        files=[{"id": file_id, "title": "Export"}], channel_id=channel
    )


async def test_slack_sdk_s_own_upload_shows_the_file_in_the_direct_messages(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    channel = await channel_of_ben(client)
    await client.files_upload_v2(channel=channel, filename="export.zip", title="Export", content=CONTENT)
    (message,) = sandbox.seat("U0BEN").messages
    assert (message.by_app, [each.content for each in message.files]) == (True, [CONTENT])
    (shown,) = (await client.conversations_history(channel=channel))["messages"]
    (file,) = shown["files"]
    assert (file["name"], file["title"], file["size"]) == ("export.zip", "Export", len(CONTENT))
    assert sandbox.seat("U0BEN").texts(message) == ["", "Export"]


async def test_what_is_uploaded_is_seen_by_nobody_before_it_is_completed(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    await uploaded(client)
    assert sandbox.seat("U0BEN").messages == []


async def test_other_than_the_announced_number_of_bytes_is_not_taken(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    url, file_id = await announced(client)
    assert await upload(url, CONTENT + b"!") != 200
    assert await error_of(complete(client, file_id, await channel_of_ben(client))) == "file_not_found"
    sandbox.faults.add("upload", "503")
    with pytest.raises(SlackRequestError):
        await client.files_upload_v2(channel=await channel_of_ben(client), filename="x", content=CONTENT)
    assert sandbox.seat("U0BEN").messages == []


async def test_an_upload_address_works_once_and_a_made_up_one_never(client: AsyncWebClient) -> None:
    url, _file_id = await announced(client)
    assert [await upload(url), await upload(url)] == [200, 400]
    assert await upload(url[:-1]) == 400


async def test_a_file_is_completed_once_and_only_if_it_is_there(client: AsyncWebClient) -> None:
    channel, file_id = await channel_of_ben(client), await uploaded(client)
    await complete(client, file_id, channel)
    for unknown in (file_id, "F000000000"):
        assert await error_of(complete(client, unknown, channel)) == "file_not_found"


async def test_a_channel_is_named_by_its_own_id(client: AsyncWebClient) -> None:
    file_id = await uploaded(client)
    with pytest.raises(SlackApiError) as refused:
        await complete(client, file_id, "U0BEN")
    assert "must match regex pattern" in str(refused.value.response["response_metadata"])
    assert await error_of(complete(client, file_id, "D000000000")) == "channel_not_found"
    assert await error_of(complete(client, file_id, "C0LEADERS")) == "not_in_channel"


async def test_a_name_and_a_length_are_asked_for(client: AsyncWebClient) -> None:
    for given in ({"filename": "", "length": 1}, {"filename": "x", "length": 0}):
        assert await error_of(client.files_getUploadURLExternal(**given)) == "invalid_arguments"  # type: ignore[arg-type]


async def test_without_the_scope_nothing_of_it_works(sandbox: Sandbox, client: AsyncWebClient) -> None:
    file_id = await uploaded(client)
    sandbox.app.scopes.remove("files:write")
    for call in (announced(client), complete(client, file_id, None), client.files_delete(file=file_id)):
        assert await error_of(call) == "missing_scope"


async def test_of_a_file_that_was_deleted_its_message_stays_and_says_so(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    channel, file_id = await channel_of_ben(client), await uploaded(client)
    await complete(client, file_id, channel)
    await client.files_delete(file=file_id)
    (message,) = sandbox.seat("U0BEN").messages
    assert sandbox.seat("U0BEN").texts(message) == ["", "This file was deleted."]
    (shown,) = (await client.conversations_history(channel=channel))["messages"]
    assert shown["files"] == [{"id": file_id, "mode": "tombstone"}]
    assert await error_of(client.files_delete(file=file_id)) == "file_deleted"
    assert await error_of(client.files_delete(file="F000000000")) == "file_not_found"


async def test_the_page_hands_it_to_whom_it_was_shown_and_to_nobody_else(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    file_id = await uploaded(client)
    await complete(client, file_id, await channel_of_ben(client))
    async with aiohttp.ClientSession() as session:

        async def get(user: str) -> tuple[int, bytes]:
            async with session.get(f"{sandbox.url}/page/api/seat/{user}/files/{file_id}") as answer:
                return answer.status, await answer.read()

        assert await get("U0BEN") == (200, CONTENT)
        assert (await get("U0DANA"))[0] == 404
        await client.files_delete(file=file_id)
        assert (await get("U0BEN"))[0] == 404
