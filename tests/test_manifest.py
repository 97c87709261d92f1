"""app.yaml asks Slack for exactly what the code uses, in the form that Slack takes."""

import ast
from pathlib import Path
from typing import Any

from bot.app import COMMAND
from bot.core.slack.installations import NEEDED_SCOPES
from bot.core.slack.oauth import SCOPES, Client
from bot.demo import manifest
from bot.registry import FEATURES, routes_of
from bot.slack_checks import OPTIONAL_SCOPES

BOT = Path(__file__).resolve().parent.parent / "bot"
MANIFEST: Any = manifest()
ROUTES = routes_of(FEATURES)

# Web API methods as the code names them (slack_sdk's names, or the method itself) → the scope each needs.
# https://docs.slack.dev/reference/methods
SCOPE_OF = {
    "auth_test": None,
    "apps_connections_open": None,  # connections:write of the app-level token
    "views_open": None,
    "views_push": None,
    "views_update": None,
    "views_publish": None,
    "chat_postEphemeral": "chat:write",
    "chat_postMessage": "chat:write",
    "chat.postMessage": "chat:write",
    "chat.update": "chat:write",
    "chat.delete": "chat:write",
    "users_info": "users:read",
    "dnd_info": "dnd:read",
    "files_getUploadURLExternal": "files:write",
    "files_completeUploadExternal": "files:write",
    "files_delete": "files:write",
    "conversations_history": "im:history",
    "conversations.history": "im:history",
}
# https://docs.slack.dev/reference/events: what an event needs besides being subscribed to
SCOPE_OF_EVENT = {
    "app_home_opened": None,
    "app_uninstalled": None,
    "dnd_updated_user": "dnd:read",
    "message": "im:history",
    "tokens_revoked": None,
    "user_change": "users:read",
}
AREAS = ("auth", "apps", "views", "chat", "users", "conversations", "im", "dnd", "reactions", "team", "files")


def methods_used() -> set[str]:
    """Calls such as `client.views_open(…)`, and constants such as "chat.update" handed to the client."""
    used: set[str] = set()
    for path in BOT.rglob("*.py"):
        if path.is_relative_to(BOT / "sandbox") or path.name == "audit.py":  # these speak of Slack's side
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                name = node.func.attr
                if name.partition("_")[0] in AREAS and "_" in name:
                    used.add(name)
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                area, _, verb = node.value.partition(".")
                if area in AREAS and verb.isalpha():
                    used.add(node.value)
    return used


def scopes(kind: str) -> set[str]:
    return set(MANIFEST["oauth_config"]["scopes"][kind])


def test_the_methods_in_use_are_those_whose_scopes_are_known_here() -> None:
    assert methods_used() == set(SCOPE_OF)


def test_the_scopes_are_exactly_those_that_methods_events_and_the_command_need() -> None:
    events = {SCOPE_OF_EVENT[event] for event in ROUTES.events}
    needed = {"commands", *(scope for scope in {*SCOPE_OF.values(), *events} if scope)}
    assert scopes("bot") == needed


def test_what_works_without_a_scope_is_optional_to_grant() -> None:
    assert scopes("bot_optional") == set(OPTIONAL_SCOPES)
    assert scopes("bot") - scopes("bot_optional") == set(NEEDED_SCOPES)


def test_installing_asks_for_the_same_scopes_and_comes_back_to_an_address_that_is_named() -> None:
    client = Client(
        id="1.2", secret="s", public_url="https://growbot.example.com", api_url="https://slack.com/api/"
    )
    assert scopes("bot") == set(SCOPES)
    assert MANIFEST["oauth_config"]["redirect_urls"] == [client.redirect_uri]


def test_the_events_are_those_listened_to() -> None:
    listened = {*ROUTES.events, "app_uninstalled", "tokens_revoked"}
    names = {"message.im" if event == "message" else event for event in listened}
    subscribed = MANIFEST["settings"]["event_subscriptions"]["bot_events"]
    assert set(subscribed) == names
    assert subscribed == sorted(set(subscribed))


def test_the_command_is_the_one_listened_to_and_hands_over_people_s_ids() -> None:
    (command,) = MANIFEST["features"]["slash_commands"]
    assert command["command"] == COMMAND
    assert command["should_escape"] is True  # "@ben" would come as a bare name otherwise


def test_the_command_s_hint_names_words_that_exist() -> None:
    (command,) = MANIFEST["features"]["slash_commands"]
    words = {part.split()[0] for part in command["usage_hint"].strip("[]").split(" | ")}
    assert words <= set(ROUTES.commands)


def test_the_shortcuts_are_those_listened_to() -> None:
    declared = {each["callback_id"] for each in MANIFEST["features"]["shortcuts"]}
    assert declared == set(ROUTES.shortcuts)


def test_people_can_open_home_and_get_messages() -> None:
    home = MANIFEST["features"]["app_home"]
    assert (home["home_tab_enabled"], home["messages_tab_enabled"]) == (True, True)
    assert MANIFEST["settings"]["interactivity"]["is_enabled"] is True


def test_it_keeps_to_slack_s_lengths_and_required_fields() -> None:
    """https://docs.slack.dev/reference/app-manifest"""
    about, features = MANIFEST["display_information"], MANIFEST["features"]
    assert 0 < len(about["name"]) <= 35
    assert len(about["description"]) <= 140
    assert 174 <= len(about["long_description"]) <= 4000
    assert about["background_color"].startswith("#")
    assert len(about["background_color"]) in (4, 7)
    assert 0 < len(features["bot_user"]["display_name"]) <= 80
    for command in features["slash_commands"]:
        assert command["command"].startswith("/")
        assert len(command["command"]) <= 32
        assert 0 < len(command["description"]) <= 2000
        assert len(command["usage_hint"]) <= 1000
    for shortcut in features["shortcuts"]:
        assert shortcut["type"] in ("message", "global")
        assert 0 < len(shortcut["name"]) <= 24
        assert 0 < len(shortcut["callback_id"]) <= 255
        assert 0 < len(shortcut["description"]) <= 150


def test_it_says_nothing_that_slack_s_manifest_does_not_have() -> None:
    assert set(MANIFEST) == {"_metadata", "display_information", "features", "oauth_config", "settings"}
    assert set(MANIFEST["features"]) <= {"app_home", "bot_user", "slash_commands", "shortcuts"}
    assert set(MANIFEST["settings"]) <= {
        "event_subscriptions",
        "interactivity",
        "org_deploy_enabled",
        "socket_mode_enabled",
        "token_rotation_enabled",
    }
    assert MANIFEST["_metadata"]["major_version"] == 2
    assert MANIFEST["settings"]["token_rotation_enabled"] is False  # a token in the settings can't
