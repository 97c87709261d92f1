"""However one comes to it, a commitment is made in the same form; and what became of it is asked without a why."""

import pytest
from slack_sdk.models.views import View

from bot.core.slack.requests import Kind
from tests.features.commitments.test_handlers import one
from tests.features.sessions.door import Door, Pair, fields, shown

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)


async def by_shortcut(door: Door, pair: Pair, name: str) -> View | None:
    message = {"message": {"text": "I'll send the numbers"}}
    context = door._context(Kind.SHORTCUT, pair.client, message)  # which has no other way in
    return (await door._routes.shortcuts[name](context)).view


async def test_command_button_and_both_shortcuts_open_the_same_form(door: Door, pair: Pair) -> None:
    command = (await door.command(pair.client, "commit")).view
    button = (await door.press(pair.client, "commitments.new")).view
    everywhere = await by_shortcut(door, pair, "commitments.new_global")
    message = await by_shortcut(door, pair, "commitments.from_message")
    found = [
        (view and view.callback_id, list(fields(view))) for view in (command, button, everywhere, message)
    ]
    assert found == [found[0]] * 4
    assert found[0][0] == "commitments.make"


async def test_what_was_learned_is_not_lost_to_another_date(door: Door, pair: Pair) -> None:
    commitment = await one(door, pair)
    form = (await door.press(pair.client, "commitments.answer", commitment.id)).view
    said = await door.submit(pair.client, form, outcome="move", learned="I say yes too quickly")
    assert list(said.fields or {}) == ["learned"]


async def test_it_asks_what_was_learned_and_never_why(door: Door, pair: Pair) -> None:
    commitment = await one(door, pair)
    form = (await door.press(pair.client, "commitments.answer", commitment.id)).view
    labels = [each["text"]["text"] for each in fields(form)["outcome"]["options"]]
    assert labels == ["Kept", "Partly", "Move it to another date", "Not kept", "No longer right"]
    assert set(fields(form)) == {"outcome", "learned"}
    assert "What did you learn?" in shown(form)
    said = await door.submit(pair.client, form, outcome="not_kept")
    assert "why" not in (shown(form) + (said.notice or "")).lower()
