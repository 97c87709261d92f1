"""A sandbox on loopback with the real SDKs: a bare client, and a Bolt app connected by Socket Mode."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Sandbox, SandboxClock

START = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
MANIFEST: dict[str, Any] = {
    "display_information": {"name": "growbot"},
    "features": {
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
        "bot_user": {"display_name": "growbot"},
        "slash_commands": [{"command": "/grow", "description": "Coach", "should_escape": True}],
        "shortcuts": [
            {"name": "New", "type": "global", "callback_id": "new", "description": "New thing"},
            {"name": "Keep", "type": "message", "callback_id": "keep", "description": "Keep this"},
        ],
    },
    "oauth_config": {
        "scopes": {
            "bot": [
                *("commands", "chat:write", "users:read", "files:write"),
                *("im:history", "im:write", "im:read"),
            ]
        }
    },
    "settings": {
        "event_subscriptions": {
            "bot_events": [
                "app_home_opened",
                "message.im",
                "user_change",
                "app_uninstalled",
                "tokens_revoked",
            ]
        },
        "interactivity": {"is_enabled": True},
    },
}


@pytest.fixture
def clock() -> SandboxClock:
    """A clock that stands at a Monday morning in November."""
    return SandboxClock(START)


@pytest.fixture
async def sandbox(clock: SandboxClock) -> AsyncIterator[Sandbox]:
    """A running sandbox without an app."""
    sandbox = Sandbox(MANIFEST, clock)
    await sandbox.start()
    yield sandbox
    await sandbox.stop()


@pytest.fixture
async def client(sandbox: Sandbox) -> AsyncIterator[AsyncWebClient]:
    """slack_sdk's own client with the bot token and without retries."""
    async with aiohttp.ClientSession() as session:
        yield AsyncWebClient(
            sandbox.bot_token, base_url=sandbox.api_url, session=session, retry_handlers=[], timeout=2
        )


@pytest.fixture
def app(sandbox: Sandbox, client: AsyncWebClient) -> AsyncApp:
    """A Bolt app, to which a test adds its listeners."""
    return AsyncApp(client=client, signing_secret=sandbox.signing_secret, process_before_response=True)


@pytest.fixture
async def connected(sandbox: Sandbox, app: AsyncApp) -> AsyncIterator[AsyncSocketModeHandler]:
    """The app is connected by Socket Mode."""
    handler = AsyncSocketModeHandler(app, sandbox.app_token, ping_interval=0.05)
    await handler.connect_async()
    await sandbox.sockets.wait_connected()
    yield handler
    await handler.close_async()
