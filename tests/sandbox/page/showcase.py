"""A small Bolt app that shows every element on the page and remembers what arrives from it."""

import asyncio
import re
from datetime import datetime, timedelta
from typing import Any

from slack_bolt.async_app import AsyncApp

from bot.sandbox import SandboxClock

WORDS = [
    {"word": "start", "hint": "@person", "help": "Propose an agreement"},
    {"word": "commit", "hint": "[what] [by when]", "help": "Write down a commitment"},
    {"word": "commitments", "hint": "", "help": "Your open commitments"},
    {"word": "help", "hint": "", "help": "Everything you can do"},
]


def plain(text: str) -> dict[str, Any]:
    """A plain_text object."""
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> dict[str, Any]:
    """A mrkdwn object."""
    return {"type": "mrkdwn", "text": text}


def option(value: str, about: str = "") -> dict[str, Any]:
    """An option whose text is its value, capitalised."""
    described = {"description": plain(about)} if about else {}
    return {"text": plain(value.capitalize()), "value": value, **described}


def field(name: str, label: str, element: dict[str, Any], **more: Any) -> dict[str, Any]:
    """An input block whose block_id and action_id are the name."""
    return {
        "type": "input",
        "block_id": name,
        "label": plain(label),
        "element": {"action_id": name, **element},
        **more,
    }


def button(name: str, text: str, **more: Any) -> dict[str, Any]:
    """A button whose value is its name."""
    return {"type": "button", "action_id": name, "text": plain(text), "value": name, **more}


def select(name: str, options: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    """A select whose placeholder is its name."""
    chosen = {"action_id": name, "placeholder": plain(name.capitalize()), "options": options}
    return {"type": "static_select", **chosen, **more}


GROUPS = [
    {"label": plain("At work"), "options": [option("team"), option("client")]},
    {"label": plain("Elsewhere"), "options": [option("home")]},
]
SURE = {"title": plain("Sure?"), "text": mrkdwn("It *ends*."), "confirm": plain("End"), "deny": plain("Stay")}
WHEN = {"type": "datetimepicker"}
TEXT = {"type": "plain_text_input"}
FIELDS = [
    field("what", "What will you do?", {**TEXT, "max_length": 40, "placeholder": plain("Call the board")}),
    field("why", "Why?", {**TEXT, "multiline": True}, optional=True, hint=plain("For yourself.")),
    field(
        "sure", "How sure are you?", {"type": "number_input", "is_decimal_allowed": False, "min_value": "1"}
    ),
    field("mail", "Mail", {"type": "email_text_input"}, optional=True),
    field("link", "Link", {"type": "url_text_input"}, optional=True),
    field("day", "By when?", {"type": "datepicker", "initial_date": "2026-12-04"}),
    field("time", "At what time?", {"type": "timepicker", "initial_time": "09:05"}),
    field("moment", "When do you meet?", WHEN, optional=True),
    field("area", "Area", {"type": "static_select", "option_groups": GROUPS}),
    field("areas", "Areas", {"type": "multi_static_select", "options": [option("one"), option("two")]}),
    field("whom", "With whom?", {"type": "users_select"}, optional=True),
    field("share", "Who may read it?", {"type": "radio_buttons", "options": [option("me"), option("both")]}),
    field("days", "Days", {"type": "checkboxes", "options": [option("mon"), option("tue", "in the office")]}),
    field("cue", "Cue", TEXT, dispatch_action=True, optional=True),
]


def modal(*blocks: dict[str, Any], callback_id: str = "all", **more: Any) -> dict[str, Any]:
    """A modal with these blocks."""
    frame = {"title": plain("New commitment"), "submit": plain("Save"), "close": plain("Not now")}
    return {"type": "modal", "callback_id": callback_id, "blocks": list(blocks), **frame, **more}


RICH = {
    "type": "rich_text",
    "elements": [
        {
            "type": "rich_text_section",
            "elements": [{"type": "text", "text": "rich", "style": {"bold": True}}],
        },
        {
            "type": "rich_text_list",
            "style": "bullet",
            "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "first"}]}],
        },
        {"type": "rich_text_quote", "elements": [{"type": "text", "text": "<b>quoted</b>"}]},
    ],
}
MESSAGE = [
    {"type": "header", "text": plain("Before your session")},
    {"type": "section", "text": plain("One line\nand another")},
    {
        "type": "section",
        "text": mrkdwn(
            "Hello <@U0BEN>, *two* _commitments_ are ~over~ due by "
            "<!date^1796400000^{date_short} at {time}|4 Dec> :seedling:\n> a &lt;quote&gt;\n"
            "`code` and <https://example.org/a|a link>"
        ),
        "accessory": {"type": "overflow", "action_id": "more", "options": [option("later"), option("skip")]},
    },
    {"type": "section", "fields": [mrkdwn("*With*\nDana"), mrkdwn("*When*\nTomorrow, 10:00")]},
    RICH,
    {"type": "divider"},
    {
        "type": "actions",
        "block_id": "choices",
        "elements": [
            button("open", "Prepare", style="primary"),
            button("end", "End it", style="danger", confirm=SURE),
            select("later", [option("hour"), option("week")]),
            select("pace", [option("light"), option("active")], confirm=SURE, initial_option=option("light")),
        ],
    },
    {
        "type": "context",
        "elements": [mrkdwn("You get this because you asked. `/grow settings` gives fewer.")],
    },
]


TALL = [
    {"type": "section", "text": {**plain(f":seedling: {each}"), "emoji": False}}
    for each in ("First", *range(60), "Last")
]
LAST = {"type": "actions", "elements": [button("last", "Last of all")]}
SMILE = {
    "type": "input",
    "block_id": "smile",
    "label": {**plain("Say :smile: here"), "emoji": False},
    "element": {"type": "plain_text_input", "action_id": "smile"},
    "optional": True,
}


class Showcase:
    """Listens to everything; `seen` holds what arrived, as (kind, detail)."""

    def __init__(self, app: AsyncApp, clock: SandboxClock) -> None:
        self.seen: asyncio.Queue[tuple[str, Any]] = asyncio.Queue()
        self.clock, self.due = clock, clock.now() + timedelta(hours=3)
        app.command("/grow")(self.command)
        app.action(re.compile(".*"))(self.action)
        app.view("all")(self.submission)
        app.view("again")(self.submission)
        app.shortcut("new")(self.shortcut)
        app.shortcut("keep")(self.shortcut)
        app.event("app_home_opened")(self.opened)
        app.event("message")(self.said)

    async def next_due(self) -> datetime | None:
        """Something is due every three hours, for the clock."""
        return self.due

    async def settle(self) -> None:
        """Do what is due."""
        while self.due <= self.clock.now():
            self.due += timedelta(hours=3)

    async def arrived(self, kind: str) -> Any:
        """The next arrival of this kind; others are passed over."""
        async with asyncio.timeout(10):
            while True:
                which, detail = await self.seen.get()
                if which == kind:
                    return detail

    async def command(self, ack: Any, command: Any, client: Any) -> None:
        """`commit` opens the modal, `message` sends one, `long` and `text` open tall ones, `silence` never answers, anything else is echoed."""
        text = command["text"]
        if text == "silence":
            await asyncio.sleep(4)
        await ack("" if text in ("commit", "message", "long", "text") else f"You said: {text}")
        self.seen.put_nowait(("command", text))
        if text == "message":
            await client.chat_postMessage(channel=command["user_id"], text="Before", blocks=MESSAGE)
        if text == "commit":
            await client.views_open(trigger_id=command["trigger_id"], view=modal(*FIELDS))
        if text in ("long", "text"):  # with fields far below, or with a button only
            end = (FIELDS[1], SMILE) if text == "long" else ()
            await client.views_open(trigger_id=command["trigger_id"], view=modal(*TALL, *end, LAST))

    async def action(self, ack: Any, body: Any, client: Any) -> None:
        """`open` opens the modal; Enter in the cue redraws it with one block more and every block changed."""
        await ack()
        action = body["actions"][0]
        self.seen.put_nowait(("action", action))
        if action["action_id"] == "open":
            await client.views_open(trigger_id=body["trigger_id"], view=modal(*FIELDS))
        if action["action_id"] == "cue":
            heard = {"type": "section", "text": plain(f"Cue: {action['value']}")}
            view = modal(heard, *({**each, "hint": plain("Still here?")} for each in FIELDS))
            await client.views_update(view_id=body["view"]["id"], hash=body["view"]["hash"], view=view)

    async def submission(self, ack: Any, view: Any) -> None:
        """A `what` of "refuse" is refused beside the field, "more" pushes another modal."""
        values = view["state"]["values"]
        self.seen.put_nowait(("submission", values))
        what = values.get("what", {}).get("what", {}).get("value")
        if what == "refuse":
            await ack(response_action="errors", errors={"what": "Say it as a step."})
        elif what == "more":
            await ack(response_action="push", view=modal(FIELDS[1], callback_id="again"))
        else:
            await ack()

    async def shortcut(self, ack: Any, shortcut: Any, client: Any) -> None:
        """Both shortcuts open a short modal."""
        await ack()
        self.seen.put_nowait(("shortcut", shortcut))
        await client.views_open(trigger_id=shortcut["trigger_id"], view=modal(FIELDS[0], FIELDS[1]))

    async def opened(self, event: Any, client: Any) -> None:
        """Home has a button and a select."""
        if event["tab"] != "home":
            return
        blocks = [
            {"type": "header", "text": plain("Your week")},
            {
                "type": "section",
                "text": mrkdwn("Nothing is due :seedling:"),
                "accessory": button("pause", "Pause"),
            },
            {"type": "divider"},
            {"type": "actions", "elements": [button("new", "New commitment", style="primary")]},
        ]
        await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": blocks})

    async def said(self, event: Any) -> None:
        """What a person wrote to the app."""
        self.seen.put_nowait(("said", event["text"]))
