"""Claiming, committing "sending" and finishing rows on PostgreSQL with a sender that does nothing, against procrastinate."""

import time

from sqlalchemy.engine import make_url

from bot.core.clock import SystemClock
from bot.core.database import Database
from bot.core.directory import Identity
from bot.core.outbox.courier import Courier
from bot.core.outbox.domain import Accepted, Lookup, Outcome
from bot.core.outbox.pump import AT_ONCE
from bot.core.outbox.templates import Message
from bot.features.people.service import People
from tests.bench.rows import TEMPLATES, due

COUNT = 3000


class Nothing:
    """A sender that does nothing."""

    async def post(self, to: Identity, message: Message, marker: str) -> Outcome:
        return Accepted("D0BEN", "1700000000.000001")

    async def update(self, to: Identity, channel: str, ts: str, message: Message) -> Outcome:
        raise NotImplementedError

    async def delete(self, to: Identity, channel: str, ts: str) -> Outcome:
        raise NotImplementedError

    async def look_up(self, to: Identity, *_where: object) -> Lookup:
        raise NotImplementedError


async def outbox(database: Database) -> float:
    """Rows a second; each is drawn too."""
    due(database, COUNT)
    courier = Courier(database, People(), TEMPLATES, Nothing(), SystemClock())
    started = time.perf_counter()
    await courier.deliver()
    return COUNT / (time.perf_counter() - started)


async def procrastinate_jobs(url: str) -> float:
    """Jobs a second: as many at a time, in a database of its own on the same server."""
    import procrastinate

    conninfo = make_url(url).set(drivername="postgresql").render_as_string(False)
    app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=conninfo))

    @app.task(name="nothing")
    async def nothing(number: int) -> None:
        pass

    async with app.open_async():
        if not await app.check_connection_async():
            await app.schema_manager.apply_schema_async()
        await nothing.batch_defer_async(*({"number": number} for number in range(COUNT)))
        started = time.perf_counter()
        await app.run_worker_async(wait=False, concurrency=AT_ONCE, install_signal_handlers=False)
        return COUNT / (time.perf_counter() - started)
