"""What Prometheus is told: counts and times, of whose labels there are few, and nothing of people."""

import asyncio
import re
import threading
from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import event

from bot.core import metrics
from bot.core.database import DatabaseUnavailable
from bot.core.metrics import Metrics
from bot.core.scheduling import Ticker
from bot.sandbox.parcels import Parcel, Retry
from bot.sandbox.people import brightwater
from tests.core.slack.probe import running
from tests.scenarios.several import BEN, DANA, NORTH, Several, several


@pytest.fixture
async def office(database_url: str) -> AsyncIterator[Several]:
    async with several(database_url, rotates=True, metrics=True) as office:
        assert (await office.install(NORTH.id)).status == 200
        yield office


async def told(office: Several) -> dict[str, float]:
    async with office.session.get(f"http://127.0.0.1:{office.growbots[0].metrics_port}/metrics") as answer:
        assert answer.status == 200
        lines = (await answer.text()).splitlines()
    return {
        line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in lines if not line.startswith("#")
    }


async def proposed(office: Several) -> None:
    dana = office.sandbox.seat(DANA, NORTH.id)
    await dana.command("/grow start @ben")
    await dana.wait_modal("engagements.propose")
    assert (await dana.submit({"purpose": "x", "role": "coach"})).updated


async def test_answers_are_counted_and_timed_by_kind(office: Several) -> None:
    await proposed(office)
    found = await told(office)
    assert found['growbot_ack_seconds_count{kind="command"}'] == 1
    assert found['growbot_ack_seconds_count{kind="submission"}'] == 1
    assert found['growbot_ack_seconds_bucket{kind="command",le="3.0"}'] == 1


async def test_what_is_sent_is_counted_by_its_result_and_what_is_tried_again_too(office: Several) -> None:
    office.sandbox.faults.add("chat.postMessage", "ratelimited", seconds=30)
    await proposed(office)
    await office.settle()
    office.clock.advance(timedelta(minutes=1))
    await office.settle()
    found = await told(office)
    assert found['growbot_sends_total{method="post",result="limited"}'] == 1
    assert found['growbot_sends_total{method="post",result="accepted"}'] == 1
    assert found['growbot_retries_total{what="message"}'] == 1


@pytest.mark.parametrize("http", [True, False])
async def test_an_event_that_slack_sends_again_is_counted(tmp_path: Path, http: bool) -> None:
    async with running(tmp_path, http=http) as bot:
        await bot.ben.open_home()
        (told_of,) = bot.sandbox.ledger.deliveries("event:app_home_opened")
        await bot.sandbox.deliveries.deliver(
            Parcel("events_api", told_of.args, retry=Retry(1, "http_timeout"))
        )
        counted = bot.growbot.metrics.registry.get_sample_value("growbot_retries_total", {"what": "event"})
        assert counted == 1


async def test_each_job_is_counted_by_how_it_ended_and_none_ends_the_ticking() -> None:
    counting, left = Metrics(), {"fine": 2, "later": 2, "broken": 2}
    both = asyncio.Event()

    async def run(name: str, error: Exception | None) -> None:
        left[name] -= 1
        if max(left.values()) <= 0:
            both.set()
        if error is not None:
            raise error

    ticker = Ticker(counting.tick)
    for name, error in (("fine", None), ("later", DatabaseUnavailable()), ("broken", ValueError())):
        ticker.every(0.01, name, partial(run, name, error))
    ticker.start()
    await asyncio.wait_for(both.wait(), 30)
    ticker.stop()
    for name, result in (("fine", "done"), ("later", "postponed"), ("broken", "failed")):
        labels = {"job": name, "result": result}
        assert (counting.registry.get_sample_value("growbot_ticks_total", labels) or 0) >= 1


async def test_what_waits_is_told_with_the_age_of_the_oldest(office: Several) -> None:
    office.sandbox.faults.add("chat.postMessage", "token_revoked", times=10)
    await proposed(office)
    await office.settle()
    office.clock.advance(timedelta(hours=1, seconds=90))
    found = await told(office)
    assert found['growbot_outbox_rows{state="pending"}'] == 1
    assert found["growbot_outbox_oldest_due_seconds"] == pytest.approx(90)
    assert found["growbot_database_up"] == 1


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
async def test_a_database_that_hangs_is_told_of_while_it_does(
    office: Several, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(metrics, "LOOK_SECONDS", 0.05)
    go_on = threading.Event()
    event.listen(office.growbots[0].database.engine, "begin", lambda _connection: go_on.wait(30))
    try:
        assert (await told(office))["growbot_database_up"] == 0
    finally:
        go_on.set()


async def test_tokens_exchanged_are_counted(office: Several) -> None:
    office.clock.advance(timedelta(hours=11))
    await office.growbots[0].installations.rotate()
    assert (await told(office))['growbot_token_rotations_total{result="done"}'] == 1


async def test_no_id_or_name_of_a_person_or_workspace_is_told(office: Several) -> None:
    await proposed(office)
    await office.settle()
    text = repr(await told(office))
    people = [each for person in brightwater() if not person.is_bot for each in (person.id, person.real_name)]
    assert [each for each in (*people, BEN, NORTH.id, NORTH.name) if each in text] == []
    labels = {name for name, _value in re.findall(r'(\w+)="([^"]*)"', text)}
    assert labels <= {"kind", "le", "method", "result", "job", "state", "what"}


async def test_they_are_not_served_where_slack_is(office: Several) -> None:
    page = await office.browser().get(office.growbots[0], "/metrics")
    assert page.status == 404
