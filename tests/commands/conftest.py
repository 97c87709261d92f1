"""A folder with nothing in it, a local Slack, and the environment of a process."""

import logging
import os
import socket
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import structlog

from bot.core.clock import SystemClock
from bot.core.master_keys import MasterKeys
from bot.demo import manifest
from bot.sandbox import Sandbox, SandboxClock

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    sandbox = Sandbox(manifest(), SandboxClock(SystemClock().now(), running=True))
    await sandbox.start()
    yield sandbox
    await sandbox.stop()


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Nothing of growbot's is set; the working directory is empty."""
    return {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "HOME": str(tmp_path)}


@pytest.fixture
def connected(environment: dict[str, str], sandbox: Sandbox) -> dict[str, str]:
    """All that growbot needs, at the local Slack."""
    return {
        **environment,
        "SLACK_BOT_TOKEN": sandbox.bot_token,
        "SLACK_APP_TOKEN": sandbox.app_token,
        "SLACK_API_URL": sandbox.api_url,
        "GROWBOT_MASTER_KEY": MasterKeys.generate("k1"),
    }


@pytest.fixture
def port_in_use() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as other:
        yield other.getsockname()[1]


@pytest.fixture(autouse=True)
def logs_as_they_were() -> Iterator[None]:
    """A command that ran in this process has chosen what is logged, for itself alone."""
    yield
    structlog.reset_defaults()
    logging.getLogger().handlers.clear()
