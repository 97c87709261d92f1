"""The Web API answers slack_sdk as Slack does: shapes, error names, tokens, scopes, history."""

from datetime import timedelta
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Sandbox, SandboxClock

VIEW: dict[str, Any] = {"type": "modal", "title": {"type": "plain_text", "text": "T"}, "blocks": []}
HOME: dict[str, Any] = {"type": "home", "blocks": []}


async def error_of(call: Any) -> Any:
    with pytest.raises(SlackApiError) as refused:
        await call
    return refused.value.response["error"]


async def test_auth_test_tells_the_app_and_its_scopes(client: AsyncWebClient) -> None:
    answer = await client.auth_test()
    assert (answer["team"], answer["user"], answer["user_id"]) == ("Brightwater", "growbot", "U0GROWBOT")
    assert "chat:write" in answer.headers["x-oauth-scopes"].split(",")


async def test_tokens_are_told_apart(sandbox: Sandbox, client: AsyncWebClient) -> None:
    assert await error_of(client.auth_test(token="xoxb-wrong")) == "invalid_auth"
    assert await error_of(client.auth_test(token=sandbox.app_token)) == "not_allowed_token_type"
    assert (
        await error_of(client.apps_connections_open(app_token=sandbox.bot_token)) == "not_allowed_token_type"
    )
    bare = AsyncWebClient(base_url=sandbox.api_url)
    assert await error_of(bare.auth_test()) == "not_authed"


async def test_an_unknown_method_is_named(client: AsyncWebClient) -> None:
    assert await error_of(client.api_call("chat.shout")) == "unknown_method"


async def test_a_missing_scope_is_named_with_those_granted(sandbox: Sandbox, client: AsyncWebClient) -> None:
    sandbox.app.scopes.remove("im:history")
    with pytest.raises(SlackApiError) as refused:
        await client.conversations_history(channel="D1")
    answer = refused.value.response
    assert (answer["error"], answer["needed"]) == ("missing_scope", "im:history")
    assert "chat:write" in answer["provided"]


async def test_posting_to_a_person_opens_the_direct_messages(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    answer = await client.chat_postMessage(channel="U0BEN", text="Hello")
    assert answer["channel"].startswith("D")
    assert (answer["message"]["text"], answer["message"]["bot_id"]) == ("Hello", "B0GROWBOT")
    assert answer["ts"] == answer["message"]["ts"]
    assert (await client.conversations_open(users="U0BEN"))["channel"]["id"] == answer["channel"]
    assert [m.text for m in sandbox.seat("U0BEN").messages] == ["Hello"]


async def test_a_deactivated_person_swallows_messages(sandbox: Sandbox, client: AsyncWebClient) -> None:
    assert (await client.chat_postMessage(channel="U0OLEG", text="Hello"))["ok"]
    assert sandbox.seat("U0OLEG").messages == []
    assert (await client.users_info(user="U0OLEG"))["user"]["deleted"] is True
    assert await error_of(client.conversations_open(users="U0OLEG")) == "user_disabled"


@pytest.mark.parametrize(
    ("channel", "error"),
    [("U0NOBODY", "channel_not_found"), ("C123", "channel_not_found"), ("U0LUNCHBOT", "cannot_dm_bot")],
)
async def test_messages_need_a_channel_that_exists(client: AsyncWebClient, channel: str, error: str) -> None:
    assert await error_of(client.chat_postMessage(channel=channel, text="Hello")) == error


async def test_a_message_needs_text_that_is_neither_empty_nor_too_long(client: AsyncWebClient) -> None:
    assert await error_of(client.chat_postMessage(channel="U0BEN", text="")) == "no_text"
    assert await error_of(client.chat_postMessage(channel="U0BEN", text="x" * 40_001)) == "msg_too_long"
    sent = await client.chat_postMessage(channel="U0BEN", text="x" * 40_000)
    place = {"channel": sent["channel"], "ts": sent["ts"]}
    assert (await client.chat_update(**place, text="x" * 4_000))["ok"]
    assert await error_of(client.chat_update(**place, text="x" * 4_001)) == "msg_too_long"


async def test_without_the_messages_tab_nothing_can_be_posted(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    sandbox.app.manifest["features"]["app_home"]["messages_tab_enabled"] = False
    assert await error_of(client.chat_postMessage(channel="U0BEN", text="Hi")) == "messages_tab_disabled"


async def test_an_update_takes_the_channel_s_own_id_and_own_messages(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    sent = await client.chat_postMessage(channel="U0BEN", text="One")
    assert (
        await error_of(client.chat_update(channel="U0BEN", ts=sent["ts"], text="Two")) == "channel_not_found"
    )
    assert (
        await error_of(client.chat_update(channel=sent["channel"], ts="1.1", text="Two"))
        == "message_not_found"
    )
    await sandbox.seat("U0BEN").say("Mine")
    mine = sandbox.seat("U0BEN").messages[-1]
    assert (
        await error_of(client.chat_update(channel=mine.channel, ts=mine.ts, text="Two"))
        == "cant_update_message"
    )
    assert await error_of(client.chat_delete(channel=mine.channel, ts=mine.ts)) == "cant_delete_message"
    answer = await client.chat_update(channel=sent["channel"], ts=sent["ts"], text="Two")
    assert (answer["text"], "edited" in answer["message"]) == ("Two", True)


async def test_an_update_without_blocks_keeps_them_and_an_empty_list_removes_them(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    sent = await client.chat_postMessage(channel="U0BEN", text="One", blocks=[{"type": "divider"}])
    place = {"channel": sent["channel"], "ts": sent["ts"]}
    await client.chat_update(**place, text="Two")
    assert sandbox.seat("U0BEN").messages[0].blocks is not None
    await client.chat_update(**place, text="Two", blocks=[])
    assert sandbox.seat("U0BEN").messages[0].blocks is None


async def test_an_ephemeral_message_is_in_no_history(sandbox: Sandbox, client: AsyncWebClient) -> None:
    dm = (await client.conversations_open(users="U0BEN"))["channel"]["id"]
    await client.chat_postEphemeral(channel=dm, user="U0BEN", text="Psst")
    assert [m.text for m in sandbox.seat("U0BEN").ephemerals] == ["Psst"]
    assert (await client.conversations_history(channel=dm))["messages"] == []
    refused = client.chat_postEphemeral(channel=dm, user="U0MIRA", text="Psst")
    assert await error_of(refused) == "user_not_in_channel"


async def test_history_keeps_to_limit_oldest_latest_and_cursor(
    clock: SandboxClock, client: AsyncWebClient
) -> None:
    sent = []
    for n in range(5):
        clock.advance(timedelta(minutes=1))
        sent.append(await client.chat_postMessage(channel="U0BEN", text=str(n)))
    dm = sent[0]["channel"]

    async def read(**bounds: Any) -> tuple[str, str]:
        answer = await client.conversations_history(channel=dm, **bounds)
        cursor = (answer.get("response_metadata") or {}).get("next_cursor", "")
        return "".join(m["text"] for m in answer["messages"]), cursor

    assert await read() == ("43210", "")
    assert await read(oldest=sent[1]["ts"]) == ("432", "")
    assert await read(oldest=sent[1]["ts"], inclusive=True) == ("4321", "")
    assert await read(latest=sent[3]["ts"], oldest=sent[0]["ts"]) == ("21", "")
    page, cursor = await read(limit=3)
    assert page == "432"
    assert await read(limit=3, cursor=cursor) == ("10", "")


async def test_metadata_comes_back_only_where_asked_for(client: AsyncWebClient) -> None:
    metadata = {"event_type": "sent", "event_payload": {"marker": "m1"}}
    sent = await client.chat_postMessage(channel="U0BEN", text="Hi", metadata=metadata)
    (plain,) = (await client.conversations_history(channel=sent["channel"]))["messages"]
    (full,) = (await client.conversations_history(channel=sent["channel"], include_all_metadata=True))[
        "messages"
    ]
    assert "metadata" not in plain
    assert full["metadata"] == metadata


async def test_message_times_are_unique_and_rise_with_the_clock(
    clock: SandboxClock, client: AsyncWebClient
) -> None:
    first = await client.chat_postMessage(channel="U0BEN", text="1")
    second = await client.chat_postMessage(channel="U0BEN", text="2")
    clock.advance(timedelta(hours=1))
    third = await client.chat_postMessage(channel="U0BEN", text="3")
    assert first["ts"] < second["ts"] < third["ts"]
    assert float(third["ts"]) - float(first["ts"]) == pytest.approx(3600, abs=1)


async def test_users_info_tells_zone_and_standing(client: AsyncWebClient) -> None:
    ben = (await client.users_info(user="U0BEN", include_locale=True))["user"]
    told = (ben["tz"], ben["tz_label"], ben["tz_offset"], ben["locale"])
    assert told == ("America/New_York", "Eastern Standard Time", -18_000, "en-US")
    assert (await client.users_info(user="U0VERA"))["user"]["is_stranger"] is True
    assert "locale" not in (await client.users_info(user="U0BEN"))["user"]
    assert await error_of(client.users_info(user="U0NOBODY")) == "user_not_found"


async def test_users_list_goes_page_by_page(client: AsyncWebClient) -> None:
    first = await client.users_list(limit=5)
    cursor = first["response_metadata"]["next_cursor"]
    second = await client.users_list(limit=5, cursor=cursor)
    names = [m["name"] for m in (*first["members"], *second["members"])]
    assert len(names) == len(set(names)) == 9
    assert second["response_metadata"]["next_cursor"] == ""


async def test_a_trigger_works_once_for_three_seconds(
    sandbox: Sandbox, clock: SandboxClock, client: AsyncWebClient
) -> None:
    trigger = sandbox.workspace.new_trigger("U0BEN")
    await client.views_open(trigger_id=trigger, view=VIEW)
    assert await error_of(client.views_open(trigger_id=trigger, view=VIEW)) == "exchanged_trigger_id"
    late = sandbox.workspace.new_trigger("U0BEN")
    clock.advance(timedelta(seconds=3))
    assert await error_of(client.views_open(trigger_id=late, view=VIEW)) == "expired_trigger_id"
    assert await error_of(client.views_open(trigger_id="1.2.x", view=VIEW)) == "invalid_trigger_id"


async def test_a_stack_holds_three_modals(sandbox: Sandbox, client: AsyncWebClient) -> None:
    ben = sandbox.seat("U0BEN")
    root = await client.views_open(trigger_id=sandbox.workspace.new_trigger("U0BEN"), view=VIEW)
    inside = root["view"]["id"]
    for _ in range(2):
        trigger = sandbox.workspace.new_trigger("U0BEN", inside)
        top = await client.views_push(trigger_id=trigger, view=VIEW)
    assert top["view"]["root_view_id"] == root["view"]["id"]
    assert top["view"]["previous_view_id"] == ben.modals[1].id
    fourth = client.views_push(trigger_id=sandbox.workspace.new_trigger("U0BEN", inside), view=VIEW)
    assert await error_of(fourth) == "push_limit_reached"
    assert len(ben.modals) == 3


async def test_only_what_was_done_in_an_open_modal_lets_another_be_pushed(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    new_trigger = sandbox.workspace.new_trigger
    closed = await client.views_open(trigger_id=new_trigger("U0BEN"), view=VIEW)
    await client.views_open(trigger_id=new_trigger("U0BEN"), view=VIEW)  # in place of the first one
    for trigger in (new_trigger("U0BEN"), new_trigger("U0BEN", closed["view"]["id"])):
        assert await error_of(client.views_push(trigger_id=trigger, view=VIEW)) == "not_found"


async def test_an_outdated_hash_is_a_conflict(sandbox: Sandbox, client: AsyncWebClient) -> None:
    opened = await client.views_open(trigger_id=sandbox.workspace.new_trigger("U0BEN"), view=VIEW)
    old = {"view_id": opened["view"]["id"], "hash": opened["view"]["hash"]}
    await client.views_update(**old, view=VIEW)
    assert await error_of(client.views_update(**old, view=VIEW)) == "hash_conflict"
    home = await client.views_publish(user_id="U0BEN", view=HOME)
    await client.views_publish(user_id="U0BEN", view=HOME, hash=home["view"]["hash"])
    stale = client.views_publish(user_id="U0BEN", view=HOME, hash=home["view"]["hash"])
    assert await error_of(stale) == "hash_conflict"


async def test_a_view_that_is_gone_cannot_be_updated(sandbox: Sandbox, client: AsyncWebClient) -> None:
    named = {**VIEW, "external_id": "mine"}
    opened = await client.views_open(trigger_id=sandbox.workspace.new_trigger("U0BEN"), view=named)
    trigger = sandbox.workspace.new_trigger("U0MIRA")
    assert await error_of(client.views_open(trigger_id=trigger, view=named)) == "duplicate_external_id"
    assert (await client.views_update(external_id="mine", view=named))["view"]["id"] == opened["view"]["id"]
    await sandbox.seat("U0BEN").close()
    assert await error_of(client.views_update(external_id="mine", view=named)) == "not_found"
    assert await error_of(client.views_update(view_id=opened["view"]["id"], view=VIEW)) == "not_found"


async def test_a_removed_app_s_token_is_inactive(sandbox: Sandbox, client: AsyncWebClient) -> None:
    await sandbox.uninstall()
    assert await error_of(client.auth_test()) == "account_inactive"
    told = {entry.name for entry in sandbox.ledger.deliveries()}
    assert told == {"event:tokens_revoked", "event:app_uninstalled"}
