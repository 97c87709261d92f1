"""What `growbot init` asks for each way of running growbot, and how each answer is checked."""

import asyncio
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from pydantic import SecretStr
from sqlalchemy.exc import SQLAlchemyError

from bot import slack_checks
from bot.commands.asking import Answers, Question
from bot.core.clock import Clock
from bot.core.database import Database
from bot.core.master_keys import MasterKeys
from bot.core.vault import Vault
from bot.database_reasons import database_reason, not_yours
from bot.doctor import port_in_use
from bot.manifest import Mode
from bot.reasons import Finding
from bot.settings import Settings, read

ADDRESS = {
    "GROWBOT_PUBLIC_URL": "The https address, without a path, at which Slack and browsers will reach growbot through your proxy",
    "PORT": "The port on which growbot listens, behind that address",
}
APP = {
    "SLACK_BOT_TOKEN": "The bot token: the app's page → Install App → Install to Workspace, then Bot User OAuth Token (xoxb-…)",
    "SLACK_APP_TOKEN": "The app-level token: Basic Information → App-Level Tokens → Generate, with the scope connections:write (xapp-…)",
    "SLACK_CLIENT_ID": "The client ID: the app's page → Basic Information → App Credentials",
    "SLACK_CLIENT_SECRET": "The client secret, just below it",
    "SLACK_SIGNING_SECRET": "The signing secret: the app's page → Basic Information → App Credentials",
}
OF_MODE = {
    Mode.SOCKET: ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"),
    Mode.HTTP: ("SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET"),
    Mode.SEVERAL: ("SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET", "SLACK_SIGNING_SECRET"),
}
DATABASE = (
    "The database: Enter for SQLite, which one growbot can serve; or postgresql://user:password@host/name"
)
DEFAULTS = {"PORT": "3000", "GROWBOT_DATABASE_URL": "sqlite:///growbot.db"}
LOOKS = {
    "SLACK_BOT_TOKEN": (r"xoxb-\S+", "a bot token begins with xoxb-"),
    "SLACK_APP_TOKEN": (r"xapp-\S+", "an app-level token begins with xapp-"),
    "SLACK_SIGNING_SECRET": (r"[0-9a-z]{32}", "a signing secret is 32 small letters and digits"),
    "SLACK_CLIENT_ID": (r"\d+\.\d+", "a client ID is two numbers with a dot between them"),
    "SLACK_CLIENT_SECRET": (r"[0-9a-z]{32}", "a client secret is 32 small letters and digits"),
    "GROWBOT_DATABASE_URL": (r"[^\s'\"#$]+", "write blanks, quotes, # and $ as %20, %27, %22, %23 and %24"),
}
SHOWN = {*ADDRESS, "SLACK_CLIENT_ID"}
"""While they are typed."""
ALSO_KEPT = ("SLACK_API_URL", "GROWBOT_MASTER_KEY_FILE", "HOST")
"""Not asked for, and kept where the environment sets them."""


def given_by(settings: Settings) -> dict[str, str]:
    """What the environment sets of that which is asked for, or kept."""
    names = {*ADDRESS, *APP, *DEFAULTS, *ALSO_KEPT}
    found = {}
    for name, field in Settings.model_fields.items():
        if field.alias in names and name in settings.model_fields_set:
            value = getattr(settings, name)
            found[field.alias] = value.get_secret_value() if isinstance(value, SecretStr) else str(value)
    return found


@dataclass(frozen=True, slots=True)
class Questions:
    """`asks_others`: whether Slack and the database are asked if they take an answer."""

    answers: Answers
    settings: Settings
    clock: Clock
    asks_others: bool

    def of_address(self, mode: Mode) -> list[Question]:
        """By Socket Mode none is needed; one that is given is kept, for downloads and pictures or for /readyz."""
        given = self.answers.given
        names = list(ADDRESS)
        if mode is Mode.SOCKET and "GROWBOT_PUBLIC_URL" not in given:
            names = [name for name in names if name in given]
        return [self._question(name, ADDRESS[name]) for name in names]

    def of_app(self, mode: Mode) -> list[Question]:
        asked = [self._question(name, APP[name]) for name in OF_MODE[mode]]
        return [*asked, self._question("GROWBOT_DATABASE_URL", DATABASE)]

    def _question(self, name: str, sentence: str) -> Question:
        return Question(name, sentence, partial(self._found, name), DEFAULTS.get(name), name not in SHOWN)

    def _found(self, name: str, answer: str) -> Sequence[Finding]:
        """First whether it looks right, then what others say to it."""
        looks, sentence = LOOKS.get(name, (".+", ""))
        if not re.fullmatch(looks, answer):
            return [Finding(name, f"this is none: {sentence}", False)]
        _settings, wrong = read(_env_file=None, **{name: answer})
        if name in wrong:
            return [Finding(name, wrong[name].removeprefix(f"{name}: "), False)]
        ask = self._others().get(name)
        return ask(answer) if ask and self.asks_others else []

    def _others(self) -> dict[str, Callable[[str], list[Finding]]]:
        return {
            "SLACK_BOT_TOKEN": lambda token: self._slack(
                partial(slack_checks.of_bot_token, token=token, clock=self.clock)
            ),
            "SLACK_APP_TOKEN": lambda token: self._slack(partial(slack_checks.of_app_token, token=token)),
            "SLACK_CLIENT_ID": lambda client_id: self._slack(
                partial(slack_checks.of_client, client_id=client_id, secret=None)
            ),
            "SLACK_CLIENT_SECRET": lambda secret: self._slack(
                partial(slack_checks.of_client, client_id=self.answers.kept["SLACK_CLIENT_ID"], secret=secret)
            ),
            "PORT": lambda port: port_in_use(self.settings.host, int(port)),
            "GROWBOT_DATABASE_URL": _database,
        }

    def _slack(self, check: slack_checks.Check) -> list[Finding]:
        return asyncio.run(slack_checks.asked(self.settings.slack_api_url, check))


def _database(url: str) -> list[Finding]:
    """Whether it can be reached; where a SQLite file is not there, whether it could be made."""
    database = Database(url, Vault(MasterKeys.none()))
    try:
        if database.file is not None and (line := not_yours(database.file)):
            return [Finding("database", line, False)]
        if not database.is_absent:
            database.engine.connect().close()
    except SQLAlchemyError as error:
        return [Finding("database", database_reason(error, url), False)]
    finally:
        database.close()
    return [Finding("database", "will be made" if database.is_absent else "reachable")]
