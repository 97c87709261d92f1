"""What an app answers to an act, at once or by its response URL, is shown as in Slack."""

from datetime import timedelta
from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.sandbox import AppDidNotAnswer, Sandbox, text_of
from tests.sandbox.samples import Json, keep, row

pytestmark = pytest.mark.usefixtures("connected")


async def test_an_answer_that_slack_cannot_show_is_told_to_the_person(
    sandbox: Sandbox, app: AsyncApp
) -> None:
    @app.command("/grow")
    async def grow(ack: Any) -> None:
        await ack(text="x", blocks=[{"type": "section"}])

    with pytest.raises(AppDidNotAnswer, match="invalid_command_response"):
        await sandbox.seat("U0BEN").command("/grow")
    assert "missing required field" in (sandbox.ledger.refused()[-1].error or "")


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

    await client.chat_postMessage(channel="U0BEN", text="Ask", blocks=[row()])
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
        await ack(text="Choose", blocks=[row()])

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
