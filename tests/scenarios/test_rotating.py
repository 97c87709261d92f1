"""Tokens that end after twelve hours are exchanged in time, by one process, and no message is lost when that fails."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.core.slack.installation_store import AHEAD, InstallationRow
from bot.core.slack.rotation import LEASE
from bot.sandbox import Seat
from bot.sandbox.tokens import LIFE
from tests.scenarios.several import BEN, DANA, NORTH, Several, several

DUE = LIFE - AHEAD


@pytest.fixture
async def office(database_url: str) -> AsyncIterator[Several]:
    async with several(database_url, replicas=2, rotates=True) as office:
        assert (await office.install(NORTH.id)).status == 200
        yield office


def exchanges(office: Several) -> int:
    calls = office.sandbox.ledger.calls("oauth.v2.access")
    return sum(call.args.get("grant_type") == "refresh_token" for call in calls)


async def rotate(office: Several) -> None:
    """As the ticks of both processes do, at the same time."""
    await asyncio.gather(*(growbot.installations.rotate() for growbot in office.growbots))


async def answered(office: Several) -> None:
    """A person's request is answered, with a call to Slack."""
    ben = office.sandbox.seat(BEN, NORTH.id)
    await ben.command("/grow settings")
    await ben.wait_modal("people.settings")
    await ben.close(everything=True)


async def invited(office: Several) -> Seat:
    """Dana's invitation has reached Ben."""
    dana, ben = office.sandbox.seat(DANA, NORTH.id), office.sandbox.seat(BEN, NORTH.id)
    await dana.command("/grow start @ben")
    await dana.wait_modal("engagements.propose")
    assert (await dana.submit({"purpose": "x", "role": "coach"})).updated
    await office.settle()
    assert len(ben.messages) == 1
    return ben


async def test_a_token_is_exchanged_two_hours_ahead_by_one_of_two_processes(office: Several) -> None:
    office.clock.advance(DUE - timedelta(seconds=1))
    await rotate(office)
    assert exchanges(office) == 0
    office.clock.advance(timedelta(seconds=1))
    await rotate(office)
    assert exchanges(office) == 1
    await rotate(office)
    assert exchanges(office) == 1


async def test_for_days_every_process_sends_and_answers_with_a_token_that_is_good(office: Several) -> None:
    for hour in range(72):
        office.clock.advance(timedelta(hours=1))
        await rotate(office)
        office.sandbox.request_url = f"http://127.0.0.1:{office.growbots[-(hour % 2)].port}/slack/events"
        if hour % 6 == 0:
            await answered(office)
    refused = [call for call in office.sandbox.ledger.calls() if call.error == "token_expired"]
    assert refused == []
    assert exchanges(office) == 72 // (DUE.total_seconds() // 3600)


@pytest.mark.parametrize("fault", ["drop_before", "status", "internal_error"])
async def test_an_exchange_that_fails_keeps_the_token_and_is_tried_again(office: Several, fault: str) -> None:
    office.sandbox.faults.add("oauth.v2.access", fault)
    office.clock.advance(DUE)
    await rotate(office)
    await answered(office)
    await rotate(office)
    assert exchanges(office) == 1
    office.clock.advance(LEASE)
    await rotate(office)
    assert exchanges(office) == 2
    office.clock.advance(AHEAD)
    await answered(office)


async def test_after_a_night_without_any_process_the_first_request_exchanges_it(office: Several) -> None:
    office.clock.advance(LIFE * 2)
    await answered(office)
    assert exchanges(office) == 1


async def test_after_a_night_without_any_process_the_first_message_exchanges_it(office: Several) -> None:
    dana, ben = office.sandbox.seat(DANA, NORTH.id), office.sandbox.seat(BEN, NORTH.id)
    await dana.command("/grow start @ben")
    await dana.wait_modal("engagements.propose")
    office.sandbox.faults.add("chat.postMessage", "drop_before")
    assert (await dana.submit({"purpose": "x", "role": "coach"})).updated
    await office.settle()
    office.clock.advance(LIFE * 2)
    for _try in range(3):
        await asyncio.gather(*(growbot.settle() for growbot in office.growbots))
        office.clock.advance(timedelta(minutes=2))
    assert len(ben.messages) == 1
    assert exchanges(office) == 1


async def test_while_it_cannot_be_exchanged_messages_wait_and_then_go_out_once(office: Several) -> None:
    ben, dana = await invited(office), office.sandbox.seat(DANA, NORTH.id)
    office.clock.advance(LIFE * 2)
    office.sandbox.faults.add("oauth.v2.access", "internal_error")
    await ben.press("engagements.decline")
    await office.settle()
    assert dana.messages == []
    office.clock.advance(LEASE)
    await rotate(office)
    await office.settle()
    assert len(dana.messages) == 1


async def test_an_answer_that_is_lost_costs_nothing_until_the_end_and_then_installing_again_helps(
    office: Several,
) -> None:
    office.sandbox.faults.add("oauth.v2.access", "drop_after")
    office.clock.advance(DUE)
    await rotate(office)
    await answered(office)
    office.clock.advance(AHEAD)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(answered(office), 1)
    assert (await office.install(NORTH.id)).status == 200
    await answered(office)


async def test_what_slack_answered_is_kept_though_whoever_asked_gave_up(office: Several) -> None:
    office.clock.advance(LIFE)
    office.sandbox.faults.add("oauth.v2.access", "slow", seconds=0.3)
    growbot = office.growbots[0]
    with growbot.database.transaction() as db:
        installation_id = db.scalars(select(InstallationRow.id)).one()
    rotation = growbot.installations._rotation  # type: ignore[attr-defined]
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(rotation.renew(installation_id), 0.2)
    await growbot.installations.idle()
    await answered(office)
    assert exchanges(office) == 1


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
async def test_an_exchange_under_way_is_waited_for_where_growbot_is_stopped(office: Several) -> None:
    """Its refresh token is used up: without the answer, the workspace would have to install growbot anew."""
    office.clock.advance(DUE)
    office.sandbox.faults.add("oauth.v2.access", "slow", seconds=1.2)
    growbot = office.growbots[0]
    exchanging = asyncio.create_task(growbot.installations.rotate())
    rotation = growbot.installations._rotation  # type: ignore[attr-defined]
    for _is_under_way in iter(lambda: bool(rotation._running), True):
        await asyncio.sleep(0.01)
    await growbot.stop()
    await exchanging
    with growbot.database.transaction() as db:
        assert db.scalars(select(InstallationRow.expires_at)).one() == office.clock.now() + LIFE
