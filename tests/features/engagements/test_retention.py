"""What is kept after the end is destroyed when the agreed time is over, and both hear of it a week before."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Table, func, select

from bot import schema
from bot.core.database import Database, Sealed, Transaction
from bot.core.vault import DataKeyRow, WordsDestroyed, engagement_owner
from bot.features.commitments.store import CommitmentRow
from bot.features.engagements import retention, service
from bot.features.engagements.domain import EngagementState, months_after
from bot.features.engagements.store import EngagementRow, sealer_of
from tests.builders import a_person, a_proposal, an_engagement
from tests.features.sessions.door import Door, Pair, a_pair, fields, shown

ENDED_AT = datetime(2026, 12, 2, 15, tzinfo=UTC)
OVER_AT = datetime(2027, 6, 2, 15, tzinfo=UTC)  # six months, as agreed
A_WEEK = timedelta(days=7)


async def lived(door: Door, pair: Pair) -> None:
    """Something of every kind was written in it; and the coach has questions of their own, which are not only for this pair."""
    form = (await door.press(pair.coach, "questions.new")).view
    await door.submit(pair.coach, form, title="Weeks", client="How was it?")
    form = (await door.press(pair.coach, "questions.open", pair.engagement_id)).view
    assert form is not None
    own = fields(form)["set"]["options"][-1]["value"]
    await door.submit(pair.coach, form, set=own, when="all")
    await door.submit(pair.client, (await door.command(pair.client, "note Think of the dog")).view)
    form = (await door.press(pair.coach, "sessions.plan", pair.engagement_id)).view
    await door.submit(pair.coach, form, on="2026-12-01", at="15:00", repeats="weekly")
    goal = (await door.command(pair.client, "goal The team decides")).view
    await door.submit(pair.client, goal, target_on="2027-03-01")
    await door.submit(pair.client, (await door.command(pair.client, "commit Call the CFO by friday")).view)
    weekly = (await door.command(pair.client, "commit Plan the week by friday")).view
    await door.submit(pair.client, weekly, every="week")
    for row in commitments_of(door):
        form = (await door.press(pair.client, "commitments.answer", row)).view
        await door.submit(pair.client, form, outcome="partly", learned="Fridays are full")
    await door.submit(pair.client, (await door.command(pair.client, "commit Call her by friday")).view)
    prep = (await door.command(pair.client, "prep")).view
    asked = next(name for name in fields(prep) if name.startswith("own."))
    await door.submit(pair.client, prep, **{asked: "Calm"})
    checkin = (await door.command(pair.client, "checkin")).view
    helped, rated = (
        next(name for name in fields(checkin) if name.startswith(each)) for each in ("helped", "goal-")
    )
    await door.submit(pair.client, checkin, **{helped: "Mornings", rated: "6"})
    door.clock.at = ENDED_AT - timedelta(hours=1)
    await door.submit(pair.client, (await door.command(pair.client, "wrapup")).view, takeaway="Less")
    await door.command(pair.coach, "prep")


def commitments_of(door: Door) -> list[str]:
    with door.database.transaction() as db:
        return list(db.scalars(select(CommitmentRow.id)))


async def ended(door: Door, pair: Pair) -> None:
    door.clock.at = ENDED_AT
    await door.submit(pair.client, (await door.command(pair.client, "end")).view, reason="A new job")
    await door.settle()


async def looked_back(door: Door, pair: Pair) -> None:
    form = (await door.press(pair.client, "closing.open", pair.engagement_id)).view
    await door.submit(pair.client, form, changed="Everything")


NOT_THE_PAIRS = {"question_sets", "strengths", "installations"}
"""Sealed with the key of who wrote it, whoever coaches them; and with an installation's."""


def sealed_tables() -> Iterator[Table]:
    for table in schema.METADATA.sorted_tables:
        is_sealed = any(isinstance(column.type, Sealed) for column in table.columns)
        if is_sealed and table.name not in {"engagements", *NOT_THE_PAIRS}:
            yield table


def counts(db: Transaction) -> dict[str, int]:
    return {table.name: db.scalar(select(func.count()).select_from(table)) or 0 for table in sealed_tables()}


def key_of(db: Transaction, engagement_id: str) -> DataKeyRow:
    return db.scalars(select(DataKeyRow).where(DataKeyRow.owner == engagement_owner(engagement_id))).one()


async def test_when_the_agreed_time_is_over_the_key_and_every_word_are_gone(door: Door, pair: Pair) -> None:
    await lived(door, pair)
    await ended(door, pair)
    await looked_back(door, pair)
    with door.database.transaction() as db:
        assert {name: count for name, count in counts(db).items() if not count} == {}
    await door.at(OVER_AT - A_WEEK)
    await door.at(OVER_AT)
    with door.database.transaction() as db:
        assert set(counts(db).values()) == {0}
        row, key = db.get_one(EngagementRow, pair.engagement_id), key_of(db, pair.engagement_id)
        assert (row.state, row.end_reason, row.ended_at) == (EngagementState.ERASED, None, ENDED_AT)
        assert (key.wrapped, key.destroyed_at) == (None, OVER_AT)
        with pytest.raises(WordsDestroyed):
            sealer_of(db, pair.engagement_id, OVER_AT)


async def test_what_others_wrote_stays(door: Door, pair: Pair) -> None:
    other = a_pair(door.database, door.clock.now(), coach=pair.coach)
    await lived(door, other)
    with door.database.transaction() as db:
        before = counts(db)
    await ended(door, pair)
    await door.at(OVER_AT - A_WEEK)
    await door.at(OVER_AT)
    with door.database.transaction() as db:
        after = counts(db)
        assert key_of(db, other.engagement_id).wrapped is not None
    assert before.pop("agreements") - after.pop("agreements") == 1
    assert {name: count for name, count in after.items() if count < before[name]} == {}


async def test_both_are_told_a_week_before_and_not_earlier(door: Door, pair: Pair) -> None:
    await ended(door, pair)
    await door.at(OVER_AT - A_WEEK - timedelta(minutes=1))
    for person in (pair.coach, pair.client):
        assert door.messages(person, "is erased for good on") == []
    await door.at(OVER_AT - A_WEEK)
    for person, day in ((pair.coach, "Wed, 2 Jun 2027"), (pair.client, "Wed, Jun 2, 2027")):
        (message,) = door.messages(person, "is erased for good on")
        assert day in message
    await door.at(OVER_AT)
    assert len(door.messages(pair.client, "and is erased for good.")) == 1


async def test_the_ended_agreement_says_until_when_it_is_kept_and_then_is_not_there(
    door: Door, pair: Pair
) -> None:
    await ended(door, pair)
    read = shown((await door.command(pair.client, "agreement")).view)
    assert "Kept until Wed, Jun 2, 2027, as you agreed" in read
    await door.at(OVER_AT - A_WEEK)
    assert "Lead the new team" in shown((await door.command(pair.client, "agreement")).view)
    await door.at(OVER_AT)
    for answer in (
        await door.command(pair.client, "agreement"),
        await door.press(pair.coach, "engagements.read", pair.engagement_id),
    ):
        assert answer.view is None
        assert "/grow" in (answer.notice or "")


async def test_announced_late_it_is_destroyed_later_never_without_notice(door: Door, pair: Pair) -> None:
    await ended(door, pair)
    late = OVER_AT + timedelta(days=30)  # nothing ran meanwhile
    await door.at(late)
    assert len(door.messages(pair.client, "is erased for good on Fri, Jul 9, 2027")) == 1
    with door.database.transaction() as db:
        assert key_of(db, pair.engagement_id).wrapped is not None
    await door.at(late + A_WEEK)
    with door.database.transaction() as db:
        assert key_of(db, pair.engagement_id).wrapped is None


@pytest.mark.parametrize("how", ["declined", "withdrawn"])
def test_a_proposal_that_came_to_nothing_is_destroyed_after_a_week(
    database: Database, now: datetime, how: str
) -> None:
    with database.transaction() as db:
        dana, ben = a_person(db, now, "Dana"), a_person(db, now, "Ben")
        proposed = a_proposal(db, dana, ben, now).engagement_id
        if how == "declined":
            service.decline(db, ben, proposed, 1, now)
        else:
            service.withdraw(db, dana, proposed, now)
    with database.transaction() as db:
        assert retention.retain(db, now + A_WEEK - timedelta(seconds=1)) == 0
        assert retention.retain(db, now + A_WEEK) == 1
        assert retention.retain(db, now + A_WEEK) == 0
        assert counts(db)["agreements"] == 0
        assert key_of(db, proposed).wrapped is None


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [("2026-11-25", 3, "2027-02-25"), ("2026-11-30", 3, "2027-02-28"), ("2026-12-31", 12, "2027-12-31")],
)
def test_months_end_on_the_same_day_or_the_last(day: str, months: int, later: str) -> None:
    instant = datetime.fromisoformat(f"{day}T10:00:00+00:00")
    assert months_after(instant, months) == replace_day(instant, later)


def replace_day(instant: datetime, day: str) -> datetime:
    return datetime.combine(datetime.fromisoformat(day), instant.timetz())


def test_what_was_over_before_there_was_an_end_to_keeping_gets_the_one_that_was_agreed(
    database: Database, now: datetime
) -> None:
    with database.transaction() as db:
        ended, _of_client = an_engagement(db, now)
        service.end(db, ended.actor, ended.engagement_id, None, now)
        proposed = a_proposal(db, a_person(db, now, "Dana"), a_person(db, now, "Ben"), now)
        service.withdraw(db, proposed.actor, proposed.engagement_id, now)
        running, _of_client = an_engagement(db, now)
    schema.downgrade(database.engine, "20261125_1070")
    schema.upgrade(database.engine)
    with database.transaction() as db:
        row = db.get_one(EngagementRow, ended.engagement_id)
        assert (row.destroy_at, row.next_retention_at) == (
            months_after(now, 6),
            months_after(now, 6) - A_WEEK,
        )
        row = db.get_one(EngagementRow, proposed.engagement_id)
        assert row.destroy_at is not None
        assert row.destroy_at == row.next_retention_at
        assert db.get_one(EngagementRow, running.engagement_id).destroy_at is None
