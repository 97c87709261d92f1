"""`/grow <word> …`: which word is meant, and what to say when none is."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass

from bot.core.i18n import gettext as _
from bot.core.slack.requests import Handler

MEANT = {
    "?": ("help",),
    "stop": ("pause", "end"),
    "quit": ("pause", "end"),
    "unsubscribe": ("pause", "end"),
    "objective": ("goal",),
    "strength": ("strengths",),
    "list": ("commitments",),
    "tasks": ("commitments",),
    "todo": ("commitments",),
    "add": ("commit",),
    "invite": ("start",),
    "meeting": ("session",),
    "schedule": ("session", "settings"),
}
"""What people type for a command whose name is spelt quite differently; those that no feature declares are left out."""


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
    word, *rest = text.split(maxsplit=1) or [""]  # at a line break too
    return word.lower(), "".join(rest).rstrip()


def help_lines(commands: Mapping[str, Command]) -> str:
    """Every command on one line of mrkdwn, in the order in which the features are declared."""
    lines = []
    for command in commands.values():
        if command.word:
            hint = f" {_(command.hint)}" if command.hint else ""
            lines.append(f"`/grow {command.word}{hint}` – {_(command.help)}")
    return "\n".join(lines)


def did_you_mean(word: str, commands: Mapping[str, Command]) -> str:
    """The sentence for an unknown word, with what is nearest to it in meaning or spelling, and the help."""
    near = [name for name in MEANT.get(word, ()) if name in commands]
    near = near or difflib.get_close_matches(word, [name for name in commands if name], n=1, cutoff=0.5)
    if near:
        meant = _(" or ").join(f"`/grow {name}`" for name in near)
        first = _("I don't know that word. Did you mean {meant}?").format(meant=meant)
    else:
        first = _("I don't know that word. This is what I understand:")
    return first + "\n\n" + help_lines(commands)
