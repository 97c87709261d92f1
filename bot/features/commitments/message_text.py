"""The text of a Slack message as a person reads it. Pure. (docs: formatting text, "Retrieving messages")"""

import html
import re

_MARKED = re.compile(r"<(?P<kind>[@#!]?)(?P<target>[^|>]*)(?:\|(?P<label>[^>]*))?>")


def plain(text: str) -> str:
    """On one line, without Slack's own markup for links and mentions."""
    return " ".join(html.unescape(_MARKED.sub(_readable, text)).split())


def _readable(match: re.Match[str]) -> str:
    kind, target, label = match["kind"], match["target"], match["label"]
    if kind in ("@", "#"):
        return f"{kind}{(label or target).lstrip('@#')}"
    if kind == "!":
        return label or f"@{target.partition('^')[0]}"
    return label or target.removeprefix("mailto:")
