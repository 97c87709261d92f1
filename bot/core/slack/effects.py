"""What follows an answer: the calls to Slack that show a person something. Losing one loses no data."""

from collections.abc import Awaitable, Mapping
from typing import Any

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.models.views import View
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.core.directory import Identity
from bot.core.i18n import gettext as _
from bot.core.slack.blocks import notice_view
from bot.core.slack.client import Clients, error_name
from bot.core.slack.dumping import plain
from bot.core.slack.forms import ViewRef
from bot.core.slack.requests import Answer, Context, Kind, Placement

log = structlog.get_logger(__name__)

NO_LONGER_THERE = {"hash_conflict", "not_found", "view_not_found"}
TRIGGER_GONE = {
    "expired_trigger_id",
    "trigger_expired",
    "trigger_exchanged",
    "invalid_trigger_id",
    "exchanged_trigger_id",
}
FAILURES = (SlackClientError, aiohttp.ClientError, OSError, TimeoutError, ValueError)
"""Every way in which a call to Slack ends without an answer that can be used."""

REMEMBERED_ROOTS = 10_000

_Shown = Mapping[str, Any]
"""A view as Slack answers that it stands."""


class Effects:
    def __init__(self, clients: Clients) -> None:
        self._clients = clients
        self._roots: dict[Identity, tuple[str, str]] = {}

    async def show(self, context: Context, answer: Answer) -> None:
        """Show the answer's view or notice where this kind of request can show it."""
        if answer.redraw is not None:
            await self._redraw(context, *answer.redraw)
        if answer.view is not None:
            shown = await self._show_view(context, answer.view, answer.placement)
            if answer.pictured is not None and shown is not None:
                await self._picture(context, shown, answer.pictured)
        elif answer.notice is not None:
            await self._say(context, answer.notice)

    async def publish_home(self, identity: Identity, view: View) -> None:
        client = await self._clients.of(identity)
        await client.views_publish(user_id=identity.user_id, view=plain(view))

    def root_of(self, identity: Identity, callback_id: str) -> str | None:
        """The id of the modal that this person opened last, if it is this one; it may be closed by now."""
        known, view_id = self._roots.get(identity, ("", ""))
        return view_id if known == callback_id else None

    async def redraw_root(self, identity: Identity, view: View) -> None:
        """Draw it anew below whatever stands on it; forgotten once it is closed."""
        _callback_id, view_id = self._roots[identity]
        client = await self._clients.of(identity)
        try:
            await client.views_update(view_id=view_id, view=plain(view))
        except SlackApiError as error:
            self._roots.pop(identity, None)
            if error_name(error) not in NO_LONGER_THERE:
                raise

    async def _show_view(self, context: Context, view: View, placement: Placement) -> _Shown | None:
        try:
            return await self._place(context, view, placement)
        except FAILURES as error:
            name = _name(error)
            log.warning("slack.view_refused", error=name, kind=context.kind)
            if name not in NO_LONGER_THERE:
                await self._tell(context, _not_shown(error))
            return None

    async def _picture(self, context: Context, shown: _Shown, view: View) -> None:
        """Everything that the pictures say is there without them, so nothing is said where they don't come."""
        client = await self._clients.of(context.identity)
        try:
            await client.views_update(view_id=shown["id"], hash=shown["hash"], view=plain(view))
        except FAILURES as error:
            if _name(error) not in NO_LONGER_THERE:
                log.warning("slack.pictures_refused", error=_name(error))

    async def _place(self, context: Context, view: View, placement: Placement) -> _Shown:
        client = await self._clients.of(context.identity)
        in_modal = context.kind is Kind.ACTION and context.view is not None and not context.view.is_home
        trigger_id = str(context.payload.get("trigger_id") or "")
        if in_modal and placement is Placement.REPLACE:
            assert context.view is not None
            answer = await self._replace(client, context.view, view)
        elif in_modal:
            answer = await client.views_push(trigger_id=trigger_id, view=plain(view))
        else:
            answer = await client.views_open(trigger_id=trigger_id, view=plain(view))
            self._remember(context.identity, str(view.callback_id), str(answer["view"]["id"]))
        shown: _Shown = answer["view"]
        return shown

    async def _replace(self, client: AsyncWebClient, shown: ViewRef, view: View) -> AsyncSlackResponse:
        """The answer to what was just pressed is shown also where the form was drawn anew in between."""
        try:
            return await client.views_update(view_id=shown.id, hash=shown.hash, view=plain(view))
        except SlackApiError as error:
            if error_name(error) != "hash_conflict":
                raise
            return await client.views_update(view_id=shown.id, view=plain(view))

    def _remember(self, identity: Identity, callback_id: str, view_id: str) -> None:
        if len(self._roots) >= REMEMBERED_ROOTS:
            self._roots.pop(next(iter(self._roots)))
        self._roots[identity] = (callback_id, view_id)

    async def _say(self, context: Context, sentence: str) -> None:
        """In a modal, where a shortcut, App Home or another modal was used; otherwise below the message."""
        if context.kind is not Kind.SHORTCUT and context.view is None:
            await self._tell(context, sentence)
            return
        try:
            await self._place(context, notice_view(sentence), Placement.OPEN)
        except FAILURES as error:
            log.warning("slack.view_refused", error=_name(error), kind=context.kind)
            # What is said in a form or on App Home may hold a person's words: it is not for a message.
            await self._tell(context, sentence if context.view is None else _unseen())

    async def _tell(self, context: Context, sentence: str) -> None:
        """By the first way that works. The bot can write into its own direct messages, but to no other channel."""
        identity, client = context.identity, await self._clients.of(context.identity)
        url, event = context.payload.get("response_url"), context.payload.get("event")
        if url and await _worked(self._clients.respond(str(url), sentence)):
            return
        if event and await _worked(
            client.chat_postEphemeral(channel=event["channel"], user=identity.user_id, text=sentence)
        ):
            return
        await client.chat_postMessage(channel=identity.user_id, text=sentence)

    async def _redraw(self, context: Context, view_id: str, view: View) -> None:
        client = await self._clients.of(context.identity)
        try:
            await client.views_update(view_id=view_id, view=plain(view))
        except SlackApiError as error:
            if error_name(error) not in NO_LONGER_THERE:
                raise


async def _worked(call: Awaitable[object]) -> bool:
    try:
        return bool(await call)
    except FAILURES as error:
        log.warning("slack.sentence_refused", error=_name(error))
        return False


def _name(error: Exception) -> str:
    return error_name(error) if isinstance(error, SlackApiError) else type(error).__name__


def _not_shown(error: Exception) -> str:
    if not isinstance(error, SlackApiError):
        return _("Slack didn't answer in time. If no form has opened, please try once more.")
    if error_name(error) in TRIGGER_GONE:
        return _("That took too long, so Slack didn't open the form. Please try once more.")
    return _("Slack didn't open the form. Please try once more.")


def _unseen() -> str:
    return _("Slack didn't show the answer to what you pressed. `/grow` shows how things stand now.")
