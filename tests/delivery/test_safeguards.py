"""Every safeguard is load-bearing: the audit that finds nothing wrong finds a double as soon as it is switched off."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from slack_sdk.http_retry.builtin_async_handlers import AsyncConnectionErrorRetryHandler
from slack_sdk.http_retry.builtin_interval_calculators import FixedValueRetryIntervalCalculator

from bot.core.directory import Identity
from bot.core.outbox import domain, posting, queue
from bot.core.outbox.courier import Courier
from bot.core.outbox.domain import Outcome
from bot.core.outbox.pacing import POST
from bot.core.outbox.templates import Message
from bot.core.slack.client import Clients, Reply
from bot.core.slack.sender import SlackSender
from bot.features.people.service import People
from tests.core.conftest import ANSWER, TEMPLATES
from tests.delivery.conftest import Office
from tests.delivery.life import Orders, Token, a_courier, until_death, without_marking

AT_ONCE = timedelta(0)


@pytest.fixture(params=[True, False], ids=["on", "off"])
def is_on(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


def found(is_on: bool) -> list[str]:
    """What the audit is to find."""
    return [] if is_on else ["a: doubled: 2 messages"]


async def test_a_row_is_marked_as_being_sent_before_it_is(office: Office, is_on: bool) -> None:
    office.plan(await office.acquainted(), template=ANSWER)
    await until_death(
        Orders(
            database_url=office.database.url.render_as_string(False),
            api_url=office.sandbox.api_url,
            token=office.sandbox.bot_token,
            now=office.clock.at,
            dies_at=f"{POST}: after the request",
            arrange=None if is_on else without_marking,
        )
    )
    await office.drain()
    assert office.wrong() == found(is_on)


class Suspended(SlackSender):
    """Its machine stands still just before the first request leaves."""

    def __init__(self, clients: Clients, meanwhile: Callable[[], Awaitable[None]]) -> None:
        super().__init__(clients)
        self._meanwhile: Callable[[], Awaitable[None]] | None = meanwhile

    async def post(self, to: Identity, message: Message, marker: str) -> Outcome:
        if (meanwhile := self._meanwhile) is not None:
            self._meanwhile = None
            await meanwhile()
        return await super().post(to, message, marker)


async def test_nobody_looks_into_a_row_while_its_sender_may_still_send_it(
    office: Office, is_on: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not is_on:
        monkeypatch.setattr(queue, "LEASE", AT_ONCE)
        monkeypatch.setattr(posting, "LEASE", AT_ONCE)
        monkeypatch.setattr(posting, "LEASE_MARGIN", AT_ONCE)

    async def others_go_on() -> None:
        for _round in range(11):
            await office.round()
            office.clock.move(seconds=10)

    office.plan(await office.acquainted(), template=ANSWER)
    sender = Suspended(office.clients, others_go_on)
    await Courier(office.database, People(), TEMPLATES, sender, office.clock).deliver()
    await office.drain()
    assert office.wrong() == found(is_on)


async def test_a_history_that_lags_is_waited_for(
    office: Office, is_on: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not is_on:
        monkeypatch.setattr(domain, "SETTLE", AT_ONCE)
        monkeypatch.setattr(domain, "SETTLE_AGAIN", AT_ONCE)
    office.plan(await office.acquainted(), template=ANSWER)
    office.sandbox.faults.delay_history(timedelta(seconds=110))
    office.sandbox.faults.add(POST, "drop_after")
    await office.drain()
    assert office.wrong() == found(is_on)


async def test_what_is_planned_twice_is_one_row(office: Office, is_on: bool) -> None:
    if not is_on:
        _drop_the_unique_key(office)
    ben = await office.acquainted()
    assert [office.plan(ben, template=ANSWER), office.plan(ben, template=ANSWER)] == [True, not is_on]
    await office.drain()
    assert sorted(set(office.wrong())) == found(is_on)


def _drop_the_unique_key(office: Office) -> None:
    with office.database.engine.begin() as connection:
        operations = Operations(MigrationContext.configure(connection))
        with operations.batch_alter_table("outbox") as outbox:
            outbox.drop_constraint("uq_outbox_key", type_="unique")


class Eager(Clients):
    """Calls as slack_sdk's own client makes them: it repeats what was cut off. (Without its pause before that.)"""

    async def request(self, identity: Identity, method: str, arguments: Mapping[str, Any]) -> Reply:
        client = await self.of(identity)
        at_once = FixedValueRetryIntervalCalculator(fixed_internal=0)
        client.retry_handlers = [AsyncConnectionErrorRetryHandler(interval_calculator=at_once)]
        answer = await client.api_call(method, json=dict(arguments))
        return Reply(answer.status_code, answer.headers, answer.data)


async def test_the_client_repeats_nothing_by_itself(office: Office, is_on: bool) -> None:
    clients = (Clients if is_on else Eager)(Token(office.sandbox.bot_token), office.sandbox.api_url)
    office.plan(await office.acquainted(), template=ANSWER)
    office.sandbox.faults.add(POST, "drop_after")
    await a_courier(office.database, clients, office.clock).deliver()
    await clients.close()
    await office.drain()
    assert office.wrong() == found(is_on)
