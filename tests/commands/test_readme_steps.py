"""The README's steps against a real Slack are true: played in a terminal, against the local one."""

import re
import socket
from pathlib import Path

import yaml

from bot.commands.init import LINE
from bot.core.clock import SystemClock
from bot.sandbox import Sandbox, SandboxClock
from tests.commands.terminal import terminal
from tests.readme import README

STEPS = README.read_text().partition("## Against a real Slack, in eight steps")[2].partition("\n## ")[0]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as other:
        return int(other.getsockname()[1])


def test_there_are_eight_and_they_name_what_is_typed_in_this_order() -> None:
    assert re.findall(r"^(\d)\. ", STEPS, re.M) == [str(number) for number in range(1, 9)]
    steps = STEPS.partition("`growbot doctor`")[0]
    typed = re.findall(r"`(growbot [a-z]+|/grow [a-z]+)", steps)
    assert list(dict.fromkeys(typed)) == [
        "growbot init",
        "growbot run",
        "/grow start",
        "/grow agreement",
        "/grow session",
        "/grow prep",
    ]


async def test_whoever_follows_them_has_a_growbot_that_two_people_can_begin_with(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    port = free_port()
    environment["SLACK_API_URL"] = f"http://127.0.0.1:{port}/api/"
    async with terminal(tmp_path, environment, "init") as screen:
        await screen.shows("Which one")
        screen.type("1")
        await screen.shows(LINE)
        shown = await screen.shows(LINE)
        sandbox = Sandbox(
            yaml.safe_load(shown.removesuffix(LINE)),
            SandboxClock(SystemClock().now(), running=True),
            port=port,
        )
        await sandbox.start()
        for token in (sandbox.bot_token, sandbox.app_token, ""):
            await screen.shows("not shown): " if token else "growbot.db]: ")
            screen.type(token)
        await screen.shows("growbot run")
        assert await screen.code() == 0
    try:
        del environment["SLACK_API_URL"]  # it is in .env now
        async with terminal(tmp_path, environment, "run") as screen:
            await screen.shows("growbot is running, connected by Socket Mode")
            dana, ben = sandbox.seat("U0DANA"), sandbox.seat("U0BEN")
            await dana.command("/grow start @ben")
            await dana.wait_modal("engagements.propose")
            assert (await dana.submit({"purpose": "x", "role": "coach"})).updated
            await dana.close(everything=True)
            await ben.command(
                "/grow agreement"
            )  # the message may wait for the morning: this clock is the real one
            await ben.wait_modal("engagements.sign")
            assert (await ben.submit()).updated
            await dana.command("/grow session")
            await dana.wait_modal()
            screen.interrupt()
            assert await screen.code() == 0
    finally:
        await sandbox.stop()
