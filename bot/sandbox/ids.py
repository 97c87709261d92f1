"""Ids shaped like Slack's: a letter that tells the kind, then capitals and digits."""

import itertools
import secrets

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class Ids:
    """Hands out ids that differ within one sandbox and repeat in the next, so that transcripts compare."""

    def __init__(self) -> None:
        self._count = itertools.count(1)

    def new(self, prefix: str) -> str:
        """An id such as `V0000001A4`."""
        left, digits = next(self._count) * 7919, ""
        while left:
            left, digit = divmod(left, 36)
            digits = _ALPHABET[digit] + digits
        return prefix + digits.rjust(9, "0")

    def short(self) -> str:
        """A generated block_id or action_id, five characters as Slack makes them."""
        return self.new("")[-5:]

    def trigger(self) -> str:
        """A trigger_id such as `1234.5678.0a1b…`."""
        return f"{next(self._count)}.{next(self._count)}.{secrets.token_hex(16)}"
