"""Models become what the SDK's own `to_dict` makes of them, and are refused where it refuses them."""

from typing import Any

import pytest
from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.basic_objects import JsonObject
from slack_sdk.models.blocks import (
    ButtonElement,
    ConfirmObject,
    InputBlock,
    Option,
    OptionGroup,
    PlainTextObject,
    RichTextBlock,
    RichTextElementParts,
    RichTextSectionElement,
    SectionBlock,
    StaticSelectElement,
)
from slack_sdk.models.views import View

from bot.core.slack import blocks as b
from bot.core.slack.dumping import plain

CHOICES = [
    Option(text="One", value="1"),
    Option(label="Two", value="2", description="the second", url="https://example.com"),
]
CONFIRM = ConfirmObject(title="Sure?", text=PlainTextObject(text="It ends."), confirm="Yes", deny="No")
EMPTY_SECTION = RichTextBlock(elements=[RichTextSectionElement(elements=[])])
BOLD = RichTextElementParts.Text(text="bold", style=RichTextElementParts.TextStyle(bold=True))
MODELS: list[JsonObject] = [
    b.section("*Hello*"),
    b.actions(b.button("Open", "a.open", "1", primary=True), b.button("End", "a.end", confirm=CONFIRM)),
    b.field("when", "When?", StaticSelectElement(options=CHOICES, initial_option=CHOICES[0])),
    InputBlock(
        label="Which?", element=StaticSelectElement(option_groups=[OptionGroup(label="All", options=CHOICES)])
    ),
    EMPTY_SECTION,
    RichTextBlock(elements=[RichTextSectionElement(elements=[BOLD])]),
    b.modal("a.form", "A form", [b.section("x"), EMPTY_SECTION], submit="Save", metadata={"id": "1"}),
    View(type="home", blocks=[b.context("small")]),
]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: type(model).__name__)
def test_a_model_becomes_what_the_sdk_makes_of_it(model: JsonObject) -> None:
    assert plain(model) == model.to_dict()


REFUSED: list[JsonObject] = [
    SectionBlock(),
    SectionBlock(text="x" * 3001),
    ButtonElement(text="x" * 76, action_id="a.b"),
    View(type="modal", blocks=[SectionBlock(text="x", block_id="y" * 256)], title=PlainTextObject(text="t")),
    StaticSelectElement(options=[Option(text="One", value="v" * 200)]),
]


@pytest.mark.parametrize("model", REFUSED, ids=lambda model: type(model).__name__)
def test_what_the_sdk_refuses_is_refused(model: JsonObject) -> None:
    with pytest.raises(SlackObjectFormationError):
        model.to_dict()
    with pytest.raises(SlackObjectFormationError):
        plain(model)


def test_what_is_no_model_stays_as_it_is() -> None:
    already: dict[str, Any] = {"type": "divider", "elements": []}
    assert plain([already, "x", 1, None]) == [already, "x", 1, None]
