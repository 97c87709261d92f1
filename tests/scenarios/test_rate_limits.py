"""Slack takes one message a second and channel: what comes too soon arrives a little later, once."""

from datetime import timedelta

from bot.audit import problems_with
from bot.demo import Demo
from tests.scenarios.story import client, coach, engage, next_day


async def test_what_slack_would_not_take_yet_arrives_once_and_in_order(demo: Demo) -> None:
    await engage(demo)
    await next_day(demo)
    dana, ben = coach(demo), client(demo)
    demo.sandbox.limits.are_on = True
    before = len(ben.messages)
    for on in ("2026-12-01", "2026-12-02"):
        await dana.command("/grow session")
        await dana.wait_modal()
        if dana.modal is not None and dana.modal.callback_id == "sessions.list":
            await dana.press_in_modal("sessions.plan")
            await dana.wait_modal("sessions.plan")
        assert (await dana.submit({"on": on, "at": "15:00", "repeats": "once"})).updated
        await dana.close(everything=True)
        await demo.growbot.settle()
    limited = [entry for entry in demo.sandbox.ledger.refused() if entry.error == "ratelimited"]
    assert [entry.name for entry in limited] == ["chat.postMessage"]
    assert len(ben.messages) == before + 1
    await demo.sandbox.move_to(demo.clock.now() + timedelta(minutes=1))
    assert len(ben.messages) == before + 2
    assert problems_with(demo, []) == ["chat.postMessage failed: ratelimited"]
