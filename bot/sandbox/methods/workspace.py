"""auth.test, team.info and apps.connections.open."""

from typing import Any

from bot.sandbox.manifest import APP_ID, BOT_ID
from bot.sandbox.methods.call import Call
from bot.sandbox.people import BOT_USER_ID


def auth_test(call: Call) -> dict[str, Any]:
    """Who the token belongs to."""
    team = call.workspace.team
    place = call.of_org or team.id
    enterprise = {"enterprise_id": team.enterprise_id} if team.enterprise_id else {}
    return {
        "url": call.base_url + "/",
        "team": call.workspace.name,
        "user": call.workspace.people[BOT_USER_ID].name,
        "team_id": place,
        **enterprise,
        "user_id": BOT_USER_ID,
        "bot_id": BOT_ID,
        "app_id": APP_ID,
        "is_enterprise_install": call.of_org is not None,
    }


def team_info(call: Call) -> dict[str, Any]:
    """The workspace."""
    team = call.workspace.team
    return {"team": {"id": team.id, "name": team.name, "domain": team.domain, "email_domain": "", "icon": {}}}


def api_test(call: Call) -> dict[str, Any]:
    """Whether anybody answers; asks for no token."""
    return {"args": dict(call.args.sent)}


def connections_open(call: Call) -> dict[str, Any]:
    """A fresh WebSocket address, good for one connection."""
    return {"url": call.connect()}
