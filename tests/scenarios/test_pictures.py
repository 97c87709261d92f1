"""Pictures of progress on the local Slack: they come after the form, and where they don't come nothing is missing."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import expect
from sqlalchemy import select

from bot.demo import Demo, running
from bot.features.engagements.domain import Role
from bot.features.engagements.service import Membership, memberships
from bot.features.people.service import People
from bot.features.people.store import PersonRow
from tests.conftest import NOW
from tests.features.progress.life import DECIDES, HIDDEN, LISTENS, live_in
from tests.features.sessions.door import Pair
from tests.sandbox.page.window import CHROMIUM
from tests.scenarios.browser import BEN, be, form, types, visiting
from tests.scenarios.story import client, coach, engage

WITHOUT_PICTURES = "In twelve weeks: 2 kept, 1 partly, 1 not kept."


def _of_coach(demo: Demo) -> Membership:
    with demo.growbot.database.transaction() as db:
        people = [People().get(db, each) for each in db.scalars(select(PersonRow.id))]
        found = [each for person in people for each in memberships(db, person)]
        return next(each for each in found if each.role is Role.COACH)


@pytest.fixture
async def moved(tmp_path: Path) -> AsyncIterator[Demo]:
    """Dana and Ben, after three weeks; growbot has an address."""
    async with running(tmp_path, NOW, serves=True) as demo:
        await engage(demo)
        found = _of_coach(demo)
        with demo.growbot.database.transaction() as db:
            live_in(db, Pair(found.engagement_id, found.coach, found.client))
        yield demo


def _images(seat_modal: object) -> int:
    return str(seat_modal).count("'type': 'image'")


async def test_pictures_follow_the_form_and_hold_no_words(moved: Demo) -> None:
    ben = client(moved)
    await ben.command("/grow progress")
    await ben.wait_until(lambda seat: seat.modal is not None and _images(seat.modal.blocks) == 3)
    assert ben.modal is not None
    images = str([block for block in ben.modal.blocks if block["type"] == "image"])
    assert [each for each in (DECIDES, LISTENS, HIDDEN) if each in images] == []
    assert moved.sandbox.ledger.refused() == []


async def test_where_slack_cannot_fetch_them_the_form_stands_with_all_that_they_say(moved: Demo) -> None:
    moved.sandbox.faults.add("views.update", "invalid_blocks")
    ben = client(moved)
    await ben.command("/grow progress")
    shown = await ben.wait_modal("progress.shown")
    await moved.growbot.settle()
    assert len(moved.sandbox.ledger.refused()) == 1
    assert _images(shown.blocks) == 0
    assert WITHOUT_PICTURES in ben.texts(shown)
    assert not any("once more" in each.text for each in ben.messages)


async def test_the_coach_chooses_a_client_and_sees_pictures_of_what_is_shared(moved: Demo) -> None:
    dana = coach(moved)
    await dana.command("/grow progress")
    await dana.wait_modal("progress.shown")
    await dana.press_in_modal("progress.of", option=_of_coach(moved).engagement_id)
    await dana.wait_until(lambda seat: seat.modal is not None and _images(seat.modal.blocks) == 3)
    assert dana.modal is not None
    assert HIDDEN not in str(dana.modal.blocks)
    assert "Goal 3" not in str(dana.modal.blocks)


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium was found: apt-get install chromium")
async def test_the_page_shows_them_and_has_their_words_read_out(moved: Demo) -> None:
    async with visiting(moved) as page:
        await be(page, BEN)
        await types(page, "/grow progress")
        shown = await form(page, "Progress")
        await expect(shown.get_by_role("heading", name="Goals")).to_be_visible()
        picture = shown.get_by_role("img", name="Goal 1: At the start: 3")
        await expect(picture).to_be_visible()
        assert await picture.evaluate("node => node.decode().then(() => node.naturalWidth)") == 900
