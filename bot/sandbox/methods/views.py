"""views.open, views.push, views.update and views.publish."""

from typing import Any

from bot.sandbox.blockkit import prepared_view
from bot.sandbox.errors import SlackError
from bot.sandbox.fields import Json
from bot.sandbox.methods.call import Call
from bot.sandbox.surfaces import View


def open_(call: Call) -> dict[str, Any]:
    """Show a modal to whoever the trigger belongs to."""
    view = _checked(call, "modal")
    user = call.workspace.exchange(_trigger(call)).user
    return {"view": call.workspace.open_modal(user, view).payload()}


def push(call: Call) -> dict[str, Any]:
    """Show a modal above the one in which the trigger arose."""
    view = _checked(call, "modal")
    trigger = call.workspace.exchange(_trigger(call))
    if trigger.view_id not in [each.id for each in call.workspace.modals.get(trigger.user, ())]:
        raise SlackError("not_found")
    return {"view": call.workspace.push_modal(trigger.user, view).payload()}


def update(call: Call) -> dict[str, Any]:
    """Replace the content of an open modal, found by either id."""
    old = _named(call)
    view = _checked(call, old.type, but=old)
    _compare_hash(call, old)
    return {"view": call.workspace.replace_view(old, view).payload()}


def publish(call: Call) -> dict[str, Any]:
    """Show an App Home to one person."""
    user = call.args.required("user_id")
    if user not in call.workspace.people:
        raise SlackError("user_not_found")
    if not call.workspace.app.tab_is_on("home"):
        raise SlackError("not_enabled")
    old = call.workspace.homes.get(user)
    view = _checked(call, "home", but=old)
    if old is not None:
        _compare_hash(call, old)
    return {"view": call.workspace.publish_home(user, view).payload()}


def _trigger(call: Call) -> str:
    if not (trigger_id := call.args.text("trigger_id")):
        raise SlackError("invalid_arguments", ["[ERROR] missing required field: trigger_id"])
    return trigger_id


def _named(call: Call) -> View:
    view_id, external_id = call.args.text("view_id"), call.args.text("external_id")
    if not view_id and not external_id:
        raise SlackError("invalid_arguments", ["[ERROR] view_id or external_id is required"])
    space = call.workspace
    found = space.view(view_id) if view_id else space.view_by_external_id(external_id)
    if found is None:
        raise SlackError("not_found")
    return found


def _checked(call: Call, surface: str, but: View | None = None) -> Json:
    view = prepared_view(call.args.structure("view"), surface, call.workspace.ids)
    holder = call.workspace.view_by_external_id(view.get("external_id") or "")
    if holder is not None and holder is not but:
        raise SlackError("duplicate_external_id")
    return view


def _compare_hash(call: Call, old: View) -> None:
    if call.args.text("hash") not in ("", old.hash):
        raise SlackError("hash_conflict")
