"""One person at their seat: what they do, what they see, and what they expect."""

from collections.abc import Awaitable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from itertools import groupby
from typing import TypeVar
from zoneinfo import ZoneInfo

from bot.core.slack.commands import N_
from bot.sandbox import AppDidNotAnswer, Message, NotPossible, Seat, View, text_of
from bot.sandbox.fetching import is_picture, pictures_in, unpacked
from bot.sandbox.fields import Json, all_elements, elements_of, fields_of
from bot.sandbox.outline import entered, label_of, pressable
from bot.sandbox.plain import Plain, options_of
from bot.transcript.printed import StoryBroke, Transcript

T = TypeVar("T")

NOT_SAVED = N_("Please try again in a minute. (Reference {reference})")
MOST_TRIES = 3
TICKS = N_("ticks")
ENTERED = (N_("fills in"), N_("chooses"), TICKS, N_("unticks"))
"""What `entered` says that somebody does."""


class Lines(tuple[StrEnum, ...]):
    """What somebody writes below each other."""


class Player:
    """One person at their seat: every act is printed, and so is what it brings.

    What they type is given in English, as a member of a StrEnum, and typed in the language of the transcript.
    """

    def __init__(self, transcript: Transcript, user_id: str, name: str, zone: str) -> None:
        self._transcript, self.name, self.zone = transcript, name, ZoneInfo(zone)
        self.seat: Seat = transcript.sandbox.seat(user_id)
        self._read, self._heard = len(self.seat.messages), 0
        self._as_read: list[tuple[Message, set[str], str]] = []
        """Each message, the ids of its buttons and its texts, when it was read."""
        transcript.names[user_id] = name

    # --- doing ----------------------------------------------------------------------------------------

    async def types(self, command: str, **said: str) -> None:
        """`said`: what stands in the command's braces."""
        line = self._typed_line(command, said)
        self._line(N_("types"), line)
        await self._sends_line(line)

    def _typed_line(self, command: str, said: Mapping[str, str]) -> str:
        return command.format(**{name: self._transcript.tr(each) for name, each in said.items()})

    async def _sends_line(self, line: str) -> None:
        self._heard = len(self.seat.ephemerals)
        await self._did(self.seat.command(line))

    async def opens(self, command: str, modal: str, *expected: str, whole: bool = False, **said: str) -> View:
        """Types a command that opens this modal."""
        line = self._typed_line(command, said)
        await self._sends_line(line)
        return await self._shown(modal, expected, N_("types"), f"{line} → {{window}}", whole=whole)

    async def presses(self, action_id: str, option: str | None = None) -> None:
        """A button of the newest message that has it; `option` is what is chosen in a menu, by its value's start."""
        element = self._in_messages(action_id)
        if option is None:
            self._line(N_("presses"), pressable(element))
            await self._did(self.seat.press(action_id))
        else:
            await self._did(self.seat.press(action_id, option=self._chosen(element, option)))

    def _in_messages(self, action_id: str) -> Json:
        """The button or menu as it stands in the newest message that has it."""
        for message in reversed(self.seat.messages):
            for _block, element in all_elements(message.blocks or []):
                if element["action_id"] == action_id:
                    return element
        raise self.broke(f"no message has the button {action_id}.")

    def _chosen(self, element: Json, option: str) -> str:
        """The value of the option that is chosen, by its start, or by its place (`#2`)."""
        offered = [each for each in options_of(element) if str(each["value"]).startswith(option)]
        if option.startswith("#"):
            offered = list(options_of(element))[int(option[1:]) - 1 :]
        if not offered:
            raise self.broke(f"the menu {element['action_id']} does not offer {option}.")
        self._line(N_("chooses"), f"{pressable(element)} → {offered[0]['text']['text']}")
        return str(offered[0]["value"])

    async def presses_here(self, action_id: str, about: str = "", option: str | None = None) -> None:
        """The first such button of the modal in front, or the one below this."""
        await self._presses_in(self.seat.modal, action_id, self._transcript.tr(about), option)

    async def presses_home(self, action_id: str, about: str = "") -> None:
        """The same on App Home."""
        await self._presses_in(self.seat.home, action_id, self._transcript.tr(about), None)

    async def _presses_in(self, view: View | None, action_id: str, wanted: str, option: str | None) -> None:
        press = self.seat.press_in_home if view is self.seat.home else self.seat.press_in_modal
        found = list(_buttons(view, action_id))
        for at, element in found:
            if wanted in at and option is not None:
                await self._did(press(element["action_id"], option=self._chosen(element, option)))
                return
            if wanted in at:
                said = N_("{button} at “{text}”") if len(found) > 1 else "{button}"
                line = self._transcript.tr(said).format(button=pressable(element), text=at)
                self._line(N_("presses"), line)
                await self._did(press(element["action_id"]))
                return
        raise self.broke(f"the window has no button {action_id}.")

    async def sends(self, values: Mapping[str, Plain]) -> str:
        """Fills in the modal in front and sends it; returns what is said then."""
        values = self._typed(values)
        button = self._fills_in(values)
        done = await self._did(self.seat.submit(values))
        for _again in range(MOST_TRIES):  # a disk may stall for a moment; everything typed is still there
            if self._transcript.tr(NOT_SAVED).partition("(")[0] not in " ".join(done.errors.values()):
                break
            self._line(N_("is told"), next(iter(done.errors.values())))
            done = await self._did(self.seat.submit())
        if done.errors:
            raise self.broke(f"the form was refused: {' '.join(done.errors.values())}")
        if self.seat.modal is None or self.seat.modal.submit is not None:
            self._line(N_("presses"), button)
            return ""  # nothing, or a form, which is there to be seen
        self._transcript.answer(self.name, button, self.seat.modal)
        return text_of(self.seat.modal)

    def _typed(self, values: Mapping[str, Plain]) -> dict[str, Plain]:
        """By the block ids of the modal in front, in the player's language."""
        return {self._field(name): self._said(value) for name, value in values.items()}

    def _said(self, value: Plain) -> Plain:
        if isinstance(value, Lines):
            return "\n".join(self._transcript.tr(each) for each in value)
        return self._transcript.tr(value) if isinstance(value, StrEnum) else value

    def _fills_in(self, values: Mapping[str, Plain]) -> str:
        """What stands in its field already needs no hand. Returns the button that sends it."""
        view = self.seat.modal
        if view is None:
            raise self.broke("no form is open.")
        done = [each for name, value in values.items() for each in entered(view, name, value)]
        for verb, same in groupby(done, key=lambda each: each[0]):
            objects = [what for _verb, what in same]
            for line in [" · ".join(objects)] if verb == TICKS else objects:
                self._line(verb, line)
        return f"[{view.submit['text'] if view.submit else '?'}]"

    def _field(self, name: str) -> str:
        """`commitment-*` is the first field whose name starts so; what a player wrote, the field that is labelled so."""
        blocks = self.seat.modal.blocks if self.seat.modal else []
        if isinstance(name, StrEnum):
            label = self._transcript.tr(name)
            found = [b["block_id"] for b in blocks if label in str(b.get("label", {}).get("text"))]
            return str(found[0]) if found else name
        if not name.endswith("*"):
            return name
        fields = [str(block.get("block_id")) for block in blocks]
        return next((each for each in fields if each.startswith(name[:-1])), name)

    def offered(self, name: str) -> list[str]:
        """The values of what can be chosen in a field of the modal in front."""
        blocks, wanted = (self.seat.modal.blocks if self.seat.modal else []), self._field(name)
        found = [field.element for field in fields_of(blocks) if wanted in field.place]
        return [str(option["value"]) for element in found for option in options_of(element)]

    async def is_refused(self, values: Mapping[str, Plain], field_name: str) -> str:
        """Sends the modal in front and is told beside a field what is wrong."""
        values = self._typed(values)
        self._line(N_("presses"), self._fills_in(values))
        done = await self._did(self.seat.submit(values))
        sentence = done.errors.get(field_name)
        if sentence is None or self.seat.modal is None:
            raise self.broke(f"the form should have been refused at {field_name}, and was not.")
        beside = self._transcript.tr(N_("beside “{label}”: {sentence}"))
        self._line(
            N_("is told"), beside.format(label=label_of(self.seat.modal, field_name), sentence=sentence)
        )
        return sentence

    async def closes(self) -> None:
        """Whatever is open."""
        if self.seat.modal is not None:
            await self.seat.close(everything=True)

    async def goes_back(self) -> None:
        """To what was open before."""
        await self._did(self.seat.close())

    # --- seeing ---------------------------------------------------------------------------------------

    async def hears(self) -> str:
        """What answers the command that was just typed, and only this person sees."""
        heard = self._heard
        await self._did(self.seat.wait_until(lambda seat: len(seat.ephemerals) > heard))
        said = self.seat.ephemerals[-1].text
        self._line(N_("reads"), said)
        return said

    async def sees(self, modal: str, *expected: str, whole: bool = False) -> View:
        """`whole`: all of it is printed, not just what is expected."""
        return await self._shown(modal, expected, N_("sees"), "{window}", whole=whole)

    async def _shown(self, modal: str, expected: Sequence[str], does: str, said: str, *, whole: bool) -> View:
        """`said`: what is printed of it, with {window} for its title."""
        view = await self._did(self.seat.wait_modal(modal), f"the window {modal}")
        wanted = [self._transcript.piece(each) for each in expected]
        window = self._transcript.tr(N_("the window “{title}”")).format(title=view.title["text"])
        line = said.replace("{window}", window)
        self._transcript.view(self.name, does, line, view, wanted, whole=whole)
        self.expects(view, *expected)
        return view

    async def sees_pictures(self, modal: str, count: int, *expected: str, whole: bool = False) -> None:
        """They follow the window that they belong to, and are looked at as Slack does, by their address."""
        await self._did(
            self.seat.wait_until(
                lambda seat: seat.modal is not None and len(pictures_in(seat.modal)) == count
            ),
            f"the window {modal} with {count} pictures",
        )
        for each in pictures_in(await self.sees(modal, *expected, whole=whole)):
            if not await is_picture(each):
                raise self.broke("a picture did not come.")

    async def downloads(self) -> None:
        """What the link in the modal in front leads to."""
        files = await unpacked(text_of(self.seat.modal))
        if not files:
            raise self.broke("the link led to nothing.")
        self._line(N_("downloads"), ", ".join(files))

    async def sees_home(self, *expected: str, whole: bool = False) -> None:
        wanted = [self._transcript.piece(each) for each in expected]
        await self._did(self.seat.open_home())
        await self._did(
            self.seat.wait_until(lambda seat: all(each in text_of(seat.home) for each in wanted)),
            f"a Home that says {_listed(wanted)}",
        )
        if self.seat.home is not None:
            self._transcript.view(self.name, N_("sees"), "Home", self.seat.home, wanted, whole=whole)

    def expects(self, shown: View | Message, *expected: str) -> None:
        wanted = [self._transcript.piece(each) for each in expected]
        missing = [each for each in wanted if each not in text_of(shown)]
        if missing:
            raise self.broke(f"{_listed(missing)} should be on the screen, and is not.")

    def does_not_see(self, shown: View | Message, *hidden: str) -> None:
        seen = [each for each in map(self._transcript.piece, hidden) if each in text_of(shown)]
        if seen:
            raise self.broke(f"{_listed(seen)} should not be on the screen, and is.")

    async def gets(self, button: str) -> Message:
        """The next message, which is there already or arrives now; it has this button, or none if that is empty."""
        wanted = self._read
        await self._did(
            self.seat.wait_until(lambda seat: len(seat.messages) > wanted),
            f"a message with the button {button}",
        )
        message = self.seat.messages[wanted]
        self._read += 1
        buttons = {element["action_id"] for _block, element in all_elements(message.blocks or [])}
        self._as_read.append((message, buttons, text_of(message)))
        sent_at = self._transcript.when(self._sent_at(message))
        self._prints(message, buttons, sent_at)
        if self._transcript.told_at and self._sent_at(message) < self._transcript.told_at:
            raise self.broke(f"the message had come before, on {sent_at}.")
        if button not in buttons and (button or buttons):
            raise self.broke(f"the message should have had the button {button}, and had {sorted(buttons)}.")
        return message

    def _prints(self, message: Message, buttons: set[str], sent_at: str) -> None:
        kind = frozenset(buttons - {"people.quieter"})
        said = sent_at
        if kind not in self._transcript.met:
            said = self._transcript.tr(N_("a message on {moment}")).format(moment=sent_at)
        self._transcript.message(self.name, N_("gets"), said, message, kind)

    async def finds(self, button: str) -> None:
        """The newest message that had this button when it was read, and says something else now."""
        had = [each for each in self._as_read if button in each[1]]
        if not had:
            raise self.broke(f"no message had the button {button}.")
        message, buttons, before = had[-1]
        await self._did(
            self.seat.wait_until(lambda _seat: text_of(message) != before), "a message that has changed"
        )
        self._as_read[self._as_read.index(had[-1])] = (message, buttons, text_of(message))
        said = self._transcript.tr(N_("the message of {moment} changed"))
        said = said.format(moment=self._transcript.when(self._sent_at(message)))
        self._transcript.message(self.name, N_("finds"), said, message, ("changed", len(self._as_read)))

    def gets_nothing(self) -> None:
        unread = self.seat.messages[self._read :]
        if unread:
            said = _listed([self._transcript.readable(each.text) for each in unread])
            raise self.broke(f"no message should have come, and this did: {said}.")
        self._line(N_("gets"), self._transcript.tr(N_("nothing")))

    def _sent_at(self, message: Message) -> datetime:
        return datetime.fromtimestamp(float(message.ts), UTC).astimezone(self.zone)

    def broke(self, what: str) -> StoryBroke:
        at = self._transcript.sandbox.clock.now().astimezone(self.zone)
        return StoryBroke(f"{self.name}, {self._transcript.when(at)}: {what}")

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


def _buttons(view: View | None, action_id: str) -> Iterator[tuple[str, Json]]:
    """Those of this name, each with what stands before it; ours carry an id behind a colon."""
    at = ""
    for block in view.blocks if view else []:
        at = _first_line(block) or at
        yield from (
            (at, each) for each in elements_of(block) if each["action_id"].partition(":")[0] == action_id
        )


def _first_line(block: Json) -> str:
    """What a block says, if it is one that says something."""
    said = block.get("text") if block["type"] in ("section", "header") else None
    return " ".join(str(said["text"]).partition("\n")[0].replace("*", "").split()) if said else ""
