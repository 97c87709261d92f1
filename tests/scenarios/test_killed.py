"""A real process, killed without warning the moment after it acknowledged something."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.core.master_keys import MasterKeys
from bot.demo import manifest
from bot.sandbox import Sandbox, SandboxClock

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    """On the same clock as a process of its own: the machine's."""
    sandbox = Sandbox(manifest(), SandboxClock(datetime.now(UTC), running=True))
    await sandbox.start()
    yield sandbox
    await sandbox.stop()


@pytest.fixture
def environment(sandbox: Sandbox, database_url: str) -> Mapping[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "SLACK_BOT_TOKEN": sandbox.bot_token,
        "SLACK_APP_TOKEN": sandbox.app_token,
        "SLACK_API_URL": sandbox.api_url,
        "GROWBOT_DATABASE_URL": database_url,
        "GROWBOT_MASTER_KEY": MasterKeys.generate("test"),
    }


@asynccontextmanager
async def growbot(
    sandbox: Sandbox, environment: Mapping[str, str], folder: Path
) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "run", env=dict(environment), cwd=folder, stderr=asyncio.subprocess.PIPE
    )
    try:
        await sandbox.sockets.wait_connected(timeout=20)
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def test_what_was_acknowledged_outlives_a_kill(
    sandbox: Sandbox, environment: Mapping[str, str], tmp_path: Path
) -> None:
    dana = sandbox.seat("U0DANA")
    async with growbot(sandbox, environment, tmp_path) as process:
        await dana.command("/grow start @ben")
        await dana.wait_modal("engagements.propose")
        assert (await dana.submit({"purpose": "Sleep better", "role": "coach"})).updated
        process.send_signal(signal.SIGKILL)
        await process.wait()
    await dana.close(everything=True)
    async with growbot(sandbox, environment, tmp_path):
        await dana.command("/grow agreement")
        read = await dana.wait_modal("engagements.read")
        assert "Sleep better" in dana.texts(read)
        await dana.command("/grow start @ben")
        await dana.wait_ephemeral(containing="have your invitation already")
