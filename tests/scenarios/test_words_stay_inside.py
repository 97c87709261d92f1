"""A canary in every field that a person can fill: none is found in a Slack message, a log line, an error, or the database's bytes."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from bot.audit import problems_with
from bot.core import logs
from bot.demo import Demo
from bot.sandbox import Seat, View
from tests.conftest import NOW
from tests.scenarios.story import MIRA, client, coach, commit, engage, next_day, plan_session
from tests.scenarios.test_outage import locked

CANARY = "canary"
DATES = {"by": "friday", "until": ""}
CHOSEN: dict[str, dict[str, object]] = {"answer": {"outcome": "not_kept"}, "move": {"by": "next friday"}}


class Aviary:
    """Hands out canaries, each a word of its own, and remembers them."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.whats: dict[str, set[str]] = {}
        """What each person, by their id, said that they will do."""

    def __call__(self, where: str) -> str:
        self.words.append(f"{CANARY}{len(self.words):03d}{where}")
        return self.words[-1]

    async def fill_and_send(self, seat: Seat, **fixed: object) -> None:
        """Every text field of the modal in front, except dates, and send it."""
        assert seat.modal is not None
        values: dict[str, object] = {}
        for block in seat.modal.blocks:
            if block["type"] == "input" and block["element"]["type"] == "plain_text_input":
                name = str(block["block_id"])
                typed = DATES[name] if name in DATES else self(name)
                values[block["block_id"]] = typed[: block["element"].get("max_length")]
                if name.partition(":")[0] == "what":
                    self.whats.setdefault(seat.user, set()).add(typed)
        names = [str(block["block_id"]) for block in seat.modal.blocks if "block_id" in block]
        chosen = {
            next(each for each in names if each.partition(":")[0] == name): fixed[name] for name in fixed
        }
        done = await seat.submit({**values, **chosen})  # type: ignore[arg-type]
        assert not done.errors, done.errors
        if seat.modal is not None:
            await seat.close(everything=True)


async def _everything(demo: Demo, canary: Aviary) -> None:
    """Both sides write into every form there is."""
    dana, ben = coach(demo), client(demo)
    await dana.command("/grow start @ben")
    await dana.wait_modal("engagements.propose")
    await canary.fill_and_send(dana, role="coach", shares=["prep", "commitments", "checkins"])
    await ben.wait_message(containing="would like to work")
    await ben.press("engagements.suggest")
    await ben.wait_modal("engagements.suggest")
    await canary.fill_and_send(ben)
    await dana.wait_message(containing="suggested changes")
    await dana.press("engagements.read")
    await dana.wait_modal("engagements.sign")
    await canary.fill_and_send(dana)
    await ben.wait_message(containing="has signed")
    await next_day(demo)
    await plan_session(demo)
    await _goals(demo, canary)
    await _commitments(demo, canary)
    await _own_questions(demo, canary)
    await _notes(demo, canary)
    await _change_what_was_agreed(demo, canary)
    await _prep(demo, canary)
    await _after_the_session(demo, canary)
    await _failures(demo, canary)
    await ben.command("/grow end")
    await ben.wait_modal("engagements.end")
    await ben.submit({"reason": canary("reason")})
    await ben.press_in_modal("closing.open")
    await ben.wait_modal("closing.save")
    await canary.fill_and_send(ben, shared=["yes"])
    await dana.wait_message(containing="has ended")
    await dana.press("closing.open")
    looked = await dana.wait_modal("closing.save")
    assert CANARY in "".join(dana.texts(looked))
    await canary.fill_and_send(dana)
    await demo.growbot.settle()


async def _change_what_was_agreed(demo: Demo, canary: Aviary) -> None:
    dana, ben = coach(demo), client(demo)
    await dana.command("/grow agreement")
    await dana.wait_modal("engagements.read")
    await dana.press_in_modal("engagements.change")
    await dana.wait_modal("engagements.change")
    await canary.fill_and_send(dana)
    await ben.command("/grow agreement")
    await ben.wait_modal("engagements.read")
    await ben.press_in_modal("engagements.read_change")
    await ben.wait_modal("engagements.sign_change")
    await canary.fill_and_send(ben)


async def _goals(demo: Demo, canary: Aviary) -> None:
    """A strength, a goal of the client's own, and one that the coach suggests and the client takes up."""
    dana, ben = coach(demo), client(demo)
    await ben.command("/grow strengths")
    await ben.wait_modal("strengths.save")
    await canary.fill_and_send(ben)
    await ben.command(f"/grow goal {canary('goal')}")
    await ben.wait_modal("goals.make")
    await canary.fill_and_send(ben, target_on="2027-03-01", area="team", shared=["yes"])
    await _form_of_goal(ben, "measure")
    await ben.press_in_modal("goals.measure")
    await ben.wait_until(lambda seat: seat.modal is not None and "level:0" in str(seat.modal.blocks))
    await canary.fill_and_send(ben, baseline="-1")
    for verb, chosen in (("rate", {"rating": "1"}), ("edit", {})):
        await _form_of_goal(ben, verb)
        await canary.fill_and_send(ben, **chosen)
    await dana.command(f"/grow goal {canary('suggested')}")
    await dana.wait_modal("goals.suggest")
    await canary.fill_and_send(dana)
    await ben.command("/grow goals")
    listed = await ben.wait_modal("goals.list")
    await ben.press_in_modal(_first(listed, "goals.open:"))
    await ben.wait_modal("goals.take_up")
    await canary.fill_and_send(ben, target_on="2027-02-01")
    await _form_of_goal(ben, "close")
    await canary.fill_and_send(ben, ending="partly")
    await dana.command("/grow goals")
    await dana.press_in_modal(_first(await dana.wait_modal("goals.list"), "goals.review:"))
    assert CANARY in "".join(dana.texts(await dana.wait_modal("goals.look_back")))
    await dana.close(everything=True)


async def _form_of_goal(seat: Seat, verb: str) -> None:
    """A form about the first goal in the list."""
    await seat.command("/grow goals")
    await seat.press_in_modal(_first(await seat.wait_modal("goals.list"), "goals.open:"))
    await seat.wait_modal("goals.read")
    await seat.press_in_modal(f"goals.{verb}")
    await seat.wait_modal(f"goals.{verb}")


def _first(modal: View, prefix: str) -> str:
    """The first button whose id begins so."""
    return _all(modal, prefix)[0]


def _all(modal: View, prefix: str) -> list[str]:
    elements = [
        each for block in modal.blocks for each in (block.get("accessory"), *block.get("elements", []))
    ]
    return [each["action_id"] for each in elements if each and each.get("action_id", "").startswith(prefix)]


async def _commitments(demo: Demo, canary: Aviary) -> None:
    ben = client(demo)
    for typed in (f"/grow commit {canary('typed')} by friday", "/grow commit"):
        await ben.command(typed)
        await ben.wait_modal("commitments.make")
        await canary.fill_and_send(ben, confidence="6")
    for verb in ("edit", "move", "answer"):
        await ben.command("/grow commitments")
        listed = await ben.wait_modal("commitments.list")
        ids = [e["action_id"] for b in listed.blocks for e in b.get("elements", []) if "action_id" in e]
        await ben.press_in_modal(next(each for each in ids if each.startswith(f"commitments.{verb}:")))
        await ben.wait_modal(f"commitments.{verb}")
        await canary.fill_and_send(ben, **CHOSEN.get(verb, {}))
    await _every_week(ben, canary)
    await _from_a_message(demo, canary)
    await ben.command(f"/grow {canary('unknown')} {canary('behind')}")
    await ben.wait_ephemeral(containing="I don't know that word")


async def _every_week(ben: Seat, canary: Aviary) -> None:
    """One that comes again, and what became of it the first time."""
    await ben.command("/grow commit")
    await ben.wait_modal("commitments.make")
    await canary.fill_and_send(ben, every="week", until="in six weeks")
    await ben.command("/grow commitments")
    listed = await ben.wait_modal("commitments.list")
    for button in _all(listed, "commitments.answer:"):
        if ben.modal is None:
            await ben.command("/grow commitments")
            await ben.wait_modal("commitments.list")
        await ben.press_in_modal(button)
        await ben.wait_modal("commitments.answer")
        await canary.fill_and_send(ben, outcome="partly")


async def _own_questions(demo: Demo, canary: Aviary) -> None:
    """The coach writes a set, changes it, and has it asked of Ben."""
    dana = coach(demo)
    await dana.command("/grow questions")
    await dana.wait_modal("questions.list")
    await dana.press_in_modal("questions.new")
    await dana.wait_modal("questions.create")
    await canary.fill_and_send(dana)
    for verb, form in (("edit", "change"), ("copy", "create"), ("open", "choose")):
        await dana.command("/grow questions")
        listed = await dana.wait_modal("questions.list")
        await dana.press_in_modal(_first_of(listed, f"questions.{verb}:"))
        shown = await dana.wait_modal(f"questions.{form}")
        if verb == "open":
            await dana.submit({"set": _last_option(shown, "set"), "area": "team"})
            await dana.close(everything=True)
        else:
            await canary.fill_and_send(dana)


def _first_of(modal: View, prefix: str) -> str:
    found = [*(block.get("accessory", {}) for block in modal.blocks)]
    found += [element for block in modal.blocks for element in block.get("elements", [])]
    return next(e["action_id"] for e in found if str(e.get("action_id")).startswith(prefix))


def _options(modal: View, field: str) -> list[str]:
    block = next(each for each in modal.blocks if each.get("block_id") == field)
    return [str(each["value"]) for each in block["element"]["options"]]


def _last_option(modal: View, field: str) -> str:
    return _options(modal, field)[-1]


async def _notes(demo: Demo, canary: Aviary) -> None:
    for seat in (client(demo), coach(demo)):
        await seat.command(f"/grow note {canary('typed')}")
        await seat.wait_modal("notes.write")
        await canary.fill_and_send(seat)
        await seat.command("/grow note")
        await seat.wait_modal("notes.write")
        await canary.fill_and_send(seat, shared=["yes"])
    for seat in (client(demo), coach(demo)):
        await seat.command("/grow notes")
        listed = await seat.wait_modal("notes.list")
        assert CANARY in "".join(seat.texts(listed))
        await seat.press_in_modal(_first_of(listed, "notes.edit:"))
        await seat.wait_modal("notes.change")
        await canary.fill_and_send(seat, shared=["yes"])


async def _from_a_message(demo: Demo, canary: Aviary) -> None:
    """A colleague's words, in a channel that growbot is not in, become a commitment, or do not."""
    ben, mira = client(demo), demo.sandbox.seat(MIRA)
    said = coach(demo).say_in_room(f"Who could {canary('said')}?")
    await ben.message_shortcut("commitments.from_message", said)
    form = await ben.wait_modal("commitments.make")
    assert CANARY in "".join(ben.texts(form))
    await canary.fill_and_send(ben)
    await mira.message_shortcut("commitments.from_message", said)
    await mira.wait_modal("commitments.make")
    await mira.close()
    await mira.command(f"/grow {canary('unknown')} {canary('behind')}", in_room=True)
    await mira.wait_until(lambda seat: bool(seat.room.ephemerals))


async def _prep(demo: Demo, canary: Aviary) -> None:
    await demo.sandbox.move_to(NOW.replace(month=11, day=30, hour=15, minute=5))
    for seat in (client(demo), coach(demo)):
        await seat.press("prep.open")
        await seat.wait_modal("prep.prepare")
        await canary.fill_and_send(seat, **({"share": ["share"]} if seat is client(demo) else {}))


async def _after_the_session(demo: Demo, canary: Aviary) -> None:
    dana, ben = coach(demo), client(demo)
    await demo.sandbox.move_to(NOW.replace(month=12, day=1, hour=16, minute=5))
    for seat in (ben, dana):
        await seat.press("wrapups.open")
        await seat.wait_modal("wrapups.wrap_up")
        await canary.fill_and_send(seat)
    await ben.command("/grow checkin")
    await ben.wait_modal("checkins.save")
    await canary.fill_and_send(ben, share=["yes"])
    for seat, command in (
        (dana, "checkin"),
        (dana, "prep"),
        (dana, "questions"),
        (ben, "questions"),
        (dana, "notes"),
        (ben, "commitments"),
        (ben, "agreement"),
        (dana, ""),
    ):
        await seat.command(f"/grow {command}")
        await seat.wait_until(lambda each: each.modal is not None or each.ephemerals)
        if seat.modal is not None:
            await seat.close(everything=True)
    await ben.open_home()
    await dana.open_home()


async def _failures(demo: Demo, canary: Aviary) -> None:
    """The same words on the way into errors."""
    ben = client(demo)
    with locked(demo):
        await ben.command(f"/grow commit {canary('locked')} by friday")
        await ben.wait_ephemeral(containing="Nothing was saved")
    await ben.command(f"/grow pause until {canary('pause')}")
    await ben.wait_ephemeral(containing="couldn't read that date")
    await ben.command("/grow commit")
    await ben.wait_modal("commitments.make")
    assert ben.modal is not None
    ben.modal.private_metadata = canary("metadata")
    refused = await ben.submit({"what": canary("refused"), "by": "friday"})
    assert refused.errors
    assert CANARY not in "".join(refused.errors.values())
    await ben.close(everything=True)


def _shown_to_others(demo: Demo) -> str:
    calls = [entry for entry in demo.sandbox.ledger.calls() if not entry.name.startswith("views.")]
    return json.dumps([[entry.args, entry.answer] for entry in calls], default=str)


def _bytes_on_disk(demo: Demo) -> bytes:
    database = Path(str(demo.growbot.database.url.database))
    return b"".join(path.read_bytes() for path in sorted(database.parent.glob(database.name + "*")))


@pytest.fixture
def talkative(capfd: pytest.CaptureFixture[str]) -> Iterator[pytest.CaptureFixture[str]]:
    """growbot logs all that it ever logs, and so do the libraries, as far as growbot lets them."""
    logs.configure("DEBUG", json_lines=True)
    yield capfd
    structlog.reset_defaults()
    logging.getLogger().handlers.clear()
    capfd.readouterr()  # what came last would be printed among the tests' dots


async def _export(demo: Demo, seat: Seat, **chosen: list[str]) -> None:
    await seat.command("/grow privacy")
    await seat.wait_modal("engagements.privacy")
    await seat.press_in_modal("rights.open_export")
    await seat.wait_modal("rights.export")
    assert (await seat.submit(chosen)).updated
    await seat.close(everything=True)
    await demo.growbot.settle()


async def test_no_word_leaves_the_forms(sqlite_demo: Demo, talkative: pytest.CaptureFixture[str]) -> None:
    canary = Aviary()
    await _everything(sqlite_demo, canary)
    await _export(sqlite_demo, client(sqlite_demo))
    assert sqlite_demo.sandbox.workspace.files == {}
    assert len(canary.words) > 40
    assert problems_with(sqlite_demo, canary.words) == []
    logged = talkative.readouterr()
    assert CANARY not in logged.err + logged.out
    assert CANARY not in _shown_to_others(sqlite_demo)
    assert CANARY.encode() not in _bytes_on_disk(sqlite_demo)
    assert "request.unavailable" in logged.err, "the log was listened to"
    ben = client(sqlite_demo)
    await ben.command("/grow agreement")
    read = await ben.wait_modal("engagements.read")
    assert CANARY in "".join(ben.texts(read)), "the words are seen by those they are for"


async def test_who_chooses_to_see_their_own_words_has_them_in_their_own_messages_and_nowhere_else(
    sqlite_demo: Demo, talkative: pytest.CaptureFixture[str]
) -> None:
    canary, ben, dana = Aviary(), client(sqlite_demo), coach(sqlite_demo)
    for seat in (ben, dana):
        await seat.command("/grow settings")
        await seat.wait_modal("people.settings")
        assert (await seat.submit({"own_words": ["show"]})).updated
    await _everything(sqlite_demo, canary)
    said = {seat.user: _said_to(sqlite_demo, seat) for seat in (ben, dana)}
    found = {user: {word for word in canary.words if word in text} for user, text in said.items()}
    assert found[ben.user], "some were shown"
    for user, words in found.items():
        assert words <= canary.whats.get(user, set())
    logged = talkative.readouterr()
    assert CANARY not in logged.err + logged.out
    assert CANARY.encode() not in _bytes_on_disk(sqlite_demo)
    standing = [message for seat in (ben, dana) for message in seat.messages]
    assert [message for message in standing if CANARY in str(message)] == []


def _said_to(demo: Demo, seat: Seat) -> str:
    """All that was ever said in this person's direct messages."""
    channel = demo.sandbox.workspace.dm_of(seat.user)
    assert channel is not None
    calls = [entry.args for entry in demo.sandbox.ledger.calls() if entry.name.startswith("chat.")]
    return str([each for each in calls if each.get("channel") in (seat.user, channel.id)])


async def test_who_chooses_to_have_their_export_in_slack_has_it_there_and_nothing_else(
    sqlite_demo: Demo, talkative: pytest.CaptureFixture[str]
) -> None:
    """The one place where words travel in Slack: one file, in the direct messages of whoever chose it."""
    canary, ben, dana = Aviary(), client(sqlite_demo), coach(sqlite_demo)
    await _everything(sqlite_demo, canary)
    before = len(ben.messages)
    await _export(sqlite_demo, ben, into_slack=["into_slack"])
    found = problems_with(sqlite_demo, canary.words)
    assert found
    assert all(each.endswith("stands in a file, growbot-export.zip") for each in found)
    assert [message for message in dana.messages if message.files] == []
    announced, with_file = ben.messages[before:]
    assert ("Your export is here, as a file." in announced.text, len(with_file.files)) == (True, 1)
    logged = talkative.readouterr()
    assert CANARY not in logged.err + logged.out
    assert CANARY not in _shown_to_others(sqlite_demo)


async def test_the_file_with_an_export_goes_when_something_in_it_is_erased(sqlite_demo: Demo) -> None:
    ben = client(sqlite_demo)
    await engage(sqlite_demo)
    await commit(ben, "Call the CFO")
    await _export(sqlite_demo, ben, into_slack=["into_slack"])
    await ben.command("/grow privacy")
    await ben.wait_modal("engagements.privacy")
    await ben.press_in_modal("rights.open_erase")
    form = await ben.wait_modal("rights.choose")
    own = next(each for each in _options(form, "what") if each.startswith("own:"))
    assert (await ben.submit({"what": own})).updated
    await ben.wait_modal("rights.erase")
    assert (await ben.submit()).updated
    await sqlite_demo.growbot.settle()
    (file,) = sqlite_demo.sandbox.workspace.files.values()
    assert (file.is_deleted, file.content) == (True, None)
    assert problems_with(sqlite_demo, ("Call the CFO",)) == []


@pytest.mark.parametrize("fault", ["drop_after", "hang_after", "unreadable", "503", "drop_before"])
async def test_whatever_becomes_of_its_last_call_it_is_there_once_at_most(
    sqlite_demo: Demo, fault: str
) -> None:
    ben = client(sqlite_demo)
    await engage(sqlite_demo)
    sqlite_demo.sandbox.faults.add("files.completeUploadExternal", fault)
    await _export(sqlite_demo, ben, into_slack=["into_slack"])
    await sqlite_demo.sandbox.move("day")
    arrived = [message for message in ben.messages if message.files]
    assert len(arrived) == int(fault in ("drop_after", "hang_after", "unreadable"))
    assert any("so I don't send it twice" in message.text for message in ben.messages)


async def test_where_the_scope_was_not_granted_it_is_not_offered(sqlite_demo: Demo) -> None:
    sqlite_demo.sandbox.app.scopes.discard("files:write")
    await sqlite_demo.restart()
    ben = client(sqlite_demo)
    await engage(sqlite_demo)
    await ben.command("/grow privacy")
    await ben.wait_modal("engagements.privacy")
    await ben.press_in_modal("rights.open_export")
    form = await ben.wait_modal("rights.export")
    assert "into_slack" not in {block.get("block_id") for block in form.blocks}


async def test_the_coachs_own_questions_reach_the_client(sqlite_demo: Demo) -> None:
    dana, ben = coach(sqlite_demo), client(sqlite_demo)
    await engage(sqlite_demo)
    await plan_session(sqlite_demo)
    await _own_questions(sqlite_demo, Aviary())
    await ben.command("/grow prep")
    asked = await ben.wait_modal("prep.prepare")
    assert "client" in "".join(each for each in ben.texts(asked) if CANARY in each)
    assert dana.modal is None
