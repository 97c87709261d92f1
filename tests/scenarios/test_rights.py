"""Taking along and erasing, as the two see it in Slack: asked, agreed, and gone from the direct messages too."""

from bot.audit import problems_with
from bot.demo import Demo
from bot.sandbox import Seat
from tests.scenarios.story import client, coach, commit, engage

WORDS = ("Call the CFO",)


async def chosen(seat: Seat, what: str) -> None:
    """“Erase …” below `/grow privacy`, and what to erase, as far as the form that says what goes."""
    await seat.command("/grow privacy")
    await seat.wait_modal("engagements.privacy")
    await seat.press_in_modal("rights.open_erase")
    form = await seat.wait_modal("rights.choose")
    (select,) = [block for block in form.blocks if block.get("block_id") == "what"]
    options = [option["value"] for option in select["element"]["options"]]
    assert (await seat.submit({"what": next(each for each in options if each.startswith(what))})).updated


async def test_one_s_own_words_are_erased_after_it_was_said_what_goes(demo: Demo) -> None:
    await engage(demo)
    await commit(client(demo), WORDS[0])
    ben = client(demo)
    await chosen(ben, "own:")
    await ben.wait_modal("rights.erase")
    assert (await ben.submit()).updated
    await ben.wait_modal("rights.erased")
    await ben.close(everything=True)
    await ben.command("/grow commitments")
    assert WORDS[0] not in str((await ben.wait_modal()).blocks)
    assert problems_with(demo, WORDS) == []


async def test_all_of_both_goes_from_the_direct_messages_too_once_both_agree(demo: Demo) -> None:
    await engage(demo)
    await commit(client(demo), WORDS[0])
    ben, dana = client(demo), coach(demo)
    await demo.sandbox.move("day")
    await chosen(ben, "all:")
    await ben.wait_modal("rights.ask")
    assert (await ben.submit()).updated
    await ben.close(everything=True)
    await dana.wait_message(containing="Nothing goes unless you agree.")
    await dana.press("rights.open_agree")
    await dana.wait_modal("rights.agree")
    assert (await dana.submit()).updated
    await dana.close(everything=True)
    await ben.wait_message(containing="agreed: what the two of you wrote is erased")
    await demo.growbot.settle()
    assert [each.text for each in dana.messages] == []
    assert [each.text for each in ben.messages if "is erased" not in each.text] == []
    deleted = demo.sandbox.ledger.calls("chat.delete")
    assert len(deleted) == len({(each.args["channel"], each.args["ts"]) for each in deleted}) >= 3
    assert all(each.accepted for each in deleted)
    assert problems_with(demo, WORDS) == []


async def test_an_export_s_message_becomes_the_way_to_it(sqlite_demo: Demo) -> None:
    ben = client(sqlite_demo)
    await engage(sqlite_demo)
    await ben.command("/grow privacy")
    await ben.wait_modal("engagements.privacy")
    await ben.press_in_modal("rights.open_export")
    await ben.wait_modal("rights.export")
    assert (await ben.submit()).updated
    await ben.close(everything=True)
    await sqlite_demo.growbot.settle()
    await ben.wait_message(containing="Your export is ready")
    await ben.press("rights.get_export")
    assert "Write down this code." in str((await ben.wait_modal("rights.code")).blocks)
    assert problems_with(sqlite_demo, WORDS) == []
