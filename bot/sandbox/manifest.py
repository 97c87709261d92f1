"""What the app's manifest (Slack's schema, version 2) grants and declares."""

import copy
from collections.abc import Mapping
from typing import Any

APP_ID = "A0GROWBOT"
BOT_ID = "B0GROWBOT"


class App:
    """The installed app: its names, its granted scopes, and what it declared."""

    def __init__(self, manifest: Mapping[str, Any]) -> None:
        self.manifest: dict[str, Any] = copy.deepcopy(dict(manifest))
        """The sandbox's own copy, as if on api.slack.com; a test may change it."""
        self.name: str = (manifest.get("display_information") or {}).get("name", "growbot")
        self.bot_name: str = (self._features.get("bot_user") or {}).get("display_name", self.name)
        scopes: Mapping[str, Any] = (manifest.get("oauth_config") or {}).get("scopes") or {}
        self.scopes: set[str] = {*scopes.get("bot", ()), *scopes.get("bot_optional", ())}
        """Granted bot scopes; a test may take one away."""
        self.installed = True
        self.is_org_wide = False
        """Whether it is installed in the whole organisation rather than in this workspace."""

    @property
    def _features(self) -> Mapping[str, Any]:
        return self.manifest.get("features") or {}

    @property
    def _settings(self) -> Mapping[str, Any]:
        return self.manifest.get("settings") or {}

    @property
    def commands(self) -> list[Mapping[str, Any]]:
        """The declared slash commands."""
        return list(self._features.get("slash_commands") or ())

    def command(self, name: str) -> Mapping[str, Any] | None:
        """The declaration of `/name`, or None."""
        return next((c for c in self.commands if c["command"] == name), None)

    @property
    def shortcuts(self) -> list[Mapping[str, Any]]:
        """The declared shortcuts, global and message."""
        return list(self._features.get("shortcuts") or ())

    def subscribes(self, event: str) -> bool:
        """Whether the manifest asks for this bot event."""
        events = (self._settings.get("event_subscriptions") or {}).get("bot_events") or ()
        return event in events

    def is_redirected_to(self, address: str) -> bool:
        """Whether people who install it may be sent back there; as Slack has it, below one of the declared addresses."""
        declared = (self.manifest.get("oauth_config") or {}).get("redirect_urls") or ()
        return any(address == each or address.startswith((f"{each}/", f"{each}?")) for each in declared)

    @property
    def rotates_tokens(self) -> bool:
        """Whether tokens given from now on expire."""
        return bool(self._settings.get("token_rotation_enabled", False))

    @property
    def is_interactive(self) -> bool:
        """False only where the manifest switches interactivity off."""
        return bool((self._settings.get("interactivity") or {}).get("is_enabled", True))

    def tab_is_on(self, tab: str) -> bool:
        """False only where the manifest switches the App Home tab ("home" or "messages") off."""
        return bool((self._features.get("app_home") or {}).get(f"{tab}_tab_enabled", True))

    @property
    def messages_tab_is_read_only(self) -> bool:
        """Whether people may not write to the app."""
        return bool((self._features.get("app_home") or {}).get("messages_tab_read_only_enabled", False))
