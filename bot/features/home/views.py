"""App Home, the hub and the help: what waits, what is next, and every action as a button."""

from collections.abc import Mapping, Sequence

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.core.i18n import gettext as _
from bot.core.slack import blocks as b
from bot.core.slack.commands import Command, help_lines

HUB = "home.hub"
MOST_BLOCKS = 95
"""Slack allows 100 in a view; the rest is ours."""


def home(sections: Sequence[Sequence[Block]]) -> View:
    return b.home_view([*_joined(sections), *_footer()])


def hub(sections: Sequence[Sequence[Block]]) -> View:
    """The same as App Home, over whatever the person is looking at."""
    return b.modal(HUB, "growbot", [*_joined(sections), *_footer()])


def _joined(sections: Sequence[Sequence[Block]]) -> list[Block]:
    blocks: list[Block] = []
    for section in sections:
        if section:
            blocks += [b.divider(), *section] if blocks else section
    return blocks[:MOST_BLOCKS]


def _footer() -> list[Block]:
    words = _("Your words are shown only here and in forms, only to you, or where you shared them.")
    help_, privacy = (
        b.button(_("Help"), "home.help"),
        b.button(_("Who can read what"), "engagements.privacy"),
    )
    return [b.divider(), b.context(words), b.actions(help_, privacy)]


def help_modal(commands: Mapping[str, Command]) -> View:
    return b.modal(
        "home.help",
        _("What growbot does"),
        [
            b.section(help_lines(commands)),
            b.context(
                _(
                    "`/grow` alone shows what you can do now. Everything is also a button on growbot's Home tab."
                )
            ),
        ],
    )


def not_read_here() -> str:
    return _(
        "I don't read what is written here, but Slack keeps it; you can delete your message. `/grow` opens a form for what is "
        "to stay between you and your coach or client, and `/grow help` says what I can do."
    )
