"""`growbot counts`: what a programme is told, of five people or more taken together, and of whole quarters only."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import cli
from bot.core.clock import SystemClock
from bot.core.database import Database, Transaction
from bot.core.directory import Person
from bot.features.checkins import service as checkins
from bot.features.checkins.domain import Answers
from bot.features.engagements import retention
from bot.features.engagements import service as engagements
from bot.features.engagements import store as engagement_store
from bot.features.people.service import learn
from bot.features.progress.domain import Quarter
from bot.features.sessions import planning
from bot.features.sessions.domain import Recurrence, Slot
from tests.builders import a_person, a_profile, an_engagement

APRIL = datetime(2024, 4, 8, 9, tzinfo=UTC)
"""A Monday."""
Growbot = Callable[..., Result]


@pytest.fixture
def growbot(database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Growbot:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GROWBOT_DATABASE_URL", database_url)
    return lambda *words: CliRunner().invoke(cli, ["counts", *words])


def of_team(db: Transaction, team_id: str, name: str) -> Person:
    profile = a_profile(name)
    return learn(db, replace(profile, identity=replace(profile.identity, team_id=team_id)), APRIL)


def work(db: Transaction, coach: Person, client: Person, at: datetime = APRIL) -> str:
    """One session, and one check-in, in the week of this Monday."""
    engagement_id = an_engagement(db, at, coach, client)[0].engagement_id
    slot = Slot(at.date() + timedelta(days=1), time(10), 60)
    planning.plan(db, coach, engagement_id, slot, Recurrence.ONCE, at)
    week = f"{at:%G-W%V}"
    checkins.save(db, client, engagement_id, week, Answers({}, None, None, is_shared=False), at)
    return engagement_id


def group(database: Database, people: int, team_id: str = "T0BRIGHT") -> list[str]:
    """All coached by one, who is none of them."""
    with database.transaction() as db:
        coach = of_team(db, team_id, "Dana")
        return [work(db, coach, of_team(db, team_id, f"Client-{number}")) for number in range(people)]


FIVE = "engagements active: 5, sessions held: 5, check-ins answered: 5 of 5"
HIDDEN = "fewer than five people: not shown"


def test_of_five_it_is_told_and_of_four_it_is_not(growbot: Growbot, database: Database) -> None:
    group(database, 5)
    group(database, 4, "T0SMALL")
    said = growbot("--quarter", "2024-Q2")
    assert said.exit_code == 0, said.output
    head, *lines = said.output.splitlines()
    assert head.startswith("2024-Q2, 2024-04-01 to 2024-06-30 (UTC), counted 20")
    assert lines == [f"T0BRIGHT  {FIVE}", f"T0SMALL  {HIDDEN}"]


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_nobody_is_named(growbot: Growbot, database: Database) -> None:
    ids = group(database, 5)
    with database.transaction() as db:
        rows = [engagement_store.by_id(db, each) for each in ids]
        people = {name for row in rows if row for name in (row.coach_id, row.client_id)}
    said = growbot("--quarter", "2024-Q2").output
    assert [each for each in (*ids, *people, "Dana", "Client", "U0") if each in said] == []


def test_five_engagements_of_four_people_are_not_enough(growbot: Growbot, database: Database) -> None:
    with database.transaction() as db:
        clients = [a_person(db, APRIL, f"Client-{number}") for number in range(4)]
        for client in (*clients, clients[0]):
            work(db, a_person(db, APRIL, "Dana"), client)
    assert HIDDEN in growbot("--quarter", "2024-Q2").output


def test_who_began_after_the_quarter_or_had_ended_before_it_is_none_of_the_five(
    growbot: Growbot, database: Database
) -> None:
    group(database, 4)
    with database.transaction() as db:
        coach = a_person(db, APRIL, "Gil")
        work(db, coach, a_person(db, APRIL, "Late"), APRIL + timedelta(weeks=13))
        early = work(db, coach, a_person(db, APRIL, "Early"), APRIL - timedelta(weeks=13))
        engagements.end(db, coach, early, None, datetime(2024, 3, 31, 23, 59, tzinfo=UTC))
    assert HIDDEN in growbot("--quarter", "2024-Q2").output


def test_what_was_destroyed_is_in_no_number(growbot: Growbot, database: Database) -> None:
    first, *_rest = group(database, 6)
    with database.transaction() as db:
        row = engagement_store.locked(db, first)
        assert row is not None
        retention.destroy(db, row, APRIL + timedelta(days=2))
    assert FIVE in growbot("--quarter", "2024-Q2").output


def test_without_anybody_it_says_so(growbot: Growbot) -> None:
    said = growbot()
    assert said.output.splitlines()[0].startswith(f"{Quarter.latest(SystemClock().now())}, ")
    assert said.output.splitlines()[1:] == ["There was no engagement."]


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("2024-Q5", "There is no such quarter"),
        ("2024-04", "they are called like 20"),
        ("2099-Q1", "is settled on"),
    ],
)
def test_there_are_only_whole_quarters_and_only_those_that_are_settled(
    growbot: Growbot, asked: str, answer: str
) -> None:
    said = growbot("--quarter", asked)
    assert (said.exit_code, answer in said.output) == (1, True), said.output


@pytest.mark.parametrize(
    ("now", "latest"),
    [
        (datetime(2026, 11, 30, tzinfo=UTC), "2026-Q3"),
        (datetime(2027, 1, 14, 23, 59, tzinfo=UTC), "2026-Q3"),
        (datetime(2027, 1, 15, tzinfo=UTC), "2026-Q4"),
    ],
)
def test_a_quarter_is_told_of_when_its_last_wrap_ups_are_in(now: datetime, latest: str) -> None:
    found = Quarter.latest(now)
    assert str(found) == latest
    assert found.settled_at <= now
    assert found.before.ends_at == found.begins_at


def test_the_spans_lie_side_by_side() -> None:
    last = Quarter(2026, 4)
    assert (last.begins_at.date(), last.ends_at.date()) == (date(2026, 10, 1), date(2027, 1, 1))
