"""One person at their seat: what they do, what they see, and what they expect."""

from collections.abc import Awaitable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from bot.sandbox import AppDidNotAnswer, Message, NotPossible, Seat, View, outline, text_of
from bot.sandbox.fields import Json, all_elements, elements_of
from bot.sandbox.outline import entered, label_of, pressable
from bot.sandbox.plain import Plain
from bot.transcript.printed import StoryBroke, Transcript, moment

T = TypeVar("T")

NOT_SAVED = "Please try again in a minute."
MOST_TRIES = 3


class Player:
    """One person at their seat: every act is printed, and so is what it brings."""

    def __init__(self, transcript: Transcript, user_id: str, name: str, zone: str) -> None:
        self._transcript, self.name, self.zone = transcript, name, ZoneInfo(zone)
        self.seat: Seat = transcript.sandbox.seat(user_id)
        self._read = len(self.seat.messages)
        transcript.names[user_id] = name

    # --- doing ----------------------------------------------------------------------------------------

    async def types(self, command: str) -> None:
        self._line("types", command)
        await self._did(self.seat.command(command))

    async def opens(self, command: str, modal: str) -> View:
        """Types a command that opens this modal."""
        await self.types(command)
        return await self.sees(modal)

    async def presses(self, action_id: str, option: str | None = None) -> None:
        """A button of the newest message that has it; `option` is what is chosen in a menu, by its value's start."""
        element = self._in_messages(action_id)
        if option is None:
            self._line("presses", pressable(element))
            await self._did(self.seat.press(action_id))
            return
        offered = [each for each in element["options"] if str(each["value"]).startswith(option)]
        if not offered:
            raise self.broke(f"the menu {action_id} does not offer {option}.")
        chosen = offered[0]
        self._line("chooses", f"{pressable(element)} → {chosen['text']['text']}")
        await self._did(self.seat.press(action_id, option=str(chosen["value"])))

    def _in_messages(self, action_id: str) -> Json:
        """The button or menu as it stands in the newest message that has it."""
        for message in reversed(self.seat.messages):
            for _block, element in all_elements(message.blocks or []):
                if element["action_id"] == action_id:
                    return element
        raise self.broke(f"no message has the button {action_id}.")

    async def presses_here(self, action_id: str) -> None:
        """The first such button of the modal in front; our ids carry an id behind a colon where there are several."""
        about = ""
        for block in self.seat.modal.blocks if self.seat.modal else []:
            about = _first_line(block) or about
            for element in elements_of(block):
                if element["action_id"].partition(":")[0] == action_id:
                    self._line(
                        "presses", f"{pressable(element)} at “{about}”" if about else pressable(element)
                    )
                    await self._did(self.seat.press_in_modal(element["action_id"]))
                    return
        raise self.broke(f"the window has no button {action_id}.")

    async def sends(self, values: Mapping[str, Plain]) -> str:
        """Fills in the modal in front and sends it; returns what is said then."""
        values = {self._field(name): value for name, value in values.items()}
        self._fills_in(values)
        done = await self._did(self.seat.submit(values))
        for _again in range(MOST_TRIES):  # a disk may stall for a moment; everything typed is still there
            if NOT_SAVED not in " ".join(done.errors.values()):
                break
            self._line("is told", next(iter(done.errors.values())))
            done = await self._did(self.seat.submit())
        if done.errors:
            raise self.broke(f"the form was refused: {' '.join(done.errors.values())}")
        if self.seat.modal is None:
            return ""
        said = "\n".join(each.text for each in outline(self.seat.modal)[:-1])
        self._line("reads", said)
        return said

    def _fills_in(self, values: Mapping[str, Plain]) -> None:
        """What stands in its field already needs no hand."""
        view = self.seat.modal
        if view is None:
            raise self.broke("no form is open.")
        for name, value in values.items():
            for verb, what in entered(view, name, value):
                self._line(verb, what)
        self._line("presses", f"[{view.submit['text'] if view.submit else '?'}]")

    def _field(self, name: str) -> str:
        """`commitment-*` is the first field whose name starts so."""
        if not name.endswith("*") or self.seat.modal is None:
            return name
        fields = [str(block.get("block_id")) for block in self.seat.modal.blocks]
        return next((each for each in fields if each.startswith(name[:-1])), name)

    async def is_refused(self, values: Mapping[str, Plain], field_name: str) -> str:
        """Sends the modal in front and is told beside a field what is wrong."""
        self._fills_in(values)
        done = await self._did(self.seat.submit(values))
        sentence = done.errors.get(field_name)
        if sentence is None or self.seat.modal is None:
            raise self.broke(f"the form should have been refused at {field_name}, and was not.")
        self._line("is told", f"beside “{label_of(self.seat.modal, field_name)}”: {sentence}")
        return sentence

    async def closes(self) -> None:
        """Whatever is open."""
        if self.seat.modal is not None:
            await self.seat.close(everything=True)

    async def goes_back(self) -> None:
        """To what was open before."""
        self._line("closes", "this window")
        await self._did(self.seat.close())

    async def hears(self, containing: str) -> str:
        """Something only this person sees."""
        said = await self._did(self.seat.wait_ephemeral(containing=containing), _listed([containing]))
        self._line("reads", said.text)
        return said.text

    # --- seeing ---------------------------------------------------------------------------------------

    async def sees(self, modal: str, *expected: str) -> View:
        view = await self._did(self.seat.wait_modal(modal), f"the window {modal}")
        self._transcript.screen(self.name, "sees", f"the window “{view.title['text']}”", view)
        self.expects(view, *expected)
        return view

    async def sees_home(self, *expected: str) -> None:
        await self._did(self.seat.open_home())
        await self._did(
            self.seat.wait_until(lambda seat: all(each in text_of(seat.home) for each in expected)),
            f"a Home that says {_listed(expected)}",
        )
        if self.seat.home is not None:
            self._transcript.screen(self.name, "sees", "Home", self.seat.home)

    def expects(self, shown: View | Message, *expected: str) -> None:
        missing = [each for each in expected if each not in text_of(shown)]
        if missing:
            raise self.broke(f"{_listed(missing)} should be on the screen, and is not.")

    def does_not_see(self, shown: View | Message, *hidden: str) -> None:
        seen = [each for each in hidden if each in text_of(shown)]
        if seen:
            raise self.broke(f"{_listed(seen)} should not be on the screen, and is.")

    async def gets(self, containing: str) -> Message:
        """The next message, which is there already or arrives now."""
        wanted = self._read
        await self._did(
            self.seat.wait_until(lambda seat: len(seat.messages) > wanted),
            f"a message that says {_listed([containing])}",
        )
        message = self.seat.messages[wanted]
        self._read += 1
        sent_at = self._sent_at(message)
        self._transcript.screen(self.name, "gets", f"a message on {moment(sent_at)}", message)
        if self._transcript.told_at and sent_at < self._transcript.told_at:
            raise self.broke(f"the message had come before, on {moment(sent_at)}.")
        if containing not in message.text:
            raise self.broke(f"{_listed([containing])} should be in the message, and is not.")
        return message

    async def finds(self, containing: str) -> None:
        """A message that was there before and says something else now."""
        await self._did(
            self.seat.wait_message(containing=containing), f"a message that says {_listed([containing])}"
        )
        message = next(each for each in self.seat.messages if containing in text_of(each))
        self._transcript.screen(
            self.name, "finds", f"the message of {moment(self._sent_at(message))} changed", message
        )

    def gets_nothing(self) -> None:
        unread = self.seat.messages[self._read :]
        if unread:
            said = _listed([self._transcript.readable(each.text) for each in unread])
            raise self.broke(f"no message should have come, and this did: {said}.")
        self._line("gets", "nothing")

    def _sent_at(self, message: Message) -> datetime:
        return datetime.fromtimestamp(float(message.ts), UTC).astimezone(self.zone)

    def broke(self, what: str) -> StoryBroke:
        at = self._transcript.sandbox.clock.now().astimezone(self.zone)
        return StoryBroke(f"{self.name}, {moment(at)}: {what}")

    def _line(self, does: str, what: str) -> None:
        self._transcript.line(self.name, does, what)

    async def _did(self, act: Awaitable[T], awaited: str = "an answer") -> T:
        try:
            return await act
        except TimeoutError as error:
            raise self.broke(f"{awaited} should have come, and did not.") from error
        except (AppDidNotAnswer, NotPossible) as error:
            raise self.broke(str(error)) from error


def _listed(texts: Sequence[str]) -> str:
    return ", ".join(f"“{' '.join(each.split())}”" for each in texts)


def _first_line(block: Json) -> str:
    """What a block says, if it is one that says something."""
    said = block.get("text") if block["type"] in ("section", "header") else None
    return " ".join(str(said["text"]).partition("\n")[0].replace("*", "").split()) if said else ""
