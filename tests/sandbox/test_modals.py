"""Modals sent off and closed, and what an app may answer to that."""

from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import AppDidNotAnswer, Sandbox
from tests.sandbox.samples import Json, keep, modal, opened, plain, row, typed, what

pytestmark = pytest.mark.usefixtures("connected")


async def test_a_button_in_a_modal_carries_the_view_and_what_was_typed(
    sandbox: Sandbox, app: AsyncApp, client: AsyncWebClient
) -> None:
    bodies, ben = keep(app), sandbox.seat("U0BEN")
    await opened(sandbox, client, modal(what(), row()))
    ben.fill({"what": "half a thought"})
    await ben.press_in_modal("go")
    (body,) = bodies
    assert body["container"] == {"type": "view", "view_id": body["view"]["id"]}
    assert body["view"]["state"]["values"]["what"]["typed"]["value"] == "half a thought"
    assert "response_url" not in body
    assert "message" not in body


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
         "element": {"type": kind, "action_id": kind, **more}}
        for kind, more in kinds.items()
    ]  # fmt: skip
    await opened(sandbox, client, modal(*blocks))
    assert (await sandbox.seat("U0BEN").submit()).closed
    values = {kind: action[kind] for kind, action in bodies[0]["view"]["state"]["values"].items()}
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
    await opened(sandbox, client, modal(what(max_length=5), sure))
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
        await ack(
            response_action="update",
            view=modal(what(), {**typed(action_id="why", initial_value="because"), "block_id": "why"}),
        )

    ben = sandbox.seat("U0BEN")
    await opened(sandbox, client, modal(what()))
    assert (await ben.submit({"what": "call"})).updated
    assert ben.modal is not None
    assert ben.modal.values["what"]["typed"]["value"] == "call"
    assert ben.modal.values["why"]["why"]["value"] == "because"


@pytest.mark.parametrize(("action", "left"), [("push", 3), ("clear", 0), (None, 1)])
async def test_a_submission_may_push_clear_or_close(
    sandbox: Sandbox, app: AsyncApp, client: AsyncWebClient, action: str | None, left: int
) -> None:
    @app.view("form")
    async def form(ack: Any) -> None:
        view = {"view": modal(what())} if action == "push" else {}
        await (ack(response_action=action, **view) if action else ack())

    ben = sandbox.seat("U0BEN")
    below = await opened(sandbox, client, modal(what()))
    trigger = sandbox.workspace.new_trigger("U0BEN", below["id"])
    await client.views_push(trigger_id=trigger, view=modal(what()))
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
    await opened(sandbox, client, modal(what()))
    with pytest.raises(AppDidNotAnswer, match="We had some trouble connecting"):
        await ben.submit({"what": "kept"})
    assert ben.modal is not None
    assert ben.modal.values["what"]["typed"]["value"] == "kept"


async def test_closing_is_told_only_where_asked_for(
    sandbox: Sandbox, app: AsyncApp, client: AsyncWebClient
) -> None:
    bodies, ben = keep(app), sandbox.seat("U0BEN")
    await opened(sandbox, client, modal(what()))
    await ben.close()
    await opened(sandbox, client, modal(what(), notify_on_close=True))
    await ben.close(everything=True)
    (body,) = bodies
    assert (body["type"], body["is_cleared"]) == ("view_closed", True)
    assert "trigger_id" not in body
