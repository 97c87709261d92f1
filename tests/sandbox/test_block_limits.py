"""Each limit of Block Kit: at the limit Slack takes it, one beyond it is refused with the place named."""

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Sandbox

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def option(n: int = 1, **more: Any) -> Json:
    return {"text": plain(f"Option {n}"), "value": f"v{n}", **more}


def options(count: int) -> list[Json]:
    return [option(n) for n in range(count)]


def button(**more: Any) -> Json:
    return {"type": "button", "action_id": "go", "text": plain("Go"), **more}


def select(**more: Any) -> Json:
    return {"type": "static_select", "action_id": "choose", "options": options(2), **more}


def section(accessory: Json | None = None, **more: Any) -> Json:
    return {
        "type": "section",
        "text": mrkdwn("Hello"),
        **({"accessory": accessory} if accessory else {}),
        **more,
    }


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def an_input(element: Json | None = None, **more: Any) -> Json:
    typed = {"type": "plain_text_input", "action_id": "typed"}
    return {"type": "input", "label": plain("Label"), "element": element or typed, **more}


def typed(**more: Any) -> Json:
    return an_input({"type": "plain_text_input", "action_id": "typed", **more})


def image(**more: Any) -> Json:
    return {"type": "image", "image_url": "https://example.com/a.png", "alt_text": "A picture", **more}


def confirm(title: int = 1, text: int = 1, yes: int = 1) -> Json:
    return {
        "title": plain("t" * title),
        "text": plain("x" * text),
        "confirm": plain("y" * yes),
        "deny": plain("No"),
    }


def modal(*blocks: Json, **more: Any) -> Json:
    frame = {"type": "modal", "title": plain("Title"), "submit": plain("Save")}
    return {**frame, "blocks": list(blocks), **more}


async def opened(sandbox: Sandbox, client: AsyncWebClient, view: Json) -> Json:
    trigger_id = sandbox.workspace.new_trigger("U0BEN")
    return dict((await client.views_open(trigger_id=trigger_id, view=view))["view"])


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


async def test_a_message_holds_fifty_blocks_and_a_view_a_hundred(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    await client.chat_postMessage(channel="U0BEN", text="Hi", blocks=[section()] * 50)
    with pytest.raises(SlackApiError, match="no more than 50 items allowed"):
        await client.chat_postMessage(channel="U0BEN", text="Hi", blocks=[section()] * 51)
    await opened(sandbox, client, modal(*[section()] * 100))
    answer = await refusal(sandbox, client, modal(*[section()] * 101))
    assert "no more than 100 items allowed [json-pointer:/view/blocks]" in str(answer)


async def test_all_the_text_of_a_message_s_blocks_has_a_limit_together(client: AsyncWebClient) -> None:
    await client.chat_postMessage(channel="U0BEN", text="Hi", blocks=[section(text=mrkdwn("x" * 2640))] * 5)
    with pytest.raises(SlackApiError, match="msg_blocks_too_long"):
        await client.chat_postMessage(
            channel="U0BEN", text="Hi", blocks=[section(text=mrkdwn("x" * 2641))] * 5
        )


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


async def test_a_view_over_250_kilobytes_is_too_large(sandbox: Sandbox, client: AsyncWebClient) -> None:
    huge = modal(*[section(text=mrkdwn("x" * 2500))] * 100)
    assert (await refusal(sandbox, client, huge))["error"] == "view_too_large"


async def test_one_action_id_may_stand_in_several_blocks(sandbox: Sandbox, client: AsyncWebClient) -> None:
    assert await opened(sandbox, client, modal(section(button()), section(button()), actions(button())))


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
