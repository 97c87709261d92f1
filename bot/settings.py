"""The only reader of the environment. Everything that is wrong is named at once."""

import os
from collections.abc import Collection, Container, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, DotEnvSettingsSource, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

FILE = Path(".env")
SCHEMES = {"sqlite", "sqlite+pysqlite", "postgresql", "postgres", "postgresql+psycopg"}
SENTENCES = {
    "int_parsing": "it is a whole number",
    "float_parsing": "it is a number",
    "greater_than_equal": "it is {ge:g} or more",
    "less_than_equal": "it is {le:g} or less",
    "literal_error": "it is {expected}",
}
"""By pydantic's types of error; the values themselves, which may be secrets, are never quoted."""
OURS = ("GROWBOT_", "SLACK_")
FOR_TESTS = "GROWBOT_TEST_"


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
        env_file=FILE,
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
        wrong = {str(each["loc"][0]): _sentence(each) for each in error.errors()}
    except (OSError, UnicodeDecodeError) as error:
        rest, wrong = read(**given, _env_file=None)
        return rest, {str(FILE): f"{FILE.absolute()} can't be read: {_why_unread(error)}", **wrong}
    defaults = {
        field.alias: field.default for field in Settings.model_fields.values() if field.alias in wrong
    }
    settings = Settings(**given | defaults)  # type: ignore[arg-type]
    return settings, {name: f"{name}: {why}" for name, why in wrong.items()}


def _sentence(error: Any) -> str:
    said = SENTENCES.get(error["type"])
    return said.format(**error.get("ctx", {})) if said else str(error["msg"]).removeprefix("Value error, ")


def _why_unread(error: OSError | UnicodeDecodeError) -> str:
    if isinstance(error, PermissionError):
        return "this account may not. Run growbot as the account that owns it"
    return str(error.strerror) if isinstance(error, OSError) else "it is not UTF-8 text"


def nothing_is_set(settings: Settings) -> str | None:
    """In a folder that is not growbot's, all that is missing is only the consequence of that."""
    if settings.model_fields_set:
        return None
    return (
        f"No setting is in the environment, and there is no {FILE.absolute()}. If growbot was set up already, "
        "run it in that folder; if not: growbot init"
    )


def unknown() -> list[str]:
    """Names that look like growbot's and are none of its settings: mostly one with a slip of the pen, which would do nothing."""
    known = {str(field.alias) for field in Settings.model_fields.values()}
    try:
        in_file = {name.upper() for name in DotEnvSettingsSource(Settings).env_vars}
    except (OSError, UnicodeDecodeError):  # said where they are read
        in_file = set()
    ours = {name for name in in_file if name.startswith(OURS)}
    ours |= {name for name in os.environ if name.startswith(OURS[0]) and not name.startswith(FOR_TESTS)}
    return [_unknown(name, known) for name in sorted(ours - known)]


def _unknown(name: str, known: Collection[str]) -> str:
    from difflib import get_close_matches

    close = get_close_matches(name, sorted(known), 1, 0.8)
    return f"{name} is no setting of growbot's, and does nothing.{f' Is {close[0]} meant?' if close else ''}"


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
    if str(FILE) in wrong:  # what is in it is not known
        return []
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
    nothing = nothing_is_set(settings)
    return [nothing, *problems] if nothing else problems


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
