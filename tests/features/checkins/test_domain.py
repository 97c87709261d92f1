from datetime import UTC, datetime, timedelta

from bot.core.localtime import Rhythm
from bot.features.checkins.domain import Schedule, next_checkin, week_meant, weeks_open
from bot.features.people.domain import Wishes

ZONE = "Europe/London"
FRIDAY = datetime(2026, 11, 27, 15, tzinfo=UTC)  # in week 48
NEXT = FRIDAY + timedelta(weeks=1)


def schedule(last_week: str | None = "2026-W48", skipped: str | None = None) -> Schedule:
    return Schedule("e", NEXT, last_week, skipped)


def meant(on: datetime, *, is_done: bool = False, of: Schedule | None = None) -> str:
    return week_meant(of or schedule(), is_done, ZONE, on)


def test_it_comes_on_the_clients_day_and_hour_whatever_the_clocks_do() -> None:
    london = Rhythm(ZONE, frozenset({5}))
    assert next_checkin(FRIDAY, Wishes(), london) == NEXT
    before_spring = datetime(2027, 3, 26, 15, tzinfo=UTC)
    assert next_checkin(before_spring, Wishes(), london) == datetime(2027, 4, 2, 14, tzinfo=UTC)


def test_before_anything_was_asked_this_week_is_meant() -> None:
    assert meant(FRIDAY - timedelta(days=3), of=schedule(None)) == "2026-W48"


def test_what_was_asked_and_not_answered_is_meant_for_some_days() -> None:
    assert meant(FRIDAY + timedelta(days=1)) == "2026-W48"
    assert meant(FRIDAY + timedelta(days=3)) == "2026-W48"
    assert meant(FRIDAY + timedelta(days=5)) == "2026-W49"


def test_once_skipped_a_new_week_means_the_new_one() -> None:
    assert meant(FRIDAY + timedelta(days=3), of=schedule(skipped="2026-W48")) == "2026-W49"


def test_what_is_done_is_changed_until_a_day_before_the_next_one() -> None:
    assert meant(NEXT - timedelta(hours=25), is_done=True) == "2026-W48"
    assert meant(NEXT - timedelta(hours=24), is_done=True) == "2026-W49"
    assert meant(FRIDAY, is_done=True, of=schedule(skipped="2026-W48")) == "2026-W48"


def test_the_last_week_stays_open_until_the_next_one() -> None:
    assert weeks_open(schedule(), ZONE, FRIDAY + timedelta(days=4)) == {"2026-W48", "2026-W49"}
    assert weeks_open(schedule("2026-W49"), ZONE, FRIDAY + timedelta(days=4)) == {"2026-W49"}
