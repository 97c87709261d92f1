from bot.features.strengths import service as strengths
from tests.features.goals.test_handlers import TITLE, act, set_goal
from tests.features.sessions.door import Door, Pair, shown


async def test_goals_and_strengths_stand_beside_the_preparation_of_both(door: Door, pair: Pair) -> None:
    await set_goal(door, pair)
    await act(door, pair.client, "rate", rating="5")
    with door.database.transaction() as db:
        now = door.clock.now()
        calm, _humour = strengths.save(db, pair.client, ["Calm", "Humour"], {}, now).strengths
        strengths.save(db, pair.client, [], {pair.engagement_id: [calm.id]}, now)
    form = (await door.press(pair.coach, "sessions.plan", pair.engagement_id)).view
    await door.submit(pair.coach, form, on="2026-12-01", at="15:00")
    own = shown((await door.command(pair.client, "prep")).view)
    assert f"{TITLE} – Now 5 of 10" in own
    assert "Calm · Humour" in own
    of_coach = shown((await door.command(pair.coach, "prep")).view)
    assert f"{TITLE} – Now 5 of 10" in of_coach
    assert "Humour" not in of_coach
    privacy = shown((await door.command(pair.client, "privacy")).view)
    assert "opened a goal of yours" in privacy
    assert "opened a strength of yours" in privacy
