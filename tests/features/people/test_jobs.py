"""Asking Slack once a day about everybody whom growbot knows."""

from datetime import datetime

from sqlalchemy import select

from bot.core.database import Database
from bot.core.directory import Identity, Profile
from bot.core.slack.installations import NotInstalled
from bot.core.slack.requests import Services
from bot.features.people.jobs import BATCH, refresh_people
from bot.features.people.service import REFRESH_EVERY, People, learn
from bot.features.people.store import PersonRow
from tests.builders import a_profile
from tests.fakes import FakeProfiles, MovableClock


class OneWorkspaceGone(FakeProfiles):
    async def fetch(self, identity: Identity) -> Profile:
        if identity.team_id == "T0GONE":
            raise NotInstalled(identity.team_id)
        return await super().fetch(identity)


async def test_a_workspace_that_is_gone_holds_up_nobody_else(
    database: Database, clock: MovableClock, now: datetime
) -> None:
    gone = [a_profile(identity=Identity("T0GONE", f"U{number}")) for number in range(BATCH + 5)]
    ben = a_profile("Ben")
    with database.transaction() as db:
        for profile in (*gone, ben):
            learn(db, profile, now)
    clock.move(days=REFRESH_EVERY.days)
    services = Services(
        database, People(), OneWorkspaceGone(a_profile("Benjamin", identity=ben.identity)), clock
    )
    for _run in range(2):
        await refresh_people(services)
    with database.transaction() as db:
        assert (
            db.scalars(select(PersonRow.name).where(PersonRow.team_id == ben.identity.team_id)).one()
            == "Benjamin"
        )
