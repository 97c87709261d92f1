"""Settings that are wrong or missing: all are named at once, in a sentence each."""

from pathlib import Path

import pytest

from bot.doctor import local_problems
from bot.settings import SettingsInvalid, connection_problems, load, read, unknown
from tests.commands.process import growbot


async def test_everything_that_is_missing_is_named_at_once(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    code, said = await growbot(tmp_path, environment, "run")
    assert code == 1
    for missing in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "growbot keys new", "growbot db upgrade"):
        assert missing in said
    assert "Traceback" not in said


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({}, ["No setting is in the environment", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"]),
        ({"SLACK_BOT_TOKEN": "xoxp-1"}, ["SLACK_BOT_TOKEN is not a bot token", "SLACK_APP_TOKEN"]),
        ({"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xoxb-1"}, ["SLACK_APP_TOKEN is not an app-level"]),
        ({"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "s"}, ["PORT is missing"]),
        ({"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "s", "PORT": 80}, []),
        ({"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}, []),
        (
            {
                "SLACK_BOT_TOKEN": "xoxb-1",
                "SLACK_APP_TOKEN": "xapp-1",
                "GROWBOT_PUBLIC_URL": "https://g.example",
            },
            ["PORT is missing: with GROWBOT_PUBLIC_URL"],
        ),
    ],
)
def test_what_is_missing_to_reach_slack_is(
    given: dict[str, object], named: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    problems = connection_problems(load(**given))
    assert len(problems) == len(named)
    assert all(name in problem for name, problem in zip(named, problems, strict=True))


@pytest.mark.parametrize(
    "address", ["growbot.example.org", "http://growbot.example.org", "https://g.example?x=1"]
)
def test_an_export_travels_sealed_or_not_at_all(address: str) -> None:
    _settings, wrong = read(GROWBOT_PUBLIC_URL=address)
    assert list(wrong) == ["GROWBOT_PUBLIC_URL"]


def test_a_public_address_loses_its_last_slash() -> None:
    assert load(GROWBOT_PUBLIC_URL="https://growbot.example.org/").public_url == "https://growbot.example.org"
    assert load(GROWBOT_PUBLIC_URL="http://localhost:8080").public_url == "http://localhost:8080"


async def test_what_is_wrong_and_what_is_missing_are_named_together(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    given = {"GROWBOT_LOG_LEVEL": "loud", "PORT": "abc", "GROWBOT_DATABASE_URL": "nonsense"}
    code, said = await growbot(tmp_path, environment | given, "run")
    assert code == 1
    for named in (*given, "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "growbot keys new"):
        assert named in said
    assert "growbot db upgrade" not in said  # of the database at the default address, nothing was asked
    assert "Traceback" not in said


@pytest.mark.parametrize(
    "address",
    [
        "nonsense",
        "mysql://growbot:CANARY@localhost/growbot",
        "postgresql+asyncpg://growbot:CANARY@localhost/growbot",
        "postgresql://growbot:CANARY@localhost:port/growbot",
        "sqlite+aiosqlite:///growbot.db",
        "sqlite://growbot.db",
        "sqlite:///:memory:",
        "sqlite:///growbot.db?mode=CANARY",
    ],
)
def test_a_database_that_growbot_cannot_use_is_a_wrong_setting(address: str) -> None:
    _settings, wrong = read(GROWBOT_DATABASE_URL=address)
    assert "sqlite:///file.db" in wrong["GROWBOT_DATABASE_URL"]
    assert "CANARY" not in wrong["GROWBOT_DATABASE_URL"]


@pytest.mark.parametrize("address", ["sqlite:////srv/growbot.db", "postgres://h/d", "postgresql://u:p@h/d"])
def test_other_addresses_of_databases_are_as_good(address: str) -> None:
    assert load(GROWBOT_DATABASE_URL=address).database_url == address


@pytest.mark.parametrize("port", ["-1", "65536", "abc"])
def test_a_port_that_there_cannot_be_is_a_wrong_setting(port: str) -> None:
    assert list(read(PORT=port)[1]) == ["PORT"]


def test_the_level_of_the_log_may_be_in_small_letters() -> None:
    assert load(GROWBOT_LOG_LEVEL="debug").log_level == "DEBUG"


def test_what_is_set_to_nothing_counts_as_not_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text("SLACK_SIGNING_SECRET=\nSLACK_BOT_TOKEN=\nPORT=8080\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SLACK_APP_TOKEN", "")
    settings = load()
    assert (settings.slack_signing_secret, settings.slack_app_token) == (None, None)
    bot_token, transport = connection_problems(settings)
    assert "SLACK_BOT_TOKEN is missing" in bot_token
    assert "SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET" in transport


def test_whatever_several_workspaces_need_is_named_at_once() -> None:
    problems = connection_problems(load(SLACK_CLIENT_ID="1.2", SLACK_BOT_TOKEN="xoxb-1"))
    for part in (
        "SLACK_CLIENT_SECRET is missing",
        "GROWBOT_PUBLIC_URL is missing",
        "SLACK_BOT_TOKEN is for one",
    ):
        assert any(part in problem for problem in problems)
    assert any("SLACK_SIGNING_SECRET and PORT" in problem for problem in problems)


def test_several_workspaces_need_no_bot_token() -> None:
    client = {
        "SLACK_CLIENT_ID": "1.2",
        "SLACK_CLIENT_SECRET": "s",
        "GROWBOT_PUBLIC_URL": "https://growbot.example.com",
    }
    assert connection_problems(load(**client, SLACK_SIGNING_SECRET="s", PORT=8080)) == []


@pytest.mark.parametrize(
    "url",
    [
        "http://growbot.example.com",
        "growbot.example.com",
        "https://host/path",
        "https://u:p@host",
        "https://",
    ],
)
def test_browsers_are_sent_to_a_host_over_https(url: str) -> None:
    assert list(read(GROWBOT_PUBLIC_URL=url)[1]) == ["GROWBOT_PUBLIC_URL"]


def test_a_file_of_settings_that_is_no_text_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_bytes(b"SLACK_BOT_TOKEN=\xff\xfe")
    monkeypatch.chdir(tmp_path)
    settings, wrong = read()
    assert wrong[".env"] == f"{tmp_path}/.env can't be read: it is not UTF-8 text"
    assert connection_problems(settings, wrong) == []  # what is missing may stand in it
    assert local_problems(settings, wrong) == []


def test_a_wrong_setting_is_told_in_plain_words() -> None:
    _settings, wrong = read(PORT="abc", GROWBOT_SECONDS_BETWEEN_SENDS="-1", GROWBOT_METRICS_PORT="70000")
    assert wrong == {
        "PORT": "PORT: it is a whole number",
        "GROWBOT_SECONDS_BETWEEN_SENDS": "GROWBOT_SECONDS_BETWEEN_SENDS: it is 0 or more",
        "GROWBOT_METRICS_PORT": "GROWBOT_METRICS_PORT: it is 65535 or less",
    }


def test_a_name_with_a_slip_of_the_pen_is_told_with_the_one_that_is_meant(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("slack_bot_token=xoxb-1\nSLACK_BOT_TOKN=xoxb-CANARY\nPATH=x\n")
    monkeypatch.setenv("GROWBOT_COLOUR", "green")
    monkeypatch.setenv("GROWBOT_TEST_SOMETHING", "1")
    assert unknown() == [
        "GROWBOT_COLOUR is no setting of growbot's, and does nothing.",
        "SLACK_BOT_TOKN is no setting of growbot's, and does nothing. Is SLACK_BOT_TOKEN meant?",
    ]


async def test_in_a_folder_that_is_not_growbot_s_every_command_says_where_it_looked(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    code, said = await growbot(tmp_path, environment, "outbox", "list")
    assert (code, f"There is no database at {tmp_path}/growbot.db" in said) == (1, True)
    assert f"there is no {tmp_path}/.env. If growbot was set up already, run it in that folder" in said


def test_every_setting_that_is_wrong_is_named_at_once() -> None:
    with pytest.raises(SettingsInvalid) as wrong:
        load(PORT="eighty", GROWBOT_MASTER_KEY_FILE=7)
    assert {problem.partition(":")[0] for problem in wrong.value.problems} == {
        "PORT",
        "GROWBOT_MASTER_KEY_FILE",
    }


def test_no_secret_shows_when_the_settings_are_printed() -> None:
    settings = load(
        SLACK_BOT_TOKEN="xoxb-CANARY", SLACK_SIGNING_SECRET="CANARY", GROWBOT_MASTER_KEY="k:CANARY"
    )
    assert "CANARY" not in repr(settings)
