"""`growbot init`: asks, checks, writes what only its owner reads, and writes over nothing."""

import asyncio
import os
import stat
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from bot import manifest
from bot.cli import cli
from bot.commands.init import LINE
from bot.core.master_keys import MasterKeys
from bot.keys import create_file
from bot.manifest import Mode
from bot.sandbox import Sandbox
from bot.settings import load
from tests.commands.terminal import terminal

PUBLIC = "https://growbot.example.com"


class Folder:
    """Where `growbot init` is called, with Slack at `sandbox`."""

    def __init__(self, path: Path, sandbox: Sandbox) -> None:
        self.path, self.sandbox = path, sandbox

    async def init(self, *words: str, typed: tuple[str, ...] = ()) -> Result:
        lines = "".join(f"{line}\n" for line in typed)
        return await asyncio.to_thread(CliRunner().invoke, cli, ["init", *words], input=lines)

    @property
    def files(self) -> set[str]:
        return {each.name for each in self.path.iterdir()}

    def mode(self, name: str) -> int:
        return stat.S_IMODE((self.path / name).stat().st_mode)


@pytest.fixture
def folder(tmp_path: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Folder:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SLACK_API_URL", sandbox.api_url)
    return Folder(tmp_path, sandbox)


@pytest.fixture
def with_tokens(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> Folder:
    monkeypatch.setenv("SLACK_BOT_TOKEN", folder.sandbox.bot_token)
    monkeypatch.setenv("SLACK_APP_TOKEN", folder.sandbox.app_token)
    return folder


def shown_manifest(output: str) -> str:
    return output.split(LINE)[1].lstrip("\n")


async def test_one_workspace_by_socket_mode_is_asked_for_two_tokens_and_can_be_started_then(
    folder: Folder,
) -> None:
    tokens = (folder.sandbox.bot_token, folder.sandbox.app_token)
    answer = await folder.init(typed=("1", *tokens, ""))
    assert answer.exit_code == 0, answer.output
    assert shown_manifest(answer.output) == manifest.text(manifest.fitting(Mode.SOCKET))
    assert "ok    token: bot of Brightwater" in answer.output
    assert "growbot run" in answer.output
    assert [folder.mode(name) for name in (".env", "growbot.key", "growbot.db")] == [0o600] * 3
    checked = await asyncio.to_thread(CliRunner().invoke, cli, ["doctor"])
    assert (checked.exit_code, "WRONG" in checked.output) == (0, False), checked.output


async def test_what_is_wrong_is_said_at_once_and_asked_for_again(folder: Folder) -> None:
    bot, app = folder.sandbox.bot_token, folder.sandbox.app_token
    answer = await folder.init(
        typed=("7", "1", app, "xoxb-wrong", bot, bot, "xapp-wrong", app, "mysql://x", "")
    )
    assert answer.exit_code == 0, answer.output
    said = [
        "Please type one of 1, 2, 3",
        "SLACK_BOT_TOKEN: this is none: a bot token begins with xoxb-",
        "Slack refuses the token (invalid_auth)",
        "SLACK_APP_TOKEN: this is none: an app-level token begins with xapp-",
        "Slack refuses SLACK_APP_TOKEN (invalid_auth)",
        "mysql is not among sqlite:///file.db and postgresql://…",
    ]
    places = [answer.output.index(each) for each in said]
    assert places == sorted(places)


async def test_over_http_the_manifest_names_the_address_for_commands_buttons_and_events(
    folder: Folder,
) -> None:
    typed = ("2", "growbot.example.com", f"{PUBLIC}/", "0", folder.sandbox.bot_token, "a" * 32, "")
    answer = await folder.init(typed=typed)
    assert answer.exit_code == 0, answer.output
    assert "it begins with https://" in answer.output
    shown = shown_manifest(answer.output)
    assert shown.count(f"{PUBLIC}/slack/events") == 3
    assert "socket_mode_enabled: false" in shown
    assert "redirect_urls" not in shown
    settings = load()
    assert (settings.public_url, settings.port, settings.slack_app_token) == (PUBLIC, 0, None)
    assert f"Let your proxy pass {PUBLIC} on to 127.0.0.1:0" in answer.output


async def test_for_several_workspaces_the_manifest_names_where_installing_comes_back_to(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOST", "0.0.0.0")  # as in a container
    known = folder.sandbox.oauth
    typed = ("3", PUBLIC, "0", "1.2", known.client_id, "b" * 32, known.client_secret, "a" * 32, "")
    answer = await folder.init("--org-wide", typed=typed)
    assert answer.exit_code == 0, answer.output
    assert "Slack knows no app with this SLACK_CLIENT_ID" in answer.output
    assert "SLACK_CLIENT_SECRET is not that of SLACK_CLIENT_ID" in answer.output
    shown = shown_manifest(answer.output)
    assert f"- {PUBLIC}/slack/oauth_redirect" in shown
    assert "org_deploy_enabled: true" in shown
    assert load().serves_many
    assert f"{PUBLIC}/slack/install" in answer.output
    assert f"Let your proxy pass {PUBLIC} on to port 0 of this machine" in answer.output


async def test_an_address_that_is_given_is_kept_by_socket_mode_too(with_tokens: Folder) -> None:
    """For downloads and pictures."""
    answer = await with_tokens.init("--no-input", "--mode", "socket", "--public-url", PUBLIC, "--port", "0")
    assert answer.exit_code == 0, answer.output
    assert (load().public_url, load().port, load().uses_socket_mode) == (PUBLIC, 0, True)
    assert "socket_mode_enabled: true" in shown_manifest(answer.output)


async def test_one_workspace_is_not_set_up_for_whole_organisations(with_tokens: Folder) -> None:
    answer = await with_tokens.init("--no-input", "--mode", "socket", "--org-wide")
    assert (answer.exit_code, "--org-wide is for several workspaces only" in answer.output) == (1, True)
    assert with_tokens.files == set()


async def test_where_nobody_can_be_asked_it_says_how_it_is_done(folder: Folder) -> None:
    answer = await folder.init()
    assert "nobody can be asked here: growbot init --no-input" in answer.output


async def test_it_can_be_done_without_anybody_there(with_tokens: Folder) -> None:
    answer = await with_tokens.init("--mode", "socket", "--no-input", "--database", "sqlite:///other.db")
    assert answer.exit_code == 0, answer.output
    assert with_tokens.files == {".env", "growbot.key", "other.db"}
    assert load().database_url == "sqlite:///other.db"


async def test_without_anybody_there_all_that_is_missing_or_wrong_is_named_and_nothing_written(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-wrong")
    monkeypatch.setenv("GROWBOT_DATABASE_URL", "postgresql://growbot:CANARY@127.0.0.1:9/growbot")
    answer = await folder.init("--mode", "http", "--no-input", "--port", "0")
    assert answer.exit_code == 1
    missing = ("GROWBOT_PUBLIC_URL is missing", "SLACK_SIGNING_SECRET is missing")
    for named in (*missing, "invalid_auth", "Check GROWBOT_DATABASE_URL, and that it is running"):
        assert named in answer.output
    assert "CANARY" not in answer.output
    assert folder.files == set()


async def test_what_the_environment_says_otherwise_and_would_win_is_named(
    with_tokens: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GROWBOT_DATABASE_URL", "sqlite:///CANARY.db")
    monkeypatch.setenv("PORT", "3001")
    words = ("--mode", "http", "--no-input", "--database", "sqlite:///other.db", "--port", "3001")
    answer = await with_tokens.init(*words)
    assert (answer.exit_code, with_tokens.files) == (1, set())
    assert "GROWBOT_DATABASE_URL says otherwise in the environment, which would win" in answer.output
    assert ("PORT says otherwise" in answer.output, "CANARY" in answer.output) == (False, False)


async def test_slack_need_not_be_there_if_it_is_not_to_be_asked(
    with_tokens: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLACK_API_URL", "http://127.0.0.1:9/api/")
    refused = await with_tokens.init("--mode", "socket", "--no-input")
    assert (refused.exit_code, "Slack can't be reached" in refused.output) == (1, True)
    taken = await with_tokens.init("--mode", "socket", "--no-input", "--no-check")
    assert taken.exit_code == 0, taken.output


async def test_settings_that_are_there_are_left_and_what_is_missing_beside_them_is_made(
    with_tokens: Folder,
) -> None:
    (with_tokens.path / ".env").write_text("GROWBOT_DATABASE_URL=sqlite:///mine.db\n")
    answer = await with_tokens.init()
    assert answer.exit_code == 0, answer.output
    assert ".env is there already, and was left as it is" in answer.output
    assert (with_tokens.path / ".env").read_text() == "GROWBOT_DATABASE_URL=sqlite:///mine.db\n"
    assert with_tokens.files == {".env", "growbot.key", "mine.db"}
    assert "socket_mode_enabled: true" in answer.output
    again = await with_tokens.init("--mode", "socket")
    assert (again.exit_code, "To answer anew, move it away" in again.output) == (1, True)


async def test_a_key_that_is_there_is_left(with_tokens: Folder) -> None:
    path = with_tokens.path / "growbot.key"
    create_file(path, MasterKeys.generate("mine"))
    before = path.read_bytes()
    answer = await with_tokens.init("--mode", "socket", "--no-input")
    assert answer.exit_code == 0, answer.output
    assert "growbot.key is there already, and was left as it is" in answer.output
    assert path.read_bytes() == before


async def test_beside_a_database_that_is_there_no_new_key_is_made(with_tokens: Folder) -> None:
    assert (await with_tokens.init("--mode", "socket", "--no-input")).exit_code == 0
    (with_tokens.path / "growbot.key").unlink()
    answer = await with_tokens.init()
    assert (answer.exit_code, "growbot.key does not exist" in answer.output) == (1, True)
    assert "growbot.key" not in with_tokens.files


async def test_in_a_terminal_no_token_is_shown_and_stopping_leaves_nothing(
    tmp_path: Path, environment: dict[str, str], sandbox: Sandbox
) -> None:
    async with terminal(tmp_path, environment | {"SLACK_API_URL": sandbox.api_url}, "init") as screen:
        await screen.shows("Which one")
        screen.type("1")
        await screen.shows("SLACK_BOT_TOKEN (it is not shown): ")
        screen.type(sandbox.bot_token)
        await screen.shows("bot of Brightwater")
        await screen.shows("SLACK_APP_TOKEN (it is not shown): ")
        assert sandbox.bot_token not in screen.shown
        screen.interrupt()
        await screen.shows("Nothing was written")
        assert await screen.code() == 1
    assert os.listdir(tmp_path) == []
