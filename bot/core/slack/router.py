"""One Bolt listener for each kind of payload; features register their ids here.

Bolt matches its listeners one after the other, so its cost grows with their number; a dictionary's does not. The answer
goes out first (`ack`), then what needs a call to Slack: never anything that may not be lost, which is an outbox row.
"""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from inspect import signature
from typing import Any

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.core import i18n
from bot.core.directory import Identity
from bot.core.errors import OutdatedForm
from bot.core.slack.blocks import notice_view
from bot.core.slack.boundary import guarded
from bot.core.slack.commands import Command, did_you_mean, split
from bot.core.slack.dumping import plain
from bot.core.slack.effects import Effects
from bot.core.slack.forms import Form, view_ref
from bot.core.slack.requests import ACT, KEY_LIMIT, SIGNATURE, Answer, Context, Handler, Kind, Services

log = structlog.get_logger(__name__)

ANYTHING = re.compile(".*")
REMEMBERED_LOCALES = 10_000


Listener = Callable[..., Awaitable[BoltResponse | None]]
NOT_NOW = 503


@dataclass(slots=True)
class Routes:
    """Everything that features listen to, by its id.

    `told_again`: events of which nothing else ever tells. Slack sends one again that could not be kept; where it can't get rid of
    nearly all for an hour, it sends no events any more, so this is not for those that come by the thousand.
    """

    commands: dict[str, Command] = field(default_factory=dict)
    actions: dict[str, Handler] = field(default_factory=dict)
    submissions: dict[str, Handler] = field(default_factory=dict)
    closings: dict[str, Handler] = field(default_factory=dict)
    shortcuts: dict[str, Handler] = field(default_factory=dict)
    events: dict[str, Handler] = field(default_factory=dict)
    told_again: set[str] = field(default_factory=set)


class Router:
    def __init__(
        self,
        routes: Routes,
        services: Services,
        effects: Effects,
        after: Callable[[Context], Awaitable[None]],
        answered: Callable[[Kind, float], None] = lambda _kind, _seconds: None,
    ) -> None:
        """`after` runs once the answer is out: App Home and the courier. `answered` is told how long each answer took."""
        self._answered = answered
        self._routes = routes
        self._services = services
        self._effects = effects
        self._after = after
        self._running: set[asyncio.Task[None]] = set()
        self._locales: dict[Identity, str] = {}

    def register(self, app: AsyncApp, command: str) -> None:
        app.command(command)(self._timed(Kind.COMMAND, self._on_command))
        app.action(ANYTHING)(self._timed(Kind.ACTION, self._on_action))
        app.view_submission(ANYTHING)(self._timed(Kind.SUBMISSION, self._on_submission))
        app.view_closed(ANYTHING)(self._timed(Kind.CLOSING, self._on_closing))
        app.shortcut(ANYTHING)(self._timed(Kind.SHORTCUT, self._on_shortcut))
        for event in self._routes.events:
            app.event(event)(self._timed(Kind.EVENT, self._on_event))

    def _timed(self, kind: Kind, listener: Listener) -> Listener:
        """Bolt goes by the names of the arguments."""
        takes_request = "req" in signature(listener).parameters

        async def timed(ack: AsyncAck, body: dict[str, Any], req: AsyncBoltRequest) -> BoltResponse | None:
            began = time.monotonic()
            try:
                return await (listener(ack, body, req) if takes_request else listener(ack, body))
            finally:
                self._answered(kind, time.monotonic() - began)

        return timed

    async def idle(self) -> None:
        """Returns when everything that follows the answers given so far is done."""
        while self._running:
            # From Python 3.12 on, gather returns at once where all is done, so nothing would ever leave.
            await asyncio.wait(self._running)

    # --- one for each kind of payload -----------------------------------------------------------------

    async def _on_command(self, ack: AsyncAck, body: dict[str, Any], req: AsyncBoltRequest) -> None:
        word, rest = split(str(body.get("text") or ""))
        command = self._routes.commands.get(word)
        context = self._context(Kind.COMMAND, body)
        context.act_key = _act_key(body, req)
        context.text = _typed(rest)
        handler = command.handler if command else _unknown_word(word, self._routes.commands)
        answer = await self._answer(handler, context)
        await ack(answer.notice or "")
        self._follow(context, Answer(view=answer.view, pictured=answer.pictured))

    async def _on_action(self, ack: AsyncAck, body: dict[str, Any], req: AsyncBoltRequest) -> None:
        action = body["actions"][0]
        context = self._context(Kind.ACTION, body)
        context.act_key = _act_key(body, req)
        context.value = _chosen(action)
        handler = self._routes.actions.get(str(action.get("action_id")).partition(":")[0], _out_of_date)
        answer = await self._answer(handler, context)
        await ack()
        self._follow(context, answer)

    async def _on_submission(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        context = self._context(Kind.SUBMISSION, body)
        view = context.view
        assert view is not None
        context.dedup_key = f"{view.id}:{view.hash}"
        handler = self._routes.submissions.get(view.callback_id, _out_of_date)
        answer = await self._answer(handler, context)
        await ack(**_submission_response(answer))
        self._follow(context, Answer(redraw=answer.redraw))

    async def _on_closing(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        context = self._context(Kind.CLOSING, body)
        callback_id = context.view.callback_id if context.view else ""
        handler = self._routes.closings.get(callback_id)
        if handler is not None:
            await self._answer(handler, context)
        await ack()
        self._follow(context, Answer())

    async def _on_shortcut(self, ack: AsyncAck, body: dict[str, Any], req: AsyncBoltRequest) -> None:
        context = self._context(Kind.SHORTCUT, body)
        context.act_key = _act_key(body, req)
        handler = self._routes.shortcuts.get(str(body.get("callback_id")), _out_of_date)
        answer = await self._answer(handler, context)
        await ack()
        self._follow(context, answer)

    async def _on_event(self, ack: AsyncAck, body: dict[str, Any]) -> BoltResponse | None:
        context, kind = self._context(Kind.EVENT, body), str(body["event"]["type"])
        context.dedup_key = f"event:{body['event_id']}" if body.get("event_id") else None
        answer = await self._answer(self._routes.events[kind], context)
        if context.failed_for_now and kind in self._routes.told_again:
            return BoltResponse(status=NOT_NOW)
        await ack()
        self._follow(context, answer if kind == "message" else Answer())
        return None

    # --- common to all --------------------------------------------------------------------------------

    async def _answer(self, handler: Handler, context: Context) -> Answer:
        i18n.set_locale(self._locales.get(context.identity, i18n.DEFAULT_LOCALE))
        answer = await guarded(handler, context)
        if context.actor is not None and len(self._locales) < REMEMBERED_LOCALES:
            self._locales[context.identity] = context.actor.locale
        return answer

    def _context(self, kind: Kind, body: Mapping[str, Any]) -> Context:
        view = body.get("view")
        return Context(
            kind=kind,
            identity=_identity(body),
            payload=body,
            services=self._services,
            form=Form((view.get("state") or {}).get("values") or {}) if view else Form(),
            view=view_ref(view) if view else None,
        )

    def _follow(self, context: Context, answer: Answer) -> None:
        """Start what comes after the answer, once it is out."""
        task = asyncio.get_running_loop().create_task(self._follow_up(context, answer))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _follow_up(self, context: Context, answer: Answer) -> None:
        await self._attempt(context, self._effects.show(context, answer))
        await self._attempt(context, self._after(context))

    async def _attempt(self, context: Context, step: Awaitable[None]) -> None:
        try:
            await step
        except Exception as error:
            log.warning("request.follow_up_failed", kind=context.kind, error=type(error).__name__)


def _act_key(body: Mapping[str, Any], request: AsyncBoltRequest) -> str | None:
    """The same for a copy, whichever way it comes: a replayed request, or an envelope on another connection."""
    known_by = body.get("trigger_id") or next(iter(request.headers.get(SIGNATURE, ())), None)
    return f"{ACT}{known_by}"[:KEY_LIMIT] if known_by else None


def _typed(text: str) -> str:
    """Slack escapes three characters in what is typed behind a command (docs: slash commands, escaping)."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _submission_response(answer: Answer) -> dict[str, Any]:
    """docs: surfaces/modals, "Handling view submissions"."""
    if answer.fields:
        return {"response_action": "errors", "errors": dict(answer.fields)}
    if answer.closes_all:
        return {"response_action": "clear"}
    view = answer.view or (notice_view(answer.notice) if answer.notice else None)
    if view is None:
        return {}
    return {"response_action": "push" if answer.on_top else "update", "view": plain(view)}


def _chosen(action: Mapping[str, Any]) -> str:
    option = action.get("selected_option")
    if isinstance(option, Mapping):
        return str(option.get("value") or "")
    for name in ("value", "selected_date", "selected_time", "selected_user", "selected_date_time"):
        if action.get(name) is not None:
            return str(action[name])
    return ""


def _identity(body: Mapping[str, Any]) -> Identity:
    """Who acts, from the signed payload: commands are flat, interactivity nests, events name the user inside."""
    event = body.get("event") or {}
    user = body.get("user") or event.get("user") or {}
    team, enterprise = body.get("team") or {}, body.get("enterprise") or {}
    user_id = user.get("id") if isinstance(user, Mapping) else user
    return Identity(
        team_id=str(body.get("team_id") or team.get("id") or _home_team(user) or ""),
        user_id=str(body.get("user_id") or user_id or ""),
        enterprise_id=body.get("enterprise_id") or enterprise.get("id"),
    )


def _home_team(user: object) -> object:
    """Where an app is installed in a whole organisation, interactivity names no team but the acting person's own."""
    return user.get("team_id") if isinstance(user, Mapping) else None


async def _out_of_date(context: Context) -> Answer:
    raise OutdatedForm


def _unknown_word(word: str, commands: Mapping[str, Command]) -> Handler:
    async def handler(context: Context) -> Answer:
        await context.run(lambda _db, _actor: None)  # the reader's language
        return Answer(notice=did_you_mean(word, commands))

    return handler
