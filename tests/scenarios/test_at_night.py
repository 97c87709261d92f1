"""Quiet hours hold messages back; what could not wait is not lost to them."""

from bot.demo import Demo
from tests.conftest import NOW
from tests.scenarios.story import client, coach, engage, plan_session


async def test_a_session_called_off_at_night_is_told_at_night_if_the_morning_would_be_too_late(
    sqlite_demo: Demo,
) -> None:
    await engage(sqlite_demo)
    await plan_session(sqlite_demo, on="2026-12-01", at="13:00")  # 8:00 in New York, when Ben's day starts
    await sqlite_demo.sandbox.move_to(NOW.replace(month=12, day=1, hour=9, minute=0))  # 4:00 in New York
    dana, ben = coach(sqlite_demo), client(sqlite_demo)
    await dana.command("/grow session")
    listed = await dana.wait_modal("sessions.list")
    ids = [e["action_id"] for block in listed.blocks for e in block.get("elements", []) if "action_id" in e]
    await dana.press_in_modal(next(each for each in ids if each.startswith("sessions.cancel:")))
    await dana.wait_modal("sessions.cancel")
    assert (await dana.submit()).updated
    await ben.wait_message(containing="has cancelled your session")


async def test_an_invitation_at_night_waits_for_the_morning_and_says_so(sqlite_demo: Demo) -> None:
    dana, ben = coach(sqlite_demo), client(sqlite_demo)
    await sqlite_demo.sandbox.move_to(NOW.replace(day=26, hour=9))
    await dana.command("/grow start @ben")
    await dana.wait_modal("engagements.propose")
    assert (await dana.submit({"purpose": "Sleep better", "role": "coach"})).updated
    assert "gets your invitation today at 13:00" in "".join(dana.texts(dana.modal))
    await sqlite_demo.growbot.settle()
    assert not ben.messages
    await sqlite_demo.sandbox.move_to(NOW.replace(day=26, hour=13))
    assert "would like to work with you" in ben.messages[0].text
