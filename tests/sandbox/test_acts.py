"""What a person does reaches a Bolt app in the shape that Slack gives it."""

import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.sandbox import NotPossible, Sandbox
from tests.sandbox.samples import keep, row

pytestmark = pytest.mark.usefixtures("connected")


async def test_a_command_names_people_as_slack_escapes_them(sandbox: Sandbox, app: AsyncApp) -> None:
    (bodies, ben) = keep(app), sandbox.seat("U0BEN")
    await ben.command("/grow start @Mira and <@U0DANA|dana> & co")
    assert bodies[0]["text"] == "start <@U0MIRA|mira> and <@U0DANA|dana> &amp; co"
    assert (bodies[0]["user_id"], bodies[0]["channel_name"]) == ("U0BEN", "directmessage")
    assert ben.ephemerals == []


async def test_an_unknown_command_never_reaches_the_app(sandbox: Sandbox) -> None:
    with pytest.raises(NotPossible, match="/bloom is not a valid command"):
        await sandbox.seat("U0BEN").command("/bloom")
    assert sandbox.ledger.deliveries() == []


async def test_a_button_in_a_message_carries_message_state_and_response_url(
    sandbox: Sandbox, app: AsyncApp, client: AsyncWebClient
) -> None:
    bodies = keep(app)
    await client.chat_postMessage(channel="U0BEN", text="Hi", blocks=[row(value="1")])
    sent = await client.chat_postMessage(channel="U0BEN", text="Hi", blocks=[row(value="2")])
    await sandbox.seat("U0BEN").press("go")
    (body,) = bodies
    assert body["container"]["message_ts"] == body["message"]["ts"] == sent["ts"]
    assert (body["actions"][0]["value"], body["actions"][0]["block_id"]) == ("2", "row")
    assert body["state"] == {"values": {}}
    assert body["response_url"].startswith(sandbox.url)


async def test_a_button_on_home_carries_the_home_view(
    sandbox: Sandbox, app: AsyncApp, client: AsyncWebClient
) -> None:
    bodies, ben = keep(app), sandbox.seat("U0BEN")
    await client.views_publish(user_id="U0BEN", view={"type": "home", "blocks": [row()]})
    await ben.open_home()
    await ben.press_in_home("go")
    assert bodies[0]["event"]["view"]["type"] == bodies[1]["view"]["type"] == "home"
    assert bodies[0]["event"]["tab"] == "home"


async def test_shortcuts_carry_a_trigger_and_a_message_where_there_is_one(
    sandbox: Sandbox, app: AsyncApp
) -> None:
    bodies, ben = keep(app), sandbox.seat("U0BEN")
    await ben.shortcut("new")
    await ben.say("I will call <b>")
    await ben.message_shortcut("keep", ben.messages[-1])
    assert (bodies[0]["type"], bodies[2]["type"]) == ("shortcut", "message_action")
    assert "channel" not in bodies[0]
    assert bodies[2]["message"]["text"] == "I will call &lt;b&gt;"
    assert bodies[1]["event"]["channel_type"] == "im"
    with pytest.raises(NotPossible):
        await ben.shortcut("unknown")


async def test_events_that_were_not_subscribed_are_not_sent(sandbox: Sandbox, app: AsyncApp) -> None:
    bodies = keep(app)
    sandbox.app.manifest["settings"]["event_subscriptions"]["bot_events"].clear()
    await sandbox.change_person("U0BEN", tz="Asia/Tokyo")
    await sandbox.seat("U0BEN").open_home()
    await sandbox.seat("U0BEN").say("Hello?")
    assert bodies == []


async def test_those_who_are_gone_or_from_elsewhere_cannot_act(sandbox: Sandbox) -> None:
    for user in ("U0OLEG", "U0VERA", "U0LUNCHBOT"):
        with pytest.raises(NotPossible):
            await sandbox.seat(user).command("/grow")


async def test_a_channel_without_the_app_sends_commands_and_shortcuts_and_takes_answers_by_their_url_only(
    sandbox: Sandbox, app: AsyncApp, client: AsyncWebClient
) -> None:
    bodies, ben = keep(app), sandbox.seat("U0BEN")
    said = sandbox.seat("U0DANA").say_in_room("Who calls the CFO?")
    await ben.command("/grow", in_room=True)
    await ben.message_shortcut("keep", said)
    assert {body.get("channel_id") or body["channel"]["id"] for body in bodies} == {said.channel}
    for method in (client.chat_postMessage, client.chat_postEphemeral):
        with pytest.raises(SlackApiError, match="not_in_channel"):
            await method(channel=said.channel, user="U0BEN", text="Hi")  # type: ignore[operator]
    for body in bodies:
        await AsyncWebhookClient(body["response_url"]).send(text="Here")
    assert [each.text for each in ben.room.ephemerals] == ["Here", "Here"]
    assert sandbox.seat("U0DANA").room.ephemerals == ben.ephemerals == []
