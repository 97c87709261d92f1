"""From one moment of the story to the next."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.core.slack.commands import N_
from bot.transcript.player import Player
from bot.transcript.printed import Transcript


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
        """`why`: one of our own sentences."""
        script = self._transcript
        now = script.told_at = script.sandbox.clock.now()
        local = [(each.name, now.astimezone(each.zone)) for each in self._players]
        is_one_day = len({at.date() for _name, at in local}) == 1
        said = [
            script.tr(N_("{moment} for {name}")).format(
                moment=f"{at:%H:%M}" if is_one_day and index else script.when(at), name=name
            )
            for index, (name, at) in enumerate(local)
        ]
        script.moment(", ".join(said) + (f" – {script.tr(why)}" if why else ""))
