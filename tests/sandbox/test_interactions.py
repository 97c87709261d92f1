"""What a person does reaches a Bolt app in Slack's shape, and its answers show up as in Slack."""

from datetime import timedelta
from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.sandbox import AppDidNotAnswer, NotPossible, Sandbox, text_of

pytestmark = pytest.mark.usefixtures("connected")
Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def button(action_id: str = "go", value: str = "7") -> Json:
    return {"type": "actions", "block_id": "row", "elements": [
        {"type": "button", "action_id": action_id, "text": plain("Go"), "value": value}
    ]}  # fmt: skip


def typed(block_id: str = "what", **more: Any) -> Json:
    element = {"type": "plain_text_input", "action_id": "text", **more}
    return {"type": "input", "block_id": block_id, "label": plain("What"), "element": element}


def modal(*blocks: Json, **more: Any) -> Json:
    frame = {"type": "modal", "callback_id": "form", "title": plain("Form"), "submit": plain("Save")}
    return {**frame, "blocks": list(blocks), **more}


def keep(app: AsyncApp) -> list[Json]:
    """Acknowledges everything and keeps the bodies."""
    bodies: list[Json] = []

    @app.middleware
    async def record(body: Any, next: Any) -> None:
        bodies.append(body)
        await next()

    async def nod(ack: Any) -> None:
        await ack()

    app.action({"type": "block_actions", "action_id": "go"})(nod)
    app.command("/grow")(nod)
    app.shortcut("new")(nod)
    app.shortcut("keep")(nod)
    app.view("form")(nod)
    app.view_closed("form")(nod)
    for event in ("app_home_opened", "message", "user_change"):
        app.event(event)(nod)
    return bodies


async def show(sandbox: Sandbox, client: AsyncWebClient, view: Json) -> None:
    await client.views_open(trigger_id=sandbox.workspace.new_trigger("U0BEN"), view=view)


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


async def test_an_answer_that_slack_cannot_show_is_told_to_the_person(
    sandbox: Sandbox, app: AsyncApp
) -> None:
    @app.command("/grow")
    async def grow(ack: Any) -> None:
        await ack(text="x", blocks=[{"type": "section"}])

    with pytest.raises(AppDidNotAnswer, match="invalid_command_response"):
        await sandbox.seat("U0BEN").command("/grow")
    assert "missing required field" in (sandbox.ledger.refused()[-1].error or "")


async def test_a_button_in_a_message_carries_message_state_and_response_url(
    sandbox: Sandbox, app: AsyncApp, client: AsyncWebClient
) -> None:
    bodies = keep(app)
    await client.chat_postMessage(channel="U0BEN", text="Hi", blocks=[button(value="1")])
    sent = await client.chat_postMessage(channel="U0BEN", text="Hi", blocks=[button(value="2")])
    await sandbox.seat("U0BEN").press("go")
    (body,) = bodies
    assert body["container"]["message_ts"] == body["message"]["ts"] == sent["ts"]
    assert (body["actions"][0]["value"], body["actions"][0]["block_id"]) == ("2", "row")
    assert body["state"] == {"values": {}}
    assert body["response_url"].startswith(sandbox.url)


async def test_a_button_in_a_modal_carries_the_view_and_what_was_typed(
    sandbox: Sandbox, app: AsyncApp, client: AsyncWebClient
) -> None:
    bodies, ben = keep(app), sandbox.seat("U0BEN")
    await show(sandbox, client, modal(typed(), button()))
    ben.fill({"what": "half a thought"})
    await ben.press_in_modal("go")
    (body,) = bodies
    assert body["container"] == {"type": "view", "view_id": body["view"]["id"]}
    assert body["view"]["state"]["values"]["what"]["text"]["value"] == "half a thought"
    assert "response_url" not in body
    assert "message" not in body


async def test_a_button_on_home_carries_the_home_view(
    sandbox: Sandbox, app: AsyncApp, client: AsyncWebClient
) -> None:
    bodies, ben = keep(app), sandbox.seat("U0BEN")
    await client.views_publish(user_id="U0BEN", view={"type": "home", "blocks": [button()]})
    await ben.open_home()
    await ben.press_in_home("go")
    assert bodies[0]["event"]["view"]["type"] == bodies[1]["view"]["type"] == "home"
    assert bodies[0]["event"]["tab"] == "home"


async def test_every_field_arrives_null_when_empty_and_initial_values_count(
    sandbox: Sandbox, app: AsyncApp, client: AsyncWebClient
) -> None:
    bodies = keep(app)
    options = [{"text": plain(v), "value": v} for v in ("a", "b")]
    kinds: dict[str, Json] = {
        "static_select": {"options": options},
        "multi_static_select": {"options": options},
        "checkboxes": {"options": options},
        "radio_buttons": {"options": options, "initial_option": options[1]},
        "datepicker": {"initial_date": "2026-12-04"},
        "timepicker": {},
        "datetimepicker": {},
        "users_select": {},
        "number_input": {"is_decimal_allowed": False, "initial_value": "7"},
        "plain_text_input": {},
    }
    blocks = [
        {"type": "input", "block_id": kind, "optional": True, "label": plain(kind),
         "element": {"type": kind, "action_id": "x", **more}}
        for kind, more in kinds.items()
    ]  # fmt: skip
    await show(sandbox, client, modal(*blocks))
    assert (await sandbox.seat("U0BEN").submit()).closed
    values = {kind: action["x"] for kind, action in bodies[0]["view"]["state"]["values"].items()}
    assert values["static_select"] == {"type": "static_select", "selected_option": None}
    assert values["multi_static_select"]["selected_options"] == values["checkboxes"]["selected_options"] == []
    assert values["radio_buttons"]["selected_option"]["value"] == "b"
    assert values["datepicker"]["selected_date"] == "2026-12-04"
    assert values["number_input"] == {"type": "number_input", "value": "7"}
    assert values["timepicker"]["selected_time"] is values["users_select"]["selected_user"] is None
    assert values["datetimepicker"]["selected_date_time"] is values["plain_text_input"]["value"] is None


async def test_the_client_checks_fields_before_the_app_hears_of_them(
    sandbox: Sandbox, app: AsyncApp, client: AsyncWebClient
) -> None:
    bodies, ben = keep(app), sandbox.seat("U0BEN")
    number = {"type": "number_input", "action_id": "n", "is_decimal_allowed": False, "max_value": "10"}
    sure = {"type": "input", "block_id": "sure", "label": plain("Sure"), "element": number}
    await show(sandbox, client, modal(typed(max_length=5), sure))
    errors = (await ben.submit({"what": "too long", "sure": 11})).errors
    assert errors == {
        "what": "Please enter 5 characters or fewer.",
        "sure": "Please enter a number that is at most 10.",
    }
    assert bodies == []
    assert (await ben.submit({"what": "short", "sure": 10})).closed


async def test_what_was_typed_survives_an_update_with_the_same_ids(
    sandbox: Sandbox, app: AsyncApp, client: AsyncWebClient
) -> None:
    @app.view("form")
    async def form(ack: Any) -> None:
        await ack(response_action="update", view=modal(typed(), typed("why", initial_value="because")))

    ben = sandbox.seat("U0BEN")
    await show(sandbox, client, modal(typed()))
    assert (await ben.submit({"what": "call"})).updated
    assert ben.modal is not None
    assert ben.modal.values["what"]["text"]["value"] == "call"
    assert ben.modal.values["why"]["text"]["value"] == "because"


@pytest.mark.parametrize(("action", "left"), [("push", 3), ("clear", 0), (None, 1)])
async def test_a_submission_may_push_clear_or_close(
    sandbox: Sandbox, app: AsyncApp, client: AsyncWebClient, action: str | None, left: int
) -> None:
    @app.view("form")
    async def form(ack: Any) -> None:
        view = {"view": modal(typed())} if action == "push" else {}
        await (ack(response_action=action, **view) if action else ack())

    ben = sandbox.seat("U0BEN")
    await show(sandbox, client, modal(typed()))
    await client.views_push(trigger_id=sandbox.workspace.new_trigger("U0BEN"), view=modal(typed()))
    done = await ben.submit({"what": "x"})
    assert (done.pushed, done.closed) == (action == "push", action != "push")
    assert len(ben.modals) == left


async def test_an_error_beside_a_field_that_is_not_there_is_trouble(
    sandbox: Sandbox, app: AsyncApp, client: AsyncWebClient
) -> None:
    @app.view("form")
    async def form(ack: Any) -> None:
        await ack(response_action="errors", errors={"elsewhere": "Wrong"})

    ben = sandbox.seat("U0BEN")
    await show(sandbox, client, modal(typed()))
    with pytest.raises(AppDidNotAnswer, match="We had some trouble connecting"):
        await ben.submit({"what": "kept"})
    assert ben.modal is not None
    assert ben.modal.values["what"]["text"]["value"] == "kept"


async def test_closing_is_told_only_where_asked_for(
    sandbox: Sandbox, app: AsyncApp, client: AsyncWebClient
) -> None:
    bodies, ben = keep(app), sandbox.seat("U0BEN")
    await show(sandbox, client, modal(typed()))
    await ben.close()
    await show(sandbox, client, modal(typed(), notify_on_close=True))
    await ben.close(everything=True)
    (body,) = bodies
    assert (body["type"], body["is_cleared"]) == ("view_closed", True)
    assert "trigger_id" not in body


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


async def test_a_response_url_replaces_the_original_and_works_five_times(
    sandbox: Sandbox, app: AsyncApp, client: AsyncWebClient
) -> None:
    statuses: list[int] = []

    @app.action("go")
    async def go(ack: Any, respond: Any) -> None:
        await ack()
        for n in range(5):
            statuses.append((await respond(text=f"Answer {n}", replace_original=n == 0)).status_code)
        statuses.append((await respond(text="Too much")).status_code)

    await client.chat_postMessage(channel="U0BEN", text="Ask", blocks=[button()])
    ben = sandbox.seat("U0BEN")
    await ben.press("go")
    assert text_of(ben.messages[0]) == "Answer 0"
    assert [m.text for m in ben.ephemerals] == ["Answer 1", "Answer 2", "Answer 3", "Answer 4"]
    assert statuses == [200] * 5 + [404]


async def test_a_response_url_ends_after_half_an_hour(
    sandbox: Sandbox, app: AsyncApp, client: AsyncWebClient
) -> None:
    bodies = keep(app)
    await sandbox.seat("U0BEN").command("/grow")
    sandbox.clock.advance(timedelta(minutes=30))
    answer = await AsyncWebhookClient(bodies[0]["response_url"]).send(text="Late")
    assert (answer.status_code, answer.body) == (404, '{"ok": false, "error": "expired_url"}')


async def test_an_ephemeral_button_is_answered_in_place(sandbox: Sandbox, app: AsyncApp) -> None:
    bodies: list[Json] = []

    @app.command("/grow")
    async def grow(ack: Any) -> None:
        await ack(text="Choose", blocks=[button()])

    @app.action("go")
    async def go(ack: Any, body: Any, respond: Any) -> None:
        bodies.append(body)
        await ack()
        await respond(delete_original=True)

    ben = sandbox.seat("U0BEN")
    await ben.command("/grow")
    await ben.press("go")
    await ben.wait_until(lambda seat: seat.ephemerals == [])
    assert bodies[0]["container"]["is_ephemeral"] is True
    assert "message" not in bodies[0]


async def test_those_who_are_gone_or_from_elsewhere_cannot_act(sandbox: Sandbox) -> None:
    for user in ("U0OLEG", "U0VERA", "U0LUNCHBOT"):
        with pytest.raises(NotPossible):
            await sandbox.seat(user).command("/grow")
