"""Pressed twice, sent twice, pressed a month late, forged: one effect or a sentence, never a trace, never silence."""

import asyncio
import json

from bot.demo import Demo
from tests.scenarios.story import MIRA, client, coach, commit, engage, next_day, plan_session, propose


async def test_an_invitation_answered_twice_is_told_so(demo: Demo) -> None:
    invitation = await propose(demo)
    ben = client(demo)
    await ben.press("engagements.decline", message=invitation)
    await coach(demo).wait_message(containing="Not now")
    await ben.wait_until(lambda seat: not seat.messages[0].blocks)
    assert "Not now" in ben.messages[0].text


async def test_two_presses_at_once_have_one_effect_and_the_second_a_sentence(demo: Demo) -> None:
    invitation = await propose(demo)
    ben = client(demo)
    await asyncio.gather(*(ben.press("engagements.decline", message=invitation) for _ in range(2)))
    said = await ben.wait_ephemeral()
    assert "Not now" in said.text
    await demo.growbot.settle()
    assert len([each for each in coach(demo).messages if "Not now" in each.text]) == 1


async def test_a_button_of_an_ended_engagement_gets_a_sentence(demo: Demo) -> None:
    await engage(demo)
    told = await plan_session(demo)
    old = json.loads(json.dumps(told.blocks))
    ben, dana = client(demo), coach(demo)
    await next_day(demo)
    await dana.command("/grow end")
    await dana.wait_modal("engagements.end")
    assert (await dana.submit({"reason": "A new job"})).updated
    await ben.wait_message(containing="has ended your coaching")
    await ben.wait_until(lambda seat: not any(m.ts == told.ts and m.blocks for m in seat.messages))
    told.blocks = old  # a client of Slack's that has not heard of the change yet
    await ben.press("sessions.move", message=told)
    assert "has ended" in (await ben.wait_ephemeral()).text


async def test_a_commitment_of_somebody_else_is_not_there(demo: Demo) -> None:
    await engage(demo)
    ben, mira = client(demo), demo.sandbox.seat(MIRA)
    await commit(ben, "Call the CFO")
    await ben.open_home()
    await ben.wait_until(
        lambda seat: seat.home is not None and "Call the CFO" in "".join(seat.texts(seat.home))
    )
    assert ben.home is not None
    row = next(b for b in ben.home.blocks if "commitments.answer" in json.dumps(b))
    await mira.open_home()
    home = await mira.wait_home()
    home.blocks.append(row)  # forged: Ben's button on Mira's Home
    await mira.press_in_home(row["accessory"]["action_id"])
    notice = await mira.wait_modal("core.notice")
    assert "Das gibt es nicht mehr" in "".join(mira.texts(notice))


async def test_garbage_in_private_metadata_gets_a_sentence(demo: Demo) -> None:
    await engage(demo)
    ben = client(demo)
    for garbage in ("", "null", "[]", '{"with": 7}', '{"with": "nobody"}', "{" * 500):
        await ben.command("/grow session")
        await ben.wait_modal("sessions.plan")
        assert ben.modal is not None
        ben.modal.private_metadata = garbage
        done = await ben.submit()
        assert done.errors, garbage
        await ben.close(everything=True)


async def test_a_word_it_does_not_know_gets_the_nearest_one_and_the_help(demo: Demo) -> None:
    ben = client(demo)
    await ben.command("/grow comit call the CFO")
    said = await ben.wait_ephemeral()
    assert "`/grow commit`" in said.text
    assert "`/grow settings`" in said.text
    assert "CFO" not in said.text
