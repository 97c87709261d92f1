"""The README's pictures, taken from the page in the middle of the tour. `make pictures` writes them."""

import asyncio
import tempfile
from collections.abc import Awaitable, Callable, Mapping, Sequence
from math import ceil, floor
from pathlib import Path

from playwright.async_api import FloatRect, Locator, Page, ViewportSize, expect

from bot.core import logs
from bot.core.i18n import Language
from bot.demo import running
from bot.tour.cast import FRI, MON, NEW_YORK, WED, Cast, Words, at
from bot.tour.playing import STARTS_AT, WEEKS, cast_of
from tests.sandbox.page.window import CHROMIUM, send
from tests.scenarios.browser import (
    BEN,
    be,
    confirmed,
    form,
    home,
    message,
    press,
    visiting,
)

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "pictures"
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


# --- what is taken, and when -------------------------------------------------------------------------------


async def before(page: Page, cast: Cast) -> None:
    await press(page.locator("body"), "Hide this hint")
    await send(page, "/grow start @ben")
    agreement = await form(page, "Start coaching")
    await fill(agreement, {"What do you want to work on": f"{Words.PURPOSE}."})
    await agreement.get_by_label("I am the coach").check()
    await take(agreement, "agreement", 692)
    await press(agreement, "Cancel")


async def in_week_2(page: Page, cast: Cast) -> None:
    await cast.travel.to(at(2, MON, 15))
    await be(page, BEN)
    asked = message(page, "A few minutes of preparation")
    await expect(asked).to_be_visible()
    await take(page.get_by_role("main"), "prep-message", 504, asked)
    await press(asked, "Prepare")
    prep = await form(page, "Prepare")
    goal = {
        "What is this session about": "To see which reports my team can own.",
        "What would you like to leave with?": "One thing that I stop doing.",
    }
    await fill(prep, goal)
    await take(prep, "prep", 820)


async def in_week_7(page: Page, cast: Cast) -> None:
    await be(page, BEN)
    await home(page)
    await take(page.get_by_role("main"), "home", 838)
    await be(page, BEN)
    await _commit(page)
    await cast.travel.to(at(7, FRI, 15, zone=NEW_YORK))
    await send(page, "/grow checkin")
    checkin = await form(page, "Weekly check-in")
    await checkin.get_by_label("Mon, Mar 15").check()
    await checkin.get_by_label("Thu, Mar 18").check()
    await take(checkin, "checkin", 768)


async def _commit(page: Page) -> None:
    await send(page, f"/grow commit {Words.REVIEW} by next friday")
    step = await form(page, "New commitment")
    plan = {
        "When … then": "When the numbers are in, then I send her the agenda",
        "What could get in the way?": "I join after all. Then I only listen.",
    }
    await fill(step, plan)
    await step.get_by_label("How sure are you").select_option("8")
    await take(step, "commitment", 822)
    await press(step, "Commit")
    await confirmed(page, "Saved.")


async def in_week_11(page: Page, cast: Cast) -> None:
    await cast.travel.to(at(11, WED, 10, zone=NEW_YORK))
    await be(page, BEN)
    await send(page, "/grow goals")
    goals = await form(page, "Goals")
    await goals.get_by_role("button", name="Open").last.click()
    await take(await form(page, "Goal"), "goal", 652)
    for title in ("Goal", "Goals"):
        await (await form(page, title)).get_by_text("Close", exact=True).click()
    await send(page, "/grow progress")
    progress = await form(page, "Progress")
    await expect(progress.get_by_role("img")).to_have_count(3)
    for each in await progress.get_by_role("img").all():
        await each.evaluate("node => node.decode()")
    await take(progress, "progress", 748)


TAKEN: Sequence[tuple[int, Callable[[Page, Cast], Awaitable[None]]]] = (
    (0, before),
    (1, in_week_2),
    (6, in_week_7),
    (10, in_week_11),
)
"""After how many weeks of the tour. Each in a workspace of its own: what is done for a picture is not in the story."""


async def main() -> None:
    logs.configure("ERROR")
    if CHROMIUM is None:
        raise SystemExit("No Chromium was found: apt-get install chromium")
    FOLDER.mkdir(parents=True, exist_ok=True)
    for weeks, taking in TAKEN:
        with tempfile.TemporaryDirectory(prefix="growbot-pictures-") as folder:
            async with running(Path(folder), STARTS_AT, serves=True) as demo:
                cast = cast_of(demo, Language.ENGLISH, lambda _line: None)
                for week in WEEKS[:weeks]:
                    await week(cast)
                async with visiting(demo, WINDOW) as page:
                    await taking(page, cast)


if __name__ == "__main__":
    asyncio.run(main())
