"""Messages and Home: what is drawn, and what its buttons, menus and shortcuts do."""

from pathlib import Path

import pytest
from playwright.async_api import Page, expect
from slack_sdk.web.async_client import AsyncWebClient

from tests.sandbox.page.showcase import Showcase
from tests.sandbox.page.window import PAGE, composer, send

pytestmark = PAGE


async def test_buttons_selects_and_menus_in_a_message_tell_the_app(page: Page, showcase: Showcase) -> None:
    await send(page, "/grow message")
    message = page.get_by_role("article").filter(has_text="Before your session")
    await message.get_by_role("combobox", name="Later").select_option("week")
    assert (await showcase.arrived("action"))["selected_option"]["value"] == "week"
    await message.get_by_role("button", name="More actions").click()
    await page.get_by_role("menuitem", name="Skip").click()
    assert (await showcase.arrived("action"))["selected_option"]["value"] == "skip"
    await message.get_by_role("button", name="Prepare").click()
    assert (await showcase.arrived("action"))["value"] == "open"
    await expect(page.get_by_role("dialog", name="New commitment")).to_be_visible()


async def test_a_button_that_asks_first_does_nothing_when_declined(page: Page, showcase: Showcase) -> None:
    await send(page, "/grow message")
    end = page.get_by_role("button", name="End it")
    await end.click()
    await page.get_by_role("dialog", name="Sure?").get_by_role("button", name="Stay").click()
    await end.click()
    await page.get_by_role("dialog", name="Sure?").get_by_role("button", name="End", exact=True).click()
    assert (await showcase.arrived("action"))["value"] == "end"
    assert showcase.seen.empty()


async def test_a_declined_choice_shows_again_what_was_chosen_before(page: Page, showcase: Showcase) -> None:
    await send(page, "/grow message")
    pace = page.get_by_role("combobox", name="Pace")
    await pace.select_option("active")
    await page.keyboard.press("Escape")
    await expect(pace).to_have_value("light")
    await pace.select_option("active")
    await page.get_by_role("dialog", name="Sure?").get_by_role("button", name="End", exact=True).click()
    assert (await showcase.arrived("action"))["selected_option"]["value"] == "active"


async def test_markup_is_drawn_as_slack_draws_it_and_never_as_html(page: Page, showcase: Showcase) -> None:
    await send(page, "/grow message")
    message = page.get_by_role("article").filter(has_text="Before your session")
    await expect(message.locator("strong", has_text="two")).to_be_visible()
    await expect(message.locator("em")).to_have_text("commitments")
    await expect(message.locator("s")).to_have_text("over")
    await expect(message.locator("time", has_text="4 Dec 2026 at 16:00")).to_be_visible()
    await expect(message.locator(".mention")).to_have_text("@Ben Sato")
    await expect(message.locator("blockquote").first).to_have_text("a <quote>")
    await expect(message.get_by_role("link", name="a link")).to_have_attribute(
        "href", "https://example.org/a"
    )
    await expect(message.get_by_text("<b>quoted</b>")).to_be_visible()
    assert await message.get_by_text("One line").inner_text() == "One line\nand another"


async def test_a_message_shortcut_names_the_message(page: Page, showcase: Showcase) -> None:
    await send(page, "call the board")
    await page.get_by_role("article").filter(has_text="call the board").hover()
    await page.get_by_role("button", name="Message shortcuts").click()
    await page.keyboard.press("Enter")
    shortcut = await showcase.arrived("shortcut")
    assert (shortcut["callback_id"], shortcut["message"]["text"]) == ("keep", "call the board")
    await expect(page.get_by_role("dialog", name="New commitment")).to_be_visible()


async def test_a_global_shortcut_is_behind_the_lightning_bolt(page: Page, showcase: Showcase) -> None:
    await page.get_by_role("button", name="Shortcuts", exact=True).click()
    await page.get_by_role("menuitem", name="New").click()
    assert (await showcase.arrived("shortcut"))["callback_id"] == "new"


async def test_home_shows_what_the_app_published_and_its_buttons_work(page: Page, showcase: Showcase) -> None:
    await page.get_by_role("tab", name="Home").click()
    await page.get_by_role("button", name="Pause").click()
    assert (await showcase.arrived("action"))["action_id"] == "pause"
    await page.get_by_role("tab", name="Home").press("ArrowRight")
    await expect(page.get_by_role("tab", name="Messages")).to_be_focused()
    await expect(composer(page)).to_be_visible()


COVERED = """
() => [...document.querySelectorAll(".more")].flatMap((button) => {
  const place = button.getBoundingClientRect();
  const texts = document.createTreeWalker(document.querySelector("[role=log]"), NodeFilter.SHOW_TEXT);
  const covered = [];
  while (texts.nextNode()) {
    const range = document.createRange();
    range.selectNodeContents(texts.currentNode);
    for (const { left, right, top, bottom } of range.getClientRects())
      if (left < place.right && right > place.left && top < place.bottom && bottom > place.top)
        covered.push(texts.currentNode.textContent);
  }
  return covered;
})
"""


@pytest.mark.parametrize("width", [400, 700, 900, 1280])
async def test_the_button_of_the_shortcuts_covers_no_words(
    page: Page, showcase: Showcase, width: int
) -> None:
    await page.set_viewport_size({"width": width, "height": 800})
    for _time in range(2):
        await send(page, "word " * 60)
    await send(page, "/grow message")
    await expect(page.get_by_role("button", name="Message shortcuts")).to_have_count(3)
    assert await page.evaluate(COVERED) == []


def downloaded(path: str) -> bytes:
    return Path(path).read_bytes()


async def test_a_file_is_shown_with_its_size_and_can_be_downloaded_until_it_is_deleted(
    page: Page, client: AsyncWebClient
) -> None:
    channel = (await client.conversations_open(users="U0DANA"))["channel"]["id"]
    sent = await client.files_upload_v2(
        channel=channel, filename="export.zip", title="Your export", content=b"x" * 12_345
    )
    message = page.get_by_role("article").filter(has_text="Your export")
    await expect(message.get_by_text("export.zip · 12 kB")).to_be_visible()
    async with page.expect_download() as download:
        await message.get_by_role("link", name="Download export.zip").click()
    assert downloaded(str(await (await download.value).path())) == b"x" * 12_345
    await client.files_delete(file=sent["files"][0]["id"])
    await expect(page.get_by_role("article").get_by_text("This file was deleted.")).to_be_visible()
