"""What is not shared leaves no trace, and what is taken back is gone with the next look, whatever is open."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.core.database import Transaction
from bot.core.directory import Person
from bot.features.checkins import service as checkins
from bot.features.checkins.domain import Answers
from bot.features.commitments import service as commitments
from bot.features.commitments.domain import Draft, Wording
from bot.features.prep import service as prep
from bot.features.prep.domain import Answered
from bot.features.wrapups import service as wrapups
from tests.matrix.conftest import House
from tests.matrix.requests import LISTS, LOOKS, WEEK, ids_of, ticked, typed
from tests.matrix.world import MONDAY

Write = Callable[[Transaction, House, bool], None]


def _words(what: str) -> str:
    return f"Words-of-a-{what}."


def _client(house: House) -> Person:
    return house.world.pair.client


def _prep(db: Transaction, house: House, is_shared: bool) -> None:
    given, session = [Answered("goal.purpose", "?", _words("prep"))], house.world.pair.sessions["next 2"]
    prep.save(db, _client(house), session, given, ["goal.purpose"], is_shared, MONDAY)


def _checkin(db: Transaction, house: House, is_shared: bool) -> None:
    answers = Answers({}, _words("check-in"), None, is_shared)
    checkins.save(db, _client(house), house.world.pair.engagement_id, WEEK, answers, MONDAY)


def _wrapup(db: Transaction, house: House, is_shared: bool) -> None:
    session = house.world.pair.sessions["gone 2"]
    wrapups.save(db, _client(house), session, _words("wrap-up"), _words("wrap-up"), is_shared, None, MONDAY)


def _commitment(db: Transaction, house: House, is_shared: bool) -> None:
    commitment = house.world.pair.things["commitment private"].id
    wording = Wording(_words("commitment"), _words("commitment"), _words("commitment"), 8, is_shared)
    commitments.edit(db, _client(house), commitment, wording, MONDAY)


def _new_commitment(db: Transaction, house: House, _is_shared: bool) -> None:
    due_on = (MONDAY + timedelta(days=3)).date()
    draft = Draft(_words("new commitment"), due_on, None, None, None, 8, False)
    commitments.make(db, _client(house), house.world.pair.engagement_id, draft, MONDAY)


WRITES: dict[str, Write] = {
    "prep": _prep,
    "check-in": _checkin,
    "wrap-up": _wrapup,
    "commitment": _commitment,
}


def write(house: House, how: Write, is_shared: bool) -> None:
    with house.front.growbot.database.transaction() as db:
        how(db, house, is_shared)


async def all_looks(house: House) -> dict[str, str]:
    """Whatever the coach can look at, from every list and through every id."""
    coach, pair = house.world.pair.coach.identity, house.world.pair
    ids = ids_of(pair, "commitment private", "next 2", "gone 2")
    asks = {**LISTS, **LOOKS}
    return {name: ids.hidden(await ask(house.front, coach, ids)) for name, ask in asks.items()}


async def test_what_is_written_and_not_shared_changes_nothing_that_the_other_can_see(house: House) -> None:
    await house.front.home(house.world.pair.coach.identity)
    before = await all_looks(house)
    for how in (*WRITES.values(), _new_commitment):
        write(house, how, False)
    assert await all_looks(house) == before


async def test_what_is_taken_back_is_gone_with_the_next_look(house: House) -> None:
    await house.front.home(house.world.pair.coach.identity)
    unshared = await all_looks(house)
    for how in WRITES.values():
        write(house, how, True)
    shared = str(await all_looks(house))
    assert [what for what in WRITES if _words(what) in shared] == list(WRITES)
    for how in WRITES.values():
        write(house, how, False)
    assert await all_looks(house) == unshared


TAKES_BACK: dict[str, tuple[str, dict[str, str], dict[str, object]]] = {
    "prep": ("prep.prepare", {"session": "{session}"}, {"goal.purpose": typed("Mine")}),
    "check-in": (
        "checkins.save",
        {"engagement": "{engagement}", "week": WEEK},
        {f"helped:{WEEK}": typed("Mine")},
    ),
}
SHARES: dict[str, dict[str, object]] = {
    "prep": {"share": ticked("share")},
    "check-in": {f"share:{WEEK}": ticked("yes")},
}


@pytest.mark.parametrize("what", TAKES_BACK)
async def test_the_other_s_home_is_drawn_anew_at_once(house: House, what: str) -> None:
    front, ids = house.front, ids_of(house.world.pair)
    client, coach = _client(house).identity, house.world.pair.coach.identity
    callback_id, metadata, values = TAKES_BACK[what]
    await front.home(coach)
    homes = []
    for shares in ({}, SHARES[what], {}):
        before = len(front.slack.calls)
        await front.submit(client, callback_id, ids.named(metadata), {**values, **shares})
        published = [sent for method, sent in front.slack.calls[before:] if method == "views.publish"]
        homes.append([sent["view"] for sent in published if sent["user_id"] == coach.user_id])
    without, with_it, taken_back = homes
    assert with_it != without
    assert taken_back == without != []
