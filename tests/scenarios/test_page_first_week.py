"""The first week of the tour, played on the page: only what a person sees, types and presses."""

from pathlib import Path

from playwright.async_api import Page, expect

from bot.audit import problems_with
from bot.demo import Demo, running
from tests.conftest import NOW
from tests.scenarios.browser import (
    BEN,
    DANA,
    NEEDS_CHROMIUM,
    be,
    confirmed,
    form,
    home,
    log,
    message,
    move_clock,
    press,
    refused,
    types,
    visiting,
)

pytestmark = NEEDS_CHROMIUM

PURPOSE = "Canary one: lead without doing everything myself"
COACH_DOES = "Canary two: asks, and stays curious"
CALL = "Canary three: call the CFO about the budget"
CUE = "When the stand-up ends, canary four, then I dial"
OBSTACLE = "Canary five: the board wants a second opinion"
LEARNED = "Canary six: she asked better questions than I expected"
SAID = "say no to the steering group"
STEP = "Canary seven: say no to the steering group"
HELPED = "Canary eight: a free hour before the call"
HINDERED = "Canary nine: two meetings that could have been a note"
WORDS = (PURPOSE, COACH_DOES, CALL, CUE, OBSTACLE, LEARNED, STEP, HELPED, HINDERED)


async def test_the_first_week_can_be_played_on_the_page_alone(tmp_path: Path) -> None:
    async with running(tmp_path, NOW) as demo, visiting(demo) as page:
        await _they_agree(page)
        await _dana_plans_sessions(page)
        await _ben_commits(page)
        await _ben_makes_a_message_a_commitment(page)
        await _home_shows_both(page)
        await _ben_keeps_the_first(page)
        await _ben_checks_in(page)
        await _dana_reads_it(page)
        await _no_word_stands_in_a_message(page, demo)


async def _they_agree(page: Page) -> None:
    """Dana's first attempt lacks the purpose."""
    await types(page, "/gr\tsta\t@be\t")
    agreement = await form(page, "Start coaching")
    purpose = agreement.get_by_label("What do you want to work on together?")
    await agreement.get_by_label("What the coach does").fill(COACH_DOES)
    await agreement.get_by_label("I am the coach").check()
    await press(agreement, "Sign and invite")
    await refused(purpose, "Please complete this required field.")
    await expect(agreement.get_by_label("What the coach does")).to_have_value(COACH_DOES)
    await purpose.fill(PURPOSE)
    await press(agreement, "Sign and invite")
    await confirmed(page, "Done. @Ben Sato has your invitation")
    await be(page, BEN)
    await press(message(page, "@Dana Okafor would like to work with you"), "Read and sign")
    agreement = await form(page, "Your agreement")
    for text in (PURPOSE, COACH_DOES, "Who can read what"):
        await expect(agreement).to_contain_text(text)
    await press(agreement, "Sign")
    await confirmed(page, "Signed by both of you")
    await expect(message(page, "You signed the agreement")).to_be_visible()


async def _dana_plans_sessions(page: Page) -> None:
    await be(page, DANA)
    await press(message(page, "@Ben Sato has signed"), "Plan a session")
    plan = await form(page, "Plan a session")
    await plan.get_by_label("On", exact=True).fill("2026-12-01")
    await plan.get_by_label("At", exact=True).fill("15:00")
    await plan.get_by_label("How often?").select_option(label="Every week")
    await press(plan, "Plan it")
    await confirmed(page, "Planned")
    await be(page, BEN)
    await expect(message(page, "has planned sessions with you")).to_contain_text("Tuesday at 10:00 AM")


async def _ben_commits(page: Page) -> None:
    """A date that has passed is refused beside its field, and nothing else that was filled in is lost."""
    await types(page, f"/grow commit {CALL} by friday")
    step = await form(page, "New commitment")
    what, by, cue = (step.get_by_label(label) for label in ("What will you do?", "By when?", "When … then"))
    sure = step.get_by_label("How sure are you")
    await expect(what).to_have_value(CALL)
    await by.fill("yesterday")
    await cue.fill(CUE)
    await step.get_by_label("What could get in the way?").fill(OBSTACLE)
    await sure.select_option("8")
    await press(step, "Commit")
    await refused(by, "Tue, Nov 24, 2026 has passed already.")
    await expect(what).to_have_value(CALL)
    await expect(cue).to_have_value(CUE)
    await expect(sure).to_have_value("8")
    await by.fill("friday")
    await press(step, "Commit")
    await confirmed(page, "Saved. Due Friday.")


async def _ben_makes_a_message_a_commitment(page: Page) -> None:
    await types(page, SAID)
    said = message(page, SAID)
    await said.hover()
    await press(said, "Message shortcuts")
    await page.get_by_role("menuitem", name="Make this a commitment").press("Enter")
    step = await form(page, "New commitment")
    await expect(step.get_by_label("What will you do?")).to_have_value(SAID)
    await step.get_by_label("What will you do?").fill(STEP)
    await step.get_by_label("By when?").fill("next wed")
    await step.get_by_label("By when?").press("Enter")
    await confirmed(page, "Saved. Due")


async def _home_shows_both(page: Page) -> None:
    shown = await home(page)
    await expect(shown).to_contain_text(CALL)
    await expect(shown).to_contain_text(STEP)
    await expect(shown).to_contain_text("Tuesday at 10:00 AM")


async def _ben_keeps_the_first(page: Page) -> None:
    await be(page, BEN)
    await move_clock(page, "Next thing due")
    await press(message(page, "A commitment from your work with @Dana Okafor is due tomorrow"), "Kept")
    answer = await form(page, "Your commitment")
    await expect(answer).to_contain_text(CALL)
    await answer.get_by_label("What did you learn?").fill(LEARNED)
    await press(answer, "Save")
    await confirmed(page, "Noted, thank you.")
    await expect(message(page, "Answered, thank you.")).to_be_visible()


async def _ben_checks_in(page: Page) -> None:
    await move_clock(page, "+1 day")
    await press(message(page, "Your weekly check-in with @Dana Okafor: 1 open commitment."), "Check in")
    checkin = await form(page, "Weekly check-in")
    await expect(checkin.get_by_label(STEP)).to_have_value("open")
    await checkin.get_by_label("What helped?").fill(HELPED)
    await checkin.get_by_label("What got in the way?").fill(HINDERED)
    await press(checkin, "Check in")
    await confirmed(page, "Checked in.")
    await expect(message(page, "You have checked in with @Dana Okafor")).to_be_visible()


async def _dana_reads_it(page: Page) -> None:
    await be(page, DANA)
    await types(page, "/grow checkin")
    read = await form(page, "Client check-ins")
    await expect(read).to_contain_text(HELPED)
    await expect(read).to_contain_text(HINDERED)
    await page.keyboard.press("Escape")
    await expect(read).to_be_hidden()


async def _no_word_stands_in_a_message(page: Page, demo: Demo) -> None:
    """Neither on the page now, nor in anything that was ever posted."""
    for name in (DANA, BEN):
        await be(page, name)
        await expect(log(page).get_by_role("article").first).to_be_visible()
        await expect(log(page)).not_to_contain_text("canary", ignore_case=True)
    assert problems_with(demo, WORDS) == []
