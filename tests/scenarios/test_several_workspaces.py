"""Two workspaces with the same people's ids: neither sees, hears or touches anything of the other."""

import copy
import json
from collections.abc import AsyncIterator

import pytest

from bot.sandbox import Seat
from tests.scenarios.several import BEN, DANA, EAST, NORTH, WEST, Several, several

SECRET = {NORTH.id: "Northern lights", EAST.id: "Eastern promise", WEST.id: "Western front"}


@pytest.fixture(params=[(NORTH.id, EAST.id), (NORTH.id, "E0ORG"), ("E0ORG",)], ids=["own", "mixed", "org"])
async def office(database_url: str, request: pytest.FixtureRequest) -> AsyncIterator[Several]:
    async with several(database_url, replicas=2) as office:
        for place in request.param:
            assert (await office.install(place)).status == 200
        yield office


def two(office: Several) -> tuple[str, str]:
    """Two workspaces in which growbot is installed."""
    installed = [team for team, space in office.sandbox.spaces.items() if space.app.installed]
    return installed[0], installed[1]


async def engaged(office: Several, team: str) -> tuple[Seat, Seat]:
    """Dana and Ben of this workspace have both signed, for a purpose that names it."""
    dana, ben = office.sandbox.seat(DANA, team), office.sandbox.seat(BEN, team)
    await dana.command("/grow start @ben")
    await dana.wait_modal("engagements.propose")
    shares = ["prep", "commitments", "checkins"]
    assert (await dana.submit({"purpose": SECRET[team], "role": "coach", "shares": shares})).updated
    await dana.close(everything=True)
    await ben.wait_message(containing="would like to work with you")
    await ben.press("engagements.read")
    await ben.wait_modal("engagements.sign")
    assert (await ben.submit()).updated
    await ben.close(everything=True)
    await dana.wait_message(containing="has signed")
    return dana, ben


async def committed(ben: Seat, what: str) -> None:
    await ben.command(f"/grow commit {what}")
    await ben.wait_modal("commitments.make")
    assert (await ben.submit({"by": "friday"})).updated
    await ben.close(everything=True)


async def home(seat: Seat) -> str:
    await seat.open_home()
    return "\n".join(seat.texts(await seat.wait_home()))


async def test_the_same_ids_in_another_workspace_are_other_people(office: Several) -> None:
    one, other = two(office)
    _dana, ben = await engaged(office, one)
    await committed(ben, SECRET[one])
    await office.settle()
    assert SECRET[one] in await home(ben)
    for who in (DANA, BEN):
        stranger = office.sandbox.seat(who, other)
        assert stranger.messages == []
        assert SECRET[one] not in await home(stranger)
        await stranger.command("/grow agreement")
        assert "for two who work together" in (await stranger.wait_ephemeral()).text


async def test_each_workspace_gets_its_own_messages_and_shows_its_own_words(office: Several) -> None:
    teams = two(office)
    for team in teams:
        _dana, ben = await engaged(office, team)
        await committed(ben, SECRET[team])
    await office.sandbox.move("week")
    await office.settle()
    seats = [office.sandbox.seat(who, team) for team in teams for who in (DANA, BEN)]
    assert [m.text for m in seats[0].messages] == [m.text for m in seats[2].messages]
    assert [m.text for m in seats[1].messages] == [m.text for m in seats[3].messages] != []
    for team, seat in zip((teams[0], teams[0], teams[1], teams[1]), seats, strict=True):
        shown = await home(seat)
        assert (SECRET[team] in shown) == (seat.user == BEN)
        assert [secret for whose, secret in SECRET.items() if whose != team and secret in shown] == []


async def test_a_button_of_another_workspace_s_is_not_there(office: Several) -> None:
    one, other = two(office)
    _dana, ben = await engaged(office, one)
    await committed(ben, SECRET[one])
    await home(ben)
    await ben.wait_until(lambda seat: seat.home is not None and SECRET[one] in "".join(seat.texts(seat.home)))
    assert ben.home is not None
    row = next(block for block in ben.home.blocks if "commitments.answer" in json.dumps(block))
    await engaged(office, other)
    twin = office.sandbox.seat(BEN, other)
    await home(twin)
    assert twin.home is not None
    twin.home.blocks.append(copy.deepcopy(row))
    await twin.press_in_home(row["accessory"]["action_id"])
    notice = await twin.wait_modal("core.notice")
    assert "isn't there any more" in "".join(twin.texts(notice))


async def test_what_slack_says_of_somebody_concerns_only_their_workspace(office: Several) -> None:
    one, other = two(office)
    for team in (one, other):
        await engaged(office, team)
    event = {
        "type": "user_change",
        "user": office.sandbox.spaces[one].people[BEN].payload(office.clock.now()),
    }
    event["user"]["deleted"] = True
    await office.sandbox.deliveries.event(event, office.sandbox.spaces[one])
    await office.settle()
    left = [
        any("deactivated" in message.text for message in office.sandbox.seat(DANA, team).messages)
        for team in (one, other)
    ]
    assert left == [True, False]
