"""App Home, the hub, the help, and a word to people who write to the bot."""

import re

from sqlalchemy import select

from bot.demo import Demo
from bot.features.people.store import PersonRow
from bot.registry import FEATURES, routes_of
from bot.sandbox import text_of


async def test_home_is_drawn_when_it_is_opened_and_welcomes_a_new_person(demo: Demo) -> None:
    dana = demo.sandbox.seat("U0DANA")
    await dana.open_home()
    assert "Welcome to growbot" in text_of(await dana.wait_home())


async def test_nothing_is_published_for_who_never_opened_home(demo: Demo) -> None:
    dana = demo.sandbox.seat("U0DANA")
    await dana.command("/grow help")
    await dana.open_messages()
    await demo.growbot.settle()
    assert demo.sandbox.ledger.calls("views.publish") == []


async def test_home_is_not_drawn_again_for_who_only_looks_at_something(demo: Demo) -> None:
    dana = demo.sandbox.seat("U0DANA")
    await dana.open_home()
    await dana.wait_home()
    await demo.growbot.settle()
    published = len(demo.sandbox.ledger.calls("views.publish"))
    await dana.command("/grow help")
    await dana.wait_modal("home.help")
    await demo.growbot.settle()
    assert len(demo.sandbox.ledger.calls("views.publish")) == published


async def test_home_follows_what_the_person_and_the_other_one_do(demo: Demo) -> None:
    dana, ben = demo.sandbox.seat("U0DANA"), demo.sandbox.seat("U0BEN")
    for seat in (dana, ben):
        await seat.open_home()
        await seat.wait_home()
    await dana.command("/grow start @ben")
    await dana.wait_modal()
    await dana.submit({"purpose": "Anything", "role": "coach"})
    await ben.wait_until(lambda seat: "has an agreement for you to read" in text_of(seat.home))
    await dana.wait_until(lambda seat: "Your invitation waits for" in text_of(seat.home))
    await ben.press_in_home(_action(ben.home, "engagements.read"))
    await ben.wait_modal("engagements.sign")
    await ben.submit()
    await dana.wait_until(lambda seat: "You coach <@U0BEN>" in text_of(seat.home))


async def test_pausing_is_seen_by_the_other_without_a_reason(demo: Demo) -> None:
    await test_home_follows_what_the_person_and_the_other_one_do(demo)
    dana, ben = demo.sandbox.seat("U0DANA"), demo.sandbox.seat("U0BEN")
    await ben.command("/grow pause until friday")
    await demo.growbot.settle()
    await dana.open_home()
    await dana.wait_until(lambda seat: "(paused)" in text_of(seat.home))


async def test_the_hub_shows_the_same_over_whatever_is_open(demo: Demo) -> None:
    dana = demo.sandbox.seat("U0DANA")
    await dana.command("/grow")
    assert "Welcome to growbot" in text_of(await dana.wait_modal("home.hub"))


async def test_the_help_lists_every_command(demo: Demo) -> None:
    dana = demo.sandbox.seat("U0DANA")
    await dana.command("/grow help")
    shown = text_of(await dana.wait_modal("home.help"))
    words = [word for word in routes_of(FEATURES).commands if word]
    assert [word for word in words if f"`/grow {word}" not in shown] == []


async def test_the_help_and_who_can_read_what_are_a_button_away(demo: Demo) -> None:
    dana = demo.sandbox.seat("U0DANA")
    await dana.open_home()
    await dana.wait_home()
    for action in ("home.help", "engagements.privacy"):
        await dana.press_in_home(action)
        assert await dana.wait_modal(action)
        await dana.close(everything=True)


async def test_a_pause_stands_first(demo: Demo) -> None:
    dana = demo.sandbox.seat("U0DANA")
    await dana.open_home()
    await dana.wait_home()
    await dana.command("/grow pause until friday")
    await dana.wait_until(lambda seat: text_of(seat.home).startswith("You are paused until Friday"))
    await dana.command("/grow resume")
    await dana.wait_until(lambda seat: text_of(seat.home).startswith("Welcome to growbot"))


async def test_who_writes_to_the_bot_is_told_once_where_words_are_safe(demo: Demo) -> None:
    dana = demo.sandbox.seat("U0DANA")
    await dana.say("I am thinking of leaving the company")
    await dana.wait_ephemeral(containing="I don't read what is written here")
    await demo.growbot.settle()
    assert len(dana.ephemerals) == 1
    assert "leaving" not in dana.ephemerals[0].text


async def test_a_zone_that_slack_says_has_changed_is_followed(demo: Demo) -> None:
    dana = demo.sandbox.seat("U0DANA")
    await dana.command("/grow settings")
    assert "Europe/London" in text_of(await dana.wait_modal())
    await dana.close()
    await demo.sandbox.change_person("U0DANA", tz="Asia/Kolkata")
    await dana.command("/grow settings")
    assert "Asia/Kolkata" in text_of(await dana.wait_modal())


async def test_what_slack_says_of_strangers_to_the_bot_is_not_kept(demo: Demo) -> None:
    await demo.sandbox.change_person("U0MIRA", tz="Asia/Kolkata")
    with demo.growbot.database.transaction() as db:
        assert db.scalars(select(PersonRow)).all() == []


def _action(home: object, prefix: str) -> str:
    found = re.search(rf"'({prefix}:[^']+)'", str(home))
    assert found
    return found.group(1)
