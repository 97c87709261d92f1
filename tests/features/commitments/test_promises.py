"""A coach's own promises: where they stand for the coach, and where for the client."""

from datetime import UTC, date, datetime, timedelta

from bot.features.commitments import service
from bot.features.commitments.domain import Draft
from bot.features.commitments.feature import feature as commitments
from bot.features.people.service import People
from bot.features.sessions.store import GapRow
from tests.features.sessions.door import Door, Pair, readings, shown


def promise(door: Door, pair: Pair, what: str = "Send the article", *, by_client: bool = False) -> str:
    draft = Draft(what, date(2026, 12, 10), None, None, None, None, False)
    with door.database.transaction() as db:
        actor = pair.client if by_client else pair.coach
        return service.make(db, actor, pair.engagement_id, draft, door.clock.now()).id


def home(door: Door, person_id: str) -> str:
    assert commitments.home_section
    with door.database.transaction() as db:
        person = People().get(db, person_id)
        return str([each.to_dict() for each in commitments.home_section(db, person, door.clock.now())])


async def test_the_clients_home_counts_them_and_reads_none(door: Door, pair: Pair) -> None:
    assert "promised" not in home(door, pair.client.id)
    promise(door, pair), promise(door, pair)
    assert f"{pair.coach.mention} has promised you 2 things" in home(door, pair.client.id)
    assert "article" not in home(door, pair.client.id)
    assert readings(door.database) == []


async def test_the_coachs_home_says_to_whom_and_answers_them(door: Door, pair: Pair) -> None:
    made = promise(door, pair)
    said = home(door, pair.coach.id)
    assert f"promised to {pair.client.mention}" in said
    assert f"commitments.answer:{made}" in said
    promise(door, pair, "Call the CFO", by_client=True)
    assert "promised to" not in home(door, pair.client.id)


async def test_both_have_them_before_their_eyes_when_they_prepare(door: Door, pair: Pair) -> None:
    promise(door, pair)
    form = (await door.press(pair.coach, "sessions.plan", pair.engagement_id)).view
    await door.submit(pair.coach, form, on="2026-12-01", at="15:00")
    of_client = shown((await door.command(pair.client, "prep")).view)
    assert f"What {pair.coach.mention} has promised you:" in of_client
    assert "Send the article" in of_client
    of_coach = shown((await door.command(pair.coach, "prep")).view)
    assert "You promised this:" in of_coach


async def test_the_coachs_week_says_how_many_are_open(door: Door, pair: Pair) -> None:
    made = promise(door, pair)
    promise(door, pair, "Call the CFO", by_client=True)
    with door.database.transaction() as db:
        db.query(GapRow).update({"next_ask_at": None})
    await door.at(datetime(2026, 12, 7, 9, tzinfo=UTC))
    newest = [each for each in door.slack.posted if each.to == pair.coach.identity][-1]
    said = str([block.to_dict() for block in newest.message.layout])
    assert "A promise of yours is open: `/grow commitments`." in said
    assert "article" not in said
    form = (await door.press(pair.coach, "commitments.answer", made)).view
    await door.submit(pair.coach, form, outcome="kept")
    await door.at(datetime(2026, 12, 14, 9, tzinfo=UTC) + timedelta(minutes=1))
    newest = [each for each in door.slack.posted if each.to == pair.coach.identity][-1]
    assert "promise" not in str([block.to_dict() for block in newest.message.layout])


async def test_what_was_moved_shows_from_where_to_where_to_both(door: Door, pair: Pair) -> None:
    made = promise(door, pair)
    for by in ("dec 14", "dec 16 3pm"):
        door.clock.move(minutes=1)
        form = (await door.press(pair.coach, "commitments.move", made)).view
        assert (await door.submit(pair.coach, form, by=by)).notice
    said = "Moved 2 times: from Thu, Dec 10 to Mon, Dec 14, then to Wed, Dec 16 at 3:00 PM"
    assert said in shown((await door.command(pair.client, "commitments")).view)
    form = shown((await door.press(pair.coach, "commitments.answer", made)).view)
    assert "Moved 2 times" in form
    await door.submit(
        pair.coach, (await door.press(pair.coach, "commitments.answer", made)).view, outcome="kept"
    )
    assert "Moved 2 times" in shown((await door.command(pair.client, "commitments")).view)
