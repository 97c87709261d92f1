"""Who plans by a person's rhythm or wishes is told when these change, in the same transaction."""

from dataclasses import replace
from datetime import datetime, time

import pytest

from bot.core.database import Transaction
from bot.core.localtime import Rhythm
from bot.features.people import service
from bot.features.people.domain import PersonResumed, RhythmChanged, Wishes, WishesChanged
from tests.builders import a_person, a_profile

RHYTHM = Rhythm("Europe/London", frozenset({1, 2, 3, 4, 5}))


@pytest.fixture
def told(db: Transaction) -> list[object]:
    told: list[object] = []
    kinds = (RhythmChanged, WishesChanged, PersonResumed)
    db.reactions = {kind: [lambda _db, fact, _now: told.append(fact)] for kind in kinds}
    return told


def test_a_moved_zone_is_a_changed_rhythm(db: Transaction, told: list[object], now: datetime) -> None:
    profile = a_profile(zone="Europe/London")
    ben = service.learn(db, profile, now)
    service.learn(db, replace(profile, name="Benjamin"), now)
    assert told == []
    service.learn(db, replace(profile, zone="Asia/Tokyo"), now)
    assert told == [RhythmChanged(ben.id)]


def test_a_saved_schedule_is_a_changed_rhythm_and_changed_wishes(
    db: Transaction, told: list[object], now: datetime
) -> None:
    ben = a_person(db, now)
    service.set_schedule(db, ben, Wishes(checkin_at=time(10)), RHYTHM, now)
    assert told == [RhythmChanged(ben.id), WishesChanged(ben.id)]


def test_resuming_is_told(db: Transaction, told: list[object], now: datetime) -> None:
    ben = a_person(db, now)
    service.pause(db, ben, None, now)
    service.resume(db, ben, now)
    assert told == [PersonResumed(ben.id)]
