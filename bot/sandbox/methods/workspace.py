"""auth.test, team.info and apps.connections.open."""

from typing import Any

from bot.sandbox.manifest import APP_ID, BOT_ID
from bot.sandbox.methods.call import Call
from bot.sandbox.people import BOT_USER_ID, TEAM_ID


def auth_test(call: Call) -> dict[str, Any]:
    """Who the token belongs to."""
    return {
        "url": call.base_url + "/",
        "team": call.workspace.name,
        "user": call.workspace.people[BOT_USER_ID].name,
        "team_id": TEAM_ID,
        "user_id": BOT_USER_ID,
        "bot_id": BOT_ID,
        "app_id": APP_ID,
        "is_enterprise_install": False,
    }


def team_info(call: Call) -> dict[str, Any]:
    """The workspace."""
    space = call.workspace
    return {
        "team": {"id": TEAM_ID, "name": space.name, "domain": space.domain, "email_domain": "", "icon": {}}
    }


def connections_open(call: Call) -> dict[str, Any]:
    """A fresh WebSocket address, good for one connection."""
    return {"url": call.connect()}
