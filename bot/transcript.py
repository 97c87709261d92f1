"""A transcript of what people on the local Slack see and do, and the checks that make it more than a show."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from textwrap import wrap
from typing import TypeVar
from zoneinfo import ZoneInfo

from bot.sandbox import AppDidNotAnswer, Message, NotPossible, Sandbox, Seat, View, text_of, texts
from bot.sandbox.fields import Json
from bot.sandbox.plain import Plain

T = TypeVar("T")

WIDTH = 96
NOT_SAVED = "Please try again in a minute."
MOST_TRIES = 3


class StoryBroke(Exception):
    """Something did not happen as it should; the text says what, for whom and when."""


@dataclass
class Transcript:
    say: Callable[[str], object]
    sandbox: Sandbox
    names: dict[str, str] = field(default_factory=dict)
    steps: int = 0

    def heading(self, title: str) -> None:
        self.say(f"\n── {title} {'─' * max(3, WIDTH - len(title))}")

    def line(self, who: str, does: str, what: str) -> None:
        self.steps += 1
        said = [part for line in self._readable(what).splitlines() for part in wrap(line, WIDTH - 20) or [""]]
        self.say(f"  {who:<5} {does:<10} {said[0] if said else ''}")
        for each in said[1:]:
            self.say(f"{'':<19}{each}")

    def _readable(self, text: str) -> str:
        """Mentions as names, as Slack shows them."""
        for user_id, name in self.names.items():
            text = text.replace(f"<@{user_id}>", name)
        return text


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
            self._line("presses", f"[{_label(element)}]")
            await self._did(self.seat.press(action_id))
            return
        chosen = next(each for each in element["options"] if str(each["value"]).startswith(option))
        self._line("chooses", f"[{_label(element)} ▾]  {chosen['text']['text']}")
        await self._did(self.seat.press(action_id, option=str(chosen["value"])))

    def _in_messages(self, action_id: str) -> Json:
        """The button or menu as it stands in the newest message that has it."""
        for message in reversed(self.seat.messages):
            for element in _elements(message.blocks or []):
                if element.get("action_id") == action_id:
                    return element
        raise self.broke(f"no message has {action_id}")

    async def presses_here(self, action_id: str) -> None:
        """The first such button of the modal in front; our ids carry an id behind a colon where there are several."""
        shown = _elements(self.seat.modal.blocks if self.seat.modal else [])
        found = [each for each in shown if str(each.get("action_id")).partition(":")[0] == action_id]
        if not found:
            raise self.broke(f"the form has no {action_id}")
        self._line("presses", f"[{_label(found[0])}]")
        await self._did(self.seat.press_in_modal(str(found[0]["action_id"])))

    async def sends(self, values: Mapping[str, Plain]) -> str:
        """Fills in the modal in front and sends it; returns what is said then."""
        for name, value in values.items():
            self._line("fills in", f"{name.partition('*')[0].rstrip('-')}: {value}")
        submit = self.seat.modal.submit if self.seat.modal else None
        self._line("presses", f"[{submit['text'] if submit else '?'}]")
        done = await self._did(self.seat.submit({self._field(name): value for name, value in values.items()}))
        for _again in range(MOST_TRIES):  # a disk may stall for a moment; everything typed is still there
            if NOT_SAVED not in " ".join(done.errors.values()):
                break
            self._line("is told", next(iter(done.errors.values())))
            done = await self._did(self.seat.submit())
        if done.errors:
            raise self.broke(f"the form was refused: {done.errors}")
        if self.seat.modal is None:
            return ""
        said = _main_text(self.seat.modal)
        self._line("reads", said)
        return said

    def _field(self, name: str) -> str:
        """`commitment-*` is the first field whose name starts so."""
        if not name.endswith("*") or self.seat.modal is None:
            return name
        fields = [str(block.get("block_id")) for block in self.seat.modal.blocks]
        return next((each for each in fields if each.startswith(name[:-1])), name)

    async def is_refused(self, values: Mapping[str, Plain], field_name: str) -> str:
        """Sends the modal in front and is told beside a field what is wrong."""
        done = await self._did(self.seat.submit(values))
        sentence = done.errors.get(field_name)
        if sentence is None:
            raise self.broke(f"the form was not refused at {field_name}")
        self._line("fills in", f"{field_name}: {values[field_name]}")
        self._line("is told", f"beside it: {sentence}")
        return sentence

    async def closes(self) -> None:
        """Whatever is open."""
        if self.seat.modal is not None:
            await self.seat.close(everything=True)

    async def hears(self, containing: str) -> str:
        """Something only this person sees."""
        said = await self._did(self.seat.wait_ephemeral(containing=containing))
        self._line("reads", said.text)
        return said.text

    # --- seeing ---------------------------------------------------------------------------------------

    async def sees(self, modal: str, *expected: str) -> View:
        view = await self._did(self.seat.wait_modal(modal))
        title, *shown = texts(view)
        self._line("sees", f"{title}: {_shortened(' · '.join(shown))}")
        self.expects(view, *expected)
        return view

    async def sees_home(self, *expected: str) -> None:
        await self._did(self.seat.open_home())
        await self._did(self.seat.wait_until(lambda seat: all(each in _all(seat.home) for each in expected)))
        self._line("sees", f"Home: {_shortened(' · '.join(texts(self.seat.home)) if self.seat.home else '')}")

    def expects(self, shown: View | Message, *expected: str) -> None:
        missing = [each for each in expected if each not in "\n".join(texts(shown))]
        if missing:
            raise self.broke(f"{missing} is not on the screen: {texts(shown)}")

    async def gets(self, containing: str) -> Message:
        """The next message, which is there already or arrives now."""
        wanted = self._read
        await self._did(self.seat.wait_until(lambda seat: len(seat.messages) > wanted))
        message = self.seat.messages[wanted]
        self._read += 1
        self._line("gets", f"{message.text}\n{_choices(message)}".rstrip())
        if containing not in message.text:
            raise self.broke(f"the message does not say {containing!r}: {message.text}")
        return message

    def gets_nothing(self) -> None:
        unread = self.seat.messages[self._read :]
        if unread:
            raise self.broke(f"unexpected messages: {[text_of(each) for each in unread]}")
        self._line("gets", "nothing")

    def broke(self, what: str) -> StoryBroke:
        at = self._transcript.sandbox.clock.now().astimezone(self.zone)
        return StoryBroke(f"{self.name}, {at:%a %d %b, %H:%M}: {what}")

    def _line(self, does: str, what: str) -> None:
        self._transcript.line(self.name, does, what)

    async def _did(self, act: Awaitable[T]) -> T:
        try:
            return await act
        except (AppDidNotAnswer, NotPossible, TimeoutError) as error:
            raise self.broke(str(error)) from error


class Travel:
    """Moves the clock, and says what time it is where."""

    def __init__(self, transcript: Transcript, players: Sequence[Player]) -> None:
        self._transcript, self._players = transcript, players

    async def to(self, at: datetime, why: str = "") -> None:
        await self._transcript.sandbox.move_to(at)
        self.tell(why)

    async def on(self, **by: float) -> None:
        await self.to(self._transcript.sandbox.clock.now() + timedelta(**by))

    def tell(self, why: str = "") -> None:
        now = self._transcript.sandbox.clock.now()
        where = " · ".join(
            f"{now.astimezone(each.zone):%a %d %b, %H:%M} for {each.name}" for each in self._players
        )
        self._transcript.say(f"\n{where}{f'  ({why})' if why else ''}")


def _elements(blocks: Sequence[Json]) -> list[Json]:
    """Everything that can be pressed."""
    return [each for block in blocks for each in (*block.get("elements", []), block.get("accessory") or {})]


def _label(element: Json) -> str:
    return str((element.get("text") or element.get("placeholder") or {}).get("text", "…"))


def _main_text(view: View) -> str:
    """What a notice says: its first sentence behind title and buttons."""
    return max(texts(view), key=len, default="")


def _shortened(text: str, most: int = 230) -> str:
    text = " ".join(text.split())
    return text if len(text) <= most else text[: most - 1] + "…"


def _all(view: View | None) -> str:
    return "\n".join(texts(view)) if view else ""


def _choices(message: Message) -> str:
    """The buttons and menus of a message, in one line."""
    shown = [each for each in _elements(message.blocks or []) if "action_id" in each]
    return "  ".join(f"[{_label(each)}{' ▾' if 'options' in each else ''}]" for each in shown)
