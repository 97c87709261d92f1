"""`/grow` shows what can be done, and stays true while things are done on top of it."""

from bot.demo import Demo
from tests.scenarios.story import client, coach, engage, propose


async def test_the_hub_shows_what_was_done_on_top_of_it(sqlite_demo: Demo) -> None:
    await engage(sqlite_demo)
    ben = client(sqlite_demo)
    await ben.command("/grow")
    await ben.wait_modal("home.hub")
    await ben.press_in_modal("commitments.new")
    await ben.wait_modal("commitments.make")
    assert (await ben.submit({"what": "Call the CFO", "by": "friday"})).updated
    await ben.close()
    await ben.wait_until(lambda seat: seat.modal is not None and "Call the CFO" in seat.texts(seat.modal))
    assert ben.modal is not None
    assert ben.modal.callback_id == "home.hub"


async def test_the_hub_is_forgotten_once_it_is_closed(sqlite_demo: Demo) -> None:
    await engage(sqlite_demo)
    ben = client(sqlite_demo)
    await ben.command("/grow")
    await ben.wait_modal("home.hub")
    await ben.close()
    for _time in range(2):
        await ben.command("/grow resume")
        await sqlite_demo.growbot.settle()
    refused = [e for e in sqlite_demo.sandbox.ledger.refused() if e.name == "views.update"]
    assert len(refused) <= 1


async def test_an_invitation_that_was_withdrawn_can_not_be_signed(sqlite_demo: Demo) -> None:
    invitation = await propose(sqlite_demo)
    dana, ben = coach(sqlite_demo), client(sqlite_demo)
    await dana.command("/grow agreement")
    await dana.wait_modal("engagements.read")
    await dana.press_in_modal("engagements.withdraw")
    await dana.wait_modal("core.notice")
    await ben.wait_until(lambda seat: not invitation.blocks)
    await dana.close(everything=True)
    await dana.command("/grow start @ben")
    await dana.wait_modal("engagements.propose")
