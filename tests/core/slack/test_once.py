"""What reaches growbot twice takes effect once: by either transport, on either database, and by whatever process it is read."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.core.slack import blocks as b
from bot.core.slack.requests import ACT, ACTS_KEPT, KEPT, HandledRow, forget_handled
from bot.sandbox.errors import Unanswered
from bot.sandbox.parcels import Parcel
from tests.conftest import NOW
from tests.core.slack.probe import Bot, running


@pytest.fixture(params=["socket", "http"])
async def office(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> AsyncIterator[Bot]:
    async with running(tmp_path, http=request.param == "http", database_url=database_url) as bot:
        yield bot


async def command(bot: Bot) -> Parcel:
    await bot.command("/grow probe")
    return Parcel("slash_commands", bot.sandbox.ledger.deliveries("slash_commands")[-1].args)


async def button(bot: Bot) -> Parcel:
    client = bot.growbot.clients.with_token(bot.sandbox.bot_token)
    blocks = [b.actions(b.button("Do", "probe.do")).to_dict()]
    await client.chat_postMessage(channel="U0BEN", text="Do", blocks=blocks)
    await bot.ben.press("probe.do")
    await bot.ben.wait_ephemeral()
    return Parcel("interactive", bot.sandbox.ledger.deliveries("block_actions")[-1].args)


async def shortcut(bot: Bot) -> Parcel:
    said = bot.sandbox.seat("U0DANA").say_in_room("Who could do it?")
    await bot.ben.message_shortcut("commitments.from_message", said)
    await bot.ben.wait_modal(
        "core.notice"
    )  # the manifest has no shortcut of the probe's: here it is made one
    payload = bot.sandbox.ledger.deliveries("message_action")[-1].args | {"callback_id": "probe.take"}
    await bot.sandbox.deliveries.deliver(Parcel("interactive", payload))
    return Parcel("interactive", payload)


async def form(bot: Bot) -> Parcel:
    await bot.ben.command("/grow form")
    await bot.ben.wait_modal()
    await bot.ben.submit({"what": "fine"})
    return Parcel("interactive", bot.sandbox.ledger.deliveries("view_submission")[-1].args)


ACTS = pytest.mark.parametrize("act", [command, button, shortcut, form])


async def again(bot: Bot, parcel: Parcel) -> Any:
    """The same once more, to the byte: the clock stands, so its time and signature are the same too."""
    try:
        return await bot.sandbox.deliveries.deliver(parcel)
    except Unanswered as refused:
        return str(refused)


@ACTS
async def test_an_act_that_reaches_growbot_twice_takes_effect_once(office: Bot, act: Any) -> None:
    parcel = await act(office)
    assert office.effects() == 1
    await again(office, parcel)
    assert office.effects() == 1


@ACTS
async def test_an_act_that_reaches_another_process_too_takes_effect_once(office: Bot, act: Any) -> None:
    parcel = await act(office)
    async with office.replica():
        for _connection in range(2):  # by Socket Mode, each in turn
            await again(office, parcel)
    assert office.effects() == 1


async def test_an_event_that_reaches_another_process_too_takes_effect_once(office: Bot) -> None:
    await office.ben.say("hello")
    await office.growbot.settle()
    event = office.sandbox.ledger.deliveries("event:message")[0].args
    async with office.replica() as other:
        for _connection in range(2):
            await again(office, Parcel("events_api", event))
        await other.settle()
    assert len(office.ben.ephemerals) == 1


@ACTS
async def test_the_same_act_done_anew_takes_effect_anew(office: Bot, act: Any) -> None:
    await act(office)
    if office.ben.modal is not None:
        await office.ben.close(everything=True)
    await act(office)
    assert office.effects() == 2


async def test_what_changes_nothing_is_not_written_down(office: Bot) -> None:
    await command(office)
    written = _keys(office)
    await office.ben.command("/grow form")
    await office.ben.wait_modal("probe.form")
    assert _keys(office) == written


async def test_a_form_sent_again_because_the_answer_was_lost_says_that_it_was_saved(office: Bot) -> None:
    parcel = await form(office)
    async with office.replica():
        answer = await again(office, parcel)
    assert "This was saved already" in str(answer["view"])


async def test_a_command_that_arrives_again_says_so(office: Bot) -> None:
    parcel = await command(office)
    async with office.replica():
        assert "took effect once" in (await again(office, parcel))["text"]


async def test_a_command_that_failed_can_come_again(office: Bot) -> None:
    await office.command("/grow probe database")
    parcel = Parcel("slash_commands", office.sandbox.ledger.deliveries("slash_commands")[-1].args)
    parcel.payload["text"] = "probe"
    async with office.replica():
        assert (await again(office, parcel))["text"] == "Done for en-US"
    assert office.effects() == 1


async def test_acts_are_forgotten_after_an_hour_and_forms_after_a_week(office: Bot) -> None:
    await command(office)
    await form(office)
    with office.database.transaction() as db:
        forget_handled(db, NOW + ACTS_KEPT * 1.01)
    assert [key.startswith(ACT) for key in _keys(office)] == [False]
    with office.database.transaction() as db:
        forget_handled(db, NOW + KEPT * 1.01)
    assert _keys(office) == []


def _keys(bot: Bot) -> list[str]:
    with bot.database.transaction() as db:
        return list(db.scalars(select(HandledRow.key)))
