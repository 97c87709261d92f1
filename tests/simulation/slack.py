"""A Slack that we own, and that fails in every way that it may: it keeps what people see, and tells the bot less than that."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from slack_sdk.models.blocks import ContextBlock

from bot.core.directory import Identity
from bot.core.outbox.domain import (
    Absent,
    Accepted,
    Found,
    Limited,
    Lookup,
    Outcome,
    Refused,
    Uncertain,
    Unreached,
    Unreadable,
)
from bot.core.outbox.templates import Message
from tests.fakes import MovableClock
from tests.simulation.evidence import Evidence, Part, Visible

LONGEST_LAG = timedelta(seconds=100)
"""The bot looks twice, over two minutes; no history lags longer."""


@dataclass
class Faults:
    """How often each thing goes wrong, of 1. `refuses_team`: workspaces whose token was revoked, until when."""

    limited: float = 0.0
    unreached: float = 0.0
    arrives_unsaid: float = 0.0
    lost: float = 0.0
    refused: float = 0.0
    unreadable: float = 0.0
    late: float = 0.0
    update: float = 0.0
    refuses_team: dict[str, datetime] = field(default_factory=dict)

    @classmethod
    def some(cls, scale: float = 1.0) -> "Faults":
        return cls(
            limited=0.01 * scale,
            unreached=0.01 * scale,
            arrives_unsaid=0.01 * scale,
            lost=0.01 * scale,
            refused=0.0005 * scale,
            unreadable=0.1 * scale,
            late=0.2 * scale,
            update=0.02 * scale,
        )


@dataclass
class Ledger:
    """Numbers all that happens, whatever the clocks say."""

    evidence: Evidence = field(default_factory=Evidence)
    number: int = 0
    parts: dict[str, Part] = field(default_factory=dict)
    """By the tag that the message carries."""

    def next(self) -> int:
        self.number += 1
        return self.number

    def tag(self, part: Part) -> str:
        tag = f"part:{self.next()}"
        self.parts[tag] = part
        return tag


class UnreliableSlack:
    """A Sender. `skew`: how far the bot's clock is ahead of Slack's."""

    def __init__(self, clock: MovableClock, ledger: Ledger, random: Random) -> None:
        self.clock, self.ledger, self._random = clock, ledger, random
        self.faults = Faults()
        self.skew = timedelta(0)
        self.blind_teams: set[str] = set()
        """Where the app may not read the DMs' history."""
        self.next_outcomes: list[str] = []
        """What to do instead of what chance says: names of Faults."""
        self.done: dict[str, int] = {}
        self.fresh: list[Visible] = []
        self._by_marker: dict[str, list[tuple[Visible, datetime, datetime]]] = {}
        self._by_ts: dict[str, Visible] = {}
        self._proven: set[str] = set()
        self._told: list[Visible] = []

    # --- what the bot calls ------------------------------------------------------------------------------

    async def post(self, to: Identity, message: Message, marker: str) -> Outcome:
        fault = self._refusal(to) or self._chance("limited", "unreached", "refused", "lost", "arrives_unsaid")
        self._count(f"post {fault or 'accepted'}")
        match fault:
            case "revoked":
                return Refused("token_revoked", by_workspace=True)
            case "refused":
                return Refused("channel_not_found")
            case "limited":
                return Limited(float(self._random.randint(1, 90)))
            case "unreached":
                return Unreached("ClientConnectorError")
            case "lost":
                return Uncertain(self._random.choice(["TimeoutError", "ServerDisconnectedError"]))
        kept = self._keep(to, message, marker)
        if fault == "arrives_unsaid":
            self._leave_untold(kept)
            return Uncertain(self._random.choice(["TimeoutError", "internal_error", "503"]))
        self._told.append(kept)
        return Accepted(kept.channel, kept.ts)

    async def update(self, to: Identity, channel: str, ts: str, message: Message) -> Outcome:
        self._expect_own(to, channel, ts)
        fault = self._refusal(to) or self._chance("update")
        self._count(f"update {fault or 'accepted'}")
        if fault:
            return self._random.choice(
                [Limited(30.0), Unreached("ClientConnectorError"), Uncertain("TimeoutError")]
            )
        return Accepted(channel, ts)

    async def delete(self, to: Identity, channel: str, ts: str) -> Outcome:
        """Nobody in the simulation erases anything; retention does."""
        self._expect_own(to, channel, ts)
        fault = self._refusal(to) or self._chance("update")
        self._count(f"delete {fault or 'accepted'}")
        if fault:
            return self._random.choice(
                [Limited(30.0), Unreached("ClientConnectorError"), Uncertain("TimeoutError")]
            )
        return Accepted(channel, ts)

    async def look_up(
        self, to: Identity, channel: str, marker: str, since: datetime, until: datetime
    ) -> Lookup:
        self._expect_own(to, channel, None)
        if to.team_id in self.blind_teams:
            self._count("look-up without the scope")
            return Unreadable("missing_scope", never=True)
        if fault := self._refusal(to) or self._chance("unreadable"):
            self._count(f"look-up {fault}")
            return self._random.choice(
                [Unreadable("internal_error"), Unreadable("ratelimited", seconds=60.0)]
            )
        now = self.clock.at - self.skew
        for kept, at, shows_at in self._by_marker.get(marker, ()):
            if since <= at <= until and shows_at <= now:
                self._count("look-up found")
                kept.is_known = True
                return Found(kept.channel, kept.ts)
        self._count("look-up absent")
        return Absent()

    # --- what the world tells ------------------------------------------------------------------------------

    def pass_is_over(self, *, crashed: bool) -> Sequence[Visible]:
        """What has become visible since the last pass. After a crash, nothing of what was said to the bot is remembered."""
        for each in self._told:
            if crashed:
                self._leave_untold(each)
            else:
                self._proven.add(each.user_id)
        fresh, self.fresh, self._told = self.fresh, [], []
        return fresh

    # --- within ----------------------------------------------------------------------------------------------

    def _keep(self, to: Identity, message: Message, marker: str) -> Visible:
        number, at = self.ledger.next(), self.clock.at
        kept = Visible(
            number=number,
            at=at,
            team_id=to.team_id,
            user_id=to.user_id,
            channel=f"D{to.user_id}",
            ts=f"{number:010d}.000000",
            marker=marker,
            text=message.text,
            parts=[self.ledger.parts[tag] for tag in _tags(message)],
        )
        lag = (
            LONGEST_LAG * self._random.random() if self._random.random() < self.faults.late else timedelta(0)
        )
        true = at - self.skew
        self._by_marker.setdefault(marker, []).append((kept, true, true + lag))
        self._by_ts[kept.ts] = kept
        self.ledger.evidence.visible.append(kept)
        self.fresh.append(kept)
        return kept

    def _leave_untold(self, kept: Visible) -> None:
        """Whether it arrived can be found out only where the DM is known and may be read."""
        kept.is_told = False
        kept.is_known = kept.user_id in self._proven and kept.team_id not in self.blind_teams

    def _refusal(self, to: Identity) -> str | None:
        until = self.faults.refuses_team.get(to.team_id)
        return "revoked" if until is not None and until > self.clock.at else None

    def _chance(self, *names: str) -> str | None:
        if self.next_outcomes and self.next_outcomes[0] in names:
            return self.next_outcomes.pop(0)
        point = self._random.random()
        for name in names:
            point -= getattr(self.faults, name)
            if point < 0:
                return name
        return None

    def _expect_own(self, to: Identity, channel: str, ts: str | None) -> None:
        kept = self._by_ts.get(ts) if ts else None
        if channel != f"D{to.user_id}" or (ts and (kept is None or kept.user_id != to.user_id)):
            self.ledger.evidence.strays.append(f"{channel} {ts} was named as {to.user_id}'s")

    def _count(self, what: str) -> None:
        self.done[what] = self.done.get(what, 0) + 1


def _tags(message: Message) -> list[str]:
    texts = [
        str(block.to_dict()["elements"][0]["text"])
        for block in message.footer
        if isinstance(block, ContextBlock)
    ]
    return [text for text in texts if text.startswith("part:")]
