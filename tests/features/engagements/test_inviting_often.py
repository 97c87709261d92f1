"""Nobody fills other people's Slack with invitations: so many in a day, and so many to one person in a week."""

from datetime import datetime, timedelta

import pytest

from bot.core.database import Transaction
from bot.core.directory import Identity
from bot.demo import Demo
from bot.features.engagements import service
from bot.features.engagements.domain import InvitedMany, InvitedOften, Role
from bot.features.engagements.inviting import INVITATIONS, SAME_PERSON
from bot.features.people.service import People
from tests.builders import TERMS, a_person, a_profile
from tests.conftest import NOW
from tests.features.engagements.test_handlers import invited, seats


def withdraw(demo: Demo) -> None:
    with demo.growbot.database.transaction() as db:
        dana = People().find(db, Identity("T0BRIGHTW", "U0DANA"))
        assert dana is not None
        (found,) = service.open_memberships(db, dana, NOW)
        service.withdraw(db, dana, found.engagement_id, NOW)


async def test_proposing_to_one_person_again_and_again_ends_with_a_sentence(demo: Demo) -> None:
    dana, _ben = seats(demo)
    for _time in range(SAME_PERSON[0]):
        await invited(demo)
        await dana.close(everything=True)
        withdraw(demo)
    await dana.command("/grow start @ben")
    said = await dana.wait_ephemeral(containing="several invitations from you this week")
    assert "You can invite them again Wed 2 Dec" in said.text
    assert dana.modal is None


def test_after_a_week_they_may_be_invited_again(db: Transaction, now: datetime) -> None:
    dana, ben = a_person(db, now, "Dana"), a_profile("Ben")

    def propose_and_withdraw(at: datetime) -> None:
        found = service.propose(db, dana, ben, Role.COACH, TERMS, at)
        service.withdraw(db, dana, found.engagement_id, at)

    for _time in range(SAME_PERSON[0]):
        propose_and_withdraw(now)
    with pytest.raises(InvitedOften):
        propose_and_withdraw(now + timedelta(days=6))
    propose_and_withdraw(now + timedelta(days=7))


def test_one_person_sends_so_many_invitations_in_a_day(db: Transaction, now: datetime) -> None:
    dana = a_person(db, now, "Dana")
    for number in range(INVITATIONS.most):
        service.propose(db, dana, a_profile(f"Client {number}"), Role.COACH, TERMS, now)
    with pytest.raises(InvitedMany):
        service.propose(db, dana, a_profile("One more"), Role.COACH, TERMS, now)
    service.propose(db, a_person(db, now, "Mira"), a_profile("Another coach's"), Role.COACH, TERMS, now)
    service.propose(db, dana, a_profile("One more"), Role.COACH, TERMS, now + timedelta(days=1))
