"""How long it takes until `growbot run` is ready, beside importing the libraries that it stands on."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from bot.core.database import Database
from tests.bench.databases import KEYS
from tests.bench.edge import in_turn
from tests.bench.edgeservers import SECRET

ROOT = Path(__file__).resolve().parents[2]
IMPORTS = (
    "import slack_bolt.async_app, slack_sdk, aiohttp.web, sqlalchemy.orm, apscheduler.schedulers.asyncio"
)
WITHIN = 60.0


def seconds(database: Database, slack: str, repeats: int) -> list[float]:
    """Until /readyz says so; and until a bare interpreter has imported them. Everything is compiled before, as where it is installed."""
    with tempfile.TemporaryDirectory(prefix="growbot-bench-") as folder:
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        environment |= {"PYTHONPYCACHEPREFIX": folder, **_settings(database, slack)}
        runs = (lambda: _until_ready(environment), lambda: _imports(environment))
        in_turn(1, *runs)
        return in_turn(repeats, *runs)


def _imports(environment: Mapping[str, str]) -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", IMPORTS], check=True, env=environment)
    return time.perf_counter() - began


def _until_ready(environment: Mapping[str, str]) -> float:
    port = _free_port()
    with tempfile.TemporaryDirectory(prefix="growbot-bench-") as folder:
        began = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", "run"],
            cwd=folder,
            env={**environment, "PORT": str(port)},
            stdout=subprocess.DEVNULL,
        )
        try:
            while not _is_ready(port):
                assert process.poll() is None, "growbot did not start"
                assert time.perf_counter() - began < WITHIN, "growbot is not ready"
                time.sleep(0.005)
            return time.perf_counter() - began
        finally:
            process.terminate()
            process.wait()


def _settings(database: Database, slack: str) -> Mapping[str, str]:
    return {
        "PYTHONPATH": str(ROOT),
        "SLACK_BOT_TOKEN": "xoxb-bench",
        "SLACK_SIGNING_SECRET": SECRET,
        "SLACK_API_URL": slack,
        "GROWBOT_DATABASE_URL": database.url.render_as_string(False),
        "GROWBOT_MASTER_KEY": KEYS,
        "GROWBOT_LOG_LEVEL": "ERROR",
    }


def _is_ready(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/readyz") as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])
