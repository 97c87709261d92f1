"""From one moment of the story to the next."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.transcript.player import Player
from bot.transcript.printed import Transcript, moment


class Travel:
    """Moves the clock, and says what time it is where."""

    def __init__(self, transcript: Transcript, players: Sequence[Player]) -> None:
        self._transcript, self._players = transcript, players

    async def to(self, at: datetime, why: str = "") -> None:
        await self._transcript.sandbox.move_to(at)
        self.tell(why)

    async def on(self, *, hours: float, why: str = "") -> None:
        await self.to(self._transcript.sandbox.clock.now() + timedelta(hours=hours), why)

    def tell(self, why: str = "") -> None:
        now = self._transcript.told_at = self._transcript.sandbox.clock.now()
        local = [(each.name, now.astimezone(each.zone)) for each in self._players]
        is_one_day = len({at.date() for _name, at in local}) == 1
        said = [
            f"{f'{at:%H:%M}' if is_one_day and index else moment(at)} for {name}"
            for index, (name, at) in enumerate(local)
        ]
        self._transcript.moment(", ".join(said) + (f" – {why}" if why else ""))
