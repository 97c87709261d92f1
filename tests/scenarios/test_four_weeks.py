"""The whole cycle, as the tour plays it: both transports, both databases."""

import pytest

from bot import tour


@pytest.mark.parametrize("http", [False, True], ids=["socket-mode", "http"])
async def test_four_weeks_of_coaching_go_through_without_a_word_in_a_message(
    database_url: str, http: bool
) -> None:
    lines: list[str] = []
    code = await tour.play(lines.append, database_url=database_url, http=http)
    assert code == 0, "\n".join(lines[-12:])
    assert any("Four weeks" in line for line in lines)
