from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.core.database import Transaction
from bot.core.errors import NotFound
from bot.core.localtime import in_zone
from bot.features.engagements import service as engagements
from bot.features.engagements.domain import HasEnded
from bot.features.engagements.service import Membership
from bot.features.sessions import planning, service, store
from bot.features.sessions.domain import (
    HeldAlready,
    NotPlanned,
    NotStarted,
    Overlaps,
    Reach,
    Recurrence,
    Session,
    SessionState,
    Slot,
)
from tests.builders import a_person, an_engagement
from tests.features.sessions.door import upcoming

TUESDAY = Slot(date(2026, 12, 1), time(10), 60)


@pytest.fixture
def coach(db: Transaction, now: datetime) -> Membership:
    """The coach's membership; both are in London."""
    return an_engagement(db, now)[0]


def plan(
    db: Transaction, found: Membership, now: datetime, slot: Slot = TUESDAY, how: Recurrence = Recurrence.ONCE
) -> Session:
    return planning.plan(db, found.actor, found.engagement_id, slot, how, now)


def test_a_session_is_next_until_it_starts(db: Transaction, coach: Membership, now: datetime) -> None:
    session = plan(db, coach, now)
    assert upcoming(db, coach.engagement_id, now) == [session]
    assert upcoming(db, coach.engagement_id, session.starts_at) == []


def test_only_the_pair_finds_a_session(db: Transaction, coach: Membership, now: datetime) -> None:
    session, stranger = plan(db, coach, now), a_person(db, now, "Mallory")
    assert service.get(db, coach.other, session.id) == session
    for attempt in (
        lambda: service.get(db, stranger, session.id),
        lambda: planning.move(db, stranger, session.id, TUESDAY, Reach.ONE, now),
        lambda: planning.cancel(db, stranger, session.id, Reach.ONE, now),
        lambda: planning.plan(db, stranger, coach.engagement_id, TUESDAY, Recurrence.ONCE, now),
        lambda: service.get(db, coach.actor, "garbage"),
    ):
        with pytest.raises(NotFound):
            attempt()


@pytest.mark.parametrize(
    ("at", "is_taken"), [(time(9), False), (time(9, 30), True), (time(10, 59), True), (time(11), False)]
)
def test_two_sessions_of_a_pair_do_not_overlap(
    db: Transaction, coach: Membership, now: datetime, at: time, is_taken: bool
) -> None:
    plan(db, coach, now)
    if not is_taken:
        plan(db, coach, now, replace(TUESDAY, at=at))
        return
    with pytest.raises(Overlaps) as refused:
        plan(db, coach, now, replace(TUESDAY, at=at))
    assert "10:00" in refused.value.fields["at"]


def test_a_series_has_four_sessions_ahead_and_grows_as_they_start(
    db: Transaction, coach: Membership, now: datetime
) -> None:
    first = plan(db, coach, now, how=Recurrence.FORTNIGHTLY)
    ahead = upcoming(db, coach.engagement_id, now)
    assert [each.starts_at - first.starts_at for each in ahead] == [timedelta(weeks=2 * n) for n in range(4)]
    assert store.next_extension_at(db) == first.starts_at
    assert planning.extend_series(db, first.starts_at) == 1
    assert len(upcoming(db, coach.engagement_id, first.starts_at)) == 4
    assert planning.extend_series(db, first.starts_at) == 0


def test_a_series_is_not_filled_with_the_past_after_a_long_silence(
    db: Transaction, coach: Membership, now: datetime
) -> None:
    first = plan(db, coach, now, how=Recurrence.WEEKLY)
    much_later = first.starts_at + timedelta(weeks=9)
    planning.extend_series(db, much_later)
    ahead = upcoming(db, coach.engagement_id, much_later)
    assert [each.starts_at - much_later for each in ahead] == [timedelta(weeks=n) for n in range(1, 5)]
    assert len(store.past(db, coach.engagement_id, first.starts_at - timedelta(1), much_later)) == 4


def test_a_series_leaves_out_a_time_that_is_taken(db: Transaction, coach: Membership, now: datetime) -> None:
    first = plan(db, coach, now, how=Recurrence.WEEKLY)
    plan(db, coach, now, replace(TUESDAY, on=date(2026, 12, 29)))
    planning.extend_series(db, first.starts_at)
    on_that_day = [each for each in upcoming(db, coach.engagement_id, now) if each.starts_at.day == 29]
    assert len(on_that_day) == 1


def test_a_series_stays_at_ten_when_clocks_change(db: Transaction, coach: Membership, now: datetime) -> None:
    march = Slot(date(2027, 3, 16), time(10), 60)
    plan(db, coach, now, march, Recurrence.WEEKLY)
    ahead = upcoming(db, coach.engagement_id, now)
    assert {in_zone(each.starts_at, "Europe/London").time() for each in ahead} == {time(10)}
    assert {each.starts_at.hour for each in ahead} == {9, 10}


def test_one_session_of_a_series_moves_alone(db: Transaction, coach: Membership, now: datetime) -> None:
    plan(db, coach, now, how=Recurrence.WEEKLY)
    second = upcoming(db, coach.engagement_id, now)[1]
    planning.move(db, coach.actor, second.id, Slot(date(2026, 12, 10), time(15), 30), Reach.ONE, now)
    days = [each.starts_at.day for each in upcoming(db, coach.engagement_id, now)]
    assert days == [1, 10, 15, 22]


def test_all_later_ones_move_with_it_and_the_series_goes_on_there(
    db: Transaction, coach: Membership, now: datetime
) -> None:
    first = plan(db, coach, now, how=Recurrence.WEEKLY)
    second = upcoming(db, coach.engagement_id, now)[1]
    planning.move(db, coach.actor, second.id, Slot(date(2026, 12, 10), time(15), 30), Reach.LATER, now)
    planning.extend_series(db, first.starts_at + timedelta(weeks=2))
    ahead = upcoming(db, coach.engagement_id, now)
    assert [each.starts_at.day for each in ahead][:4] == [1, 10, 17, 24]
    assert {(each.starts_at.hour, each.minutes) for each in ahead[1:]} == {(15, 30)}
    assert len(ahead) > 4


def test_cancelling_all_later_ones_stops_the_series(
    db: Transaction, coach: Membership, now: datetime
) -> None:
    plan(db, coach, now, how=Recurrence.WEEKLY)
    second = upcoming(db, coach.engagement_id, now)[1]
    planning.cancel(db, coach.actor, second.id, Reach.LATER, now)
    assert [each.starts_at.day for each in upcoming(db, coach.engagement_id, now)] == [1]
    assert store.next_extension_at(db) is None


def test_a_cancelled_session_cannot_be_changed(db: Transaction, coach: Membership, now: datetime) -> None:
    session = plan(db, coach, now)
    planning.cancel(db, coach.actor, session.id, Reach.ONE, now)
    with pytest.raises(NotPlanned):
        planning.move(db, coach.other, session.id, replace(TUESDAY, at=time(12)), Reach.ONE, now)
    with pytest.raises(NotPlanned):
        planning.cancel(db, coach.other, session.id, Reach.ONE, now)


def test_the_end_of_an_engagement_cancels_what_was_ahead(
    db: Transaction, coach: Membership, now: datetime
) -> None:
    session = plan(db, coach, now, how=Recurrence.WEEKLY)
    engagements.end(db, coach.other, coach.engagement_id, None, now)
    assert upcoming(db, coach.engagement_id, now) == []
    assert store.next_extension_at(db) is None
    with pytest.raises(HasEnded):
        planning.move(db, coach.actor, session.id, TUESDAY, Reach.ONE, now)


def test_what_one_side_wrapped_up_the_other_cannot_deny(
    db: Transaction, coach: Membership, now: datetime
) -> None:
    session = plan(db, coach, now)
    with pytest.raises(NotStarted):
        service.wrap_up(db, coach.actor, session.id, now)
    after = session.ends_at
    assert service.wrap_up(db, coach.actor, session.id, after).state is SessionState.HELD
    with pytest.raises(HeldAlready):
        service.not_held(db, coach.other, session.id, after)
    assert service.agenda(db, coach.actor, after).unwrapped == []
    assert [each.session.id for each in service.agenda(db, coach.other, after).unwrapped] == [session.id]


def test_after_two_weeks_a_wrap_up_is_no_longer_offered(
    db: Transaction, coach: Membership, now: datetime
) -> None:
    session = plan(db, coach, now)
    assert service.agenda(db, coach.actor, session.starts_at + timedelta(days=13)).unwrapped
    assert not service.agenda(db, coach.actor, session.starts_at + timedelta(days=15)).unwrapped


def test_what_is_going_on_comes_before_what_is_next(
    db: Transaction, coach: Membership, now: datetime
) -> None:
    running = plan(db, coach, now, how=Recurrence.WEEKLY)
    during = running.starts_at + timedelta(minutes=20)
    shown = service.current_of_each(db, [coach], during)
    assert [each.session.starts_at.day for each in shown] == [1, 8]
    assert datetime(2026, 12, 1, 10, tzinfo=UTC) == running.starts_at
