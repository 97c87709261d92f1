"""The page's JSON API does what the contract with the page says."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import aiohttp
import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Sandbox


@pytest.fixture
async def page(sandbox: Sandbox) -> AsyncIterator[aiohttp.ClientSession]:
    """What the page's scripts use to talk to the sandbox."""
    async with aiohttp.ClientSession(base_url=sandbox.url) as session:
        yield session


async def get(page: aiohttp.ClientSession, path: str) -> Any:
    async with page.get(path) as response:
        return await response.json()


async def post(page: aiohttp.ClientSession, path: str, body: Any) -> Any:
    async with page.post(path, json=body) as response:
        return await response.json()


async def test_the_workspace_tells_people_commands_shortcuts_and_the_clock(
    page: aiohttp.ClientSession,
) -> None:
    told = await get(page, "/page/api/workspace")
    assert told["team"]["name"] == "Brightwater"
    zones = {p["name"]: p["tz"] for p in told["people"] if not p["is_bot"] and not p["deleted"]}
    assert zones["ben"] == "America/New_York"
    assert [c["command"] for c in told["commands"]] == ["/grow"]
    assert {s["type"] for s in told["shortcuts"]} == {"global", "message"}
    assert told["clock"] == {"now": "2026-11-30T09:00:00+00:00", "next_due": None, "running": False}


async def test_a_seat_shows_messages_and_counts_those_not_yet_read(
    page: aiohttp.ClientSession, client: AsyncWebClient
) -> None:
    await client.chat_postMessage(channel="U0BEN", text="Hello")
    seat = await get(page, "/page/api/seat/U0BEN")
    assert [(m["text"], m["ephemeral"], m["edited"]) for m in seat["messages"]] == [("Hello", False, False)]
    assert seat["unread"] == 1
    await post(page, "/page/api/seat/U0BEN/messages", {})
    assert (await get(page, "/page/api/seat/U0BEN"))["unread"] == 0


async def test_a_command_that_nobody_answers_is_a_sentence(page: aiohttp.ClientSession) -> None:
    answer = await post(page, "/page/api/seat/U0BEN/command", {"text": "/grow"})
    assert answer == {"ok": False, "error": "/grow failed because the app did not respond."}


async def test_the_stream_tells_whose_screen_changed(
    page: aiohttp.ClientSession, client: AsyncWebClient
) -> None:
    async with page.get("/page/api/stream") as stream:
        await stream.content.readline()
        await client.chat_postMessage(channel="U0BEN", text="Hello")
        async with asyncio.timeout(3):
            while not (line := await stream.content.readline()).startswith(b"data: "):
                pass
    assert json.loads(line[6:]) == {"type": "changed", "users": ["U0BEN"]}


async def test_the_clock_stops_at_what_is_due_on_the_way(
    page: aiohttp.ClientSession, sandbox: Sandbox
) -> None:
    stops: list[datetime] = []

    class Bot:
        due = (sandbox.clock.now() + timedelta(minutes=20), sandbox.clock.now() + timedelta(minutes=50))

        async def next_due(self) -> datetime | None:
            return next((due for due in self.due if due > sandbox.clock.now()), None)

        async def settle(self) -> None:
            stops.append(sandbox.clock.now())

    sandbox.attach(Bot())
    moved = await post(page, "/page/api/clock", {"move": "hour"})
    assert moved == {"now": "2026-11-30T10:00:00+00:00", "next_due": None, "steps": 2}
    assert [stop.minute for stop in stops] == [20, 50, 0]


async def test_a_bot_that_stays_due_does_not_hold_the_clock(sandbox: Sandbox) -> None:
    class Stuck:
        async def next_due(self) -> datetime | None:
            return sandbox.clock.now()

        async def settle(self) -> None:
            """Never gets anything done."""

    sandbox.attach(Stuck())
    assert await sandbox.move("week") <= 7 * 24 * 4 + 1
    assert sandbox.clock.now() == datetime.fromisoformat("2026-12-07T09:00:00+00:00")


@pytest.mark.usefixtures("connected")
async def test_a_modal_sent_off_by_the_page_gets_its_errors_beside_the_fields(
    page: aiohttp.ClientSession, sandbox: Sandbox, app: AsyncApp
) -> None:
    view: dict[str, Any] = {
        "type": "modal",
        "callback_id": "when",
        "title": {"type": "plain_text", "text": "When"},
        "submit": {"type": "plain_text", "text": "Save"},
        "blocks": [
            {
                "type": "input",
                "block_id": "day",
                "label": {"type": "plain_text", "text": "Day"},
                "element": {"type": "datepicker", "action_id": "date"},
            }
        ],
    }

    @app.shortcut("new")
    async def new(ack: Any, body: Any, client: Any) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=view)

    @app.view("when")
    async def when(ack: Any) -> None:
        await ack(response_action="errors", errors={"day": "That day has passed."})

    await post(page, "/page/api/seat/U0BEN/shortcut", {"callback_id": "new"})
    opened = await sandbox.seat("U0BEN").wait_modal("when")
    values = {"day": {"date": {"type": "datepicker", "selected_date": "2020-01-01"}}}
    answer = await post(page, "/page/api/seat/U0BEN/submit", {"view_id": opened.id, "values": values})
    assert answer == {"ok": False, "errors": {"day": "That day has passed."}}
    (shown,) = (await get(page, "/page/api/seat/U0BEN"))["modals"]
    assert shown["state"]["values"] == values


async def test_a_foreign_host_name_and_a_foreign_form_are_turned_away(page: aiohttp.ClientSession) -> None:
    async with page.get("/page/api/workspace", headers={"Host": "evil.example"}) as response:
        assert response.status == 403
    async with page.post("/page/api/clock", data={"move": "week"}) as response:
        assert response.status == 415


async def test_a_changed_zone_is_told_to_the_app(page: aiohttp.ClientSession, sandbox: Sandbox) -> None:
    assert await post(page, "/page/api/people/U0BEN", {"tz": "Asia/Tokyo"}) == {"ok": True}
    (told,) = sandbox.ledger.deliveries("event:user_change")
    assert told.args["event"]["user"]["tz"] == "Asia/Tokyo"
    refused = await post(page, "/page/api/people/U0BEN", {"tz": "Mars/Olympus"})
    assert refused == {"error": "Mars/Olympus is not a time zone."}
