"""Whatever Slack refuses or drops, the person is told, wherever they acted: also where the bot may not write."""

from datetime import timedelta

import pytest

from bot.sandbox import Seat, text_of
from tests.core.slack.probe import Bot
from tests.sandbox.samples import Json

OUT_OF_DATE = "This form is out of date."
AGAIN = "lease try once more."
REFUSALS = ["expired_trigger_id", "internal_error", "500", "drop_before", "unreadable"]


def _button(action_id: str) -> Json:
    element = {"type": "button", "action_id": action_id, "text": {"type": "plain_text", "text": "Press"}}
    return {"type": "actions", "block_id": "forged", "elements": [element]}


async def _told_in_room(ben: Seat, sentence: str) -> None:
    await ben.wait_until(lambda seat: any(sentence in each.text for each in seat.room.ephemerals))


async def test_a_command_is_answered_in_a_channel_that_the_bot_is_not_in(bot: Bot) -> None:
    await bot.ben.command("/grow probe", in_room=True)
    await _told_in_room(bot.ben, "Done for en-US")


@pytest.mark.parametrize("fault", REFUSALS)
async def test_a_form_that_slack_did_not_open_is_explained_in_a_channel_that_the_bot_is_not_in(
    bot: Bot, fault: str
) -> None:
    bot.sandbox.faults.add("views.open", fault)
    await bot.ben.command("/grow form", in_room=True)
    await _told_in_room(bot.ben, AGAIN)


async def test_a_shortcut_on_a_message_is_answered_in_a_modal_of_its_own(bot: Bot) -> None:
    said = bot.ben.say_in_room("I will call the CFO")
    await bot.ben.message_shortcut("commitments.from_message", said)
    notice = await bot.ben.wait_modal("core.notice")
    assert OUT_OF_DATE in text_of(notice)


@pytest.mark.parametrize("fault", REFUSALS)
async def test_a_sentence_whose_modal_slack_did_not_open_is_said_below_the_message(
    bot: Bot, fault: str
) -> None:
    said = bot.ben.say_in_room("I will call the CFO")
    bot.sandbox.faults.add("views.open", fault)
    await bot.ben.message_shortcut("commitments.from_message", said)
    await _told_in_room(bot.ben, OUT_OF_DATE)


@pytest.mark.parametrize("fault", REFUSALS)
async def test_a_form_that_slack_did_not_open_from_home_is_explained_in_a_direct_message(
    bot: Bot, fault: str
) -> None:
    await _at_home_with(bot, "probe.open")
    bot.sandbox.faults.add("views.open", fault)
    await bot.ben.press_in_home("probe.open")
    assert AGAIN in (await bot.ben.wait_message()).text


async def test_what_may_hold_words_is_never_said_in_a_message_instead_of_a_modal(bot: Bot) -> None:
    await _at_home_with(bot, "probe.do")
    bot.sandbox.faults.add("views.open", "internal_error")
    await bot.ben.press_in_home("probe.do")
    said = await bot.ben.wait_message()
    assert "Slack didn't show the answer to what you pressed." in said.text
    assert "Done" not in said.text


async def test_where_the_response_url_has_ended_a_direct_message_is_left(bot: Bot) -> None:
    bot.sandbox.faults.add("views.open", "slow", seconds=0.2)
    await bot.ben.command("/grow form", in_room=True)
    bot.sandbox.clock.advance(timedelta(minutes=31))
    assert AGAIN in (await bot.ben.wait_message()).text


async def _at_home_with(bot: Bot, action_id: str) -> None:
    await bot.ben.open_home()
    home = await bot.ben.wait_home()
    home.blocks.append(_button(action_id))
