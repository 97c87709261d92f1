"""What a person does, as opposed to what Slack tells by itself: only the first ends a silence."""

from typing import Any

import pytest

from bot.core.directory import Identity
from bot.core.slack.requests import Context, Kind


@pytest.mark.parametrize(
    ("kind", "event", "is_act"),
    [
        (Kind.COMMAND, None, True),
        (Kind.ACTION, None, True),
        (Kind.SUBMISSION, None, True),
        (Kind.CLOSING, None, True),
        (Kind.SHORTCUT, None, True),
        (Kind.EVENT, "message", True),
        (Kind.EVENT, "app_home_opened", False),
        (Kind.EVENT, "user_change", False),
    ],
)
def test_what_counts_as_acting(kind: Kind, event: str | None, is_act: bool) -> None:
    payload: dict[str, Any] = {"event": {"type": event}} if event else {}
    services: Any = None
    assert Context(kind, Identity("T1", "U1"), payload, services).is_act is is_act
