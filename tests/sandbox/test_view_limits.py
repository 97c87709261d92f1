"""A view at a limit is taken; one beyond it is refused, and the place is named."""

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Sandbox
from tests.sandbox.samples import (
    Json,
    actions,
    an_input,
    button,
    confirm,
    modal,
    mrkdwn,
    opened,
    options,
    plain,
    section,
    select,
    typed,
)


async def refusal(sandbox: Sandbox, client: AsyncWebClient, view: Json) -> Any:
    with pytest.raises(SlackApiError) as refused:
        await opened(sandbox, client, view)
    return refused.value.response


AT_THE_LIMIT = {
    "section text": section(text=mrkdwn("x" * 3000)),
    "fields": section(fields=[mrkdwn("x" * 2000)] * 10),
    "header": {"type": "header", "text": plain("x" * 150)},
    "context elements": {"type": "context", "elements": [mrkdwn("x")] * 10},
    "actions elements": actions(*(button(action_id=f"go{n}") for n in range(25))),
    "label and hint": an_input(label=plain("x" * 2000), hint=plain("x" * 2000)),
    "button text and value": section(button(text=plain("x" * 75), value="v" * 2000)),
    "option": section(
        select(
            options=[{"text": plain("x" * 75), "value": "v" * 150, "description": plain("d" * 75)}],
        )
    ),
    "select options": section(select(options=options(100))),
    "checkboxes": section({"type": "checkboxes", "action_id": "a", "options": options(10)}),
    "radio buttons": section({"type": "radio_buttons", "action_id": "a", "options": options(10)}),
    "overflow": section({"type": "overflow", "action_id": "a", "options": options(5)}),
    "action_id": section(button(action_id="a" * 255)),
    "block_id": section(block_id="b" * 255),
    "placeholder": section(select(placeholder=plain("p" * 150))),
    "confirm": section(button(confirm=confirm(100, 300, 30))),
    "typed text": typed(max_length=3000, initial_value="x" * 3000),
}


@pytest.mark.parametrize("name", AT_THE_LIMIT)
async def test_a_block_at_the_limit_is_taken(sandbox: Sandbox, client: AsyncWebClient, name: str) -> None:
    assert await opened(sandbox, client, modal(AT_THE_LIMIT[name]))


VIEW_BEYOND: dict[str, tuple[Json, str]] = {
    "a long title": (modal(title=plain("x" * 25)), "less than 25 characters [json-pointer:/view/title/text]"),
    "a long submit": (
        modal(submit=plain("x" * 25)),
        "less than 25 characters [json-pointer:/view/submit/text]",
    ),
    "a long close": (modal(close=plain("x" * 25)), "less than 25 characters [json-pointer:/view/close/text]"),
    "no title": ({"type": "modal", "blocks": []}, "missing required field: title [json-pointer:/view]"),
    "no blocks": (
        {"type": "modal", "title": plain("T")},
        "missing required field: blocks [json-pointer:/view]",
    ),
    "much metadata": (
        modal(private_metadata="x" * 3001),
        "less than 3001 characters [json-pointer:/view/private_metadata]",
    ),
    "a long callback_id": (
        modal(callback_id="x" * 256),
        "less than 256 characters [json-pointer:/view/callback_id]",
    ),
    "inputs and no submit": (
        {"type": "modal", "title": plain("T"), "blocks": [an_input()]},
        "missing required field: submit [json-pointer:/view]",
    ),
    "one block_id twice": (
        modal(section(block_id="b"), section(block_id="b")),
        '`block_id` "b" already exists [json-pointer:/view/blocks/1/block_id]',
    ),
    "a home": ({"type": "home", "blocks": []}, "must be modal [json-pointer:/view/type]"),
    "two focused fields": (
        modal(typed(focus_on_load=True), typed(focus_on_load=True)),
        "only one element may have focus_on_load [json-pointer:/view/blocks/1]",
    ),
}


@pytest.mark.parametrize("name", VIEW_BEYOND)
async def test_a_view_beyond_the_limit_is_refused_with_its_place(
    sandbox: Sandbox, client: AsyncWebClient, name: str
) -> None:
    view, told = VIEW_BEYOND[name]
    answer = await refusal(sandbox, client, view)
    assert answer["error"] == "invalid_arguments"
    assert any(told in message for message in answer["response_metadata"]["messages"])
    assert sandbox.seat("U0BEN").modal is None


async def test_a_view_holds_a_hundred_blocks(sandbox: Sandbox, client: AsyncWebClient) -> None:
    await opened(sandbox, client, modal(*[section()] * 100))
    answer = await refusal(sandbox, client, modal(*[section()] * 101))
    assert "no more than 100 items allowed [json-pointer:/view/blocks]" in str(answer)


async def test_a_view_over_250_kilobytes_is_too_large(sandbox: Sandbox, client: AsyncWebClient) -> None:
    huge = modal(*[section(text=mrkdwn("x" * 2500))] * 100)
    assert (await refusal(sandbox, client, huge))["error"] == "view_too_large"


async def test_one_action_id_may_stand_in_several_blocks_of_a_message_but_not_of_a_view(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    blocks = [section(button()), actions(button(action_id="other"), button())]
    assert (await client.chat_postMessage(channel="U0BEN", text="Hi", blocks=blocks))["ok"]
    answer = await refusal(sandbox, client, modal(*blocks))
    told = [
        f'[ERROR] `action_id` "go" already exists [json-pointer:/view/blocks/{place}/action_id]'
        for place in ("0/accessory", "1/elements/1")
    ]
    assert answer["response_metadata"]["messages"] == told


async def test_slack_fills_in_the_ids_and_defaults_left_out(sandbox: Sandbox, client: AsyncWebClient) -> None:
    view = await opened(sandbox, client, modal(an_input({"type": "datepicker"}), section(button())))
    first, second = view["blocks"]
    assert first["block_id"] != second["block_id"]
    assert first["element"]["action_id"]
    assert (first["optional"], first["dispatch_action"], first["label"]["emoji"]) == (False, False, True)
    assert second["text"]["verbatim"] is False


async def test_home_takes_blocks_and_no_submit_button(client: AsyncWebClient) -> None:
    await client.views_publish(user_id="U0BEN", view={"type": "home", "blocks": [section(button())]})
    with pytest.raises(SlackApiError, match="invalid additional property: submit"):
        await client.views_publish(
            user_id="U0BEN", view={"type": "home", "blocks": [], "submit": plain("Save")}
        )
