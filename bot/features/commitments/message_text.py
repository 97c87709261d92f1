"""What Slack makes of a text, turned back into what people see. Pure. (docs: formatting text, "Retrieving messages")"""

import html
import re

_MARKED = re.compile(r"<(?:(?P<kind>[@#!])|(?=https?:|mailto:))(?P<target>[^|<>]+)(?:\|(?P<label>[^<>]*))?>")


def of_message(text: str) -> str:
    """On one line. In a message, Slack escapes what might be taken for its own markup."""
    return html.unescape(of_command(text))


def of_command(text: str) -> str:
    """On one line, without Slack's markup for links and mentions; other angle brackets were typed."""
    return " ".join(_MARKED.sub(_readable, text).split())


def _readable(match: re.Match[str]) -> str:
    kind, target, label = match["kind"], match["target"], match["label"]
    if kind in ("@", "#"):
        return f"{kind}{(label or target).lstrip('@#')}"
    if kind == "!":
        return label or f"@{target.partition('^')[0]}"
    return label or target.removeprefix("mailto:")
