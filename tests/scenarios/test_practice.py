"""`growbot demo --clients 20`: what a coach with many clients has before her, four weeks in."""

from pathlib import Path

from bot.audit import problems_with
from bot.demo import Demo, running
from bot.practice import HISTORY, prepare
from bot.practice.clients import STAGES, Stage, clients
from bot.practice.words import WHATS
from bot.sandbox import View
from bot.sandbox.fields import all_elements
from tests.conftest import NOW
from tests.scenarios.story import coach

LISTS = ("", "commitments", "checkin", "prep", "session", "wrapup", "goals", "notes", "progress", "questions")
FORMS = ("commit", "goal", "note", "settings", "privacy", "agreement", "end")


async def press_everything_on_home(demo: Demo) -> int:
    """Each button of Home that opens a form; how many there were."""
    dana = coach(demo)
    assert dana.home is not None
    buttons = [each["action_id"] for _block, each in all_elements(dana.home.blocks)]
    for action_id in buttons:
        await dana.press_in_home(action_id)
        await dana.wait_modal()
        await dana.close(everything=True)
    return len(buttons)


async def opened(demo: Demo, command: str) -> View:
    dana = coach(demo)
    await dana.command(f"/grow {command}")
    shown = await dana.wait_modal()
    await dana.close(everything=True)
    return shown


def test_twenty_clients_stand_at_every_stage() -> None:
    assert {each.stage for each in clients(20)} == set(Stage) == set(STAGES)
    assert len({each.account.real_name for each in clients(60)}) == 60


async def test_a_coach_of_twenty_opens_everything_and_slack_refuses_nothing(tmp_path: Path) -> None:
    async with running(tmp_path, NOW - HISTORY) as demo:
        said: list[str] = []
        await prepare(demo, 20, said.append)
        assert said == [f"Week {number} of 4 …" for number in range(1, 5)]
        assert demo.clock.now() == NOW
        dana = coach(demo)
        await dana.open_home()
        await demo.growbot.settle()
        assert dana.home is not None
        sizes = {command: len((await opened(demo, command)).blocks) for command in (*LISTS, *FORMS)}
        assert max(*sizes.values(), len(dana.home.blocks)) <= 100
        assert min(sizes[command] for command in LISTS) > 5
        assert await press_everything_on_home(demo) > 20
        assert problems_with(demo, WHATS) == []
