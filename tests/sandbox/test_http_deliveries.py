"""Signed HTTP deliveries to a Bolt app, and to a listener that fails."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiohttp import web
from slack_bolt.async_app import AsyncApp

from bot.sandbox import AppDidNotAnswer, Sandbox, SandboxClock


@pytest.fixture
def clock() -> SandboxClock:
    """Bolt compares signatures with the machine's clock, so the sandbox's clock starts there."""
    return SandboxClock(datetime.now(UTC))


async def listen(application: web.Application) -> tuple[web.AppRunner, str]:
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return runner, f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"


@pytest.fixture
async def over_http(sandbox: Sandbox, app: AsyncApp) -> AsyncIterator[AsyncApp]:
    """The Bolt app listens on loopback, and the sandbox delivers to it."""
    runner, sandbox.request_url = await listen(app.web_app())
    yield app
    await runner.cleanup()


@pytest.fixture
async def failing(sandbox: Sandbox) -> AsyncIterator[list[dict[str, str]]]:
    """A listener that answers 500 and keeps the headers of each request."""
    seen: list[dict[str, str]] = []

    async def refuse(request: web.Request) -> web.Response:
        seen.append(dict(request.headers))
        return web.Response(status=500, headers={"X-Slack-No-Retry": request.query.get("final", "0")})

    application = web.Application()
    application.router.add_post("/slack/events", refuse)
    runner, sandbox.request_url = await listen(application)
    yield seen
    await runner.cleanup()


async def test_commands_interactions_and_events_arrive_signed(sandbox: Sandbox, over_http: AsyncApp) -> None:
    heard: list[str] = []

    @over_http.command("/grow")
    async def grow(ack: Any) -> None:
        heard.append("command")
        await ack("Hello")

    @over_http.shortcut("new")
    async def new(ack: Any) -> None:
        heard.append("shortcut")
        await ack()

    @over_http.event("app_home_opened")
    async def home(event: Any) -> None:
        heard.append(event["type"])

    ben = sandbox.seat("U0BEN")
    await ben.command("/grow")
    await ben.shortcut("new")
    await ben.open_home()
    assert heard == ["command", "shortcut", "app_home_opened"]
    assert [m.text for m in ben.ephemerals] == ["Hello"]


async def test_a_submission_s_errors_come_back_over_http(sandbox: Sandbox, over_http: AsyncApp) -> None:
    @over_http.shortcut("new")
    async def new(ack: Any, body: Any, client: Any) -> None:
        await ack()
        field = {"type": "plain_text_input", "action_id": "text"}
        label = {"type": "plain_text", "text": "What"}
        view = {
            "type": "modal",
            "callback_id": "form",
            "title": label,
            "submit": label,
            "blocks": [{"type": "input", "block_id": "what", "label": label, "element": field}],
        }
        await client.views_open(trigger_id=body["trigger_id"], view=view)

    @over_http.view("form")
    async def form(ack: Any) -> None:
        await ack(response_action="errors", errors={"what": "Say more."})

    ben = sandbox.seat("U0BEN")
    await ben.shortcut("new")
    await ben.wait_modal("form")
    assert (await ben.submit({"what": "x"})).errors == {"what": "Say more."}


async def test_a_wrong_secret_is_noticed_by_the_app(sandbox: Sandbox, over_http: AsyncApp) -> None:
    sandbox.signing_secret = "another"
    with pytest.raises(AppDidNotAnswer):
        await sandbox.seat("U0BEN").command("/grow")


async def test_an_event_that_failed_comes_again_with_its_number_and_reason(
    sandbox: Sandbox, clock: SandboxClock, failing: list[dict[str, str]]
) -> None:
    await sandbox.seat("U0BEN").open_home()
    await sandbox.move_to(clock.now() + timedelta(minutes=1))
    numbers = [headers.get("X-Slack-Retry-Num") for headers in failing]
    assert numbers == [None, "1", "2"]
    assert failing[1]["X-Slack-Retry-Reason"] == "http_error"


async def test_an_app_may_ask_not_to_hear_of_a_failed_event_again(
    sandbox: Sandbox, clock: SandboxClock, failing: list[dict[str, str]]
) -> None:
    sandbox.request_url = f"{sandbox.request_url}?final=1"
    await sandbox.seat("U0BEN").open_home()
    await sandbox.move_to(clock.now() + timedelta(minutes=10))
    assert len(failing) == 1


async def test_an_address_where_nobody_listens_is_no_answer(sandbox: Sandbox) -> None:
    sandbox.request_url = "http://127.0.0.1:9/slack/events"
    with pytest.raises(AppDidNotAnswer, match="did not respond"):
        await sandbox.seat("U0BEN").command("/grow")
    assert sandbox.ledger.deliveries("slash_commands")[0].error == "connection_failed"


async def test_signatures_carry_the_sandbox_s_time(
    sandbox: Sandbox, clock: SandboxClock, failing: list[dict[str, str]]
) -> None:
    clock.advance(timedelta(days=30))
    with pytest.raises(AppDidNotAnswer):
        await sandbox.seat("U0BEN").command("/grow")
    assert int(failing[0]["X-Slack-Request-Timestamp"]) == int(clock.now().timestamp())
