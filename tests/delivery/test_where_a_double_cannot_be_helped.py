"""At least once, and never exactly once: these are the moments at which a message may be seen twice, and never more often.

In each of them Slack has accepted a message and nobody can know it. Everywhere else: tests/delivery/test_killed_anywhere.py.
"""

from datetime import timedelta

import pytest

from bot.core.outbox.courier import Courier
from bot.core.outbox.domain import LEASE, SETTLE_AGAIN, State
from bot.core.outbox.pacing import HISTORY, POST
from bot.features.people.service import People
from tests.core.conftest import ANSWER, AT_MOST_ONCE, TEMPLATES
from tests.delivery.conftest import Office
from tests.delivery.test_safeguards import Suspended

TWICE = ["a: doubled: 2 messages"]


async def test_a_person_s_first_message_whose_answer_is_lost_because_no_history_is_known_to_look_in(
    office: Office,
) -> None:
    office.plan(office.known("ben"), template=ANSWER)
    office.sandbox.faults.add(POST, "drop_after")
    await office.drain()
    assert office.wrong() == TWICE


async def test_a_message_whose_answer_is_lost_where_the_history_lags_for_more_than_two_minutes(
    office: Office,
) -> None:
    office.plan(await office.acquainted(), template=ANSWER)
    office.sandbox.faults.delay_history(timedelta(seconds=130))
    office.sandbox.faults.add(POST, "drop_after")
    await office.drain()
    assert office.wrong() == TWICE


@pytest.mark.parametrize(
    ("template", "wrong", "state"), [(ANSWER, TWICE, State.SENT), (AT_MOST_ONCE, [], State.PARKED)]
)
async def test_a_prompt_whose_answer_is_lost_where_the_history_may_not_be_read_but_no_nudge(
    office: Office, template: str, wrong: list[str], state: State
) -> None:
    office.plan(await office.acquainted(), template=template)
    office.sandbox.faults.add(HISTORY, "missing_scope", times=99)
    office.sandbox.faults.add(POST, "drop_after")
    await office.drain()
    assert (office.wrong(), office.row().state) == (wrong, state)


async def test_a_message_whose_sender_stood_still_for_longer_than_its_lease_just_before_the_request(
    office: Office,
) -> None:
    async def others_take_over() -> None:
        for pause in (LEASE, SETTLE_AGAIN, timedelta(0)):
            office.sandbox.clock.advance(pause)
            await office.round()
        await office.round()

    office.plan(await office.acquainted(), template=ANSWER)
    sender = Suspended(office.clients, others_take_over)
    await Courier(office.database, People(), TEMPLATES, sender, office.clock).deliver()
    await office.drain()
    assert office.wrong() == TWICE


async def test_where_the_history_is_cut_and_crowded_nothing_is_doubled_but_an_operator_is_asked(
    office: Office,
) -> None:
    """Of more than 15 messages in those eleven minutes the oldest cannot be read at one page a minute."""
    office.plan(await office.acquainted(), template=ANSWER)
    office.sandbox.faults.cut_history()
    office.sandbox.faults.add(POST, "drop_after")
    await office.courier.deliver()
    channel = office.sandbox.workspace.open_dm("U0BEN")
    for number in range(20):
        office.sandbox.workspace.post(channel, f"chatter {number}", by="U0BEN")
    await office.drain()
    assert (office.wrong(), office.state()) == ([], (State.PARKED, "unconfirmed: ratelimited"))
