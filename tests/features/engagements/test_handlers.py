"""Starting, reading, signing and ending, as the two of them see it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pytest

from bot.core.database import Database
from bot.demo import Demo
from bot.sandbox import Seat, View, text_of
from tests.builders import a_person, a_proposal
from tests.features.sessions.door import Door, Pair, shown


def seats(demo: Demo) -> tuple[Seat, Seat]:
    return demo.sandbox.seat("U0DANA"), demo.sandbox.seat("U0BEN")


def element(view: View, name: str) -> Mapping[str, Any]:
    """The field of this name, as Slack was given it."""
    found: Mapping[str, Any] = next(block["element"] for block in view.blocks if block["block_id"] == name)
    return found


async def invited(demo: Demo, **filled: str) -> None:
    """Dana proposes to Ben, who gets the invitation."""
    dana, ben = seats(demo)
    await dana.command("/grow start @ben")
    await dana.wait_modal("engagements.propose")
    assert (await dana.submit({"purpose": "Lead with less firefighting", "role": "coach", **filled})).updated
    await ben.wait_message()


async def signed(demo: Demo) -> None:
    _dana, ben = seats(demo)
    await invited(demo)
    await ben.press("engagements.read")
    await ben.wait_modal("engagements.sign")
    assert (await ben.submit()).updated
    await demo.growbot.settle()


REFUSED = [
    ("@dana", "U0DANA", "That's you"),
    ("@lunchbot", "U0LUNCHBOT", "an app, not a person"),
    ("@oleg", "U0OLEG", "deactivated"),
    ("@vera", "U0VERA", "another organisation"),
]


@pytest.mark.parametrize(("mention", "_user", "sentence"), REFUSED)
async def test_the_command_refuses_before_anything_is_typed(
    demo: Demo, mention: str, _user: str, sentence: str
) -> None:
    dana, _ben = seats(demo)
    await dana.command(f"/grow start {mention}")
    await dana.wait_ephemeral(containing=sentence)
    assert dana.modal is None


@pytest.mark.parametrize(("_mention", "user", "sentence"), REFUSED)
async def test_the_form_refuses_beside_the_field_and_keeps_what_was_typed(
    demo: Demo, _mention: str, user: str, sentence: str
) -> None:
    dana, _ben = seats(demo)
    await dana.command("/grow start")
    await dana.wait_modal()
    answer = await dana.submit({"with": user, "purpose": "A long thought", "role": "coach"})
    assert sentence in answer.errors["with"]
    assert "A long thought" in dana.texts(dana.modal)


async def test_a_pair_that_has_one_is_refused_in_the_command_and_in_the_form(demo: Demo) -> None:
    dana, ben = seats(demo)
    await invited(demo)
    await ben.command("/grow start @dana")
    await ben.wait_ephemeral(containing="have written an agreement for you already")
    await ben.command("/grow start")
    await ben.wait_modal()
    answer = await ben.submit({"with": "U0DANA", "purpose": "Again", "role": "client"})
    assert "have written an agreement for you already" in answer.errors["with"]
    await dana.command("/grow start @ben")
    await dana.wait_ephemeral(
        containing="have your invitation already. `/grow agreement` shows it, and lets you"
    )
    assert dana.messages == []
    await ben.close(everything=True)
    await ben.press("engagements.read")
    await ben.wait_modal("engagements.sign")
    await ben.submit()
    after = dana.ephemerals[-1].ts
    await dana.command("/grow start @ben")
    await dana.wait_ephemeral(after, containing="work together already")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("@nobody", "couldn't tell whom you mean"),
        ("ben", "couldn't tell whom you mean"),
        ("@tomas @priya", "names several people"),
        ("<@U999>", "knows nobody by that name"),
    ],
)
async def test_whom_the_command_does_not_name_clearly_is_asked_for(
    demo: Demo, typed: str, sentence: str
) -> None:
    dana, _ben = seats(demo)
    await dana.command(f"/grow start {typed}")
    said = await dana.wait_ephemeral(containing=sentence)
    assert "isn't there any more" not in said.text
    assert dana.modal is None


@pytest.mark.parametrize("command", ["session", "prep", "checkin", "end", "wrapup"])
async def test_while_an_invitation_waits_every_command_names_it(demo: Demo, command: str) -> None:
    dana, ben = seats(demo)
    await invited(demo)
    await dana.command(f"/grow {command}")
    await dana.wait_ephemeral(containing="Your invitation waits for <@U0BEN>")
    await ben.command(f"/grow {command}")
    await ben.wait_ephemeral(
        containing="<@U0DANA> has written an agreement for you. This opens once you sign"
    )


async def test_after_the_end_the_commands_say_that_it_is_over(demo: Demo) -> None:
    dana, ben = seats(demo)
    await signed(demo)
    await ben.close(everything=True)
    await ben.command("/grow end")
    await ben.wait_modal()
    await ben.submit()
    await dana.command("/grow session")
    await dana.wait_ephemeral(containing="Your coaching has ended, so this is closed")


async def test_whoever_was_answered_not_now_asks_again_a_week_later_and_the_other_at_any_time(
    demo: Demo,
) -> None:
    dana, ben = seats(demo)
    await invited(demo)
    await ben.press("engagements.decline")
    await dana.wait_message(containing="Not now")
    await dana.close(everything=True)
    await dana.command("/grow start @ben")
    await dana.wait_ephemeral(containing="answered “Not now”. You can ask again from Wed 2 Dec on")
    await ben.command("/grow start @dana")
    assert await ben.wait_modal("engagements.propose")
    await demo.sandbox.move("week")
    await demo.sandbox.move("day")
    await dana.command("/grow start @ben")
    assert await dana.wait_modal("engagements.propose")


async def test_the_form_is_for_whom_the_command_named(demo: Demo) -> None:
    dana, _ben = seats(demo)
    await dana.command("/grow start @ben")
    view = await dana.wait_modal("engagements.propose")
    assert element(view, "with")["initial_user"] == "U0BEN"


async def test_a_coach_or_a_client_may_begin(demo: Demo) -> None:
    _dana, ben = seats(demo)
    await invited(demo, role="client")
    assert "would like to work with you as your client" in ben.messages[0].text
    await ben.press("engagements.read")
    assert "You coach <@U0DANA>." in text_of(await ben.wait_modal())


async def test_nobody_signs_in_a_role_that_they_did_not_choose(demo: Demo) -> None:
    dana, _ben = seats(demo)
    await dana.command("/grow start @ben")
    view = await dana.wait_modal("engagements.propose")
    assert "initial_option" not in element(view, "role")
    assert set((await dana.submit({"purpose": "Anything"})).errors) == {"role"}


async def test_whoever_suggests_changes_sees_the_roles_and_may_change_them(demo: Demo) -> None:
    dana, ben = seats(demo)
    await invited(demo)
    assert "would like to work with you as your coach" in ben.messages[0].text
    await ben.press("engagements.suggest")
    form = await ben.wait_modal("engagements.suggest")
    assert "<@U0DANA> coaches you." in text_of(form)
    assert element(form, "role")["initial_option"]["value"] == "client"
    await ben.submit({"role": "coach"})
    told = await dana.wait_message(containing="suggested changes")
    assert "as your coach" in told.text
    await dana.press("engagements.read")
    assert "<@U0BEN> coaches you.  ·  _changed_" in text_of(await dana.wait_modal("engagements.sign"))
    await dana.submit()
    await ben.wait_message(containing="has signed")
    await ben.command("/grow agreement")
    read = text_of(await ben.wait_modal("engagements.read"))
    assert "You coach <@U0DANA>." in read
    assert "_changed_" not in read


async def test_a_version_that_says_the_same_is_refused_beside_a_field(demo: Demo) -> None:
    dana, ben = seats(demo)
    await invited(demo)
    await ben.press("engagements.suggest")
    await ben.wait_modal("engagements.suggest")
    assert "Nothing is different yet" in (await ben.submit()).errors["purpose"]
    await demo.growbot.settle()
    assert dana.messages == []


async def test_the_reader_of_a_new_version_sees_what_has_changed(demo: Demo) -> None:
    dana, ben = seats(demo)
    await invited(demo)
    await ben.press("engagements.read")
    assert "changed" not in text_of(await ben.wait_modal("engagements.sign"))
    await ben.press_in_modal("engagements.suggest")
    await ben.wait_modal("engagements.suggest")
    await ben.submit({"purpose": "Sleep better", "cadence": "monthly"})
    await dana.wait_message(containing="suggested changes")
    await dana.press("engagements.read")
    read = text_of(await dana.wait_modal("engagements.sign"))
    assert "*What we work on*  ·  _changed_" in read
    assert "every month  ·  _changed_" in read
    assert read.count("_changed_") == 2


@pytest.mark.parametrize(
    ("who_ends", "how"),
    [
        ("the other", "answered with “Not now” on Wed, "),
        ("the one who invited", "withdrew this on Wed, "),
    ],
)
async def test_an_invitation_that_is_over_says_how_and_waits_for_nobody(
    demo: Demo, who_ends: str, how: str
) -> None:
    dana, ben = seats(demo)
    await invited(demo)
    if who_ends == "the other":
        await ben.press("engagements.decline")
        await dana.wait_message(containing="Not now")
    else:
        await dana.close(everything=True)
        await dana.command("/grow agreement")
        await dana.wait_modal("engagements.read")
        await dana.press_in_modal("engagements.withdraw")
        await dana.wait_modal("core.notice")
    await dana.close(everything=True)
    for seat in (dana, ben):
        await seat.command("/grow agreement")
        read = text_of(await seat.wait_modal("engagements.read"))
        assert how in read
        assert "Waits for" not in read
        assert "Not signed by <@U0BEN>" in read


async def test_an_ended_agreement_says_when_it_ended(demo: Demo) -> None:
    dana, ben = seats(demo)
    await signed(demo)
    await ben.close(everything=True)
    await ben.command("/grow end")
    assert "can't be opened here afterwards" in text_of(await ben.wait_modal("engagements.end"))
    await ben.submit({"reason": "I have what I came for"})
    await dana.wait_message(containing="has ended")
    await dana.close(everything=True)
    await dana.command("/grow agreement")
    assert "<@U0BEN> ended this coaching on Wed, 25 Nov 2026. The reason given:" in text_of(
        await dana.wait_modal("engagements.read")
    )


async def test_the_invitation_holds_no_words_and_the_form_all_of_them(demo: Demo) -> None:
    _dana, ben = seats(demo)
    await invited(demo)
    assert "firefighting" not in str([(m.text, m.blocks, m.metadata) for m in ben.messages])
    await ben.press("engagements.read")
    read = text_of(await ben.wait_modal("engagements.sign"))
    assert "Lead with less firefighting" in read
    assert "Who can read what" in read
    assert "not therapy" in read or "limits" in read


async def test_an_invitation_outside_of_the_other_s_day_says_when_it_arrives(demo: Demo) -> None:
    dana, priya = demo.sandbox.seat("U0DANA"), demo.sandbox.seat("U0PRIYA")  # it is 20:00 in India
    await dana.command("/grow start @priya")
    await dana.wait_modal()
    await dana.submit({"purpose": "Anything", "role": "coach"})
    assert "gets your invitation tomorrow at 02:30, when their day starts" in text_of(dana.modal)
    assert priya.messages == []
    await demo.sandbox.move("next")
    assert len(priya.messages) == 1


async def test_signing_starts_it_for_both(demo: Demo) -> None:
    dana, ben = seats(demo)
    await signed(demo)
    assert "Signed by both of you" in text_of(ben.modal)
    assert "has signed: your coaching has started" in text_of(dana.messages[0])
    invitation = ben.messages[0]
    assert (invitation.text.startswith("You signed the agreement"), invitation.blocks) == (True, None)


async def test_both_read_again_what_they_signed(demo: Demo) -> None:
    await signed(demo)
    for seat in seats(demo):
        if seat.modal:
            await seat.close(everything=True)
        await seat.command("/grow agreement")
        read = text_of(await seat.wait_modal("engagements.read"))
        assert "Lead with less firefighting" in read
        assert read.count("Signed by") == 2


async def test_suggested_changes_come_back_to_the_first_as_a_new_version(demo: Demo) -> None:
    dana, ben = seats(demo)
    await invited(demo)
    await ben.press("engagements.suggest")
    await ben.wait_modal("engagements.suggest")
    await ben.submit({"purpose": "Sleep better"})
    await dana.wait_message(containing="suggested changes")
    await dana.press("engagements.read")
    read = text_of(await dana.wait_modal("engagements.sign"))
    assert "Sleep better" in read
    assert "Version 2." in read
    assert (await dana.submit()).updated
    assert "Signed by both of you" in text_of(dana.modal)


async def test_not_now_is_told_and_nothing_else_happens(demo: Demo) -> None:
    dana, ben = seats(demo)
    await invited(demo)
    await ben.press("engagements.decline")
    await dana.wait_message(containing="Not now")
    await demo.growbot.settle()
    assert ben.messages[0].blocks is None
    await demo.sandbox.move("day")
    assert (len(dana.messages), len(ben.messages)) == (1, 1)
    await demo.sandbox.move("week")
    assert (len(dana.messages), len(ben.messages)) == (0, 0), "destroyed after a week, with what told of it"


async def test_ending_says_so_to_the_other_and_stops_everything(demo: Demo) -> None:
    dana, ben = seats(demo)
    await signed(demo)
    await ben.close(everything=True)
    await ben.command("/grow end")
    await ben.wait_modal("engagements.end")
    await ben.submit({"reason": "I have what I came for"})
    await dana.wait_message(containing="has ended your coaching")
    assert "came for" not in str([(m.text, m.blocks) for m in dana.messages])
    before = len(dana.messages), len(ben.messages)
    for _week in range(3):
        await demo.sandbox.move("week")
    assert (len(dana.messages), len(ben.messages)) == before


# --- buttons that are older than what happened since -----------------------------------------------------------------


@pytest.mark.parametrize("action", ["engagements.suggest", "engagements.decline"])
async def test_an_ended_engagement_s_old_buttons_are_answered_with_a_sentence(
    door: Door, pair: Pair, action: str
) -> None:
    form = (await door.command(pair.client, "end")).view
    await door.submit(pair.client, form)
    answer = await door.press(pair.client, action, f"{pair.engagement_id}:1")
    assert "has ended" in (answer.notice or "")
    assert "You ended this coaching" in shown(
        (await door.press(pair.client, "engagements.read", pair.engagement_id)).view
    )


async def test_a_form_with_an_old_version_is_not_signed(
    door: Door, database: Database, now: datetime
) -> None:
    with database.transaction() as db:
        dana, ben = a_person(db, now, "Dana"), a_person(db, now, "Ben")
        value = f"{a_proposal(db, dana, ben, now).engagement_id}:1"
    old = (await door.press(ben, "engagements.read", value)).view
    changing = (await door.press(ben, "engagements.suggest", value)).view
    assert (await door.submit(ben, changing, purpose="Sleep better")).notice
    assert "newer version" in ((await door.submit(ben, old)).notice or "")


@pytest.mark.parametrize("value", ["", "nothing", "nothing:1", "x" * 2000])
@pytest.mark.parametrize("action", ["engagements.read", "engagements.suggest", "engagements.decline"])
async def test_a_forged_button_finds_nothing(door: Door, pair: Pair, action: str, value: str) -> None:
    answer = await door.press(pair.client, action, value)
    assert any(part in (answer.notice or "") for part in ("isn't there any more", "out of date"))


async def test_with_no_engagement_the_commands_say_how_to_begin(demo: Demo) -> None:
    dana, _ben = seats(demo)
    after = "0"
    for command in ("/grow agreement", "/grow end"):
        await dana.command(command)
        said = await dana.wait_ephemeral(after)
        assert "/grow start" in said.text
        after = said.ts
