"""`/grow privacy`: who can read what, and who has read what of one's own."""

import pytest

from tests.features.sessions.door import Door, Pair, a_pair, shown


async def prepared(door: Door, pair: Pair) -> None:
    """Ben has committed to two things and prepared; Dana opens her preparation, which shows what he shares."""
    form = (await door.press(pair.coach, "sessions.plan", pair.engagement_id)).view
    await door.submit(pair.coach, form, on="2026-12-01", at="15:00", repeats="once")
    for what in ("Call the CFO", "Keep Thursdays free"):
        await door.submit(pair.client, (await door.command(pair.client, f"commit {what} by friday")).view)
    await door.submit(pair.client, (await door.command(pair.client, "prep")).view, **{"goal.purpose": "Calm"})
    await door.command(pair.coach, "prep")


async def test_what_the_other_one_opened_is_listed_with_kinds_and_times(door: Door, pair: Pair) -> None:
    await prepared(door, pair)
    said = shown((await door.command(pair.client, "privacy")).view)
    dana = f"<@{pair.coach.identity.user_id}>"
    assert f"today at 9:30 AM: {dana} opened your preparation" in said
    assert f"{dana} opened 2 of your commitments" in said
    assert "CFO" not in said


async def test_one_s_own_looking_is_not_listed_nor_what_concerns_others(door: Door, pair: Pair) -> None:
    other = a_pair(door.database, door.clock.now(), coach=pair.coach)
    await prepared(door, pair)
    for person in (pair.coach, other.client):
        assert "Nobody has opened anything" in shown((await door.command(person, "privacy")).view)


@pytest.mark.parametrize(("who", "sentence"), [("client", "coaches you. Your forms"), ("coach", "You coach")])
async def test_it_says_who_can_read_what_in_each_engagement(
    door: Door, pair: Pair, who: str, sentence: str
) -> None:
    said = shown((await door.press(getattr(pair, who), "engagements.privacy")).view)
    assert sentence in said
    assert "preparation for sessions, commitments, weekly check-ins" in said
    assert "Managers, programme leads and admins: none of it." in said


async def test_it_opens_before_there_is_any_engagement(door: Door, pair: Pair) -> None:
    await door.submit(pair.client, (await door.command(pair.client, "end")).view)
    assert "Who can read what" in shown((await door.command(pair.client, "privacy")).view)
