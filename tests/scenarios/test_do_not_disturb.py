"""Slack's own do-not-disturb is kept where Slack tells of it; where it does not, as if there were none."""

from datetime import datetime, timedelta

from bot.core.database import Transaction
from bot.demo import Demo
from bot.features.checkins import asking
from bot.features.checkins.store import CheckinPlanRow
from bot.features.people.jobs import ask_for_rests
from tests.conftest import NOW
from tests.scenarios.story import BEN, client, coach, engage, propose

HOUR = timedelta(hours=1)


async def test_what_slack_tells_by_itself_is_kept_until_it_is_over(sqlite_demo: Demo) -> None:
    await engage(sqlite_demo)
    await sqlite_demo.sandbox.disturb_not(BEN, NOW, NOW + 2 * HOUR)
    before = len(client(sqlite_demo).messages)
    dana = coach(sqlite_demo)
    await dana.command("/grow session")
    await dana.wait_modal("sessions.plan")
    assert (await dana.submit({"on": "2026-12-01", "at": "15:00", "repeats": "once"})).updated
    await sqlite_demo.growbot.settle()
    assert len(client(sqlite_demo).messages) == before
    await sqlite_demo.sandbox.move_to(NOW + 2 * HOUR)
    assert "has planned a session" in client(sqlite_demo).messages[-1].text


async def test_turning_it_off_lets_out_at_once_what_waited(sqlite_demo: Demo) -> None:
    await engage(sqlite_demo)
    await sqlite_demo.sandbox.disturb_not(BEN, NOW, NOW + 2 * HOUR)
    dana = coach(sqlite_demo)
    await dana.command("/grow session")
    await dana.wait_modal("sessions.plan")
    assert (await dana.submit({"on": "2026-12-01", "at": "15:00", "repeats": "once"})).updated
    await sqlite_demo.growbot.settle()
    await sqlite_demo.sandbox.disturb_not(BEN, None, None)
    await client(sqlite_demo).wait_message(containing="has planned a session")


async def test_shortly_before_somebody_is_written_to_slack_is_asked(sqlite_demo: Demo) -> None:
    await engage(sqlite_demo)
    await sqlite_demo.sandbox.move_to(NOW.replace(day=27, hour=19, minute=59))  # the check-in is at 15:00
    sqlite_demo.sandbox.workspace.people[BEN].dnd = as_slack_says(NOW, NOW + 56 * HOUR)  # until 17:30
    before = len(client(sqlite_demo).messages)
    services = sqlite_demo.growbot._services
    await services.database.run(asking_soon)
    await ask_for_rests(services)
    await sqlite_demo.sandbox.move_to(NOW.replace(day=27, hour=21))
    assert len(client(sqlite_demo).messages) == before
    await sqlite_demo.sandbox.move_to(NOW + 56 * HOUR)
    assert "weekly check-in" in client(sqlite_demo).messages[-1].text


def as_slack_says(starts_at: datetime, ends_at: datetime) -> tuple[int, int]:
    return int(starts_at.timestamp()), int(ends_at.timestamp())


def asking_soon(db: Transaction) -> None:
    """A message that is due in a minute: the plan would write its row just then."""
    row = db.query(CheckinPlanRow).one()
    assert row.next_checkin_at is not None
    asking.ask_due(db, row.next_checkin_at)


async def test_without_the_scope_messages_come_as_ever(sqlite_demo: Demo) -> None:
    sqlite_demo.sandbox.app.scopes.discard("dnd:read")
    sqlite_demo.sandbox.workspace.people[BEN].dnd = as_slack_says(NOW, NOW + HOUR)
    await ask_for_rests(sqlite_demo.growbot._services)
    await propose(sqlite_demo)
