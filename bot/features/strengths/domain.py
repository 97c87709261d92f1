"""What a person is good at and wants to use, in their own words. Pure."""

from dataclasses import dataclass, field

from bot.core.errors import InvalidFields
from bot.core.i18n import gettext as _

NAME_LIMIT = 200
"""Characters: a few words are enough; where it is a choice in a list, Slack shows the first 75."""
MOST = 20
"""What a person can draw on has to be in their head, not in a catalogue."""


@dataclass(frozen=True, slots=True)
class Strength:
    """`shared_with`: the engagements in which the coach may see it."""

    id: str
    owner_id: str
    name: str
    shared_with: frozenset[str]


@dataclass(frozen=True, slots=True)
class StrengthRetired:
    """Fact: its owner takes it off their list. Who still needs it says so in `kept_by`; otherwise it is erased."""

    strength_id: str
    kept_by: list[str] = field(default_factory=list)


class TooLong(InvalidFields):
    def __init__(self) -> None:
        sentence = _("A few words each, please: at most {limit} characters in a line.")
        super().__init__({"names": sentence.format(limit=NAME_LIMIT)})


class TooMany(InvalidFields):
    def __init__(self) -> None:
        sentence = _("That would be more than {most}. Which of them do you want to use most?")
        super().__init__({"names": sentence.format(most=MOST)})


def names_in(text: str | None) -> list[str]:
    """One in each line, without the dashes and bullets that lists are typed with, each once. Raises TooLong."""
    lines = [line.strip(" \t-–•*") for line in (text or "").splitlines()]
    names = list(dict.fromkeys(line for line in lines if line))
    if any(len(name) > NAME_LIMIT for name in names):
        raise TooLong
    return names
