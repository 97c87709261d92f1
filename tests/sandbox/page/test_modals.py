"""Modals: every element, errors beside fields, stacks, and that nothing typed is lost."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import Locator, Page, expect

from tests.sandbox.page.showcase import Showcase
from tests.sandbox.page.window import PAGE, bare, choose, composer, fill_everything, opened_form, send

pytestmark = PAGE


def question(page: Page) -> Locator:
    """What is asked before something typed is thrown away."""
    return page.get_by_role("dialog", name="Leave without saving?")


async def test_every_element_sends_what_was_entered_in_it(page: Page, showcase: Showcase) -> None:
    await choose(page, "Ben Sato")
    form = await opened_form(page)
    await fill_everything(form)
    await form.get_by_role("button", name="Save").click()
    sent = await showcase.arrived("submission")
    values = {name: bare(sent[name][name]) for name in sent}
    assert values == {
        "what": "Call them",
        "why": "It matters\nto me",
        "sure": "8",
        "mail": "dana@example.org",
        "link": "https://example.org/a",
        "day": "2026-12-18",
        "time": "14:37",
        "moment": int(datetime(2026, 12, 18, 9, 30, tzinfo=ZoneInfo("America/New_York")).timestamp()),
        "area": "home",
        "areas": ["one", "two"],
        "whom": "U0BEN",
        "share": "both",
        "days": ["tue"],
        "cue": "After lunch",
    }
    await expect(form).to_be_hidden()


async def test_initial_values_count_as_entered(page: Page, showcase: Showcase) -> None:
    form = await opened_form(page)
    await expect(form.get_by_label("By when?")).to_have_value("2026-12-04")
    await expect(form.get_by_label("At what time?")).to_have_value("09:05")


async def test_an_error_stands_beside_its_field_and_what_was_typed_stays(
    page: Page, showcase: Showcase
) -> None:
    form = await opened_form(page)
    await fill_everything(form)
    what = form.get_by_label("What will you do?")
    await what.fill("refuse")
    await what.press("Enter")
    await expect(what).to_have_accessible_description("Say it as a step.")
    await expect(what).to_be_focused()
    await expect(form.get_by_label("Why?")).to_have_value("It matters\nto me")
    await expect(form.get_by_label("Tue")).to_be_checked()
    await what.fill("step")
    await expect(form.get_by_text("Say it as a step.")).to_be_hidden()


async def test_an_empty_required_field_is_named_before_the_app_hears_of_it(
    page: Page, showcase: Showcase
) -> None:
    form = await opened_form(page)
    await form.get_by_role("button", name="Save").click()
    what = form.get_by_label("What will you do?")
    await expect(what).to_have_accessible_description("Please complete this required field.")
    await expect(what).to_have_attribute("aria-invalid", "true")
    await expect(form.get_by_text("Please complete this required field.")).to_have_count(6)


async def test_a_redrawn_modal_keeps_what_was_entered_and_the_focus(page: Page, showcase: Showcase) -> None:
    form = await opened_form(page)
    await fill_everything(form)
    before = {name: await form.get_by_label(name).input_value() for name in ("What will you do?", "By when?")}
    await form.get_by_label("Cue").press("Enter")
    assert (await showcase.arrived("action"))["value"] == "After lunch"
    await expect(form.get_by_text("Cue: After lunch")).to_be_visible()
    await expect(form.get_by_label("Cue")).to_be_focused()
    assert before == {name: await form.get_by_label(name).input_value() for name in before}
    await expect(form.get_by_label("Tue")).to_be_checked()
    await form.get_by_role("button", name="Save").click()
    sent = await showcase.arrived("submission")
    assert (bare(sent["why"]["why"]), bare(sent["areas"]["areas"])) == ("It matters\nto me", ["one", "two"])


async def test_a_second_modal_stands_over_the_first_and_escape_goes_back(
    page: Page, showcase: Showcase
) -> None:
    form = await opened_form(page)
    await fill_everything(form)
    await form.get_by_label("What will you do?").fill("more")
    await form.get_by_role("button", name="Save").click()
    await expect(form.get_by_role("button", name="Back")).to_be_visible()
    await expect(form.get_by_label("Why?")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(form.get_by_label("What will you do?")).to_have_value("more")
    await form.get_by_role("button", name="Close", exact=True).click()
    await question(page).get_by_role("button", name="Leave").click()
    await expect(form).to_be_hidden()
    await expect(composer(page)).to_be_focused()


async def test_tab_goes_round_inside_a_modal(page: Page, showcase: Showcase) -> None:
    form = await opened_form(page)
    await form.get_by_role("button", name="Save").focus()
    await page.keyboard.press("Tab")
    await expect(form.get_by_role("button", name="Close", exact=True)).to_be_focused()
    await page.keyboard.press("Shift+Tab")
    await expect(form.get_by_role("button", name="Save")).to_be_focused()


async def test_a_modal_opens_at_its_top_with_the_first_field_focused(page: Page, showcase: Showcase) -> None:
    await send(page, "/grow long")
    form = page.get_by_role("dialog", name="New commitment")
    await expect(form.get_by_label("Why?")).to_be_focused()
    await expect(form.get_by_text(":seedling: First")).to_be_in_viewport()


async def test_without_a_field_the_modal_itself_is_focused(page: Page, showcase: Showcase) -> None:
    await send(page, "/grow text")
    form = page.get_by_role("dialog", name="New commitment")
    await expect(form).to_be_focused()
    await expect(form.get_by_text(":seedling: First")).to_be_in_viewport()
    await page.keyboard.press("Tab")
    await expect(form.get_by_role("button", name="Close", exact=True)).to_be_focused()


async def test_a_text_without_emoji_is_shown_as_it_was_typed(page: Page, showcase: Showcase) -> None:
    await send(page, "/grow long")
    form = page.get_by_role("dialog", name="New commitment")
    await expect(form.get_by_label("Say :smile: here")).to_be_visible()


async def test_leaving_with_something_typed_is_asked_for_and_escape_goes_back_to_the_field(
    page: Page, showcase: Showcase
) -> None:
    form = await opened_form(page)
    what = form.get_by_label("What will you do?")
    await what.fill("Call them")
    await page.keyboard.press("Escape")
    await expect(question(page)).to_have_accessible_description(
        "You have unsaved changes. What you entered here will be lost."
    )
    await expect(question(page).get_by_role("button", name="Keep editing")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(question(page)).to_be_hidden()
    await expect(what).to_be_focused()
    await expect(what).to_have_value("Call them")


async def test_leaving_by_keyboard_closes_the_form(page: Page, showcase: Showcase) -> None:
    form = await opened_form(page)
    await form.get_by_label("Tue").check()
    await page.keyboard.press("Escape")
    for key in ("Tab", "Enter"):
        await page.keyboard.press(key)
    await expect(form).to_be_hidden()
    await expect(composer(page)).to_be_focused()


@pytest.mark.parametrize("name", ["Close", "Not now"])
async def test_every_button_that_closes_asks_and_enter_stays(
    page: Page, showcase: Showcase, name: str
) -> None:
    form = await opened_form(page)
    await form.get_by_label("Area", exact=True).select_option(label="Home")
    await form.get_by_role("button", name=name, exact=True).click()
    await expect(question(page)).to_be_visible()
    await page.keyboard.press("Enter")
    await expect(question(page)).to_be_hidden()
    await expect(form.get_by_label("Area", exact=True)).to_have_value("home")


async def test_a_form_that_is_as_it_was_opened_closes_without_a_question(
    page: Page, showcase: Showcase
) -> None:
    form = await opened_form(page)
    what = form.get_by_label("What will you do?")
    await what.fill("Call them")
    await what.fill("")
    await page.keyboard.press("Escape")
    await expect(form).to_be_hidden()
    await expect(question(page)).to_have_count(0)


async def test_an_error_below_the_fold_comes_into_view(page: Page, showcase: Showcase) -> None:
    await page.set_viewport_size({"width": 1280, "height": 460})
    form = await opened_form(page)
    await fill_everything(form)
    await form.get_by_label("Tue").uncheck()
    await form.get_by_label("What will you do?").focus()
    await page.keyboard.press("Control+Enter")
    await expect(form.get_by_text("Please complete this required field.")).to_be_in_viewport(ratio=1)
    await expect(form.get_by_label("Mon")).to_be_focused()


async def test_an_error_above_comes_into_view_too(page: Page, showcase: Showcase) -> None:
    await page.set_viewport_size({"width": 1280, "height": 460})
    form = await opened_form(page)
    await fill_everything(form)
    await form.get_by_label("What will you do?").fill("refuse")
    await form.get_by_label("Cue").scroll_into_view_if_needed()
    await form.get_by_role("button", name="Save").click()
    await expect(form.get_by_text("Say it as a step.")).to_be_in_viewport(ratio=1)
    await expect(form.get_by_text("What will you do?")).to_be_in_viewport(ratio=1)
