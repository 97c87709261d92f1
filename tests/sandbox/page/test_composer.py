"""The message field: completion by keyboard, what is sent, and what comes of it."""

from playwright.async_api import Page, expect

from bot.sandbox import Sandbox
from tests.sandbox.page.showcase import WORDS, Showcase
from tests.sandbox.page.window import PAGE, choose, composer, send

pytestmark = PAGE


async def test_a_command_is_completed_word_by_word_with_the_keyboard(page: Page, showcase: Showcase) -> None:
    await composer(page).press_sequentially("/gr")
    await composer(page).press("Tab")
    await composer(page).press_sequentially("st")
    await expect(page.get_by_role("option", name="start @person")).to_have_attribute("aria-selected", "true")
    await composer(page).press("Enter")
    await composer(page).press_sequentially("@")
    await expect(page.get_by_role("option")).to_have_count(9)
    await composer(page).press_sequentially("be")
    await composer(page).press("Tab")
    await expect(composer(page)).to_have_value("/grow start @ben ")
    await composer(page).press("Enter")
    assert await showcase.arrived("command") == "start <@U0BEN|ben>"
    await expect(page.get_by_role("log")).to_contain_text("Only visible to you")


async def test_enter_after_a_bare_command_sends_it_instead_of_taking_a_suggestion(
    page: Page, showcase: Showcase
) -> None:
    await composer(page).press_sequentially("/grow ")
    await expect(page.get_by_role("option")).to_have_count(len(WORDS))
    await composer(page).press("Enter")
    assert await showcase.arrived("command") == ""


async def test_arrow_keys_choose_another_suggestion_and_escape_leaves_them(page: Page) -> None:
    await composer(page).press_sequentially("/grow ")
    await composer(page).press("ArrowDown")
    await composer(page).press("ArrowDown")
    await composer(page).press("Enter")
    await expect(composer(page)).to_have_value("/grow commit ")
    await composer(page).press("Backspace")
    await expect(page.get_by_role("listbox", name="Suggestions")).to_be_visible()
    await composer(page).press("Escape")
    await expect(page.get_by_role("listbox", name="Suggestions")).to_be_hidden()
    await expect(composer(page)).to_have_value("/grow commit")


async def test_what_is_written_without_a_slash_is_said_to_the_app(page: Page, showcase: Showcase) -> None:
    await send(page, "hello <b>there</b>")
    assert await showcase.arrived("said") == "hello &lt;b&gt;there&lt;/b&gt;"
    await expect(page.get_by_role("log").get_by_text("hello <b>there</b>")).to_be_visible()


async def test_an_app_that_does_not_answer_is_named_and_the_line_is_given_back(
    page: Page, showcase: Showcase, sandbox: Sandbox
) -> None:
    sandbox.deliveries.answer_seconds = 1.0
    await send(page, "/grow silence")
    await expect(page.get_by_text("Waiting for growbot…")).to_be_visible()
    await expect(page.get_by_text("/grow failed because the app did not respond")).to_be_visible()
    await expect(composer(page)).to_have_value("/grow silence")


async def test_the_hint_stays_away_once_it_is_dismissed(page: Page) -> None:
    await expect(page.get_by_text("/grow start @ben")).to_be_visible()
    await page.get_by_role("button", name="Hide this hint").click()
    await page.reload()
    await expect(composer(page)).to_be_visible()
    await expect(page.get_by_text("New here?")).to_be_hidden()


async def test_the_hint_leaves_by_itself_once_there_are_messages(page: Page, showcase: Showcase) -> None:
    hint = page.get_by_text("New here?")
    await expect(hint).to_be_visible()
    await send(page, "/grow message")
    await expect(hint).to_be_hidden()
    await choose(page, "Ben Sato")
    await expect(hint).to_be_visible()
