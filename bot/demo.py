"""growbot and a local Slack in one process, on one clock that can be moved: what `growbot demo` shows."""

import asyncio
import os
import signal
import socket
import sys
import tempfile
import webbrowser
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from sqlalchemy import create_engine

from bot import schema
from bot.app import Growbot
from bot.core.clock import SystemClock
from bot.core.master_keys import MasterKeys
from bot.manifest import read as manifest
from bot.registry import FEATURES, routes_of
from bot.sandbox import Sandbox, SandboxClock
from bot.settings import Settings, load

PORT = 8737
STARTS_AT = time(14, 30)  # UTC: working hours from São Paulo to Berlin

WELCOME = """
growbot is running, with a local Slack: {url}

Three things to try there:
  1. As Dana, type  /grow start @ben  and send the agreement; then be Ben, and sign it.
  2. As Ben, type  /grow commit call the CFO by friday
  3. Move the clock with "Next thing due", and watch what arrives for whom.

Everything stays on this machine and is gone when you stop it: Ctrl-C.
"""

WELCOME_BACK = """
growbot is running, with a local Slack: {url}

You are Dana, a coach with many clients. Four weeks lie behind you and them; in the list of people, each can be played.
  1. Open Dana's Home, and her messages.
  2. Type  /grow , /grow commitments , /grow session , /grow checkin , /grow notes , /grow progress
  3. Move the clock by a week, and look again.

Everything stays on this machine and is gone when you stop it: Ctrl-C.
"""


def command_words() -> list[Mapping[str, str]]:
    """What the page completes after /grow."""
    commands = [command for command in routes_of(FEATURES).commands.values() if command.word]
    return [{"word": each.word, "hint": each.hint, "help": each.help} for each in commands]


def first_day(today: date) -> date:
    """Today, or the next Monday: nobody is written to at the weekend."""
    return today + timedelta(days=max(0, 8 - today.isoweekday()) if today.isoweekday() > 5 else 0)


@dataclass(slots=True)
class Demo:
    """growbot and the local Slack that it is connected to."""

    sandbox: Sandbox
    clock: SandboxClock
    settings: Settings
    ticks: bool
    growbot: Growbot

    async def connect(self) -> None:
        await self.growbot.start()
        if not self.settings.uses_socket_mode:
            self.sandbox.request_url = f"http://127.0.0.1:{self.growbot.port}/slack/events"
        self.sandbox.attach(self.growbot)

    async def restart(self) -> None:
        """As after an upgrade: another growbot on the same database."""
        await self.growbot.stop()
        self.growbot = Growbot(self.settings, clock=self.clock, ticks=self.ticks)
        await self.connect()


@asynccontextmanager
async def running(
    folder: Path,
    starts_at: datetime,
    *,
    database_url: str | None = None,
    http: bool = False,
    port: int = 0,
    clock_runs: bool = False,
    ticks: bool = False,
    serves: bool = False,
) -> AsyncIterator[Demo]:
    """Both, connected to each other by Socket Mode, or by signed HTTP requests. `folder` takes the database.

    `serves`: growbot has an address for downloads and pictures, on this machine.
    """
    clock = SandboxClock(starts_at, running=clock_runs)
    sandbox = Sandbox(manifest(), clock, words=command_words(), port=port)
    await sandbox.start()
    settings = _settings(sandbox, database_url or f"sqlite:///{folder / 'growbot.db'}", http, serves)
    _migrate(settings.database_url)
    demo = Demo(sandbox, clock, settings, ticks, Growbot(settings, clock=clock, ticks=ticks))
    try:
        await demo.connect()
        yield demo
    finally:
        await demo.growbot.stop()
        await sandbox.stop()


def _settings(sandbox: Sandbox, database_url: str, http: bool, serves: bool) -> Settings:
    """With a temporary key; nothing of the environment counts."""
    transport: dict[str, object] = {
        "SLACK_APP_TOKEN": sandbox.app_token,
        "SLACK_SIGNING_SECRET": None,
        "PORT": None,
    }
    if http:
        transport = {"SLACK_APP_TOKEN": None, "SLACK_SIGNING_SECRET": sandbox.signing_secret, "PORT": 0}
    if serves:
        port = _free_port()
        transport |= {"PORT": port, "GROWBOT_PUBLIC_URL": f"http://127.0.0.1:{port}"}
    return load(
        _env_file=None,
        SLACK_BOT_TOKEN=sandbox.bot_token,
        SLACK_API_URL=sandbox.api_url,
        GROWBOT_DATABASE_URL=database_url,
        GROWBOT_MASTER_KEY=MasterKeys.generate("demo"),
        HOST="127.0.0.1",
        GROWBOT_LOG_LEVEL="ERROR",
        GROWBOT_SECONDS_BETWEEN_SENDS=0,  # a clock that stands still would hold back the second message for ever
        **transport,
    )


def _free_port() -> int:
    """It is in growbot's address, so it has to be known before growbot listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _migrate(url: str) -> None:
    engine = create_engine(url)
    schema.upgrade(engine)
    engine.dispose()


def listening_port(wanted: int | None, say: Callable[[str], object]) -> int:
    """The page's: the wanted one, which is the same each day if none is. 0 is any that is free. Raises OSError."""
    try:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the server will
            probe.bind(("127.0.0.1", PORT if wanted is None else wanted))
            probe.listen()
    except OSError:
        if wanted is not None:
            raise
        say(f"Port {PORT} is in use, so the page gets another one.")
        return 0
    return PORT if wanted is None else wanted


@dataclass(frozen=True, slots=True)
class Past:
    """What has happened before the demo's day: how long ago it began, and how it comes about, in as much time."""

    length: timedelta
    happen: Callable[[Demo], Awaitable[None]]


async def serve(
    port: int, *, opens_browser: bool, say: Callable[[str], object], past: Past | None = None
) -> None:
    """The demo with its page, until Ctrl-C."""
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    starts_at = datetime.combine(first_day(SystemClock().now().date()), STARTS_AT, UTC)
    with tempfile.TemporaryDirectory(prefix="growbot-demo-") as folder:
        begins_at = starts_at - (past.length if past else timedelta(0))
        async with running(Path(folder), begins_at, port=port, serves=True) as demo:
            await _begin(demo, past)
            say((WELCOME if past is None else WELCOME_BACK).format(url=demo.sandbox.url))
            if opens_browser and has_screen():
                webbrowser.open(demo.sandbox.url)
            await stop.wait()
            say("\nStopping.")


async def _begin(demo: Demo, past: Past | None) -> None:
    """From here on time passes, and growbot does by itself what is due."""
    if past is not None:
        await past.happen(demo)
    demo.clock.run()
    demo.ticks = True
    await demo.restart()


def has_screen() -> bool:
    return sys.platform in {"darwin", "win32"} or bool(
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    )
