"""How many calls Slack takes, by the sandbox's clock (docs: apis/web-api/rate-limits). Switched off unless asked for."""

import math
from collections import deque
from datetime import timedelta

from bot.sandbox.clock import SandboxClock

MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)
PER_MINUTE = {
    "users.list": 20,
    "chat.update": 50,
    "chat.delete": 50,
    "conversations.history": 50,
    "conversations.info": 50,
    "conversations.open": 50,
    "dnd.info": 50,
    "chat.postEphemeral": 100,
    "users.info": 100,
    "views.open": 100,
    "views.push": 100,
    "views.update": 100,
    "views.publish": 100,
}
"""The tiers 2, 3 and 4."""


class Limits:
    """Counts the calls of one workspace. A call that is refused does not count."""

    def __init__(self, clock: SandboxClock) -> None:
        self._clock = clock
        self.are_on = False
        self._taken: dict[tuple[str, str], deque[float]] = {}

    def wait(self, method: str, channel: str) -> int:
        """Take a call, and answer 0; or the whole seconds after which to try again.

        Messages are taken one a second and channel, where Slack lets short bursts pass.
        """
        is_post = method == "chat.postMessage"
        if not self.are_on or not (is_post or method in PER_MINUTE):
            return 0
        most, span = (1, SECOND) if is_post else (PER_MINUTE[method], MINUTE)
        now = self._clock.now().timestamp()
        taken = self._taken.setdefault((method, channel if is_post else ""), deque())
        while taken and taken[0] <= now - span.total_seconds():
            taken.popleft()
        if len(taken) >= most:
            return math.ceil(taken[0] + span.total_seconds() - now)
        taken.append(now)
        return 0
