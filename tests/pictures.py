"""The README's pictures, taken from the page while a first week is played. `make pictures` writes them."""

import asyncio
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from math import ceil, floor
from pathlib import Path

from playwright.async_api import FloatRect, Locator, Page, ViewportSize, expect

from bot.core import logs
from bot.demo import running
from tests.sandbox.page.window import CHROMIUM, send
from tests.scenarios.browser import (
    BEN,
    DANA,
    be,
    confirmed,
    form,
    home,
    message,
    move_clock,
    press,
    visiting,
)

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "pictures"
STARTS_AT = datetime(2026, 11, 25, 14, 30, tzinfo=UTC)  # a Wednesday
WINDOW: ViewportSize = {
    "width": 840,
    "height": 860,
}  # README shows two beside each other: narrow, to be read there


BEHIND = "node => node.closest('.modal-layer')?.style.setProperty('background', '#fff')"
"""What lies behind a modal would show in its round corners."""


async def take(place: Locator, name: str, height: int = 860, shown: Locator | None = None) -> None:
    """This modal, or everything beside the list of people, in a window of this height; `shown` is scrolled to.

    A modal that scrolls is cut where one thing ends.
    """
    await place.page.set_viewport_size({"width": WINDOW["width"], "height": height})
    if shown:
        await shown.evaluate("node => node.scrollIntoView({block: 'end'})")
    await place.page.mouse.move(0, 0)  # nothing is lit by the pointer, or by the focus
    await place.page.evaluate("document.activeElement.blur()")
    await place.evaluate(BEHIND)
    clip = _whole_pixels(await place.bounding_box())
    await place.page.screenshot(path=FOLDER / f"{name}.png", clip=clip, animations="disabled")
    await place.page.set_viewport_size(WINDOW)


def _whole_pixels(box: FloatRect | None) -> FloatRect:
    """Without the half pixels at its edges, where what lies behind would show."""
    assert box is not None
    left, top = ceil(box["x"]), ceil(box["y"])
    right, bottom = floor(box["x"] + box["width"]), floor(box["y"] + box["height"])
    return {"x": left, "y": top, "width": right - left, "height": bottom - top}


async def fill(place: Locator, texts: Mapping[str, str]) -> None:
    for label, text in texts.items():
        await place.get_by_label(label).fill(text)


async def play(page: Page) -> None:
    """Just enough of a first week for each picture."""
    await press(page.locator("body"), "Hide this hint")
    await _agree(page)
    await _plan(page)
    await _commit(page)
    await home(page)
    await take(page.get_by_role("main"), "home", 650)
    await be(page, BEN)
    await _check_in(page)
    await _prepare(page)


async def _agree(page: Page) -> None:
    await send(page, "/grow start @ben")
    agreement = await form(page, "Start coaching")
    await fill(agreement, {"What do you want to work on": "Lead without doing everything myself."})
    await agreement.get_by_label("I am the coach").check()
    await take(agreement, "agreement", 692)
    await press(agreement, "Sign and invite")
    await confirmed(page, "Done.")
    await be(page, BEN)
    await press(message(page, "would like to work with you"), "Read and sign")
    await press(await form(page, "Your agreement"), "Sign")
    await confirmed(page, "Signed by both of you")


async def _plan(page: Page) -> None:
    await be(page, DANA)
    await send(page, "/grow session next tue 3pm")
    plan = await form(page, "Plan a session")
    await plan.get_by_label("How often?").select_option(label="Every week")
    await press(plan, "Plan it")
    await confirmed(page, "Planned")


async def _commit(page: Page) -> None:
    await be(page, BEN)
    await send(page, "/grow commit Keep Thursday mornings free by next thursday")
    await press(await form(page, "New commitment"), "Commit")
    await confirmed(page, "Saved.")
    await send(page, "/grow commit Call the CFO about the budget by next wednesday")
    step = await form(page, "New commitment")
    plan = {
        "When … then": "When the stand-up ends, then I dial before opening mail",
        "What could get in the way?": "A full calendar. Then I call at lunch.",
    }
    await fill(step, plan)
    await step.get_by_label("How sure are you").select_option("8")
    await take(step, "commitment")
    await press(step, "Commit")
    await confirmed(page, "Saved.")


async def _check_in(page: Page) -> None:
    while not await message(page, "Your weekly check-in").count():
        await move_clock(page, "Next thing due")
    await press(message(page, "Your weekly check-in"), "Check in")
    checkin = await form(page, "Weekly check-in")
    await checkin.get_by_label("Call the CFO").select_option(label="Kept")
    await fill(checkin, {"What helped?": "Doing it first thing, before the mail."})
    await take(checkin, "checkin")
    await press(checkin, "Check in")
    await confirmed(page, "Checked in.")


async def _prepare(page: Page) -> None:
    await move_clock(page, "Next thing due")
    asked = message(page, "A few minutes of preparation")
    await expect(asked).to_be_visible()
    await take(page.get_by_role("main"), "prep-message", 490, asked)
    await press(asked, "Prepare")
    prep = await form(page, "Prepare")
    goal = {
        "What is this session about": "To see which reports my team can own.",
        "What would you like to leave with?": "One thing that I stop doing.",
    }
    await fill(prep, goal)
    await take(prep, "prep", 820)


async def main() -> None:
    logs.configure("ERROR")
    if CHROMIUM is None:
        raise SystemExit("No Chromium was found: apt-get install chromium")
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="growbot-pictures-") as folder:
        async with running(Path(folder), STARTS_AT) as demo, visiting(demo, WINDOW) as page:
            await play(page)


if __name__ == "__main__":
    asyncio.run(main())
