"""What is due is planned by every feature, whatever becomes of another one's plan."""

from datetime import datetime
from pathlib import Path

import pytest

from bot.agenda import Agenda
from bot.core.database import DatabaseUnavailable, Transaction
from bot.core.feature import Feature, Plan
from tests.core.slack.probe import running


def a_feature(name: str, run: object) -> Feature:
    return Feature(name, plans=(Plan(f"{name}.plan", run, lambda _db: None),))  # type: ignore[arg-type]


@pytest.mark.parametrize(("error", "others_run"), [(ValueError, True), (DatabaseUnavailable, False)])
async def test_a_plan_that_fails_keeps_no_other_from_running(
    tmp_path: Path, error: type[Exception], others_run: bool
) -> None:
    """Where the database is down, none is tried in vain."""
    ran: list[str] = []

    def broken(db: Transaction, now: datetime) -> int:
        raise error

    def fine(db: Transaction, now: datetime) -> int:
        ran.append("fine")
        return 0

    async with running(tmp_path) as bot:
        growbot, features = bot.growbot, (a_feature("broken", broken), a_feature("fine", fine))
        agenda = Agenda(features, growbot._services, growbot.courier, growbot.installations)
        with pytest.raises(error):
            await agenda.plan()
    assert bool(ran) is others_run
