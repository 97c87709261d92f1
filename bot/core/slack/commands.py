"""`/grow <word> …`: which word is meant, and what to say when none is."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass

from bot.core.i18n import gettext as _
from bot.core.slack.requests import Handler


@dataclass(frozen=True, slots=True)
class Command:
    """`hint` and `help` are translated when shown: write them as `N_("…")`."""

    word: str
    handler: Handler
    help: str
    hint: str = ""


def N_(message: str) -> str:
    """Marks a sentence for the catalogues where it cannot be translated yet."""
    return message


def split(text: str) -> tuple[str, str]:
    """The command's word, in lower case, and the rest as typed."""
    word, _space, rest = text.strip().partition(" ")
    return word.lower(), rest.strip()


def help_lines(commands: Mapping[str, Command]) -> str:
    """Every command on one line of mrkdwn, in the order in which the features are declared."""
    lines = []
    for command in commands.values():
        if command.word:
            hint = f" {_(command.hint)}" if command.hint else ""
            lines.append(f"`/grow {command.word}{hint}` – {_(command.help)}")
    return "\n".join(lines)


def did_you_mean(word: str, commands: Mapping[str, Command]) -> str:
    """The sentence for an unknown word, with the nearest known one, and the help."""
    near = difflib.get_close_matches(word, [name for name in commands if name], n=1, cutoff=0.5)
    if near:
        first = _("I don't know that word. Did you mean `/grow {word}`?").format(word=near[0])
    else:
        first = _("I don't know that word. This is what I understand:")
    return first + "\n\n" + help_lines(commands)
