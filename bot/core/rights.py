"""What a feature keeps of people's words, for them to take back."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.core.database import Transaction


class CountOwn(Protocol):
    def __call__(self, db: Transaction, person_id: str, engagement_id: str) -> int: ...


class EraseOwn(Protocol):
    def __call__(self, db: Transaction, person_id: str, engagement_id: str, now: datetime) -> None: ...


@dataclass(frozen=True, slots=True)
class Erasable:
    """One kind of thing that a person writes in an engagement, and can take back.

    `kind` is its name in receipts; `say` tells in the reader's language how many there are, such as “2 commitments”.
    `erase` leaves nothing of the words, and nothing of them in what the other one is shown.
    """

    kind: str
    say: Callable[[int], str]
    count: CountOwn
    erase: EraseOwn
