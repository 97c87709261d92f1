"""The only reader of the environment. Everything that is wrong is named at once."""

from pathlib import Path

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict


class SettingsInvalid(Exception):
    """One line for each setting that is missing or wrong."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class Settings(BaseSettings):
    """Read from the environment and from a file `.env` in the working directory; the environment wins."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", populate_by_name=True)

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
    port: int | None = Field(None, alias="PORT", description="Port to listen on for Slack's requests (HTTP).")
    host: str = Field("127.0.0.1", alias="HOST", description="Address to listen on.")
    slack_api_url: str = Field(
        "https://slack.com/api/", alias="SLACK_API_URL", description="Base address of Slack's Web API."
    )
    database_url: str = Field(
        "sqlite:///growbot.db",
        alias="GROWBOT_DATABASE_URL",
        description="sqlite:///file.db for one process, postgresql://… for several.",
    )
    master_key: SecretStr | None = Field(
        None,
        alias="GROWBOT_MASTER_KEY",
        description="The master key itself, `id:base64`; instead of a key file.",
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
    log_level: str = Field("INFO", alias="GROWBOT_LOG_LEVEL", description="DEBUG, INFO, WARNING or ERROR.")

    @property
    def uses_socket_mode(self) -> bool:
        return self.slack_app_token is not None


def load(**given: object) -> Settings:
    """The settings, `given` ones (by their environment names) before the environment. Raises SettingsInvalid."""
    try:
        return Settings(**given)  # type: ignore[arg-type]
    except ValidationError as error:
        raise SettingsInvalid([f"{each['loc'][0]}: {each['msg']}" for each in error.errors()]) from error


def connection_problems(settings: Settings) -> list[str]:
    """What `growbot run` misses to reach Slack, all of it, one line each with how to mend it."""
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
    elif settings.port is None:
        problems.append(
            "PORT is missing: with SLACK_SIGNING_SECRET, growbot listens there for Slack's requests"
        )
    return problems
