"""The methods of the Web API that the sandbox knows: each with the scope that Slack asks for."""

from collections.abc import Callable
from typing import Any, NamedTuple

from bot.sandbox.methods import chat, conversations, dnd, files, users, views, workspace
from bot.sandbox.methods.call import Call


class Method(NamedTuple):
    """One method; `scope` is None where any bot token will do."""

    run: Callable[[Call], dict[str, Any]]
    scope: str | None = None
    app_level: bool = False
    needs_token: bool = True


METHODS: dict[str, Method] = {
    "apps.connections.open": Method(workspace.connections_open, "connections:write", app_level=True),
    "api.test": Method(workspace.api_test, needs_token=False),
    "auth.test": Method(workspace.auth_test),
    "team.info": Method(workspace.team_info, "team:read"),
    "chat.postMessage": Method(chat.post_message, "chat:write"),
    "chat.postEphemeral": Method(chat.post_ephemeral, "chat:write"),
    "chat.update": Method(chat.update, "chat:write"),
    "chat.delete": Method(chat.delete, "chat:write"),
    "conversations.open": Method(conversations.open_, "im:write"),
    "conversations.info": Method(conversations.info, "im:read"),
    "conversations.history": Method(conversations.history, "im:history"),
    "dnd.info": Method(dnd.info, "dnd:read"),
    "files.getUploadURLExternal": Method(files.get_upload_url, "files:write"),
    "files.completeUploadExternal": Method(files.complete_upload, "files:write"),
    "files.delete": Method(files.delete, "files:write"),
    "users.info": Method(users.info, "users:read"),
    "users.list": Method(users.list_, "users:read"),
    "views.open": Method(views.open_),
    "views.push": Method(views.push),
    "views.update": Method(views.update),
    "views.publish": Method(views.publish),
}
