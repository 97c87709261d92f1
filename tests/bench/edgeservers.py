"""The servers that are measured, each in a process of its own: growbot's own HTTP edge, and the floors beside it."""

import asyncio
import gc
import multiprocessing
import os
import re
import resource
import threading
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.core import process
from bot.core.errors import TransientError
from tests.bench.edgedriver import Driver, InThreads, Mapper

if TYPE_CHECKING:
    from bot.app import Growbot

SECRET = "bench-signing-secret"
VIEW = {
    "type": "modal",
    "title": {"type": "plain_text", "text": "Hello"},
    "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "Hello, world"}}],
}
ANYTHING = re.compile(".*")
PATHS = {"grow": "/grow", "button": "/button", "submission": "/submission"}


@dataclass(frozen=True)
class Work:
    """What a request makes growbot do: reads and writes of each transaction, and how many calls to Slack."""

    transactions: tuple[tuple[int, int], ...]
    calls: int

    @property
    def statements(self) -> int:
        return sum(reads + writes for reads, writes in self.transactions)


@dataclass(frozen=True)
class Plan:
    """How a process serves; `url` of the database, `slack` of the Web API, `key` the master key.

    `work`: what the minimal app does for each kind of request. `is_bare`: its statements run on the driver itself, without
    SQLAlchemy. `has_imports`: it imports what growbot does, so that the size of libraries is not what is compared.
    """

    kind: str
    url: str = ""
    slack: str = ""
    key: str = ""
    only: tuple[str, ...] = ()
    ticks: bool = False
    work: tuple[tuple[str, Work], ...] = ()
    is_bare: bool = False
    has_imports: bool = False


class Server:
    """A process that serves, and the way to ask it what it has used."""

    def __init__(self, plan: Plan) -> None:
        context = multiprocessing.get_context("spawn")
        self._said, there = context.Pipe()
        self._process = context.Process(target=_main, args=(plan, there), daemon=True)
        self._process.start()
        self.port = int(self._said.recv())

    def ask(self, what: str) -> Any:
        self._said.send(what)
        return self._said.recv()

    def cpu(self) -> float:
        """Seconds of processor time so far, of all its threads."""
        return float(self.ask("cpu"))

    def resident(self) -> float:
        """MiB that are in memory, once what nobody holds is given back."""
        return float(self.ask("resident"))

    def stop(self) -> None:
        self._process.terminate()
        self._process.join()


@contextmanager
def serving(*plans: Plan) -> Iterator[list[Server]]:
    running: list[Server] = []
    try:
        for plan in plans:
            running.append(Server(plan))
        yield running
    finally:
        for server in running:
            server.stop()


# --- in the process ------------------------------------------------------------------------------------


def _main(plan: Plan, said: Connection) -> None:
    run = process.serve if plan.kind == "growbot" else asyncio.run
    run(_serve(plan, said))


async def _serve(plan: Plan, said: Connection) -> None:
    start = {"growbot": _growbot, "minimal": _minimal, "verifier": _verifier}[plan.kind]
    port, commands = await start(plan)
    loop = asyncio.get_running_loop()
    threading.Thread(target=_answer, args=(said, loop, commands), daemon=True).start()
    said.send(port)
    await asyncio.Event().wait()


Commands = dict[str, Callable[[], Coroutine[Any, Any, Any]]]


def _answer(said: Connection, loop: asyncio.AbstractEventLoop, commands: Commands) -> None:
    while True:
        asked = said.recv()
        if asked == "cpu":
            said.send(time.process_time())
        elif asked == "resident":
            gc.collect()
            said.send(_resident())
        else:
            said.send(asyncio.run_coroutine_threadsafe(commands[asked](), loop).result())


def _resident() -> float:
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * resource.getpagesize() / 2**20


async def _growbot(plan: Plan) -> tuple[int, Commands]:
    from sqlalchemy import event

    from bot.app import Growbot
    from bot.core import logs
    from bot.core.feature import Feature
    from bot.registry import FEATURES
    from bot.settings import load
    from tests.bench.rows import TEMPLATES

    gc.freeze()  # as `growbot` does when everything is imported
    logs.configure("ERROR")
    os.chdir("/")
    settings = load(
        _env_file=None,
        SLACK_BOT_TOKEN="xoxb-bench",
        SLACK_SIGNING_SECRET=SECRET,
        SLACK_API_URL=plan.slack,
        PORT=0,
        GROWBOT_DATABASE_URL=plan.url,
        GROWBOT_MASTER_KEY=plan.key,
        GROWBOT_SECONDS_BETWEEN_SENDS=0,
    )
    features = [each for each in FEATURES if not plan.only or each.name in plan.only]
    features.insert(1, Feature(name="bench", templates=tuple(TEMPLATES.values())))
    growbot = Growbot(settings, features=features, ticks=plan.ticks)
    await growbot.start()
    transactions: list[list[int]] = []

    def began(_connection: object) -> None:
        transactions.append([0, 0])

    def ran(_c: object, _cursor: object, sql: str, _values: object, context: Any, _many: bool) -> None:
        if not sql.startswith("BEGIN"):  # the driver's own way to begin is no statement of ours
            transactions[-1][bool(context.isinsert or context.isupdate or context.isdelete)] += 1

    async def count() -> None:
        event.listen(growbot.database.engine, "begin", began)
        event.listen(growbot.database.engine, "after_cursor_execute", ran)

    async def counts() -> list[tuple[int, int]]:
        event.remove(growbot.database.engine, "begin", began)
        event.remove(growbot.database.engine, "after_cursor_execute", ran)
        found = [(reads, writes) for reads, writes in transactions]
        transactions.clear()
        return found

    draining: set[asyncio.Task[None]] = set()

    async def settle() -> None:
        await asyncio.gather(*draining)
        draining.clear()
        await _settled(growbot)

    async def begin() -> None:
        draining.add(asyncio.create_task(_settled(growbot)))

    assert growbot.port is not None
    return growbot.port, {"count": count, "counts": counts, "begin": begin, "settle": settle}


async def _settled(growbot: "Growbot") -> None:
    """Everything that is due is planned and sent; again, where requests were in the way for too long."""
    while True:
        try:
            return await growbot.settle()
        except TransientError:
            await asyncio.sleep(0.1)


async def _minimal(plan: Plan) -> tuple[int, Commands]:
    """Bolt as its documentation shows it: one listener for the kind of request, answered once the statements ran."""
    if plan.has_imports:
        import bot.app  # noqa: F401  # for the memory that its libraries take
    runs = (Driver if plan.is_bare else Mapper)(plan.url)
    driver = InThreads(runs, plan.url.startswith("sqlite"))
    work = dict(plan.work)
    served = web.Application()
    for kind, path in PATHS.items():
        app = AsyncApp(token="xoxb-bench", signing_secret=SECRET, process_before_response=True)
        app.client.base_url = plan.slack
        _register(app, kind, _listener(driver, work.get(kind, Work((), 0))))
        served.router.add_post(path, _handler(app))
    return await _listen(served), {}


def _listener(driver: InThreads, work: Work) -> Callable[..., Awaitable[None]]:
    async def listener(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        for reads, writes in work.transactions:
            await driver.transaction(reads, writes)
        await ack()
        for _each in range(work.calls):
            await client.views_open(trigger_id=body.get("trigger_id", ""), view=VIEW)

    return listener


def _register(app: AsyncApp, kind: str, listener: Callable[..., Awaitable[None]]) -> None:
    matcher = {"grow": app.command("/grow"), "button": app.action(ANYTHING), "submission": app.view(ANYTHING)}
    matcher[kind](listener)


def _handler(app: AsyncApp) -> Callable[[web.Request], Awaitable[web.Response]]:
    """As slack_bolt's own aiohttp server handles a request."""

    async def handle(request: web.Request) -> web.Response:
        answer = await app.async_dispatch(await to_bolt_request(request))
        return await to_aiohttp_response(answer)

    return handle


async def _verifier(_plan: Plan) -> tuple[int, Commands]:
    """A bare handler that verifies the signature, and does nothing else."""
    from slack_sdk.signature import SignatureVerifier

    verifier = SignatureVerifier(SECRET)

    async def handle(request: web.Request) -> web.Response:
        body = await request.read()
        headers = request.headers
        is_signed = verifier.is_valid(
            body, headers.get("X-Slack-Request-Timestamp", ""), headers.get("X-Slack-Signature", "")
        )
        return web.Response(status=200 if is_signed else 401)

    served = web.Application()
    served.router.add_post("/slack/events", handle)
    return await _listen(served), {}


async def _listen(served: web.Application) -> int:
    runner = web.AppRunner(served, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return int(runner.addresses[0][1])
