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


def _reachable_by_browsers(url: str) -> str:
    """A host and nothing else: the paths below it are growbot's. Without a slash at the end."""
    parts = urlsplit(url)
    is_local = parts.hostname in {"127.0.0.1", "localhost", "::1"}
    if parts.scheme != "https" and not (parts.scheme == "http" and is_local):
        raise ValueError("it begins with https://, because browsers bring secrets there")
    if (
        not parts.hostname
        or parts.path not in {"", "/"}
        or parts.query
        or parts.fragment
        or "@" in parts.netloc
    ):
        raise ValueError("it is a host and nothing else, such as https://growbot.example.com")
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
        None,
        alias="SLACK_BOT_TOKEN",
        description="Bot token (xoxb-…) of the one workspace; not for several workspaces.",
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
    slack_client_id: str | None = Field(
        None, alias="SLACK_CLIENT_ID", description="Client ID of the app; chooses several workspaces."
    )
    slack_client_secret: SecretStr | None = Field(
        None, alias="SLACK_CLIENT_SECRET", description="Client secret of the app, for several workspaces."
    )
    public_url: Annotated[str, AfterValidator(_reachable_by_browsers)] | None = Field(
        None,
        alias="GROWBOT_PUBLIC_URL",
        description="https://… by which browsers reach PORT: for downloads and pictures, and needed for several workspaces.",
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
    metrics_port: int | None = Field(
        None,
        alias="GROWBOT_METRICS_PORT",
        ge=0,
        le=65535,
        description="Port for Prometheus' /metrics, apart from PORT; not served if left out.",
    )
    metrics_host: str = Field(
        "127.0.0.1", alias="GROWBOT_METRICS_HOST", description="Address to serve /metrics on."
    )
    log_level: Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(_capital)] = Field(
        "INFO", alias="GROWBOT_LOG_LEVEL", description="DEBUG, INFO, WARNING or ERROR."
    )

    @property
    def serves_many(self) -> bool:
        """Whether workspaces install growbot by OAuth, instead of one whose token is a setting."""
        return self.slack_client_id is not None

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
    problems = _problems_with_several(settings, wrong)
    if problems or settings.serves_many:
        pass
    elif settings.slack_bot_token is None:
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
        problems.append(
            "PORT is missing: with GROWBOT_PUBLIC_URL, growbot listens there for downloads and pictures"
        )
    return problems


def _problems_with_several(settings: Settings, wrong: Container[str]) -> list[str]:
    """What is missing for several workspaces, if any of it is there; and what is there besides."""
    given = {
        "SLACK_CLIENT_ID": settings.slack_client_id,
        "SLACK_CLIENT_SECRET": settings.slack_client_secret,
        "GROWBOT_PUBLIC_URL": settings.public_url,
    }
    if settings.slack_client_id is None and settings.slack_client_secret is None:
        return []
    where = {
        "SLACK_CLIENT_ID": "the app's page at Slack, Basic Information",
        "SLACK_CLIENT_SECRET": "the app's page at Slack, Basic Information",
        "GROWBOT_PUBLIC_URL": "the https address at which browsers reach growbot",
    }
    problems = [
        f"{name} is missing, which several workspaces need: {where[name]}"
        for name, value in given.items()
        if value is None and name not in wrong
    ]
    if settings.slack_bot_token is not None:
        problems.append("SLACK_BOT_TOKEN is for one workspace only: with SLACK_CLIENT_ID, leave it out")
    if settings.port is None and "PORT" not in wrong and settings.slack_app_token is not None:
        problems.append("PORT is missing: browsers that install growbot are answered there")
    return problems
