"""Slack refuses what growbot asks of it, and will until somebody mends the installation."""

import pytest

from bot.demo import Demo
from tests.scenarios.story import client


@pytest.mark.parametrize("refusal", ["missing_scope", "token_revoked", "invalid_auth"])
async def test_a_new_person_is_told_whom_to_ask_instead_of_to_try_again(
    sqlite_demo: Demo, refusal: str
) -> None:
    sqlite_demo.sandbox.faults.add("users.info", refusal)
    await client(sqlite_demo).command("/grow commitments")
    said = await client(sqlite_demo).wait_ephemeral(containing="doesn't let growbot look people up")
    assert "tell whoever runs growbot" in said.text
    assert "try again in a minute" not in said.text
