"""Every payload finds its handler or is answered with a sentence, and takes effect once."""

from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.core.slack import blocks as b
from bot.registry import routes_of
from bot.sandbox.parcels import Parcel
from tests.core.slack.probe import FEATURES, SECRET, Bot, probe

OUT_OF_DATE = "This form is out of date."


# --- what nobody listens to -----------------------------------------------------------------------------


async def test_an_unknown_word_is_answered_with_the_nearest_one_and_the_help(bot: Bot) -> None:
    said = await bot.command("/grow proeb it")
    assert "Did you mean `/grow probe`?" in said
    assert all(f"`/grow {word}" in said for word in ("probe", "form", "pause", "help"))


async def test_an_unknown_word_that_is_near_to_none_is_answered_with_the_help(bot: Bot) -> None:
    said = await bot.command("/grow xyzzy")
    assert "Did you mean" not in said
    assert "`/grow help`" in said


async def test_a_word_counts_in_any_case_and_with_spaces_around_it(bot: Bot) -> None:
    assert await bot.command("/grow   PROBE  ") == "Done for en-US"


async def test_a_button_of_an_older_version_is_answered_with_a_sentence(bot: Bot) -> None:
    await _message_with(bot, "old.button")
    await bot.ben.press("old.button")
    shown = await bot.ben.wait_ephemeral(containing=OUT_OF_DATE)
    assert shown.by_app


async def test_a_form_of_an_older_version_is_answered_with_a_sentence_and_stays(bot: Bot) -> None:
    await bot.ben.command("/grow old")
    await bot.ben.wait_modal("old.form")
    answer = await bot.ben.submit({"what": "a long text"})
    assert OUT_OF_DATE in answer.errors["what"]


async def test_a_shortcut_that_nobody_listens_to_is_answered_with_a_sentence(bot: Bot) -> None:
    await bot.ben.shortcut("commitments.new_global")
    view = await bot.ben.wait_modal("core.notice")
    assert OUT_OF_DATE in " ".join(bot.ben.texts(view))


async def test_closing_a_form_that_nobody_listens_to_is_acknowledged(bot: Bot) -> None:
    await bot.ben.command("/grow form")
    view = await bot.ben.wait_modal()
    await _interact(bot, bot.sandbox._acts.payloads.closed(view, is_cleared=False))
    assert bot.sandbox.ledger.deliveries("view_closed")[-1].error is None


async def _message_with(bot: Bot, action_id: str) -> None:
    buttons = b.actions(b.button("Old", action_id)).to_dict()
    client = bot.growbot.clients.with_token(bot.sandbox.bot_token)
    await client.chat_postMessage(channel="U0BEN", text="Old", blocks=[buttons])


async def _interact(bot: Bot, payload: dict[str, Any]) -> Any:
    return await bot.sandbox.deliveries.deliver(Parcel("interactive", payload))


# --- once -----------------------------------------------------------------------------------------------


async def _submission(bot: Bot, **changes: Any) -> dict[str, Any]:
    """The payload of a filled form, as it would be sent."""
    await bot.ben.command("/grow form")
    view = await bot.ben.wait_modal()
    bot.ben.fill({"what": "fine"})
    payload = bot.sandbox._acts.payloads.submission(view)
    payload["view"] |= changes
    return payload


async def test_the_same_form_sent_twice_takes_effect_once(bot: Bot) -> None:
    payload = await _submission(bot)
    first, second = await _interact(bot, payload), await _interact(bot, payload)
    assert bot.effects() == 1
    assert (first["response_action"], second["response_action"]) == ("update", "update")
    assert "saved already" in str(second["view"])


async def test_a_form_that_failed_can_be_sent_again(bot: Bot) -> None:
    await bot.ben.command("/grow form")
    await bot.ben.wait_modal()
    assert (await bot.ben.submit({"what": "database"})).errors
    assert bot.effects() == 0
    await bot.ben.submit({"what": "fine"})
    assert bot.effects() == 1


async def test_the_same_event_twice_takes_effect_once(bot: Bot) -> None:
    await bot.ben.say("hello")
    await bot.growbot.settle()
    event = bot.sandbox.ledger.deliveries("event:message")[0].args
    await bot.sandbox.deliveries.deliver(Parcel("events_api", event))
    await bot.growbot.settle()
    assert len(bot.ben.ephemerals) == 1


@pytest.mark.parametrize("metadata", ["no json", "[1]", '{"id": 1}', '{"other": "x"}'])
async def test_garbage_in_private_metadata_is_answered_with_a_sentence(bot: Bot, metadata: str) -> None:
    answer = await _interact(bot, await _submission(bot, private_metadata=metadata))
    assert OUT_OF_DATE in answer["errors"]["what"]
    assert bot.effects() == 0


# --- failures ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("how", "sentence"),
    [
        ("beside", "This is beside the field."),
        ("elsewhere", "This has no field of its own."),
        ("database", "Nothing was saved: the database can't be reached"),
        ("crash", "Something went wrong on our side, and nothing was saved"),
    ],
)
async def test_a_failure_stands_at_a_field_and_nothing_typed_is_lost(
    bot: Bot, how: str, sentence: str
) -> None:
    await bot.ben.command("/grow form")
    await bot.ben.wait_modal()
    answer = await bot.ben.submit({"what": how, "more": "a long text"})
    assert sentence in answer.errors["what"]
    assert "a long text" in bot.ben.texts(bot.ben.modal)
    assert bot.effects() == 0


@pytest.mark.parametrize("how", ["database", "crash"])
async def test_what_cannot_be_saved_says_so_with_a_reference(bot: Bot, how: str) -> None:
    await bot.ben.command("/grow form")
    await bot.ben.wait_modal()
    sentence = (await bot.ben.submit({"what": how})).errors["what"]
    assert "What you typed is still here." in sentence
    assert len(sentence.rstrip(".)").split()[-1]) == 8


async def test_a_form_without_fields_stays_below_the_sentence(bot: Bot) -> None:
    await bot.ben.command("/grow bare database")
    await bot.ben.wait_modal("probe.bare")
    answer = await bot.ben.submit()
    assert answer.pushed
    assert [view.callback_id for view in bot.ben.modals] == ["probe.bare", "core.notice"]
    assert "What you typed" not in " ".join(bot.ben.texts(bot.ben.modal))


async def test_a_failing_command_says_that_nothing_was_saved(bot: Bot) -> None:
    said = await bot.command("/grow probe crash")
    assert "nothing was saved" in said
    assert "What you typed" not in said
    assert bot.effects() == 0


async def test_a_failure_is_logged_by_its_reference_and_without_what_it_quotes(bot: Bot) -> None:
    with capture_logs() as logs:
        said = await bot.command("/grow probe crash")
    failed = next(each for each in logs if each["event"] == "request.failed")
    assert failed["reference"] in said
    assert failed["error"] == "ValueError"
    assert any("probe.py" in place for place in failed["at"])
    assert SECRET not in repr(logs)


# --- first contact and language -----------------------------------------------------------------------------


async def test_a_person_is_looked_up_at_the_first_contact_only(bot: Bot) -> None:
    for _time in range(3):
        await bot.command("/grow probe")
    assert bot.calls("users.info") == 1


@pytest.mark.own_limits
@pytest.mark.parametrize("fault", ["internal_error", "500", "drop_before", "hang"])
async def test_when_slack_does_not_tell_who_somebody_is_nothing_is_saved_and_they_may_try_again(
    bot: Bot, fault: str
) -> None:
    bot.sandbox.faults.add("users.info", fault, times=3)
    said = await bot.command("/grow probe")
    assert "Nothing was saved: Slack didn't answer" in said
    bot.sandbox.faults.clear()
    assert await bot.command("/grow probe") == "Done for en-US"
    assert bot.effects() == 1


async def test_every_sentence_is_in_the_actor_s_locale(bot: Bot) -> None:
    mira = bot.sandbox.seat("U0MIRA")
    for _time in range(2):
        await mira.command("/grow probe")
        await bot.command("/grow probe")
    assert [m.text for m in mira.ephemerals] == ["Done for de-DE"] * 2
    assert [m.text for m in bot.ben.ephemerals] == ["Done for en-US"] * 2


# --- after the answer -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", ["expired_trigger_id", "internal_error"])
async def test_a_form_that_slack_did_not_open_is_explained(bot: Bot, fault: str) -> None:
    bot.sandbox.faults.add("views.open", fault)
    said = await bot.command("/grow form")
    assert "Please try once more." in said
    assert bot.ben.modal is None


async def test_a_failing_follow_up_does_not_undo_the_answer(bot: Bot) -> None:
    await bot.ben.open_home()
    await bot.ben.wait_home()
    bot.sandbox.faults.add("views.publish", "internal_error")
    assert await bot.command("/grow probe") == "Done for en-US"
    await bot.growbot.settle()
    assert bot.effects() == 1


async def test_no_answer_waits_for_slack_by_socket_mode(bot: Bot) -> None:
    await _answers_before_slack_does(bot)


async def test_no_answer_waits_for_slack_by_http(http_bot: Bot) -> None:
    await _answers_before_slack_does(http_bot)


async def _answers_before_slack_does(bot: Bot) -> None:
    await bot.command("/grow probe")
    bot.sandbox.faults.add("views.open", "slow", seconds=0.3)
    await bot.ben.command("/grow form")
    await bot.ben.wait_modal()
    names = [e.name for e in bot.sandbox.ledger.entries if e.name in ("slash_commands", "views.open")]
    assert names == ["slash_commands", "slash_commands", "views.open"]


def test_two_features_cannot_listen_to_the_same_id() -> None:
    with pytest.raises(ValueError, match="two features listen to 'probe'"):
        routes_of((FEATURES[0], probe, *FEATURES[1:]))
