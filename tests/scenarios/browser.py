"""growbot on the local Slack's page, driven as a person drives it: by what is seen, with mouse and keyboard."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Literal

from playwright.async_api import Locator, Page, ViewportSize, async_playwright, expect

from bot.demo import Demo
from tests.sandbox.page.window import ARGUMENTS, CHROMIUM, PAGE, Watch, choose, composer

NEEDS_CHROMIUM = [mark for mark in PAGE if mark.name in {"browser", "skipif"}]
ROOMY: ViewportSize = {"width": 1280, "height": 860}  # people and clock stand beside the messages
DANA, BEN = "Dana Okafor", "Ben Sato"


@asynccontextmanager
async def visiting(demo: Demo, window: ViewportSize = ROOMY) -> AsyncIterator[Page]:
    """Dana's messages, in a Chromium of its own. The page must not complain meanwhile, nor ask another host."""
    async with (
        async_playwright() as playwright,
        await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS) as browser,
    ):
        page = await browser.new_page(viewport=window, locale="en-GB")
        page.set_default_timeout(10_000)
        watch = Watch(page)
        await page.goto(demo.sandbox.url)
        await expect(composer(page)).to_be_visible()
        yield page
    assert not watch.troubles, watch.troubles
    assert watch.hosts == {"127.0.0.1"}, watch.hosts


def log(page: Page) -> Locator:
    """The messages of the person in front."""
    return page.get_by_role("log")


def message(page: Page, text: str) -> Locator:
    """The newest message that says this."""
    return log(page).get_by_role("article").filter(has_text=text).last


async def be(page: Page, name: str) -> None:
    """Become this person, with the messages in front."""
    await choose(page, name)
    await page.get_by_role("tab", name="Messages").click()
    await expect(composer(page)).to_be_visible()


async def home(page: Page) -> Locator:
    """App Home of the person in front."""
    await page.get_by_role("tab", name="Home").click()
    shown = page.get_by_role("tabpanel", name="Home")
    await expect(shown.get_by_role("heading").first).to_be_visible()
    return shown


async def types(page: Page, line: str) -> None:
    """Key by key, taking what the list under the field offers for the words before each Tab."""
    *completed, rest = line.split("\t")
    for part in completed:
        await composer(page).press_sequentially(part)
        await expect(page.get_by_role("option").first).to_be_visible()
        await composer(page).press("Tab")
    await composer(page).press_sequentially(rest)
    await composer(page).press("Enter")


async def form(page: Page, title: str) -> Locator:
    """The modal with this title, once it is there."""
    dialog = page.get_by_role("dialog", name=title, exact=True)
    await expect(dialog).to_be_visible()
    return dialog


async def press(place: Locator, name: str) -> None:
    await place.get_by_role("button", name=name, exact=True).click()


async def refused(field: Locator, sentence: str) -> None:
    """The field is marked, described by this sentence, and in front."""
    await expect(field).to_have_accessible_description(re.compile(re.escape(sentence)))
    await expect(field).to_have_attribute("aria-invalid", "true")
    await expect(field).to_be_focused()


async def confirmed(page: Page, sentence: str) -> None:
    """What a sent form says at the end; then it is closed by keyboard."""
    await expect(page.get_by_role("dialog").get_by_text(sentence)).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_be_hidden()


async def move_clock(page: Page, by: Literal["Next thing due", "+1 hour", "+1 day", "+1 week"]) -> None:
    """Press the button, and wait until everything that was due on the way is done."""
    clock = page.get_by_role("region", name="Clock")
    await press(clock, by)
    await expect(clock.get_by_role("status")).to_have_text(re.compile("^Moved"))
