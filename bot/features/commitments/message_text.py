"""What Slack makes of a text, turned back into what people see. Pure. (docs: formatting text, "Retrieving messages")"""

import html
import re
from collections.abc import Mapping
from types import MappingProxyType

from bot.core.i18n import gettext as _

NOBODY: Mapping[str, str] = MappingProxyType({})
_MARKED = re.compile(r"<(?:(?P<kind>[@#!])|(?=https?:|mailto:))(?P<target>[^|<>]+)(?:\|(?P<label>[^<>]*))?>")


def of_message(text: str, names: Mapping[str, str] = NOBODY) -> str:
    """On one line. In a message, Slack escapes what might be taken for its own markup; `names` are by user id."""
    return html.unescape(of_command(text, names))


def of_command(text: str, names: Mapping[str, str] = NOBODY) -> str:
    """On one line, without Slack's markup for links and mentions; other angle brackets were typed."""
    return " ".join(_MARKED.sub(lambda match: _readable(match, names), text).split())


def mentioned(text: str) -> list[str]:
    """The ids of the people whose names the text does not say, each once."""
    marked = (match for match in _MARKED.finditer(text) if match["kind"] == "@" and not match["label"])
    return list(dict.fromkeys(match["target"] for match in marked))


def _readable(match: re.Match[str], names: Mapping[str, str]) -> str:
    kind, target, label = match["kind"], match["target"], match["label"]
    if kind == "@":
        name = label or names.get(target) or _("someone")
        return f"@{name.lstrip('@')}"
    if kind == "#":
        return f"#{(label or target).lstrip('#')}"
    if kind == "!":
        return label or f"@{target.partition('^')[0]}"
    return label or target.removeprefix("mailto:")
