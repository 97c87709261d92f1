"""Blocks beyond a limit of Block Kit are refused in a message, and the place is named."""

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.sandbox.samples import (
    Json,
    actions,
    an_input,
    button,
    confirm,
    mrkdwn,
    option,
    options,
    plain,
    section,
    select,
    typed,
)

MESSAGE_BEYOND: dict[str, tuple[Json, str]] = {
    "long section text": (section(text=mrkdwn("x" * 3001)), "less than 3001 characters [/text/text]"),
    "empty section text": (section(text=mrkdwn("")), "more than 0 characters [/text/text]"),
    "no section text": ({"type": "section"}, "missing required field: text []"),
    "eleven fields": (section(fields=[mrkdwn("x")] * 11), "no more than 10 items allowed [/fields]"),
    "no fields": (section(fields=[]), "no less than 1 items allowed [/fields]"),
    "a long field": (section(fields=[mrkdwn("x" * 2001)]), "less than 2001 characters [/fields/0/text]"),
    "a long header": ({"type": "header", "text": plain("x" * 151)}, "less than 151 characters [/text/text]"),
    "a header in mrkdwn": ({"type": "header", "text": mrkdwn("x")}, "must be one of plain_text [/text/type]"),
    "a full context": (
        {"type": "context", "elements": [mrkdwn("x")] * 11},
        "no more than 10 items allowed [/elements]",
    ),
    "a button in a context": (
        {"type": "context", "elements": [button()]},
        "must be one of mrkdwn, plain_text [/elements/0/type]",
    ),
    "full actions": (
        actions(*(button(action_id=f"go{n}") for n in range(26))),
        "no more than 25 items allowed [/elements]",
    ),
    "empty actions": (actions(), "no less than 1 items allowed [/elements]"),
    "one action_id twice": (
        actions(button(), button()),
        '`action_id` "go" already exists [/elements/1/action_id]',
    ),
    "text input in actions": (
        actions({"type": "plain_text_input", "action_id": "a"}),
        "unsupported type: plain_text_input [/elements/0/type]",
    ),
    "a file input": (
        an_input({"type": "file_input", "action_id": "a"}),
        "unsupported type: file_input [/element/type]",
    ),
    "a button as an input": (an_input(button()), "unsupported type: button [/element/type]"),
    "an input as an accessory": (
        section({"type": "plain_text_input", "action_id": "a"}),
        "unsupported type: plain_text_input [/accessory/type]",
    ),
    "an unknown block": ({"type": "carousel3"}, "unsupported type: carousel3 [/type]"),
    "a block without type": ({"text": mrkdwn("x")}, "missing required field: type []"),
    "a long label": (an_input(label=plain("x" * 2001)), "less than 2001 characters [/label/text]"),
    "a long hint": (an_input(hint=plain("x" * 2001)), "less than 2001 characters [/hint/text]"),
    "an input without label": (
        {"type": "input", "element": {"type": "datepicker", "action_id": "a"}},
        "missing required field: label []",
    ),
    "a long button": (
        section(button(text=plain("x" * 76))),
        "less than 76 characters [/accessory/text/text]",
    ),
    "a long button value": (
        section(button(value="v" * 2001)),
        "less than 2001 characters [/accessory/value]",
    ),
    "an odd style": (section(button(style="warning")), "must be one of danger, primary [/accessory/style]"),
    "a button in mrkdwn": (
        section(button(text=mrkdwn("Go"))),
        "must be one of plain_text [/accessory/text/type]",
    ),
    "a long option": (
        section(select(options=[{"text": plain("x" * 76), "value": "v"}])),
        "less than 76 characters [/accessory/options/0/text/text]",
    ),
    "a long option value": (
        section(select(options=[{"text": plain("x"), "value": "v" * 151}])),
        "less than 151 characters [/accessory/options/0/value]",
    ),
    "a long description": (
        section(select(options=[option(description=plain("x" * 76))])),
        "less than 76 characters [/accessory/options/0/description/text]",
    ),
    "101 options": (
        section(select(options=options(101))),
        "no more than 100 items allowed [/accessory/options]",
    ),
    "no options": (section(select(options=[])), "no less than 1 items allowed [/accessory/options]"),
    "an initial option not offered": (
        section(select(initial_option=option(7))),
        "must be one of the provided options [/accessory/initial_option]",
    ),
    "eleven checkboxes": (
        section({"type": "checkboxes", "action_id": "a", "options": options(11)}),
        "no more than 10 items allowed [/accessory/options]",
    ),
    "eleven radio buttons": (
        section({"type": "radio_buttons", "action_id": "a", "options": options(11)}),
        "no more than 10 items allowed [/accessory/options]",
    ),
    "a full overflow": (
        section({"type": "overflow", "action_id": "a", "options": options(6)}),
        "no more than 5 items allowed [/accessory/options]",
    ),
    "a long action_id": (
        section(button(action_id="a" * 256)),
        "less than 256 characters [/accessory/action_id]",
    ),
    "a long block_id": (section(block_id="b" * 256), "less than 256 characters [/block_id]"),
    "a long placeholder": (
        section(select(placeholder=plain("p" * 151))),
        "less than 151 characters [/accessory/placeholder/text]",
    ),
    "a long confirm title": (
        section(button(confirm=confirm(title=101))),
        "less than 101 characters [/accessory/confirm/title/text]",
    ),
    "a long confirm text": (
        section(button(confirm=confirm(text=301))),
        "less than 301 characters [/accessory/confirm/text/text]",
    ),
    "a long confirm button": (
        section(button(confirm=confirm(yes=31))),
        "less than 31 characters [/accessory/confirm/confirm/text]",
    ),
    "max_length over 3000": (typed(max_length=3001), "must be between 1 and 3000 [/element/max_length]"),
    "a long initial value": (
        typed(max_length=5, initial_value="x" * 6),
        "less than 6 characters [/element/initial_value]",
    ),
    "an odd initial date": (
        section({"type": "datepicker", "action_id": "a", "initial_date": "2026-02-30"}),
        "must be a valid date in the format YYYY-MM-DD [/accessory/initial_date]",
    ),
    "an odd initial time": (
        section({"type": "timepicker", "action_id": "a", "initial_time": "9:00"}),
        "must be a valid time in the format HH:mm [/accessory/initial_time]",
    ),
    "a date and time in a section": (
        section({"type": "datetimepicker", "action_id": "a"}),
        "unsupported type: datetimepicker [/accessory/type]",
    ),
    "an odd initial instant": (
        actions({"type": "datetimepicker", "action_id": "a", "initial_date_time": 12}),
        "must be between 1000000000 and 9999999999 [/elements/0/initial_date_time]",
    ),
    "a number input without its kind": (
        an_input({"type": "number_input", "action_id": "a"}),
        "missing required field: is_decimal_allowed [/element]",
    ),
    "an odd user": (
        section({"type": "users_select", "action_id": "a", "initial_user": "ben"}),
        "must be a valid user id [/accessory/initial_user]",
    ),
    "an image without alt text": (
        {"type": "image", "image_url": "https://example.com/a.png"},
        "missing required field: alt_text []",
    ),
    "a property that Slack does not know": (
        section(button(colour="red")),
        "invalid additional property: colour [/accessory]",
    ),
    "odd rich text": (
        {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [{"type": "bold"}]}]},
        "unsupported type: bold [/elements/0/elements/0/type]",
    ),
}


@pytest.mark.parametrize("name", MESSAGE_BEYOND)
async def test_a_message_beyond_the_limit_is_refused_with_its_place(
    client: AsyncWebClient, name: str
) -> None:
    block, told = MESSAGE_BEYOND[name]
    with pytest.raises(SlackApiError) as refused:
        await client.chat_postMessage(channel="U0BEN", text="Hi", blocks=[section(), block])
    answer = refused.value.response
    what, _, place = told.removesuffix("]").rpartition(" [")
    assert answer["error"] == "invalid_blocks"
    messages = answer["response_metadata"]["messages"]
    assert any(m.endswith(f"{what} [json-pointer:/blocks/1{place}]") for m in messages), messages


async def test_a_message_holds_fifty_blocks(client: AsyncWebClient) -> None:
    await client.chat_postMessage(channel="U0BEN", text="Hi", blocks=[section()] * 50)
    with pytest.raises(SlackApiError, match="no more than 50 items allowed"):
        await client.chat_postMessage(channel="U0BEN", text="Hi", blocks=[section()] * 51)


async def test_all_the_text_of_a_message_s_blocks_has_a_limit_together(client: AsyncWebClient) -> None:
    await client.chat_postMessage(channel="U0BEN", text="Hi", blocks=[section(text=mrkdwn("x" * 2640))] * 5)
    with pytest.raises(SlackApiError, match="msg_blocks_too_long"):
        await client.chat_postMessage(
            channel="U0BEN", text="Hi", blocks=[section(text=mrkdwn("x" * 2641))] * 5
        )
