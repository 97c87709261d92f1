"""A message whose time has passed has no buttons that could only fail."""

from bot.demo import Demo
from tests.conftest import NOW
from tests.scenarios.story import client, engage, plan_session


async def test_a_prep_message_loses_its_buttons_when_the_session_starts(demo: Demo) -> None:
    await engage(demo)
    await plan_session(demo)
    ben = client(demo)
    await demo.sandbox.move_to(NOW.replace(month=11, day=30, hour=15, minute=5))
    asked = ben.messages[-1]
    assert "prep.open" in str(asked.blocks)
    await demo.sandbox.move_to(NOW.replace(month=12, day=1, hour=15, minute=1))
    assert not asked.blocks
    assert "Prepare" not in asked.text


async def test_no_button_is_left_in_any_message_a_month_after_the_end(demo: Demo) -> None:
    await engage(demo)
    await plan_session(demo)
    ben = client(demo)
    await demo.sandbox.move_to(NOW.replace(month=12, day=9))
    await ben.command("/grow end")
    await ben.wait_modal("engagements.end")
    assert (await ben.submit()).updated
    await demo.sandbox.move_to(NOW.replace(year=2027, month=1, day=9))
    left = [message.text for message in ben.messages if "button" in str(message.blocks)]
    assert left == []
