"""`growbot demo`: where its page listens, and that it stands alone."""

from pathlib import Path

import pytest

from bot import demo
from tests.commands.process import growbot
from tests.conftest import NOW


async def test_the_demo_says_when_the_port_it_was_given_is_in_use(
    tmp_path: Path, environment: dict[str, str], port_in_use: int
) -> None:
    code, said = await growbot(tmp_path, environment, "demo", "--no-browser", "--port", str(port_in_use))
    assert (code, said.count("\n")) == (1, 2)
    assert f"port {port_in_use} can't be used" in said


def test_the_demo_takes_another_port_when_its_usual_one_is_in_use(
    port_in_use: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr(demo, "PORT", port_in_use)
    assert demo.listening_port(None, said.append) == 0
    assert str(port_in_use) in said[0]


async def test_the_demo_takes_nothing_from_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GROWBOT_LOG_LEVEL", "loud")
    monkeypatch.setenv("PORT", "abc")
    async with demo.running(tmp_path, NOW) as running:
        assert running.settings.port is None
