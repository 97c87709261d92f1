"""Removed from a workspace and installed again: silence, no token left, no word lost, no burst."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event, or_, select
from sqlalchemy.exc import OperationalError

from bot.core.database import Database
from bot.core.outbox.domain import OF_USE
from bot.core.outbox.recalling import MAX_RECALLS, WHILE_REFUSED
from bot.core.outbox.store import OutboxRow
from bot.core.slack.installation_store import InstallationRow
from bot.core.slack.installations import ended_installation
from bot.core.vault import DataKeyRow
from bot.demo import Demo
from bot.sandbox import Message, NotPossible, Seat
from bot.sandbox.parcels import Parcel
from tests.scenarios.several import BEN, DANA, EAST, NORTH, WEST, Several, several
from tests.scenarios.test_several_workspaces import SECRET, committed, engaged, home

WEEK = timedelta(weeks=1)
REMOVALS = ("event:tokens_revoked", "event:app_uninstalled")


@pytest.fixture
async def office(database_url: str) -> AsyncIterator[Several]:
    async with several(database_url, replicas=2) as office:
        for place in (NORTH.id, "E0ORG"):
            assert (await office.install(place)).status == 200
        yield office


def of_bot(seat: Seat) -> list[Message]:
    return [message for message in seat.messages if message.by_app]


async def invited(office: Several, team: str) -> Seat:
    """Ben has an invitation with buttons."""
    dana, ben = office.sandbox.seat(DANA, team), office.sandbox.seat(BEN, team)
    await dana.command("/grow start @ben")
    await dana.wait_modal("engagements.propose")
    assert (await dana.submit({"purpose": "x", "role": "coach"})).updated
    await dana.close(everything=True)
    await ben.wait_message(containing="would like to work with you")
    return ben


async def planned_weekly(office: Several, team: str) -> Seat:
    """An engagement with weekly sessions, and a commitment."""
    dana, ben = await engaged(office, team)
    await committed(ben, SECRET[team])
    await dana.command("/grow session")
    await dana.wait_modal("sessions.plan")
    assert (await dana.submit({"on": "2026-12-01", "at": "15:00", "repeats": "weekly"})).updated
    await dana.close(everything=True)
    await office.settle()
    return ben


async def test_nothing_is_sent_there_any_more_and_elsewhere_all_goes_on(office: Several) -> None:
    ben = await planned_weekly(office, NORTH.id)
    twin = await planned_weekly(office, EAST.id)
    before = len(of_bot(ben)), len(of_bot(twin))
    await office.sandbox.uninstall(NORTH.id)
    await office.sandbox.move("week")
    assert len(of_bot(ben)) == before[0]
    assert len(of_bot(twin)) > before[1]
    with pytest.raises(NotPossible):
        await ben.command("/grow")


async def test_its_tokens_are_destroyed_and_no_other_s(office: Several) -> None:
    installations = office.growbots[0].installations
    assert await installations.authorize(None, NORTH.id, BEN) is not None
    await office.sandbox.uninstall(NORTH.id)
    assert await installations.authorize(None, NORTH.id, BEN) is None  # at once, though it was just known
    with office.growbots[0].database.transaction() as db:
        assert [row.team_id or row.enterprise_id for row in db.scalars(select(InstallationRow))] == ["E0ORG"]
        keys = db.scalars(select(DataKeyRow).where(DataKeyRow.owner.startswith("installation:"))).all()
        assert sorted(key.wrapped is None for key in keys) == [False, True]


async def test_installed_again_it_goes_on_with_every_word_and_without_a_burst(office: Several) -> None:
    ben = await planned_weekly(office, NORTH.id)
    dana = office.sandbox.seat(DANA, NORTH.id)
    await office.sandbox.uninstall(NORTH.id)
    await office.sandbox.move("week")  # in which a session, a check-in and nudges come due
    before = len(of_bot(ben)), len(of_bot(dana))
    assert (await office.install(NORTH.id)).status == 200
    await office.settle()
    assert [len(of_bot(seat)) - count <= 2 for seat, count in zip((ben, dana), before, strict=True)] == [
        True
    ] * 2
    assert SECRET[NORTH.id] in await home(ben)
    await office.sandbox.move("week")
    assert len(of_bot(ben)) > before[0]
    assert all(message.ts > ben.messages[0].ts for message in of_bot(ben)[1:])


async def test_what_came_too_late_is_never_sent(office: Several) -> None:
    ben = await planned_weekly(office, NORTH.id)
    await office.sandbox.uninstall(NORTH.id)
    await office.sandbox.move("week")
    before = len(of_bot(ben))
    assert (await office.install(NORTH.id)).status == 200
    await office.settle()
    said = [message.text for message in of_bot(ben)[before:]]
    assert not any("tomorrow" in text and "1 December" in text for text in said)
    with office.growbots[0].database.transaction() as db:
        stale = select(OutboxRow).where(OutboxRow.team_id == NORTH.id, OutboxRow.state == "stale")
        assert db.scalars(stale).first() is not None


async def test_a_message_waiting_goes_out_at_once_when_it_is_installed_again(office: Several) -> None:
    dana = office.sandbox.seat(DANA, NORTH.id)
    await invited(office, NORTH.id)
    ben = office.sandbox.seat(BEN, NORTH.id)
    office.sandbox.tokens.end(NORTH.id, None)  # nobody tells growbot
    await ben.press("engagements.decline")
    await office.settle()
    assert not any("Not now" in message.text for message in dana.messages)
    assert (await office.install(NORTH.id)).status == 200
    await office.settle()
    assert any("Not now" in message.text for message in dana.messages)


async def test_a_redrawing_waits_until_it_is_installed_again(office: Several) -> None:
    ben = await invited(office, NORTH.id)
    office.sandbox.tokens.end(NORTH.id, None)
    await ben.press("engagements.decline")
    await office.settle()
    for _hour in range(12):
        await office.sandbox.move("hour")
    assert ben.messages[0].blocks
    assert (await office.install(NORTH.id)).status == 200
    await office.settle()
    assert not ben.messages[0].blocks


async def test_redrawing_and_deleting_are_given_up_when_nobody_looks_there_any_more(office: Several) -> None:
    ben = await invited(office, NORTH.id)
    office.sandbox.tokens.end(NORTH.id, None)
    await ben.press("engagements.decline")
    await office.settle()
    office.clock.advance(OF_USE)
    await office.settle()
    for _time in range(
        MAX_RECALLS + 2
    ):  # the invitation was destroyed meanwhile: its message is to be deleted
        office.clock.advance(WHILE_REFUSED)
        await office.settle()
    with office.growbots[0].database.transaction() as db:
        waits = or_(OutboxRow.needs_repaint, OutboxRow.needs_recall)
        assert db.scalars(select(OutboxRow).where(waits)).first() is None


async def test_a_process_that_remembers_the_old_token_sends_with_the_new_one(office: Several) -> None:
    ben = await invited(office, NORTH.id)  # the first process knows the token by now
    office.sandbox.tokens.end(NORTH.id, None)
    assert (await office.install(NORTH.id)).status == 200  # ended at the other process
    await ben.press("engagements.decline")
    dana = office.sandbox.seat(DANA, NORTH.id)
    await office.growbots[0].settle()
    assert any("Not now" in message.text for message in dana.messages)


async def test_news_of_a_removal_that_comes_after_installing_again_changes_nothing(office: Several) -> None:
    late = office.clock.now()
    office.clock.advance(timedelta(minutes=5))
    assert (await office.install(NORTH.id)).status == 200
    news = {"type": "event_callback", "team_id": NORTH.id, "event": {"type": "app_uninstalled"}}
    ended = ended_installation(news | {"event_time": int(late.timestamp())})
    assert ended is not None
    await office.growbots[0].installations.revoke(*ended)
    ben = office.sandbox.seat(BEN, NORTH.id)
    await ben.command("/grow commitments")
    await ben.wait_modal("commitments.list")


async def test_tokens_of_people_are_no_concern_of_growbot_s(office: Several) -> None:
    revoked = {"type": "tokens_revoked", "tokens": {"oauth": [DANA]}, "event_ts": "1.0"}
    await office.sandbox.deliveries.event(revoked, office.sandbox.spaces[NORTH.id])
    ben = office.sandbox.seat(BEN, NORTH.id)
    await ben.command("/grow commitments")
    await ben.wait_modal("commitments.list")


async def test_removed_from_an_organisation_it_is_silent_in_all_of_its_workspaces(office: Several) -> None:
    await office.sandbox.uninstall(EAST.id)
    with office.growbots[0].database.transaction() as db:
        assert [row.team_id for row in db.scalars(select(InstallationRow))] == [NORTH.id]
    for team in (EAST, WEST):
        assert await office.growbots[0].installations.authorize("E0ORG", team.id, BEN) is None


async def test_after_a_workspace_has_joined_an_organisation_all_its_people_are_written_to_by_that(
    office: Several,
) -> None:
    ben, dana = await invited(office, NORTH.id), office.sandbox.seat(DANA, NORTH.id)
    await office.sandbox.uninstall(NORTH.id)
    space = office.sandbox.spaces[NORTH.id]
    space.team = replace(NORTH, enterprise_id="E0ORG")
    space.app.installed = space.app.is_org_wide = True
    await ben.press("engagements.decline")  # Dana herself has done nothing since
    await office.settle()
    assert any("Not now" in message.text for message in of_bot(dana))


@contextmanager
def unreachable(database: Database) -> Iterator[None]:
    def refuse(*_connection: object) -> None:
        raise OperationalError("BEGIN", {}, Exception("gone"))

    event.listen(database.engine, "begin", refuse)
    try:
        yield
    finally:
        event.remove(database.engine, "begin", refuse)


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
async def test_a_removal_told_while_the_database_is_down_is_told_again(office: Several) -> None:
    """Nothing else would tell: the tokens would be kept for ever."""
    with unreachable(office.growbots[0].database):
        await office.sandbox.uninstall(NORTH.id)
        await office.sandbox.deliveries.retries.settle()  # Slack's second attempt comes at once
    office.clock.advance(timedelta(minutes=1))
    await office.sandbox.deliveries.retries.settle()
    with office.growbots[0].database.transaction() as db:
        assert [row.enterprise_id for row in db.scalars(select(InstallationRow))] == ["E0ORG"]


@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
async def test_a_removal_told_once_more_after_installing_again_changes_nothing(office: Several) -> None:
    """To another process, in the same second: nothing but its id tells that it is old."""
    await office.sandbox.uninstall(NORTH.id)
    told = [each.args for each in office.sandbox.ledger.deliveries() if each.name in REMOVALS]
    assert len(told) == len(REMOVALS)
    office.sandbox.request_url = f"http://127.0.0.1:{office.growbots[-1].port}/slack/events"
    assert (await office.install(NORTH.id)).status == 200
    for payload in told:
        await office.sandbox.deliveries.deliver(Parcel("events_api", payload))
    with office.growbots[0].database.transaction() as db:
        kept = {row.team_id for row in db.scalars(select(InstallationRow))}
    assert NORTH.id in kept


async def test_with_a_token_from_the_settings_a_removal_told_once_more_after_a_restart_changes_nothing(
    sqlite_demo: Demo,
) -> None:
    await sqlite_demo.sandbox.deliveries.event(
        {"type": "app_uninstalled", "event_ts": "1.0"}, sqlite_demo.sandbox.workspace
    )
    (told,) = sqlite_demo.sandbox.ledger.deliveries("event:app_uninstalled")
    assert sqlite_demo.growbot.installations.problem() is not None
    await sqlite_demo.restart()
    await sqlite_demo.sandbox.deliveries.deliver(Parcel("events_api", told.args))
    assert sqlite_demo.growbot.installations.problem() is None
