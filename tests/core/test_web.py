"""Requests over HTTP: verified before they are read, and refused when they are somebody else's copy."""

import asyncio
import json
import threading
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus, unquote_to_bytes, urlencode

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.signature import SignatureVerifier
from sqlalchemy import event, text
from structlog.testing import capture_logs

from bot import schema
from bot.core import readiness, web
from bot.core.master_keys import MasterKeys
from bot.core.vault import Vault
from bot.core.web import MAX_BODY, unquoted
from tests.conftest import NOW
from tests.core.slack.probe import SECRET, Bot, running

FORM = "application/x-www-form-urlencoded"
AT = str(int(NOW.timestamp()))


@given(st.text(alphabet="%=+ _\n\r\tAaFf09&\u00e9\U0001f600", max_size=12))
def test_a_form_is_read_as_urllib_reads_it(text: str) -> None:
    assert unquoted(quote_plus(text).encode()) == text.encode()
    assert unquoted(text.encode()) == unquote_to_bytes(text.encode().replace(b"+", b" "))


@dataclass
class Http:
    bot: Bot
    session: aiohttp.ClientSession

    async def post(
        self, body: bytes, content_type: str = FORM, *, at: str = AT, headers: Mapping[str, str] | None = None
    ) -> tuple[int, str]:
        """A request as Slack signs it, unless `headers` say otherwise."""
        signature = SignatureVerifier(self.bot.sandbox.signing_secret).generate_signature(
            timestamp=at, body=body
        )
        signed = {
            "Content-Type": content_type,
            "X-Slack-Request-Timestamp": at,
            "X-Slack-Signature": signature or "",
            **(headers or {}),
        }
        async with self.session.post(self.url("slack/events"), data=body, headers=signed) as response:
            return response.status, await response.text()

    async def get(self, path: str) -> tuple[int, Any]:
        async with self.session.get(self.url(path)) as response:
            return response.status, await response.json()

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.bot.growbot.port}/{path}"


@pytest.fixture
async def http(tmp_path: Path) -> AsyncIterator[Http]:
    async with running(tmp_path, http=True) as bot, aiohttp.ClientSession() as session:
        yield Http(bot, session)


def _command(typed: str = "probe", **more: str) -> bytes:
    fields = {
        "command": "/grow",
        "text": typed,
        "user_id": "U0BEN",
        "team_id": "T0BRIGHTW",
        "channel_id": "D1",
    }
    return urlencode(fields | more).encode()


def _event(event_id: str = "Ev1") -> bytes:
    event = {
        "type": "message",
        "channel_type": "im",
        "channel": "D1",
        "user": "U0BEN",
        "text": "x",
        "ts": "1.0",
    }
    return json.dumps(
        {"type": "event_callback", "team_id": "T0BRIGHTW", "event_id": event_id, "event": event}
    ).encode()


async def test_a_signed_command_is_answered(http: Http) -> None:
    status, answer = await http.post(_command())
    assert (status, json.loads(answer)["text"] if answer.startswith("{") else answer) == (
        200,
        "Done for en-US",
    )


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Slack-Signature": "v0=" + "0" * 64},
        {"X-Slack-Signature": ""},
        {"X-Slack-Signature": "ünsigned".encode().decode("latin-1")},
        {"X-Slack-Request-Timestamp": ""},
        {"X-Slack-Request-Timestamp": "yesterday"},
        {"X-Slack-Request-Timestamp": "9" * 400},
        {"X-Slack-Request-Timestamp": str(int(AT) + 1)},
    ],
)
async def test_a_bad_signature_is_refused_and_nothing_of_the_body_is_logged(
    http: Http, headers: dict[str, str]
) -> None:
    with capture_logs() as logs:
        status, answer = await http.post(_command(f"probe {SECRET}"), headers=headers)
    assert status == 401
    assert SECRET not in repr(logs) + answer
    assert http.bot.effects() == 0


async def test_a_body_that_is_no_text_is_refused(http: Http) -> None:
    async with http.session.post(
        http.url("slack/events"), data=b"\xff\xfe", headers={"X-Slack-Signature": "v0=1"}
    ) as response:
        assert response.status == 401


@pytest.mark.parametrize(("seconds", "status"), [(-301, 401), (-299, 200), (299, 200), (301, 401)])
async def test_a_signature_holds_for_five_minutes(http: Http, seconds: int, status: int) -> None:
    assert (await http.post(_command(), at=str(int(AT) + seconds)))[0] == status


async def test_a_request_sent_again_is_refused(http: Http) -> None:
    assert [(await http.post(_command()))[0] for _time in range(2)] == [200, 401]
    assert http.bot.effects() == 1


@pytest.mark.parametrize("ahead", [-200, 0, 299])
async def test_a_copy_is_refused_for_as_long_as_its_signature_holds(http: Http, ahead: int) -> None:
    at = str(int(AT) + ahead)
    assert (await http.post(_command(), at=at))[0] == 200
    for left in (99, 1):
        http.bot.sandbox.clock.set(NOW + timedelta(seconds=ahead + 300 - left))
        status, said = await http.post(_command(), at=at)
        assert (status, "replayed" in said) == (401, True)
        assert (await http.post(_command(f"after {left}"), at=at))[0] == 200


async def test_a_copied_command_is_refused_though_it_says_that_it_is_a_retry(http: Http) -> None:
    await http.post(_command())
    retry = {"X-Slack-Retry-Num": "1"}
    assert (await http.post(_command(), headers=retry))[0] == 401
    assert (await http.post(_command(), "application/json", headers=retry))[0] == 400
    assert http.bot.effects() == 1


async def test_an_event_that_slack_sends_again_is_accepted(http: Http) -> None:
    retry = {"X-Slack-Retry-Num": "1", "X-Slack-Retry-Reason": "http_timeout"}
    assert (await http.post(_event(), "application/json"))[0] == 200
    assert (await http.post(_event(), "application/json", headers=retry))[0] == 200


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"{not json", "application/json"),
        (b"[1, 2]", "application/json"),
        (b"[" * 100_000, "application/json"),
        (b"payload=%7Bnot", FORM),
    ],
)
async def test_a_body_that_cannot_be_read_is_refused(http: Http, body: bytes, content_type: str) -> None:
    assert (await http.post(body, content_type))[0] == 400


async def test_a_body_that_is_far_too_long_is_refused(http: Http) -> None:
    assert (await http.post(b"x" * (MAX_BODY + 1)))[0] == 413


BEGUN = b"POST /slack/events HTTP/1.1\r\nHost: here\r\nContent-Length: 10\r\n\r\nhalf"


async def test_who_does_not_send_the_rest_of_a_body_is_not_waited_for(
    http: Http, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web, "BODY_SECONDS", 0.05)
    reader, writer = await asyncio.open_connection("127.0.0.1", http.bot.growbot.port)
    writer.write(BEGUN)
    answer = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 30)
    writer.close()
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b"Connection: close" in answer


async def test_who_hangs_up_within_a_body_is_no_failure_of_ours(
    http: Http, caplog: pytest.LogCaptureFixture
) -> None:
    _reader, writer = await asyncio.open_connection("127.0.0.1", http.bot.growbot.port)
    writer.write(BEGUN)
    await writer.drain()
    assert (await http.get("healthz"))[0] == 200  # it is being read by now
    writer.close()
    assert (await http.get("healthz"))[0] == 200
    assert caplog.records == []


@pytest.mark.parametrize("body", [b"{}", b'{"type": "unheard_of"}', b'{"type": "block_actions"}'])
async def test_a_payload_of_no_known_kind_does_not_break_the_server(http: Http, body: bytes) -> None:
    status, _answer = await http.post(body, "application/json")
    assert status in (200, 404)


async def test_slack_s_check_of_the_address_is_answered(http: Http) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "c-1", "token": "t"}).encode()
    status, answer = await http.post(body, "application/json")
    assert (status, json.loads(answer)) == (200, {"challenge": "c-1"})


async def test_a_request_for_another_workspace_has_no_effect(http: Http) -> None:
    await http.post(_command(team_id="T0OTHER"))
    assert http.bot.effects() == 0


async def test_it_is_alive_and_ready(http: Http) -> None:
    assert await http.get("healthz") == (200, {"status": "alive"})
    assert await http.get("readyz") == (200, {"status": "ready"})


async def test_once_it_is_stopping_each_answer_says_that_its_connection_ends(http: Http) -> None:
    """A proxy that is not told sends its next request on that connection, which nobody reads any more."""
    said = []
    for http.bot.growbot.readiness.is_stopping in (False, True):
        async with http.session.get(http.url("healthz")) as answer:
            said.append(answer.headers.get("Connection"))
    assert said == [None, "close"]


async def test_it_is_not_ready_on_a_database_that_is_not_migrated(http: Http) -> None:
    schema.downgrade(http.bot.database.engine, "base")
    status, answer = await http.get("readyz")
    assert (status, answer["status"]) == (503, "the database is not migrated: growbot db upgrade")
    assert (await http.get("healthz"))[0] == 200


async def test_it_stays_ready_while_a_newer_version_is_brought_in_beside_it(http: Http) -> None:
    """The database is upgraded first, and then process after process is replaced: somebody must serve meanwhile."""
    with http.bot.database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '20991231_0000'"))
    assert await http.get("readyz") == (200, {"status": "ready"})


def _put_in_place_of(database: Path) -> None:
    """Something that is no database, and can't become one."""
    database.rename(f"{database}.away")
    database.mkdir()


async def test_it_is_not_ready_while_the_database_is_gone(http: Http) -> None:
    _put_in_place_of(Path(str(http.bot.database.url.database)))
    status, answer = await http.get("readyz")
    assert (status, answer["status"]) == (503, "the database can't be used: growbot doctor")
    assert (await http.get("healthz"))[0] == 200


async def test_a_database_that_hangs_is_told_of_in_time_and_looked_at_once(
    http: Http, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readiness, "LOOK_SECONDS", 0.05)
    go_on, looks = threading.Event(), Counter[str]()

    def hang(*_connection: object) -> None:
        looks["begun"] += 1
        go_on.wait(30)

    event.listen(http.bot.database.engine, "begin", hang)
    try:
        for _look in range(3):
            assert await http.get("readyz") == (503, {"status": "the database can't be used: growbot doctor"})
    finally:
        go_on.set()
    assert looks["begun"] == 1
    while (await http.get("readyz"))[0] != 200:
        pass  # until the look that hung has ended


async def test_it_is_not_ready_without_the_key_of_what_is_stored(http: Http) -> None:
    with http.bot.database.transaction() as db:
        db.vault.begin(db, "person:somebody", NOW, team_id="T0HERE")
    http.bot.database.vault = Vault(MasterKeys.parse(MasterKeys.generate("another")))
    status, answer = await http.get("readyz")
    assert status == 503
    assert "master key" in answer["status"]


@pytest.mark.parametrize("fault", ["drop_before", "503"])
async def test_it_is_not_ready_while_slack_cannot_be_reached(http: Http, fault: str) -> None:
    http.bot.sandbox.faults.add("api.test", fault)
    assert await http.get("readyz") == (503, {"status": "Slack can't be reached"})
    assert (await http.get("readyz"))[0] == 200


async def test_slack_is_not_asked_at_every_look(http: Http) -> None:
    for _look in range(5):
        assert (await http.get("readyz"))[0] == 200
    assert http.bot.calls("api.test") == 1


async def test_it_is_not_ready_once_the_app_was_removed_from_the_workspace(http: Http) -> None:
    await http.bot.sandbox.uninstall()
    assert (await http.get("readyz"))[0] == 503
