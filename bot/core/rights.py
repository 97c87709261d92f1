"""What a feature keeps of people, for them to take along (an export) and to take back (erasing)."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Protocol, TypeAlias, TypeVar

from bot.core.database import Transaction
from bot.core.directory import Person


class CountOwn(Protocol):
    def __call__(self, db: Transaction, person_id: str, engagement_id: str) -> int: ...


class EraseOwn(Protocol):
    def __call__(self, db: Transaction, person_id: str, engagement_id: str, now: datetime) -> None: ...


@dataclass(frozen=True, slots=True)
class Alone:
    """What belongs to a person and to no engagement: how many there are, and erasing them."""

    count: Callable[[Transaction, str], int]
    erase: Callable[[Transaction, str], None]


@dataclass(frozen=True, slots=True)
class Erasable:
    """One kind of thing that a person writes in an engagement, and can take back.

    `kind` is its name in receipts; `say` tells in the reader's language how many there are, such as “2 commitments”.
    `erase` leaves nothing of the words, and nothing of them in what the other one is shown. What is kept `alone` goes
    once a person erases everything of theirs.
    """

    kind: str
    say: Callable[[int], str]
    count: CountOwn
    erase: EraseOwn
    alone: Alone | None = None


@dataclass(frozen=True, slots=True)
class TakenAway:
    """A fact: words that these people could read are erased, or shared with them no more."""

    person_ids: Collection[str]


R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)


class OwnRows(Protocol[R_co]):
    """The rows that hold what a person wrote in an engagement, locked."""

    def __call__(self, db: Transaction, person_id: str, engagement_id: str) -> Sequence[R_co]: ...


def erasable_rows(
    kind: str,
    say: Callable[[int], str],
    own: OwnRows[R],
    erase: Callable[[Transaction, R], None],
    alone: Alone | None = None,
) -> Erasable:
    """An Erasable whose things are rows, each erased for itself."""

    def count(db: Transaction, person_id: str, engagement_id: str) -> int:
        return len(own(db, person_id, engagement_id))

    def erase_all(db: Transaction, person_id: str, engagement_id: str, now: datetime) -> None:
        for row in own(db, person_id, engagement_id):
            erase(db, row)
        db.flush()

    return Erasable(kind, say, count, erase_all, alone)


def erasable_alone(kind: str, say: Callable[[int], str], alone: Alone) -> Erasable:
    """An Erasable of what never belongs to an engagement."""
    return Erasable(kind, say, lambda _db, _person, _engagement: 0, lambda *_: None, alone)


def delete_row(db: Transaction, row: object) -> None:
    """For `erasable_rows`, where nothing else hangs on a row."""
    db.delete(row)


# --- taking along -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Chosen:
    """One of a list that is ours: `code` is for programs and never changes, `text` for whoever reads."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of ours, and the words that it was answered with."""

    question: str
    words: str


Value: TypeAlias = str | int | bool | date | datetime | time | Chosen | Sequence[Asked | Chosen] | None
Record: TypeAlias = Mapping[str, Value]

YOU, OTHER = "you", "other"
"""Codes of a record's field `by`: whose it is."""


@dataclass(frozen=True, slots=True)
class Chapter:
    """All of one kind that a person may take along: what they wrote, and what the other shares with them now.

    `labels`: how the fields are called, in the reader's language and in order; what has none is for programs only.
    A record with the field `engagement` belongs to that one, one without to the person alone.
    `read_as`: the kind under which it goes on record that the other's were opened, except those whose id is in `of_both`.
    """

    name: str
    title: str
    labels: Mapping[str, str]
    records: Sequence[Record]
    read_as: str | None = None
    of_both: Collection[str] = ()


MakeChapter: TypeAlias = Callable[[Transaction, Person, datetime], Chapter]
