"""Where somebody keeps something: in one of their engagements, or alone, without a coach."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias
from unicodedata import combining, normalize

from bot.core.database import Transaction
from bot.core.directory import Person
from bot.features.engagements.service import Membership, active_membership, memberships

ALONE = "alone"
"""In a button's value or a form, where an engagement's id would stand."""


@dataclass(frozen=True, slots=True)
class Alone:
    """What is the actor's and belongs to no engagement: nobody else is there to read it."""

    actor: Person

    @property
    def engagement_id(self) -> None:
        return None

    @property
    def role(self) -> None:
        return None

    @property
    def client(self) -> Person:
        """Who does here what a client does."""
        return self.actor


Place: TypeAlias = Membership | Alone


def place(db: Transaction, actor: Person, engagement_id: str | None) -> Place:
    """None: alone. Raises NotFound, HasEnded, NotActiveYet."""
    return active_membership(db, actor, engagement_id) if engagement_id else Alone(actor)


def places(db: Transaction, actor: Person, *, only_active: bool = True) -> list[Place]:
    """The actor's engagements, oldest first, and alone."""
    return [*memberships(db, actor, only_active=only_active), Alone(actor)]


def by_name(found: Iterable[Membership]) -> list[Membership]:
    """As one looks for somebody among many."""
    return sorted(found, key=lambda each: _letters(each.other.name))


def _letters(name: str) -> str:
    """Without accents and case: "Åsa" stands among the As."""
    plain = "".join(each for each in normalize("NFKD", name) if not combining(each))
    return plain.casefold()


def named(value: str) -> str | None:
    """The engagement that a button or a form names; None: alone."""
    return None if value == ALONE else value


def name_of(engagement_id: str | None) -> str:
    """As `named` reads it."""
    return engagement_id or ALONE
