"""A seat shows what a person sees, takes plain values, and says what is not possible."""

from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import NotPossible, Sandbox, text_of, texts

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


OPTIONS = [{"text": plain(v.title()), "value": v} for v in ("mon", "tue", "wed")]
GROUPS = [{"label": plain("Early"), "options": OPTIONS[:1]}, {"label": plain("Late"), "options": OPTIONS[1:]}]
FIELDS: dict[str, tuple[Json, Any, Any]] = {
    "plain_text_input": ({}, "hello", "hello"),
    "number_input": ({"is_decimal_allowed": True}, 2.5, "2.5"),
    "email_text_input": ({}, "a@example.com", "a@example.com"),
    "url_text_input": ({}, "https://example.com", "https://example.com"),
    "static_select": ({"option_groups": GROUPS}, "tue", "tue"),
    "radio_buttons": ({"options": OPTIONS}, "wed", "wed"),
    "multi_static_select": ({"options": OPTIONS}, ["mon", "wed"], ["mon", "wed"]),
    "checkboxes": ({"options": OPTIONS[:1]}, True, ["mon"]),
    "users_select": ({}, "U0DANA", "U0DANA"),
    "datepicker": ({}, date(2026, 12, 4), "2026-12-04"),
    "timepicker": ({}, time(9, 5), "09:05"),
    "datetimepicker": ({}, datetime(2026, 12, 4, 9, tzinfo=UTC), 1796374800),
}


def bare(value: Any) -> Any:
    """An option as its value, anything else as it is."""
    if isinstance(value, list):
        return [bare(one) for one in value]
    return value["value"] if isinstance(value, dict) else value


def form(*blocks: Json) -> Json:
    return {
        "type": "modal",
        "callback_id": "form",
        "title": plain("Form"),
        "submit": plain("Save"),
        "blocks": list(blocks),
    }


def field(kind: str, **more: Any) -> Json:
    element = {"type": kind, "action_id": kind, **more}
    return {"type": "input", "block_id": kind, "label": plain(kind), "element": element}


async def show(sandbox: Sandbox, client: AsyncWebClient, view: Json) -> None:
    await client.views_open(trigger_id=sandbox.workspace.new_trigger("U0BEN"), view=view)


@pytest.mark.usefixtures("connected")
async def test_plain_values_arrive_as_slack_sends_them(
    sandbox: Sandbox, app: AsyncApp, client: AsyncWebClient
) -> None:
    arrived: Json = {}

    @app.view("form")
    async def submitted(ack: Any, view: Any) -> None:
        for kind, action in view["state"]["values"].items():
            (arrived[kind],) = (bare(v) for k, v in action[kind].items() if k != "type")
        await ack()

    await show(sandbox, client, form(*(field(kind, **more) for kind, (more, _, _) in FIELDS.items())))
    done = await sandbox.seat("U0BEN").submit({kind: entered for kind, (_, entered, _) in FIELDS.items()})
    assert (done.closed, done.errors) == (True, {})
    assert arrived == {kind: told for kind, (_, _, told) in FIELDS.items()}


@pytest.mark.parametrize(
    ("kind", "entered"), [("email_text_input", "nowhere"), ("url_text_input", "x"), ("number_input", "many")]
)
async def test_what_cannot_be_an_address_or_number_is_refused_beside_the_field(
    sandbox: Sandbox, client: AsyncWebClient, kind: str, entered: str
) -> None:
    await show(sandbox, client, form(field(kind, **FIELDS[kind][0])))
    errors = (await sandbox.seat("U0BEN").submit({kind: entered})).errors
    assert errors[kind].startswith("Please enter a valid")


async def test_an_option_that_is_not_offered_cannot_be_chosen(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    await show(sandbox, client, form(field("static_select", options=OPTIONS)))
    ben = sandbox.seat("U0BEN")
    with pytest.raises(NotPossible, match="offered are: mon, tue, wed"):
        await ben.submit({"static_select": "sun"})
    with pytest.raises(NotPossible, match="no field 'elsewhere'"):
        await ben.submit({"elsewhere": "x"})


async def test_a_field_tells_the_app_only_where_it_dispatches(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    await show(sandbox, client, form(field("static_select", options=OPTIONS)))
    ben = sandbox.seat("U0BEN")
    await ben.press_in_modal("static_select", option="tue")
    assert sandbox.ledger.deliveries() == []
    assert ben.modal is not None
    assert ben.modal.values["static_select"]["static_select"]["selected_option"]["value"] == "tue"


@pytest.mark.usefixtures("connected")
async def test_a_choice_in_a_message_comes_with_its_option_and_state(
    sandbox: Sandbox, app: AsyncApp, client: AsyncWebClient
) -> None:
    bodies: list[Json] = []

    @app.action("day")
    async def day(ack: Any, body: Any) -> None:
        bodies.append(body)
        await ack()

    menu = {"type": "static_select", "action_id": "day", "options": OPTIONS}
    row = {"type": "actions", "block_id": "row", "elements": [menu]}
    await client.chat_postMessage(channel="U0BEN", text="When?", blocks=[row])
    await sandbox.seat("U0BEN").press("day", option="wed")
    assert bodies[0]["actions"][0]["selected_option"]["value"] == "wed"
    assert bodies[0]["state"]["values"]["row"]["day"]["selected_option"]["value"] == "wed"


async def test_reading_a_view_names_everything_on_it(sandbox: Sandbox, client: AsyncWebClient) -> None:
    pieces = [{"type": "text", "text": "Rich "}, {"type": "text", "text": "text"}]
    rich = {"type": "rich_text_section", "elements": pieces}
    blocks = [
        {"type": "header", "text": plain("Head")},
        {"type": "section", "text": {"type": "mrkdwn", "text": "Body"}, "fields": [plain("Field")]},
        {"type": "context", "elements": [plain("Small")]},
        {"type": "rich_text", "elements": [rich]},
        field("plain_text_input", initial_value="typed", placeholder=plain("type here")),
    ]
    await show(sandbox, client, form(*blocks))
    read = " | ".join(texts(sandbox.seat("U0BEN").modal))
    above = "Form | Save | Head | Body | Field | Small | Rich text"
    assert read == f"{above} | plain_text_input | type here | typed"


async def test_waiting_in_vain_tells_what_is_on_the_screen(sandbox: Sandbox, client: AsyncWebClient) -> None:
    await client.chat_postMessage(channel="U0BEN", text="Something else")
    ben = sandbox.seat("U0BEN")
    with pytest.raises(TimeoutError, match="Something else"):
        await ben.wait_modal(timeout=0.01)
    assert text_of(await ben.wait_message()) == "Something else"


async def test_the_seat_of_somebody_unknown_is_not_there(sandbox: Sandbox) -> None:
    with pytest.raises(KeyError):
        sandbox.seat("U0NOBODY")
