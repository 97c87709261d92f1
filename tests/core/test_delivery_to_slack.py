"""The courier and the real Web API client against the local Slack, on a bad day."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from bot.core.database import Database
from bot.core.directory import Identity, Person
from bot.core.outbox.courier import Courier
from bot.core.outbox.domain import (
    Absent,
    Accepted,
    Found,
    Limited,
    Outcome,
    Refused,
    State,
    Uncertain,
    Unreached,
    Unreadable,
)
from bot.core.outbox.templates import Message
from bot.core.slack import client
from bot.core.slack.client import Clients
from bot.core.slack.installations import SingleInstallation
from bot.core.slack.sender import SlackSender
from bot.demo import manifest
from bot.features.people.service import People, learn
from bot.sandbox import Sandbox
from bot.sandbox.people import TEAM_ID
from tests.builders import a_profile
from tests.conftest import NOW
from tests.core.conftest import ANSWER, TEMPLATES, PostOffice
from tests.fakes import FakeSlack, SharedClock

BEN = Identity(TEAM_ID, "U0BEN")
HELLO = Message("Something waits")
MINUTES = timedelta(minutes=10)


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    sandbox = Sandbox(manifest(), SharedClock(NOW))
    await sandbox.start()
    yield sandbox
    await sandbox.stop()


@pytest.fixture
async def clients(sandbox: Sandbox) -> AsyncIterator[Clients]:
    installation = SingleInstallation(sandbox.bot_token)
    clients = Clients(installation, sandbox.api_url)
    await installation.connect(clients)
    await clients.close()  # so that each test's first request opens a connection of its own
    yield clients
    await clients.close()


@pytest.fixture
def gives_up_soon(clients: Clients, monkeypatch: pytest.MonkeyPatch) -> None:
    """For requests that hang. Elsewhere a machine that stands still for a second is no Slack that does not answer."""
    monkeypatch.setattr(client, "TIMEOUT_SECONDS", 1.0)


@pytest.fixture
def sender(clients: Clients) -> SlackSender:
    return SlackSender(clients)


# --- every way a request can end ------------------------------------------------------------------------


async def test_an_accepted_message_has_a_channel_and_a_time(sandbox: Sandbox, sender: SlackSender) -> None:
    outcome = await sender.post(BEN, HELLO, "marker")
    message = sandbox.seat("U0BEN").messages[0]
    assert outcome == Accepted(message.channel, message.ts)
    assert message.metadata == {"event_type": "growbot_message", "event_payload": {"id": "marker"}}


@pytest.mark.usefixtures("gives_up_soon")
@pytest.mark.parametrize(
    ("fault", "more", "expected"),
    [
        ("channel_not_found", {}, Refused("channel_not_found")),
        ("missing_scope", {}, Refused("missing_scope", by_workspace=True)),
        ("account_inactive", {}, Refused("account_inactive", by_workspace=True)),
        ("ratelimited", {"seconds": 7}, Limited(7.0)),
        ("fatal_error", {}, Uncertain("200 fatal_error")),
        ("service_unavailable", {}, Uncertain("200 service_unavailable")),
        ("500", {}, Uncertain),
        ("503", {}, Uncertain),
        ("unreadable", {}, Uncertain),
        ("drop_before", {}, Uncertain),
        ("drop_after", {}, Uncertain),
        ("hang", {}, Uncertain("TimeoutError")),
        ("hang_after", {}, Uncertain("TimeoutError")),
    ],
)
async def test_a_request_that_ends_badly_is(
    sandbox: Sandbox, sender: SlackSender, fault: str, more: dict[str, Any], expected: Outcome | type
) -> None:
    sandbox.faults.add("chat.postMessage", fault, times=5, **more)
    outcome = await sender.post(BEN, HELLO, "marker")
    assert isinstance(outcome, expected) if isinstance(expected, type) else outcome == expected


@pytest.mark.parametrize(
    "fault", ["ratelimited", "500", "unreadable", "drop_before", "drop_after", "fatal_error"]
)
async def test_the_client_never_repeats_a_request_by_itself(
    sandbox: Sandbox, sender: SlackSender, fault: str
) -> None:
    sandbox.faults.add("chat.postMessage", fault, times=5)
    await sender.post(BEN, HELLO, "marker")
    assert len(sandbox.ledger.calls("chat.postMessage")) == 1


async def test_when_nobody_listens_the_message_was_certainly_not_posted(
    sandbox: Sandbox, sender: SlackSender
) -> None:
    await sandbox.stop()
    assert isinstance(await sender.post(BEN, HELLO, "marker"), Unreached)


async def test_for_a_workspace_without_installation_nothing_is_sent(
    sandbox: Sandbox, sender: SlackSender
) -> None:
    outcome = await sender.post(Identity("T0OTHER", "U0BEN"), HELLO, "marker")
    assert outcome == Refused("NotInstalled", by_workspace=True)
    assert sandbox.ledger.calls("chat.postMessage") == []


# --- the history ----------------------------------------------------------------------------------------


async def _posted(sender: SlackSender, marker: str) -> Accepted:
    outcome = await sender.post(BEN, HELLO, marker)
    assert isinstance(outcome, Accepted)
    return outcome


async def test_our_own_message_is_found_among_many(sandbox: Sandbox, sender: SlackSender) -> None:
    wanted = await _posted(sender, "wanted")
    for number in range(120):  # more than a page
        sandbox.workspace.post(sandbox.workspace.open_dm("U0BEN"), f"chatter {number}", by="U0BEN")
    found = await sender.look_up(BEN, wanted.channel, "wanted", NOW - timedelta(seconds=60), NOW + MINUTES)
    assert found == Found(wanted.channel, wanted.ts)
    assert len(sandbox.ledger.calls("conversations.history")) == 2


async def test_a_message_that_is_not_there_is_absent(sender: SlackSender) -> None:
    posted = await _posted(sender, "another")
    assert (
        await sender.look_up(BEN, posted.channel, "wanted", NOW - timedelta(seconds=60), NOW + MINUTES)
        == Absent()
    )


async def test_what_is_older_than_the_attempt_is_not_read(sandbox: Sandbox, sender: SlackSender) -> None:
    posted = await _posted(sender, "wanted")
    sandbox.clock.advance(timedelta(hours=1))
    assert (
        await sender.look_up(BEN, posted.channel, "wanted", sandbox.clock.now(), NOW + 9 * MINUTES)
        == Absent()
    )


@pytest.mark.usefixtures("gives_up_soon")
@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ("missing_scope", Unreadable("missing_scope", never=True)),
        ("ratelimited", Unreadable("ratelimited", seconds=1.0)),
        ("drop_before", Unreadable("ServerDisconnectedError")),
        ("hang", Unreadable("TimeoutError")),
    ],
)
async def test_a_history_that_cannot_be_read_is(
    sandbox: Sandbox, sender: SlackSender, fault: str, expected: Unreadable
) -> None:
    posted = await _posted(sender, "wanted")
    sandbox.faults.add("conversations.history", fault, times=3)  # aiohttp itself repeats a GET
    assert await sender.look_up(BEN, posted.channel, "wanted", NOW, NOW + MINUTES) == expected


# --- all together: one visible message ------------------------------------------------------------------


@pytest.fixture
def post(database: Database, sandbox: Sandbox, sender: SlackSender) -> PostOffice:
    post = PostOffice(database, sandbox.clock, FakeSlack())  # type: ignore[arg-type]
    post.courier = Courier(database, People(), TEMPLATES, sender, sandbox.clock)
    return post


def _ben(post: PostOffice) -> Person:
    return post.do(lambda db: learn(db, a_profile("Ben", identity=BEN), post.clock.at))


async def _deliver_for_an_hour(post: PostOffice) -> None:
    for _minute in range(60):
        await post.courier.deliver()
        await post.courier.reconcile()
        await post.courier.repaint()
        post.clock.move(minutes=1)


@pytest.mark.usefixtures("gives_up_soon")
@pytest.mark.parametrize(
    "fault", ["drop_after", "drop_before", "hang_after", "unreadable", "500", "fatal_error", "ratelimited"]
)
async def test_whatever_happens_to_a_request_exactly_one_message_is_visible(
    post: PostOffice, sandbox: Sandbox, fault: str
) -> None:
    ben = _ben(post)
    post.plan(ben, "earlier", template=ANSWER)
    await post.courier.deliver()
    sandbox.faults.add("chat.postMessage", fault)
    post.plan(ben, "a", template=ANSWER)
    await _deliver_for_an_hour(post)
    assert [m.text for m in sandbox.seat("U0BEN").messages] == [
        "Something waits: earlier",
        "Something waits: a",
    ]
    assert post.row().state == State.SENT


@pytest.mark.parametrize(("reads", "visible"), [(1, 2), (2, 3)])
async def test_a_message_that_shows_up_late_in_the_history_is_waited_for_but_not_for_ever(
    post: PostOffice, sandbox: Sandbox, reads: int, visible: int
) -> None:
    ben = _ben(post)
    post.plan(ben, "earlier", template=ANSWER)
    await post.courier.deliver()
    sandbox.faults.hide_next_message(reads=reads)
    sandbox.faults.add("chat.postMessage", "drop_after")
    post.plan(ben, "a", template=ANSWER)
    await _deliver_for_an_hour(post)
    assert len(sandbox.seat("U0BEN").messages) == visible  # at least once; never say exactly once


async def test_an_answered_message_loses_its_buttons(post: PostOffice, sandbox: Sandbox) -> None:
    post.plan(_ben(post), template=ANSWER)
    await post.courier.deliver()
    sandbox.faults.add("chat.update", "ratelimited", seconds=30)
    post.close()
    await _deliver_for_an_hour(post)
    message = sandbox.seat("U0BEN").messages[0]
    assert (message.text, message.blocks) == ("Closed: answered", None)


@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
async def test_two_processes_on_one_database_send_each_message_once(
    post: PostOffice, sandbox: Sandbox, sender: SlackSender
) -> None:
    ben = _ben(post)
    for number in range(40):
        post.plan(ben, f"n{number:02}", template=ANSWER)
    elsewhere = Database(post.database.url.render_as_string(False), post.database.vault)
    other = Courier(elsewhere, People(), TEMPLATES, sender, sandbox.clock)
    counts = await asyncio.gather(post.courier.deliver(), other.deliver())
    elsewhere.close()
    texts = [m.text for m in sandbox.seat("U0BEN").messages]
    assert sorted(texts) == [f"Something waits: n{number:02}" for number in range(40)]
    assert sum(counts) == 40
    assert (
        len({m.metadata["event_payload"]["id"] for m in sandbox.seat("U0BEN").messages if m.metadata}) == 40
    )
