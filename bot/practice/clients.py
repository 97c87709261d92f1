"""Who the clients are, and where each stands. Made up, and the same each time."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import cycle, islice

from bot.sandbox.people import Person


class Stage(StrEnum):
    STEADY = "steady"
    PRIVATE = "private"  # shares nothing
    BRIMMING = "brimming"  # has more open than any list shows at once
    QUIET = "quiet"  # has left the last messages alone
    PAUSED = "paused"
    FRESH = "fresh"  # signed today, with nothing planned yet
    INVITED = "invited"  # has not answered Dana's invitation
    ASKING = "asking"  # has proposed an agreement to Dana
    DECLINED = "declined"
    ENDED = "ended"


STAGES = (
    *(Stage.STEADY, Stage.PRIVATE, Stage.BRIMMING, Stage.QUIET, Stage.PAUSED),
    *(Stage.STEADY, Stage.STEADY, Stage.INVITED, Stage.ASKING, Stage.ENDED),
    *(Stage.STEADY, Stage.FRESH, Stage.STEADY, Stage.STEADY, Stage.QUIET),
    *(Stage.STEADY, Stage.STEADY, Stage.PRIVATE, Stage.DECLINED, Stage.STEADY),
)
"""Of the first, the second …; from the beginning again after the last."""
FIRST = (
    *("Ada", "Bruno", "Chiara", "Dmitri", "Elif", "Femi", "Grace", "Håkon", "Ines", "Jun"),
    *("Kwame", "Lina", "María José", "Noor", "Olu", "Petra", "Quentin", "Rosa", "Sven", "Tariq"),
)
LAST = (
    *("Achebe", "Baumann", "Conti", "Dąbrowski", "Erdoğan", "Fernández de Córdoba", "Goldberg"),
    *("Holm", "Iyer", "Jankowska", "Kowalczyk", "Lefèvre", "Mbeki-Thornton", "Nakamura", "O’Brien"),
    *("Papadopoulos", "Quist", "Rossi", "Schneider-Weißenburger"),
)
HOMES = (
    ("Europe/London", "en-GB"),
    ("America/New_York", "en-US"),
    ("Europe/Berlin", "de-DE"),
    ("America/Los_Angeles", "en-US"),
    ("Asia/Kolkata", "en-IN"),
    ("Australia/Sydney", "en-AU"),
    ("America/Sao_Paulo", "pt-BR"),
    ("Asia/Tokyo", "ja-JP"),
    ("Africa/Lagos", "en-GB"),
)
TITLES = ("Head of Design", "Plant manager", "Finance director", "Team lead", "Chief of staff")


@dataclass(frozen=True, slots=True)
class Client:
    number: int
    account: Person
    stage: Stage


def clients(count: int) -> list[Client]:
    """The first so many."""
    return list(islice(_all(), count))


def _all() -> Iterator[Client]:
    places = zip(cycle(FIRST), cycle(LAST), cycle(HOMES), cycle(TITLES), cycle(STAGES), strict=False)
    for number, (first, last, (zone, locale), title, stage) in enumerate(places):
        name = first.lower().replace(" ", "") + (str(number) if number >= len(FIRST) else "")
        account = Person(f"U0C{number:03}", name, f"{first} {last}", title, zone, locale)
        yield Client(number, account, stage)
