"""The Web API: tokens, scopes, arguments, Slack's answers, and planted faults."""

import asyncio
import math
import secrets
import time
from collections.abc import Callable, Mapping
from typing import Any

from aiohttp import web

from bot.sandbox.arguments import Arguments, read_arguments
from bot.sandbox.errors import SlackError
from bot.sandbox.faults import Fault, Faults
from bot.sandbox.ledger import Entry, Ledger
from bot.sandbox.limits import Limits
from bot.sandbox.methods import METHODS, Method
from bot.sandbox.methods.call import Call
from bot.sandbox.oauth import OAuth
from bot.sandbox.tokens import Grant, Tokens
from bot.sandbox.workspace import Workspace

UPLOAD = "upload"
"""How faults and the ledger call what is sent to an upload address."""


class WebApi:
    """Answers /api/<method>."""

    def __init__(
        self, spaces: Mapping[str, Workspace], tokens: Tokens, ledger: Ledger, connect: Callable[[], str]
    ) -> None:
        """`spaces`: by workspace id; the first one's token is there from the beginning."""
        self._spaces, self._tokens, self._ledger, self._connect = spaces, tokens, ledger, connect
        workspace = self._workspace = next(iter(spaces.values()))
        self.oauth: OAuth | None = None
        self.faults = Faults()
        self.limits = Limits(workspace.clock)
        self.bot_token = f"xoxb-sandbox-{secrets.token_hex(12)}"
        self.app_token = f"xapp-1-sandbox-{secrets.token_hex(12)}"
        self.stopping = asyncio.Event()

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Answer one call, unless a planted fault has it otherwise."""
        name = request.match_info["method"]
        fault = self.faults.strike(name, self._workspace.clock.now())
        if fault and (answer := await self._before(fault, request, name)):
            return answer
        sent = await _sent(request)
        if seconds := self.limits.wait(name, str(sent.get("channel", ""))):
            return self._limited(name, sent, seconds, "ratelimited")
        body = await self._answer(request, name, fault)
        if fault and (answer := await self._after(fault, request)):
            return answer
        return web.json_response(
            body, headers={"x-oauth-scopes": ",".join(sorted(self._workspace.app.scopes))}
        )

    async def upload(self, request: web.Request) -> web.StreamResponse:
        """Take the bytes of a file at the address that files.getUploadURLExternal gave, once, and only so many as were announced.

        The address is the only token. Other than that a failure is no 200, what Slack answers is not documented.
        """
        fault = self.faults.strike(UPLOAD, self._workspace.clock.now())
        if fault and (answer := await self._before(fault, request, UPLOAD)):
            return answer
        content = await request.read()
        error = self._take(
            self._spaces.get(request.match_info["team"]), request.match_info["ticket"], content
        )
        if fault and (answer := await self._after(fault, request)):
            return answer
        return web.Response(text=error or f"OK - {len(content)}", status=400 if error else 200)

    def _take(self, space: Workspace | None, ticket: str, content: bytes) -> str | None:
        """What is wrong with what was sent; None where it was taken."""
        files = space.files.values() if space else ()
        file = next((each for each in files if each.ticket == ticket and each.content is None), None)
        error = "not_found" if file is None or file.is_deleted else None
        if file is not None and error is None and len(content) != file.length:
            error = "wrong_length"
        if file is not None and error is None:
            file.content = content
        told = {"file": file.id if file else None, "length": len(content)}
        self._write_down(UPLOAD, told, None, error, 0.0, accepted=error is None)
        return error

    async def _before(self, fault: Fault, request: web.Request, name: str) -> web.StreamResponse | None:
        """What a fault does instead of letting the call take effect; None where it lets it."""
        if fault.kind == "slow":
            await asyncio.sleep(fault.seconds)
        if fault.kind not in ("drop_before", "hang", "status", "ratelimited"):
            return None
        if fault.kind == "ratelimited":
            seconds = math.ceil(fault.seconds) or 1
            return self._limited(name, await _sent(request), seconds, "fault:ratelimited")
        self._write_down(name, await _sent(request), None, f"fault:{fault.kind}", 0.0, accepted=False)
        if fault.kind == "status":
            return web.Response(status=fault.status, text="upstream error")
        return await self._vanish(fault, request)

    def _limited(self, name: str, sent: dict[str, Any], seconds: int, error: str) -> web.Response:
        self._write_down(name, sent, None, error, 0.0, accepted=False)
        headers = {"Retry-After": str(seconds)}
        return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers=headers)

    async def _after(self, fault: Fault, request: web.Request) -> web.StreamResponse | None:
        if fault.kind == "unreadable":
            return web.Response(text="<html>half a pa", content_type="text/html")
        if fault.kind in ("drop_after", "hang_after"):
            return await self._vanish(fault, request)
        return None

    async def _vanish(self, fault: Fault, request: web.Request) -> web.Response:
        if fault.kind in ("hang", "hang_after"):
            await self.stopping.wait()
        if request.transport is not None:
            request.transport.abort()
        return web.Response()

    async def _answer(self, request: web.Request, name: str, fault: Fault | None) -> dict[str, Any]:
        started, sent, error = time.monotonic(), {}, None
        try:
            sent = await read_arguments(request)
            if fault and fault.kind == "error":
                raise SlackError(fault.error)
            body = {"ok": True, **self._run(request, name, sent)}
        except SlackError as problem:
            body, error = problem.body(), problem.name
        seconds = time.monotonic() - started
        self._write_down(name, sent, body, error, seconds, accepted=error is None)
        return body

    def _run(self, request: web.Request, name: str, sent: dict[str, Any]) -> dict[str, Any]:
        if name == "oauth.v2.access" and self.oauth is not None:
            return self.oauth.access(sent, request.headers.get("Authorization", ""))
        method = METHODS.get(name)
        if method is None:
            raise SlackError("unknown_method", req_method=name)
        grant = self._grant(method, _token(request, sent)) if method.needs_token else None
        space = self._space(grant, name, str(sent.get("team_id", "")))
        if method.needs_token:
            self._check_scope(method, space)
        of_org = grant.enterprise_id if grant and grant.is_org_wide else None
        base_url = f"http://{request.host}"
        return method.run(Call(Arguments(sent), space, self.faults, base_url, self._connect, of_org))

    def _grant(self, method: Method, token: str) -> Grant | None:
        """What a token that OAuth gave is good for; None for those that were there from the beginning."""
        if not token:
            raise SlackError("not_authed")
        grant = None if token in (self.bot_token, self.app_token) else self._tokens.grant(token)
        if (token == self.app_token) != method.app_level:
            raise SlackError("not_allowed_token_type")
        return grant

    def _space(self, grant: Grant | None, name: str, asked_for: str) -> Workspace:
        """Whose call it is; with an organisation's token, whoever calls has to say so."""
        if grant is None:
            return self._workspace
        if not grant.is_org_wide:
            return self._spaces[str(grant.team_id)]
        own = {
            key: space
            for key, space in self._spaces.items()
            if space.team.enterprise_id == grant.enterprise_id
        }
        if name == "auth.test":
            return next(iter(own.values()))
        if not asked_for:
            raise SlackError("missing_argument")
        if asked_for not in own:
            raise SlackError("team_access_not_granted")
        return own[asked_for]

    def _check_scope(self, method: Method, space: Workspace) -> None:
        if not space.app.installed:
            raise SlackError("account_inactive")
        scopes = space.app.scopes
        if method.scope and not method.app_level and method.scope not in scopes:
            raise SlackError("missing_scope", needed=method.scope, provided=",".join(sorted(scopes)))

    def _write_down(
        self, name: str, sent: dict[str, Any], body: Any, error: str | None, seconds: float, *, accepted: bool
    ) -> None:
        kept = {k: v for k, v in sent.items() if k != "token"}
        now = self._workspace.clock.now()
        self._ledger.add(Entry(now, "call", name, kept, body, error, seconds, accepted))


async def _sent(request: web.Request) -> dict[str, Any]:
    try:
        return await read_arguments(request)
    except SlackError:
        return {}


def _token(request: web.Request, sent: dict[str, Any]) -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else str(sent.get("token", ""))
