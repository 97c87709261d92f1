"""A real Bolt app goes through the sandbox's front door."""

from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp

from bot.sandbox import AppDidNotAnswer, Sandbox, text_of

MODAL: dict[str, Any] = {
    "type": "modal",
    "callback_id": "commit",
    "title": {"type": "plain_text", "text": "Commit"},
    "submit": {"type": "plain_text", "text": "Save"},
    "blocks": [
        {
            "type": "input",
            "block_id": "what",
            "label": {"type": "plain_text", "text": "What"},
            "element": {"type": "plain_text_input", "action_id": "text"},
        }
    ],
}


@pytest.mark.usefixtures("connected")
async def test_a_command_opens_a_modal_and_sending_it_off_brings_a_message(
    sandbox: Sandbox, app: AsyncApp
) -> None:
    @app.command("/grow")
    async def grow(ack: Any, body: Any, client: Any) -> None:
        await ack("One moment")
        await client.views_open(trigger_id=body["trigger_id"], view=MODAL)

    @app.view("commit")
    async def commit(ack: Any, body: Any, view: Any, client: Any) -> None:
        await ack()
        said = view["state"]["values"]["what"]["text"]["value"]
        await client.chat_postMessage(channel=body["user"]["id"], text=f"Noted: {said}")

    ben = sandbox.seat("U0BEN")
    await ben.command("/grow commit")
    await ben.wait_modal("commit")
    assert [m.text for m in ben.ephemerals] == ["One moment"]
    assert (await ben.submit({"what": ""})).errors == {"what": "Please complete this required field."}
    assert (await ben.submit({"what": "call & write"})).closed
    assert text_of(await ben.wait_message()) == "Noted: call & write"


async def test_without_a_connection_the_person_reads_that_the_app_did_not_respond(sandbox: Sandbox) -> None:
    with pytest.raises(AppDidNotAnswer, match="/grow failed because the app did not respond"):
        await sandbox.seat("U0BEN").command("/grow")
