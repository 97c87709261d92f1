"""growbot may stop at any moment, and be away for days."""

from datetime import timedelta

from sqlalchemy import select

from bot.core.outbox.domain import State
from bot.core.outbox.store import OutboxRow
from bot.demo import Demo
from tests.scenarios.story import client, coach, commit, engage, plan_session, propose


def _rows(demo: Demo, template: str) -> list[OutboxRow]:
    with demo.growbot.database.transaction() as db:
        return list(db.scalars(select(OutboxRow).where(OutboxRow.template == template)))


async def test_an_invitation_that_was_acknowledged_outlives_a_restart(demo: Demo) -> None:
    invitation = await propose(demo)
    await demo.restart()
    ben = client(demo)
    await ben.press("engagements.read", message=invitation)
    await ben.wait_modal("engagements.sign")
    assert (await ben.submit()).updated
    await coach(demo).wait_message(containing="has signed")


async def test_a_nudge_that_came_due_while_it_was_down_is_sent_when_it_is_back(demo: Demo) -> None:
    await engage(demo)
    ben = client(demo)
    await commit(ben, "Call the CFO")
    demo.clock.advance(
        timedelta(days=1, hours=8, minutes=30)
    )  # Thursday evening in New York, with growbot away
    await demo.restart()
    await demo.growbot.settle()
    assert "is due tomorrow" in ben.messages[-1].text


async def test_what_is_no_longer_of_use_is_dropped_with_a_recorded_reason(demo: Demo) -> None:
    await engage(demo)
    await plan_session(demo)
    before = [message.ts for message in (*client(demo).messages, *coach(demo).messages)]
    demo.clock.advance(timedelta(days=12))
    await demo.restart()
    await demo.growbot.settle()
    after = [message.ts for message in (*client(demo).messages, *coach(demo).messages)]
    asked = [row for row in _rows(demo, "prep.ask") if row.state == State.SENT]
    assert not asked
    assert all(row.reason for row in _rows(demo, "wrapups.ask") if row.state == State.STALE)
    assert len(after) - len(before) <= 2, "a burst after twelve days away"
