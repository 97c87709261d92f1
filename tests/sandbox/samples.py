"""Small pieces of Block Kit, a modal on somebody's screen, and an app that keeps what it hears."""

from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Sandbox

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def option(n: int = 1, **more: Any) -> Json:
    return {"text": plain(f"Option {n}"), "value": f"v{n}", **more}


def options(count: int) -> list[Json]:
    return [option(n) for n in range(count)]


def button(**more: Any) -> Json:
    return {"type": "button", "action_id": "go", "text": plain("Go"), **more}


def select(**more: Any) -> Json:
    return {"type": "static_select", "action_id": "choose", "options": options(2), **more}


def section(accessory: Json | None = None, **more: Any) -> Json:
    return {
        "type": "section",
        "text": mrkdwn("Hello"),
        **({"accessory": accessory} if accessory else {}),
        **more,
    }


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def an_input(element: Json | None = None, **more: Any) -> Json:
    typed = {"type": "plain_text_input", "action_id": "typed"}
    return {"type": "input", "label": plain("Label"), "element": element or typed, **more}


def typed(**more: Any) -> Json:
    return an_input({"type": "plain_text_input", "action_id": "typed", **more})


def image(**more: Any) -> Json:
    return {"type": "image", "image_url": "https://example.com/a.png", "alt_text": "A picture", **more}


def confirm(title: int = 1, text: int = 1, yes: int = 1) -> Json:
    return {
        "title": plain("t" * title),
        "text": plain("x" * text),
        "confirm": plain("y" * yes),
        "deny": plain("No"),
    }


def modal(*blocks: Json, **more: Any) -> Json:
    frame = {"type": "modal", "callback_id": "form", "title": plain("Form"), "submit": plain("Save")}
    return {**frame, "blocks": list(blocks), **more}


def row(**more: Any) -> Json:
    """A button with the action_id "go" in a block "row"."""
    return {"type": "actions", "block_id": "row", "elements": [button(**more)]}


def what(**more: Any) -> Json:
    """A text field with the block_id "what"."""
    return {**typed(**more), "block_id": "what"}


async def opened(sandbox: Sandbox, client: AsyncWebClient, view: Json) -> Json:
    """Ben has this modal open."""
    trigger_id = sandbox.workspace.new_trigger("U0BEN")
    return dict((await client.views_open(trigger_id=trigger_id, view=view))["view"])


def keep(app: AsyncApp) -> list[Json]:
    """Acknowledges everything and keeps the bodies."""
    bodies: list[Json] = []

    @app.middleware
    async def record(body: Any, next: Any) -> None:
        bodies.append(body)
        await next()

    async def nod(ack: Any) -> None:
        await ack()

    app.action({"type": "block_actions", "action_id": "go"})(nod)
    app.command("/grow")(nod)
    app.shortcut("new")(nod)
    app.shortcut("keep")(nod)
    app.view("form")(nod)
    app.view_closed("form")(nod)
    for event in ("app_home_opened", "message", "user_change"):
        app.event(event)(nod)
    return bodies
