"""What one person may do only so often is counted once for all processes, and only when it happens."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from bot.core.database import Database, Transaction
from bot.core.directory import Person
from bot.core.errors import LimitReached
from bot.core.limits import Limit, LimitRow, check, forget_limits, spend
from bot.core.master_keys import MasterKeys
from bot.core.vault import Vault
from tests.builders import a_person

THRICE = Limit("test.do", 3, timedelta(days=1))


@pytest.fixture
def ben(db: Transaction, now: datetime) -> Person:
    return a_person(db, now, "Ben")


def use_up(db: Transaction, person: Person, now: datetime, limit: Limit = THRICE) -> None:
    for _time in range(limit.most):
        spend(db, person, limit, now)


def test_it_works_as_often_as_the_limit_says_and_then_says_when_it_works_again(
    db: Transaction, ben: Person, now: datetime
) -> None:
    use_up(db, ben, now)
    with pytest.raises(LimitReached) as refused:
        spend(db, ben, THRICE, now + timedelta(hours=1))
    assert refused.value.sentence.endswith("It works again tomorrow at 2:30 PM.")


def test_it_works_again_once_the_time_is_over(db: Transaction, ben: Person, now: datetime) -> None:
    use_up(db, ben, now)
    use_up(db, ben, now + THRICE.within)
    with pytest.raises(LimitReached):
        spend(db, ben, THRICE, now + THRICE.within)


def test_the_time_begins_with_the_first_and_not_with_the_last(
    db: Transaction, ben: Person, now: datetime
) -> None:
    spend(db, ben, THRICE, now)
    spend(db, ben, THRICE, now + timedelta(hours=20))
    use_up(db, ben, now + timedelta(hours=24))


def test_each_person_and_each_thing_is_counted_by_itself(db: Transaction, ben: Person, now: datetime) -> None:
    use_up(db, ben, now)
    use_up(db, a_person(db, now, "Dana"), now)
    use_up(db, ben, now, Limit("test.other", 3, timedelta(days=1)))


def test_looking_whether_something_is_left_counts_nothing(
    db: Transaction, ben: Person, now: datetime
) -> None:
    for _time in range(THRICE.most + 1):
        check(db, ben, THRICE, now)
    use_up(db, ben, now)
    with pytest.raises(LimitReached):
        check(db, ben, THRICE, now)


def test_what_did_not_happen_is_not_counted(database: Database, now: datetime) -> None:
    with database.transaction() as db:
        ben = a_person(db, now)

    def fail(db: Transaction) -> None:
        spend(db, ben, THRICE, now)
        raise ZeroDivisionError

    for _time in range(THRICE.most + 1):
        with pytest.raises(ZeroDivisionError), database.transaction() as db:
            fail(db)
    with database.transaction() as db:
        use_up(db, ben, now)


def test_what_says_nothing_any_more_is_forgotten(db: Transaction, ben: Person, now: datetime) -> None:
    spend(db, ben, THRICE, now)
    forget_limits(db, now + THRICE.within - timedelta(seconds=1))
    assert db.scalar(select(func.count()).select_from(LimitRow)) == 1
    forget_limits(db, now + THRICE.within)
    assert db.scalar(select(func.count()).select_from(LimitRow)) == 0


@pytest.fixture
def two(database_url: str, master_keys: MasterKeys) -> Iterator[list[Database]]:
    """Two processes on one database."""
    both = [Database(database_url, Vault(master_keys)) for _each in range(2)]
    yield both
    for each in both:
        each.close()


def test_two_processes_at_once_count_together(two: list[Database], now: datetime) -> None:
    with two[0].transaction() as db:
        ben = a_person(db, now)

    def once_more(database: Database) -> bool:
        try:
            with database.transaction() as db:
                spend(db, ben, Limit("test.do", 7, timedelta(days=1)), now)
        except LimitReached:
            return False
        return True

    with ThreadPoolExecutor(4) as threads:
        assert sum(threads.map(once_more, two * 10)) == 7
