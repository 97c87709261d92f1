"""Two processes on one PostgreSQL behind a proxy, replaced one after the other under traffic: no request and no message is lost."""

import asyncio
import os
import signal
import socket
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from sqlalchemy import select, update

from bot.core.database import Database
from bot.core.directory import Identity
from bot.core.master_keys import MasterKeys
from bot.core.outbox.domain import State
from bot.core.outbox.store import LATER, OutboxRow, enqueue
from bot.core.vault import Vault
from bot.demo import manifest
from bot.features.engagements.service import DECLINED
from bot.features.people.service import learn
from bot.features.people.store import PersonRow
from bot.sandbox import Sandbox, SandboxClock
from bot.sandbox.people import TEAM_ID
from tests.builders import a_profile

ROOT = Path(__file__).resolve().parents[2]
BOUND = 10 if os.environ.get("GROWBOT_TEST_QUIET") else 20
"""Seconds. A process ends within 10; where tests share two processors, starting and ending take longer than growbot does."""
PEOPLE = ("U0DANA", "U0BEN", "U0MIRA", "U0TOMAS", "U0PRIYA")


@dataclass
class Proxy:
    """Sends each request to the next process that can be connected to; what was connected is never sent again."""

    ports: list[int] = field(default_factory=list)
    port: int = 0
    _turn: int = 0

    async def handle(self, request: web.Request) -> web.Response:
        body = await request.read()
        headers = {name: value for name, value in request.headers.items() if name != "Host"}
        for _try in range(200):
            self._turn += 1
            target = self.ports[self._turn % len(self.ports)]
            with suppress(aiohttp.ClientConnectorError):
                async with (
                    aiohttp.ClientSession() as session,
                    session.post(
                        f"http://127.0.0.1:{target}{request.path}", data=body, headers=headers
                    ) as answer,
                ):
                    shown = {"Content-Type": answer.headers.get("Content-Type", "text/plain")}
                    return web.Response(status=answer.status, body=await answer.read(), headers=shown)
            await asyncio.sleep(0.01)
        return web.Response(status=502)


@asynccontextmanager
async def listening(proxy: Proxy) -> AsyncIterator[None]:
    app = web.Application()
    app.router.add_post("/slack/events", proxy.handle)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    proxy.port = int(runner.addresses[0][1])
    yield
    await runner.cleanup()


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    sandbox = Sandbox(manifest(), SandboxClock(datetime.now(UTC), running=True))
    await sandbox.start()
    yield sandbox
    await sandbox.stop()


@pytest.fixture
def environment(sandbox: Sandbox, database_url: str) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "SLACK_BOT_TOKEN": sandbox.bot_token,
        "SLACK_SIGNING_SECRET": sandbox.signing_secret,
        "SLACK_API_URL": sandbox.api_url,
        "GROWBOT_DATABASE_URL": database_url,
        "GROWBOT_MASTER_KEY": MasterKeys.generate("test"),
        "GROWBOT_SECONDS_BETWEEN_SENDS": "0.05",
    }


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


async def status(port: int, path: str) -> int:
    """0 where nobody listens."""
    try:
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"http://127.0.0.1:{port}{path}") as answer,
        ):
            return answer.status
    except aiohttp.ClientError:
        return 0


async def until(holds: Callable[[], Awaitable[bool]], seconds: float = 60) -> None:
    for _try in range(int(seconds * 20)):
        if await holds():
            return
        await asyncio.sleep(0.05)
    raise TimeoutError


async def become(port: int, wanted: int) -> None:
    async def holds() -> bool:
        return await status(port, "/readyz") == wanted

    await until(holds)


@dataclass
class Replica:
    process: asyncio.subprocess.Process
    port: int


class Crew:
    def __init__(self, environment: dict[str, str], folder: Path) -> None:
        self._environment, self._folder = environment, folder
        self.replicas: list[Replica] = []

    async def hire(self) -> Replica:
        port = free_port()
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot",
            "run",
            env={**self._environment, "PORT": str(port)},
            cwd=self._folder,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        self.replicas.append(Replica(process, port))
        await become(port, 200)
        return self.replicas[-1]


@pytest.fixture
async def crew(environment: dict[str, str], tmp_path: Path) -> AsyncIterator[Crew]:
    crew = Crew(environment, tmp_path)
    yield crew
    for replica in crew.replicas:
        if replica.process.returncode is None:
            replica.process.kill()
        await replica.process.wait()


@pytest.fixture
def database(environment: dict[str, str]) -> Iterator[Database]:
    database = Database(
        environment["GROWBOT_DATABASE_URL"], Vault(MasterKeys.parse(environment["GROWBOT_MASTER_KEY"]))
    )
    yield database
    database.close()


def plan(database: Database, count: int, *, over: timedelta = timedelta(0)) -> None:
    """Messages to people who work at all hours, asked for by them, so that no limit of a day holds them back."""
    now = datetime.now(UTC)
    with database.transaction() as db:
        who = [learn(db, a_profile(each, identity=Identity(TEAM_ID, each)), now) for each in PEOPLE]
        at_all_hours = {
            "working_days": "1234567",
            "day_starts": time_of_day.min,
            "day_ends": time_of_day(23, 59),
        }
        db.execute(update(PersonRow).values(**at_all_hours))
        for number in range(count):
            to, other = who[number % len(who)], who[(number + 1) % len(who)]
            at = now + over * number / count
            enqueue(
                db,
                key=f"test:{number}{LATER}1",
                template=DECLINED,
                to=to.address,
                subject={"engagement": "e", "by": other.id},
                due_at=at,
                expires_at=now + timedelta(days=1),
                now=now,
            )


def states(database: Database) -> Counter[str]:
    with database.transaction() as db:
        return Counter(db.scalars(select(OutboxRow.state)))


async def are(database: Database, state: State, count: int) -> bool:
    return states(database)[state] >= count


@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
async def test_replaced_one_after_the_other_they_drop_no_request_and_no_message(
    sandbox: Sandbox, crew: Crew, database: Database
) -> None:
    proxy = Proxy([(await crew.hire()).port for _each in range(2)])
    async with listening(proxy):
        sandbox.request_url = f"http://127.0.0.1:{proxy.port}/slack/events"
        done, traffic = asyncio.Event(), Counter[str]()

        async def use(user: str) -> None:
            seat = sandbox.seat(user)
            while not done.is_set():
                await seat.command("/grow commitments")  # raises what a person would see as a failure
                traffic[user] += 1

        using = [asyncio.create_task(use(user)) for user in PEOPLE]
        plan(database, 60, over=timedelta(seconds=20))
        for old in list(crew.replicas):
            new = await crew.hire()
            proxy.ports.append(new.port)
            began, answered = time.monotonic(), traffic.total()
            old.process.send_signal(signal.SIGTERM)
            await become(old.port, 503)
            proxy.ports.remove(old.port)
            assert await asyncio.wait_for(old.process.wait(), BOUND) == 0
            assert time.monotonic() - began < BOUND
            assert traffic.total() > answered
        await until(lambda: are(database, State.SENT, 60))
        done.set()
        await asyncio.gather(*using)
    calls = sandbox.ledger.calls("chat.postMessage")
    posted = Counter(call.args["metadata"]["event_payload"]["id"] for call in calls)
    with database.transaction() as db:
        leads = set(db.scalars(select(OutboxRow.marker).where(OutboxRow.lead_id.is_(None))))
    assert set(posted) == leads
    assert set(posted.values()) == {1}
    assert traffic.total() > 20


@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
async def test_a_call_that_hangs_is_let_go_of_within_ten_seconds_and_no_lease_is_left(
    sandbox: Sandbox, crew: Crew, database: Database
) -> None:
    replica = await crew.hire()
    sandbox.faults.add("chat.postMessage", "hang_after", times=100)
    plan(database, 10)
    await until(lambda: are(database, State.SENDING, 1))
    began = time.monotonic()
    replica.process.send_signal(signal.SIGTERM)
    assert await asyncio.wait_for(replica.process.wait(), BOUND) == 0
    assert time.monotonic() - began < BOUND
    left = states(database)
    assert left[State.SENDING] == 0
    assert left[State.AMBIGUOUS] >= 1
