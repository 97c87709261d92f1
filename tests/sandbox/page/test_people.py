"""People and the clock, and who keeps what when another person is chosen."""

from datetime import timedelta

import pytest
from playwright.async_api import Page, expect

from bot.sandbox import Sandbox, SandboxClock
from tests.sandbox.page.showcase import Showcase
from tests.sandbox.page.window import PAGE, choose, composer, opened_form, send

pytestmark = PAGE


@pytest.mark.parametrize(
    ("name", "move", "due"),
    [
        ("Next thing due", timedelta(hours=3), "One thing was"),
        ("+1 hour", timedelta(hours=1), "Nothing was"),
        ("+1 day", timedelta(days=1), "8 things were"),
        ("+1 week", timedelta(weeks=1), "56 things were"),
    ],
)
async def test_the_clock_moves_and_says_what_was_due(
    page: Page, clock: SandboxClock, name: str, move: timedelta, due: str
) -> None:
    before = clock.now()
    await page.get_by_role("button", name=name).click()
    status = page.get_by_role("region", name="Clock").get_by_role("status")
    await expect(status).to_have_text(f"Moved. {due} due on the way.")
    assert clock.now() - before == move
    shown = (before + move).strftime("%H:%M")
    await expect(page.get_by_role("region", name="Clock")).to_contain_text(shown)


async def test_what_is_due_next_is_shown_anew_after_the_app_did_something(
    page: Page, showcase: Showcase
) -> None:
    clock = page.get_by_role("region", name="Clock")
    await expect(clock).to_contain_text("Next due: Mon 30 Nov, 12:00")
    showcase.due -= timedelta(hours=2)
    await send(page, "/grow help")
    await expect(clock).to_contain_text("Next due: Mon 30 Nov, 10:00")


async def test_each_person_keeps_a_draft_and_a_half_filled_modal(page: Page, showcase: Showcase) -> None:
    form = await opened_form(page)
    await form.get_by_label("What will you do?").fill("Dana's step")
    await choose(page, "Ben Sato")
    await expect(form).to_be_hidden()
    await composer(page).fill("Ben's draft")
    await choose(page, "Dana Okafor")
    await expect(form.get_by_label("What will you do?")).to_have_value("Dana's step")
    await page.keyboard.press("F6")
    await expect(form).to_be_focused()
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Leave").click()
    await expect(composer(page)).to_have_value("")
    await choose(page, "Ben Sato")
    await expect(composer(page)).to_have_value("Ben's draft")


async def test_what_arrives_for_somebody_else_is_counted_beside_the_name(
    page: Page, sandbox: Sandbox
) -> None:
    await sandbox.seat("U0BEN").command("/grow message")
    await expect(page.get_by_role("button", name="Ben Sato").get_by_label("1 unread")).to_be_visible()
    await choose(page, "Ben Sato")
    await expect(page.get_by_text("Before your session")).to_be_visible()
    await choose(page, "Dana Okafor")
    await expect(page.get_by_label("unread")).to_have_count(0)


async def test_on_home_the_messages_tab_says_how_many_wait(page: Page, sandbox: Sandbox) -> None:
    await page.get_by_role("tab", name="Home").click()
    await expect(page.get_by_text("Your week")).to_be_visible()
    await sandbox.seat("U0DANA").command("/grow message")
    await page.get_by_role("tab", name="Messages 1 unread").click()
    await expect(page.get_by_text("Before your session")).to_be_in_viewport()
    await expect(page.get_by_label("unread")).to_have_count(0)


async def test_the_address_bar_remembers_who_and_where(page: Page) -> None:
    await choose(page, "Ben Sato")
    await page.get_by_role("tab", name="Home").click()
    await expect(page.get_by_text("Your week")).to_be_visible()
    await page.reload()
    await expect(page.get_by_text("Your week")).to_be_visible()
    await page.go_back()
    await expect(composer(page)).to_have_attribute("aria-label", "Message growbot as Ben Sato")
    await page.go_back()
    await expect(page.get_by_text("You are Dana Okafor")).to_be_visible()


async def test_people_who_cannot_be_played_are_shown_but_not_as_buttons(page: Page) -> None:
    await expect(page.get_by_text("@oleg · deactivated")).to_be_visible()
    await expect(page.get_by_text("@vera · other organisation")).to_be_visible()
    await expect(page.get_by_role("button", name="Oleg Marsh")).to_have_count(0)


async def test_a_phone_gets_a_drawer_and_no_sideways_scrolling(page: Page, showcase: Showcase) -> None:
    await page.set_viewport_size({"width": 380, "height": 760})
    await send(page, "/grow message")
    await expect(page.get_by_text("Before your session")).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth") == 380
    await page.get_by_role("button", name="People and clock").click()
    await page.get_by_role("button", name="Ben Sato").click()
    await expect(page.get_by_text("You are Ben Sato")).to_be_visible()
    await expect(page.get_by_role("button", name="Dana Okafor")).to_be_hidden()


async def test_in_a_low_window_everybody_can_be_scrolled_to(page: Page) -> None:
    await page.set_viewport_size({"width": 1280, "height": 420})
    also_here = page.get_by_role("heading", name="Also here")
    await also_here.scroll_into_view_if_needed()
    await expect(also_here).to_be_in_viewport(ratio=1)
