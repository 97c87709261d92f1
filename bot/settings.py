"""The only reader of the environment. Everything that is wrong is named at once."""

from collections.abc import Container, Mapping
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

SCHEMES = {"sqlite", "sqlite+pysqlite", "postgresql", "postgres", "postgresql+psycopg"}


class SettingsInvalid(Exception):
    """One line for each setting that is missing or wrong."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def _usable_address(url: str) -> str:
    """Never quotes the address, which may hold a password."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as error:
        raise ValueError(
            "not the address of a database, such as sqlite:///file.db or postgresql://…"
        ) from error
    if parsed.drivername not in SCHEMES:
        raise ValueError(f"{parsed.drivername} is not among sqlite:///file.db and postgresql://…")
    if parsed.get_backend_name() == "sqlite" and (parsed.database in {None, "", ":memory:"} or parsed.query):
        raise ValueError("SQLite's address names a file, and nothing else: sqlite:///file.db")
    return url


def _public_address(url: str | None) -> str | None:
    """Without a slash at the end."""
    if url is None:
        return None
    parsed = urlsplit(url)
    is_local = parsed.hostname in {"localhost", "127.0.0.1", "::1"}
    if not parsed.hostname or parsed.query or parsed.fragment:
        raise ValueError("not an address such as https://growbot.example.org")
    if parsed.scheme != "https" and not (parsed.scheme == "http" and is_local):
        raise ValueError("an export may only travel sealed: https://…")
    return url.rstrip("/")


def _capital(value: object) -> object:
    return value.upper() if isinstance(value, str) else value


class Settings(BaseSettings):
    """Read from the environment and from a file `.env` in the working directory; the environment wins.

    A variable that is set to nothing counts as not set.
    """

    model_config = SettingsConfigDict(
        env_file=".env",
        env_ignore_empty=True,
        extra="ignore",
        populate_by_name=True,
        str_strip_whitespace=True,
    )

    slack_bot_token: SecretStr | None = Field(
        None, alias="SLACK_BOT_TOKEN", description="Bot token (xoxb-…) of the workspace; always needed."
    )
    slack_app_token: SecretStr | None = Field(
        None,
        alias="SLACK_APP_TOKEN",
        description="App-level token (xapp-…) with connections:write; chooses Socket Mode.",
    )
    slack_signing_secret: SecretStr | None = Field(
        None, alias="SLACK_SIGNING_SECRET", description="Signing secret of the app; chooses HTTP, needs PORT."
    )
    port: int | None = Field(
        None, alias="PORT", ge=0, le=65535, description="Port to listen on for Slack's requests (HTTP)."
    )
    host: str = Field("127.0.0.1", alias="HOST", description="Address to listen on.")
    public_url: Annotated[str | None, AfterValidator(_public_address)] = Field(
        None,
        alias="GROWBOT_PUBLIC_URL",
        description="https://… by which people's browsers reach PORT; needed for downloading exports.",
    )
    slack_api_url: str = Field(
        "https://slack.com/api/", alias="SLACK_API_URL", description="Base address of Slack's Web API."
    )
    database_url: Annotated[str, AfterValidator(_usable_address)] = Field(
        "sqlite:///growbot.db",
        alias="GROWBOT_DATABASE_URL",
        description="sqlite:///file.db for one process, postgresql://… for several.",
    )
    master_key: SecretStr | None = Field(
        None,
        alias="GROWBOT_MASTER_KEY",
        description="The master keys themselves, `id:base64`, the current one first; instead of a key file.",
    )
    master_key_file: Path = Field(
        Path("growbot.key"),
        alias="GROWBOT_MASTER_KEY_FILE",
        description="File with the master keys, made by `growbot keys new`.",
    )
    seconds_between_sends: float = Field(
        1.0,
        alias="GROWBOT_SECONDS_BETWEEN_SENDS",
        ge=0,
        le=60,
        description="Least time between two messages in one workspace, over all processes; Slack advises 1.",
    )
    log_level: Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(_capital)] = Field(
        "INFO", alias="GROWBOT_LOG_LEVEL", description="DEBUG, INFO, WARNING or ERROR."
    )

    @property
    def uses_socket_mode(self) -> bool:
        return self.slack_app_token is not None


def read(**given: object) -> tuple[Settings, Mapping[str, str]]:
    """The settings, `given` ones (by their environment names) before the environment; and what is wrong, by name.

    A setting that is wrong stands at its default, so that the rest can be looked at too.
    """
    wrong: Mapping[str, str]
    try:
        return Settings(**given), {}  # type: ignore[arg-type]
    except ValidationError as error:
        wrong = {str(each["loc"][0]): each["msg"].removeprefix("Value error, ") for each in error.errors()}
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        rest, wrong = read(**given, _env_file=None)
        return rest, {".env": f".env can't be read: {why}", **wrong}
    defaults = {
        field.alias: field.default for field in Settings.model_fields.values() if field.alias in wrong
    }
    settings = Settings(**given | defaults)  # type: ignore[arg-type]
    return settings, {name: f"{name}: {why}" for name, why in wrong.items()}


def load(**given: object) -> Settings:
    """As `read`, for where settings that are wrong are of no use. Raises SettingsInvalid."""
    settings, wrong = read(**given)
    if wrong:
        raise SettingsInvalid(list(wrong.values()))
    return settings


def connection_problems(settings: Settings, wrong: Container[str] = ()) -> list[str]:
    """What `growbot run` misses to reach Slack, all of it, one line each with how to mend it.

    `wrong`: the names of settings of which that was said already.
    """
    problems = []
    if settings.slack_bot_token is None:
        problems.append(
            "SLACK_BOT_TOKEN is missing: the app's page at Slack, OAuth & Permissions, Bot User OAuth Token (xoxb-…)"
        )
    elif not settings.slack_bot_token.get_secret_value().startswith("xoxb-"):
        problems.append("SLACK_BOT_TOKEN is not a bot token: it starts with xoxb-")
    if settings.slack_app_token is not None:
        if not settings.slack_app_token.get_secret_value().startswith("xapp-"):
            problems.append("SLACK_APP_TOKEN is not an app-level token: it starts with xapp-")
    elif settings.slack_signing_secret is None:
        problems.append(
            "SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET and PORT (HTTP) is missing: "
            "the app's page at Slack, Basic Information"
        )
    elif settings.port is None and "PORT" not in wrong:
        problems.append(
            "PORT is missing: with SLACK_SIGNING_SECRET, growbot listens there for Slack's requests"
        )
    if settings.public_url is not None and settings.port is None and "PORT" not in wrong:
        problems.append("PORT is missing: with GROWBOT_PUBLIC_URL, growbot listens there for downloads")
    return problems
