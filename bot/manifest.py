"""The app manifest for Slack: app.yaml as it is shipped, and as each way of running growbot needs it.

docs: reference/app-manifest
"""

from collections.abc import Mapping
from copy import deepcopy
from enum import StrEnum
from typing import Any

from bot.shipped import shipped

EVENTS, REDIRECT = "/slack/events", "/slack/oauth_redirect"


class Mode(StrEnum):
    SOCKET = "socket"
    HTTP = "http"
    SEVERAL = "several"


def read() -> Mapping[str, Any]:
    """app.yaml, which is for one workspace and Socket Mode."""
    import yaml

    loaded: Mapping[str, Any] = yaml.safe_load(shipped("app.yaml").read_text("utf-8"))
    return loaded


def fitting(mode: Mode, public_url: str | None = None, *, org_wide: bool = False) -> Mapping[str, Any]:
    """`public_url`: where Slack and browsers reach growbot; None for Socket Mode. `org_wide`: whole organisations install it."""
    manifest: Any = deepcopy(read())
    settings, oauth = manifest["settings"], manifest["oauth_config"]
    del oauth["redirect_urls"]
    settings["socket_mode_enabled"] = mode is Mode.SOCKET
    settings["org_deploy_enabled"] = org_wide
    if mode is not Mode.SOCKET:
        for command in manifest["features"]["slash_commands"]:
            command["url"] = f"{public_url}{EVENTS}"
        for sent in (settings["event_subscriptions"], settings["interactivity"]):
            sent["request_url"] = f"{public_url}{EVENTS}"
    if mode is Mode.SEVERAL:
        manifest["oauth_config"] = {"redirect_urls": [f"{public_url}{REDIRECT}"], **oauth}
    return manifest  # type: ignore[no-any-return]


def text(manifest: Mapping[str, Any]) -> str:
    """As YAML, to paste where Slack asks for one."""
    import yaml

    return yaml.safe_dump(dict(manifest), sort_keys=False, allow_unicode=True, width=110)
