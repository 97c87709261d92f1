"""What the tests of the page do there again and again, and how a browser is found and watched."""

import re
import shutil
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.async_api import ConsoleMessage, Locator, Page, Request, Response, expect

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PAGE = [
    pytest.mark.asyncio(loop_scope="session"),  # one browser serves all tests
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium was found: apt-get install chromium"),
    pytest.mark.usefixtures("connected"),
]


class Watch:
    """What went wrong on the page, and which hosts it asked for anything."""

    def __init__(self, page: Page) -> None:
        self.troubles: list[str] = []
        self.hosts: set[str | None] = set()
        page.on("console", self._said)
        page.on("pageerror", lambda error: self._trouble(str(error)))
        page.on("requestfailed", self._failed)
        page.on("request", lambda request: self._asked(urlsplit(request.url).hostname))
        page.on("response", self._answered)

    def _trouble(self, what: str) -> None:
        self.troubles.append(what)

    def _asked(self, host: str | None) -> None:
        self.hosts.add(host)

    def _said(self, line: ConsoleMessage) -> None:
        if line.type in ("error", "warning"):
            self._trouble(line.text)

    def _answered(self, answer: Response) -> None:
        if answer.status >= 400:
            self._trouble(f"{answer.url}: {answer.status}")

    def _failed(self, request: Request) -> None:
        if not request.url.endswith("/page/api/stream"):  # the stream ends when the page is left
            self._trouble(f"{request.url}: {request.failure}")


def composer(page: Page) -> Locator:
    """The message field."""
    return page.get_by_role("textbox", name=re.compile("^Message growbot as"))


async def send(page: Page, line: str) -> None:
    """Type a line and press Enter, with the suggestions closed."""
    await composer(page).fill(line)
    await composer(page).press("Escape")
    await composer(page).press("Enter")


async def choose(page: Page, name: str) -> None:
    """Become another person."""
    await page.get_by_role("button", name=name).click()
    await expect(page.get_by_text(f"You are {name}")).to_be_visible()


async def opened_form(page: Page) -> Locator:
    """The modal with every element."""
    await send(page, "/grow commit")
    form = page.get_by_role("dialog", name="New commitment")
    await expect(form).to_be_visible()
    return form


async def fill_everything(form: Locator) -> None:
    """Enter something in each field."""
    texts = {
        "What will you do?": "Call them",
        "Why?": "It matters\nto me",
        "How sure are you?": "8",
        "Mail": "dana@example.org",
        "Link": "https://example.org/a",
        "By when?": "2026-12-18",
        "At what time?": "14:37",
        "When do you meet?": "2026-12-18T09:30",
        "Cue": "After lunch",
    }
    for label, text in texts.items():
        await form.get_by_label(label).fill(text)
    await form.get_by_label("Area", exact=True).select_option(label="Home")
    await form.get_by_label("With whom?").select_option(label="Ben Sato")
    await form.get_by_label("Both").check()
    await form.get_by_label("Tue").check()
    await form.get_by_role("button", name="Areas").press("ArrowDown")
    for key in ("Space", "ArrowDown", "Space", "Escape"):
        await form.page.keyboard.press(key)


def bare(value: dict[str, Any]) -> Any:
    """One input's value without Slack's wrapping."""
    [inside] = [value[key] for key in value if key != "type"]
    if isinstance(inside, list):
        return [option["value"] for option in inside]
    return inside["value"] if isinstance(inside, dict) else inside
