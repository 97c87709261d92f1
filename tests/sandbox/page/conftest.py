"""One browser for all tests of the page, and for each test a page of its own with a real Bolt app behind it."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
from playwright.async_api import Browser, Page, async_playwright, expect
from pytest_asyncio import fixture
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Sandbox, SandboxClock
from tests.sandbox.conftest import MANIFEST
from tests.sandbox.page.showcase import WORDS, Showcase
from tests.sandbox.page.window import ARGUMENTS, CHROMIUM, Watch, composer


@fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Chromium, without a window."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        await browser.close()


@fixture(loop_scope="session")
async def sandbox(clock: SandboxClock) -> AsyncIterator[Sandbox]:
    """A running sandbox that completes the showcase's words."""
    sandbox = Sandbox(MANIFEST, clock, words=WORDS)
    await sandbox.start()
    yield sandbox
    await sandbox.stop()


@fixture(loop_scope="session")
async def client(sandbox: Sandbox) -> AsyncIterator[AsyncWebClient]:
    """The app's client."""
    async with aiohttp.ClientSession() as session:
        yield AsyncWebClient(sandbox.bot_token, base_url=sandbox.api_url, session=session, retry_handlers=[])


@pytest.fixture
def showcase(sandbox: Sandbox, app: AsyncApp, clock: SandboxClock) -> Showcase:
    """The app behind the page."""
    showcase = Showcase(app, clock)
    sandbox.attach(showcase)
    return showcase


@fixture(loop_scope="session")
async def connected(sandbox: Sandbox, app: AsyncApp) -> AsyncIterator[AsyncSocketModeHandler]:
    """The app is connected by Socket Mode."""
    handler = AsyncSocketModeHandler(app, sandbox.app_token)
    await handler.connect_async()
    await sandbox.sockets.wait_connected()
    yield handler
    await handler.close_async()


@fixture(loop_scope="session")
async def page(browser: Browser, sandbox: Sandbox, showcase: Showcase) -> AsyncIterator[Page]:
    """Dana's messages. Whatever a test does there, the page must not complain or ask another host."""
    context = await browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB")
    page = await context.new_page()
    page.set_default_timeout(10_000)
    watch = Watch(page)
    await page.goto(sandbox.url)
    await expect(composer(page)).to_be_visible()
    yield page
    await context.close()
    assert watch.troubles == []
    assert watch.hosts == {"127.0.0.1"}
